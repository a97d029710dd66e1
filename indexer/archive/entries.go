package archive

import (
	"context"
	"database/sql"
	"fmt"
)

const columnDates = `SELECT CASE m.head WHEN '' THEN m.id ELSE m.head END, max(p.list_date) FROM page AS m CROSS JOIN link AS l ON l.source = m.n AND l.entry = 1
	CROSS JOIN page AS p ON p.n = l.target WHERE m.role = 'list' AND p.list_date <> '' AND p.list_date <= ? GROUP BY 1`

// ColumnDates returns, by the id of their first pages, the latest date beside the entries of the lists of all sites, yyyy-mm-dd, not later than until.
func (a *Archive) ColumnDates(ctx context.Context, until string) (map[string]string, error) {
	out := map[string]string{}
	err := a.state.View(ctx, func(tx *sql.Tx) error {
		found, err := tx.QueryContext(ctx, columnDates, until)
		if err != nil {
			return err
		}
		type line struct{ id, date string }
		lines, err := collect(found, func(l *line) []any { return []any{&l.id, &l.date} })
		for _, l := range lines {
			out[l.id] = l.date
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("dates of columns: %w", err)
	}
	return out, nil
}

// Unknown returns those of some ids that no page has.
func (a *Archive) Unknown(ctx context.Context, ids ...string) (unknown []string, err error) {
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			var known bool
			if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM page WHERE id = ?)", id).Scan(&known); err != nil {
				return err
			}
			if !known {
				unknown = append(unknown, id)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("unknown among %d ids: %w", len(ids), err)
	}
	return unknown, nil
}

const newestEntries = "SELECT " + columns + ` FROM page WHERE n IN (SELECT l.target FROM page AS m CROSS JOIN link AS l ON l.source = m.n AND l.entry = 1
	WHERE m.id = ?1 OR m.head = ?1 AND m.head <> '') ORDER BY n DESC LIMIT ?2`

// Entries returns entries of a list within the cluster, by the id of its first page, those seen last first, at most limit.
func (a *Archive) Entries(ctx context.Context, column string, limit int) ([]Page, error) {
	pages, err := a.pages(ctx, newestEntries, column, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("entries of %s: %w", column, err)
	}
	return pages, nil
}
