package archive

import (
	"context"
	"database/sql"
	"fmt"
)

// A Former is a URL that led to a page for good, and the URL that the page has now.
type Former struct{ URL, Now string }

// Formers returns URLs that have led elsewhere for good, in order, beginning behind one, with where their content is now. Those that lead to no content are left out.
func (a *Archive) Formers(ctx context.Context, after string, limit int) (out []Former, err error) {
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT name.name, coalesce(t.url, p.url) FROM name JOIN page AS p ON p.n = name.page LEFT JOIN page AS t ON t.id = nullif(p.moved_to, '')
			WHERE name.name > max(?, 'http') AND name.name < 'httpt' AND name.name <> coalesce(t.url, p.url) AND coalesce(t.content, p.content) <> '' AND coalesce(t.url, p.url) <> ''
			ORDER BY name.name LIMIT ?`, after, limit)
		if err != nil {
			return err
		}
		out, err = collect(rows, func(f *Former) []any { return []any{&f.URL, &f.Now} })
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list former URLs: %w", err)
	}
	return out, nil
}
