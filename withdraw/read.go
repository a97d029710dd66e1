package withdraw

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"
)

const entryColumns = `n, page, pattern, reason, who, at, purge, undone, undone_by, settled, pages`

// Entries gives the latest n entries, latest first, those undone too.
func (l *List) Entries(ctx context.Context, n int) ([]Entry, error) {
	return l.entries(ctx, `ORDER BY n DESC LIMIT ?`, n)
}

// Unsettled gives the entries that the index has not followed, oldest first.
func (l *List) Unsettled(ctx context.Context) ([]Entry, error) {
	if l.set.Load().unsettled == 0 {
		return nil, nil
	}
	return l.entries(ctx, `WHERE settled = 0 ORDER BY n`)
}

// Entry gives an entry by ID. ErrUnknown where there is none.
func (l *List) Entry(ctx context.Context, id string) (Entry, error) {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return Entry{}, fmt.Errorf("%w：%s", ErrUnknown, id)
	}
	found, err := l.entries(ctx, `WHERE n = ?`, n)
	if err == nil && len(found) == 0 {
		err = fmt.Errorf("%w：%s", ErrUnknown, id)
	}
	if err != nil {
		return Entry{}, err
	}
	return found[0], nil
}

func (l *List) entries(ctx context.Context, where string, args ...any) (out []Entry, err error) {
	err = l.db.View(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+entryColumns+` FROM withdrawal `+where, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var e Entry
			var n, at, undone int64
			if err := rows.Scan(&n, &e.Page, &e.Pattern, &e.Reason, &e.By, &at, &e.Purge, &undone, &e.UndoneBy, &e.Settled, &e.Pages); err != nil {
				return err
			}
			e.ID, e.At = strconv.FormatInt(n, 10), time.UnixMilli(at)
			if undone != 0 {
				e.UndoneAt = time.UnixMilli(undone)
			}
			out = append(out, e)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read withdrawals: %w", err)
	}
	return out, nil
}

// PagesOf gives the pages that an entry was about when it was ordered.
func (l *List) PagesOf(ctx context.Context, id string) (out []Page, err error) {
	return l.pages(ctx, `WHERE withdrawal = ? ORDER BY id`, id)
}

// Withdrawn gives the pages that entries in force were about when they were ordered, each once.
func (l *List) Withdrawn(ctx context.Context) (out []Page, err error) {
	return l.pages(ctx, `WHERE withdrawal IN (SELECT n FROM withdrawal WHERE undone = 0) GROUP BY id ORDER BY id`)
}

func (l *List) pages(ctx context.Context, where string, args ...any) (out []Page, err error) {
	err = l.db.View(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT id, url, title FROM withdrawn_page `+where, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var p Page
			if err := rows.Scan(&p.ID, &p.URL, &p.Title); err != nil {
				return err
			}
			out = append(out, p)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read withdrawn pages: %w", err)
	}
	return out, nil
}
