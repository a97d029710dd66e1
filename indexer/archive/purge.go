package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// How long a tombstone is kept after every generation has seen it.
const tombstoneKept = 30 * 24 * time.Hour

// Purged is what Purge took away.
type Purged struct {
	Tombstones int
	Contents   int   // bytes that no page had, and texts
	Bytes      int64 // that these took, packed
}

// Purge removes what nobody needs any more: tombstones older than 30 days that every cursor has passed, with their history, and bytes
// that no page has now. It works in small steps and may run beside everything else.
//
// Where there is no cursor no tombstone goes. One that is due for a visit, or that another page leads to, stays for now.
func (a *Archive) Purge(ctx context.Context) (p Purged, err error) {
	if err := a.purgeTombstones(ctx, time.Now(), &p); err != nil {
		return p, fmt.Errorf("purge tombstones: %w", err)
	}
	for _, table := range []string{"content", "dropped", "text"} {
		if err := a.purgeContents(ctx, table, &p); err != nil {
			return p, fmt.Errorf("purge %ss: %w", table, err)
		}
	}
	return p, nil
}

const oldTombstones = `SELECT n FROM page WHERE deleted = 1 AND last_changed < ? AND change <= (SELECT min(change) FROM cursor)
	AND NOT (next_at > 0 AND next_at <= ?)
	AND NOT EXISTS (SELECT 1 FROM page AS other WHERE other.moved_to = page.id AND other.moved_to <> '')
	AND NOT EXISTS (SELECT 1 FROM link WHERE target = page.n) LIMIT ?`

func (a *Archive) purgeTombstones(ctx context.Context, now time.Time, p *Purged) error {
	for {
		done := 0
		err := a.update(ctx, func(b *batch) error {
			old, err := b.numbers(oldTombstones, moment(now.Add(-tombstoneKept)), moment(now), chunk)
			if err != nil {
				return err
			}
			for _, n := range old {
				// Its id goes on standing for the page it led to.
				if err := b.exec(`INSERT INTO name (name, page) SELECT page.id, other.n FROM page JOIN page AS other ON other.id = page.moved_to
					WHERE page.n = ? ON CONFLICT (name) DO NOTHING`, n); err != nil {
					return err
				}
				if err := b.exec("UPDATE page SET head = '' WHERE head = (SELECT id FROM page WHERE n = ?) AND head <> ''", n); err != nil {
					return err
				}
				if err := b.exec("DELETE FROM page WHERE n = ?", n); err != nil {
					return err
				}
			}
			done = len(old)
			return nil
		})
		if err != nil {
			return err
		}
		p.Tombstones += done
		if done < chunk {
			return nil
		}
	}
}

// A kept hash is what bytes or a text are kept by.
type kept struct{ hash string }

// purgeContents goes over the hashes of a table. Texts of bytes that are being recorded may go too soon, and are made again.
func (a *Archive) purgeContents(ctx context.Context, table string, p *Purged) error {
	for last := ""; ; {
		var some []kept
		err := a.contents.View(ctx, func(tx *sql.Tx) error {
			found, err := tx.QueryContext(ctx, "SELECT hash FROM "+table+" WHERE hash > ? ORDER BY hash LIMIT ?", last, chunk)
			if err != nil {
				return err
			}
			some, err = collect(found, func(k *kept) []any { return []any{&k.hash} })
			return err
		})
		if err != nil || len(some) == 0 {
			return err
		}
		last = some[len(some)-1].hash
		if some, err = a.unused(ctx, some); err != nil {
			return err
		}
		if err := a.forget(ctx, some, p); err != nil {
			return err
		}
	}
}

// forget removes those bytes that are unused at a moment when none are being stored.
func (a *Archive) forget(ctx context.Context, some []kept, p *Purged) error {
	if len(some) == 0 {
		return nil
	}
	a.storing.Lock()
	defer a.storing.Unlock()
	some, err := a.unused(ctx, some)
	if err != nil {
		return err
	}
	return a.contents.Update(ctx, func(tx *sql.Tx) error {
		for _, k := range some {
			size, n, err := remove(ctx, tx, k)
			if err != nil {
				return err
			}
			p.Contents, p.Bytes = p.Contents+n, p.Bytes+size
		}
		return nil
	})
}

// remove takes away all that is kept by a hash, and returns its bytes and whether that was anything, 0 or 1.
func remove(ctx context.Context, tx *sql.Tx, k kept) (size int64, n int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT coalesce(sum(size), 0), count(*) > 0 FROM (SELECT length(data) AS size FROM content WHERE hash = ?1
		UNION ALL SELECT length(data) FROM text WHERE hash = ?1 UNION ALL SELECT 0 FROM dropped WHERE hash = ?1)`, k.hash).Scan(&size, &n)
	for _, table := range []string{"content", "text", "dropped"} {
		if err == nil {
			_, err = tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE hash = ?", k.hash)
		}
	}
	return size, n, err
}

// unused picks the bytes that no page has.
func (a *Archive) unused(ctx context.Context, some []kept) ([]kept, error) {
	var unused []kept
	err := a.state.View(ctx, func(tx *sql.Tx) error {
		for _, k := range some {
			var used bool
			err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM page WHERE content = ? AND content <> '')", k.hash).Scan(&used)
			if err != nil {
				return err
			}
			if !used {
				unused = append(unused, k)
			}
		}
		return nil
	})
	return unused, err
}
