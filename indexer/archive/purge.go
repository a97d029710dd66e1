package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// How long a tombstone is kept after every generation has seen it.
const tombstoneKept = 30 * 24 * time.Hour

// Purge removes what nobody needs any more: tombstones older than 30 days that every cursor has passed, with their history, and bytes
// that no page has now. It works in small steps and may run beside everything else.
//
// Where there is no cursor no tombstone goes. One that is due for a visit, or that another page leads to, stays for now.
func (a *Archive) Purge(ctx context.Context) error {
	if err := a.purgeTombstones(ctx, time.Now()); err != nil {
		return fmt.Errorf("purge tombstones: %w", err)
	}
	if err := a.purgeContents(ctx); err != nil {
		return fmt.Errorf("purge contents: %w", err)
	}
	if err := a.purgeTexts(ctx); err != nil {
		return fmt.Errorf("purge texts: %w", err)
	}
	return nil
}

// purgeTexts removes texts of bytes that were never recorded.
func (a *Archive) purgeTexts(ctx context.Context) error {
	return a.contents.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM text WHERE NOT EXISTS (SELECT 1 FROM content WHERE content.hash = text.hash)")
		return err
	})
}

const oldTombstones = `SELECT n FROM page WHERE deleted = 1 AND last_changed < ? AND change <= (SELECT min(change) FROM cursor)
	AND NOT (next_at > 0 AND next_at <= ?)
	AND NOT EXISTS (SELECT 1 FROM page AS other WHERE other.moved_to = page.id AND other.moved_to <> '') LIMIT ?`

func (a *Archive) purgeTombstones(ctx context.Context, now time.Time) error {
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
		if err != nil || done < chunk {
			return err
		}
	}
}

type kept struct {
	n    int64
	hash string
}

func (a *Archive) purgeContents(ctx context.Context) error {
	for last := int64(0); ; {
		var some []kept
		err := a.contents.View(ctx, func(tx *sql.Tx) error {
			found, err := tx.QueryContext(ctx, "SELECT n, hash FROM content WHERE n > ? ORDER BY n LIMIT ?", last, chunk)
			if err != nil {
				return err
			}
			some, err = collect(found, func(k *kept) []any { return []any{&k.n, &k.hash} })
			return err
		})
		if err != nil || len(some) == 0 {
			return err
		}
		last = some[len(some)-1].n
		if some, err = a.unused(ctx, some); err != nil {
			return err
		}
		if err := a.forget(ctx, some); err != nil {
			return err
		}
	}
}

// forget removes those bytes that are unused at a moment when none are being stored.
func (a *Archive) forget(ctx context.Context, some []kept) error {
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
			if _, err := dropContent(ctx, tx, k.hash); err != nil {
				return err
			}
		}
		return nil
	})
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
