package archive

import (
	"context"
	"database/sql"
	"fmt"
)

// Stats counts what is kept.
type Stats struct {
	Pages        int // known
	Contents     int // bodies, equal ones counted once
	Files        int // attached files whose texts are kept
	Dropped      int // of these, those whose bytes were dropped
	DroppedBytes int64
	Older        int // of the dropped, those whose text another version of the readers made
}

// Stats counts what is kept; version is that of the readers of attached files.
func (a *Archive) Stats(ctx context.Context, version string) (s Stats, err error) {
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT coalesce(sum(pages), 0) FROM tally").Scan(&s.Pages)
	})
	if err == nil {
		err = a.contents.View(ctx, func(tx *sql.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM content), (SELECT count(*) FROM text), count(*), coalesce(sum(size), 0),
				coalesce(sum(NOT EXISTS (SELECT 1 FROM text WHERE text.hash = dropped.hash AND version = ?)), 0) FROM dropped`, version).
				Scan(&s.Contents, &s.Files, &s.Dropped, &s.DroppedBytes, &s.Older)
		})
	}
	if err != nil {
		return s, fmt.Errorf("count what is kept: %w", err)
	}
	return s, nil
}
