package indexer

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

var upkeepSteps = []string{`CREATE TABLE upkeep (at INTEGER NOT NULL) STRICT; -- when the archive was last tended, unix milliseconds
INSERT INTO upkeep VALUES (0)`}

const (
	upkeepEvery = 24 * time.Hour
	upkeepLook  = 10 * time.Minute // between looks whether it is time
)

// tend counts for the ledger and does the upkeep of the archive, whenever it is time, until the context ends.
func (x *Indexer) tend(ctx context.Context) error {
	for {
		if _, err := x.Coverage(ctx, ""); err != nil && ctx.Err() == nil { // so that nobody waits for large sitemaps to be counted
			x.log.Warn("the ledger could not be counted", "error", err)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(upkeepLook):
		}
		if err := x.Upkeep(ctx, time.Now()); err != nil && ctx.Err() == nil {
			x.log.Error("upkeep of the archive failed, it is tried again", "error", err)
		}
	}
}

// Upkeep takes away what the archive need not keep: bytes of attached files that were kept for as long as Options say, tombstones and bytes that nobody needs. It is done once in
// 24 hours; before that nothing happens.
func (x *Indexer) Upkeep(ctx context.Context, now time.Time) error {
	var last int64
	err := x.state.View(ctx, func(tx *sql.Tx) error { return tx.QueryRowContext(ctx, "SELECT at FROM upkeep").Scan(&last) })
	if err != nil || now.Sub(time.UnixMilli(last)) < upkeepEvery {
		return err
	}
	if x.keepFiles > 0 && x.files != nil {
		r, err := x.files.Retain(ctx, now.Add(-x.keepFiles))
		if err != nil {
			return fmt.Errorf("upkeep: %w", err)
		}
		if r.Files > 0 {
			x.log.Info("bytes of attached files dropped, their texts stay", "files", r.Files, "bytes", r.Bytes)
		}
	}
	p, err := x.archive.Purge(ctx)
	if err != nil {
		return fmt.Errorf("upkeep: %w", err)
	}
	if p.Tombstones > 0 || p.Contents > 0 {
		x.log.Info("archive purged", "tombstones", p.Tombstones, "contents", p.Contents, "bytes", p.Bytes)
	}
	return x.state.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE upkeep SET at = ?", now.UnixMilli())
		return err
	})
}
