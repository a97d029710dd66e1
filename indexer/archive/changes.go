package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

const changedPages = "SELECT " + columns + " FROM page WHERE change > ? AND change > 0 ORDER BY change LIMIT ?"

// Changes returns pages whose change number is greater than one, in order of it, tombstones included. Who has applied all of them and
// goes on behind the last has everything, at any time: numbers become visible in order.
func (a *Archive) Changes(ctx context.Context, after int64, limit int) ([]Page, error) {
	return a.pages(ctx, changedPages, after, max(limit, 0))
}

// LastChange returns the greatest change number given so far, 0 before the first.
func (a *Archive) LastChange(ctx context.Context) (int64, error) {
	return a.number(ctx, "SELECT change FROM counter")
}

// CountChanges returns how many pages Changes would return in all.
func (a *Archive) CountChanges(ctx context.Context, after int64) (int, error) {
	n, err := a.number(ctx, "SELECT count(*) FROM page WHERE change > ? AND change > 0", after)
	return int(n), err
}

// Cursor returns the change number up to which a generation has everything, 0 for one that was never set.
func (a *Archive) Cursor(ctx context.Context, generation string) (int64, error) {
	n, err := a.number(ctx, "SELECT change FROM cursor WHERE generation = ?", generation)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// SetCursor says up to which change number a generation has everything. Until DropCursor, tombstones it has not seen are kept.
func (a *Archive) SetCursor(ctx context.Context, generation string, change int64) error {
	err := a.update(ctx, func(b *batch) error {
		return b.exec(`INSERT INTO cursor (generation, change, outcomes) VALUES (?, ?, 1)
			ON CONFLICT (generation) DO UPDATE SET change = excluded.change`, generation, change)
	})
	if err != nil {
		return fmt.Errorf("set cursor of %s: %w", generation, err)
	}
	return nil
}

// Cursors lists the generations that have a cursor.
func (a *Archive) Cursors(ctx context.Context) ([]string, error) {
	var names []string
	err := a.state.View(ctx, func(tx *sql.Tx) error {
		found, err := tx.QueryContext(ctx, "SELECT generation FROM cursor ORDER BY generation")
		if err == nil {
			names, err = collect(found, func(s *string) []any { return []any{s} })
		}
		return err
	})
	return names, err
}

// outcomesAtOnce is how many outcomes DropCursor forgets in one transaction: they are small.
const outcomesAtOnce = 10 * chunk

// DropCursor forgets the cursor and the outcomes of a generation that is no more, in several transactions. One that is not there is ignored.
func (a *Archive) DropCursor(ctx context.Context, generation string) error {
	var err error
	for some := int64(outcomesAtOnce); some == outcomesAtOnce && err == nil; {
		err = a.update(ctx, func(b *batch) error {
			err := b.exec("DELETE FROM outcome WHERE generation = ?1 AND page IN (SELECT page FROM outcome WHERE generation = ?1 LIMIT ?2)", generation, outcomesAtOnce)
			if err != nil {
				return err
			}
			return b.scan("SELECT changes()", []any{&some})
		})
	}
	if err == nil {
		err = a.update(ctx, func(b *batch) error {
			if err := b.exec("DELETE FROM outcome_tally WHERE generation = ?", generation); err != nil {
				return err
			}
			return b.exec("DELETE FROM cursor WHERE generation = ?", generation)
		})
	}
	if err != nil {
		return fmt.Errorf("drop cursor of %s: %w", generation, err)
	}
	return nil
}

func (a *Archive) number(ctx context.Context, query string, args ...any) (n int64, err error) {
	err = a.state.View(ctx, func(tx *sql.Tx) error { return tx.QueryRowContext(ctx, query, args...).Scan(&n) })
	return n, err
}
