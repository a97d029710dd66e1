package archive

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// Pages that Links and Referrers return at most.
const linksShown = 200

// pages runs a query for rows.
func (a *Archive) pages(ctx context.Context, query string, args ...any) ([]Page, error) {
	var found []Page
	err := a.state.View(ctx, func(tx *sql.Tx) error {
		result, err := tx.QueryContext(ctx, query, args...)
		if err != nil {
			return err
		}
		rows, err := collect(result, (*row).fields)
		for _, r := range rows {
			found = append(found, r.Page)
		}
		return err
	})
	return found, err
}

const pageByName = "SELECT " + columns + ` FROM page
	WHERE n = coalesce((SELECT page FROM name WHERE name = ?1), (SELECT n FROM page WHERE id = ?1))`

// Page returns the page that an id or a canonical URL stands for, former ones included. ErrUnknown where there is none.
func (a *Archive) Page(ctx context.Context, idOrURL string) (Page, error) {
	found, err := a.pages(ctx, pageByName, idOrURL)
	if err == nil && len(found) == 0 {
		err = ErrUnknown
	}
	if err != nil {
		return Page{}, fmt.Errorf("page %q: %w", idOrURL, err)
	}
	return found[0], nil
}

// PagesNamed returns the pages that canonical URLs stand for, former ones included, each once.
func (a *Archive) PagesNamed(ctx context.Context, urls []string) ([]Page, error) {
	args := make([]any, len(urls))
	for i, u := range urls {
		args[i] = u
	}
	found, err := a.pages(ctx, "SELECT "+columns+" FROM page WHERE n IN (SELECT page FROM name WHERE name IN ("+marks(len(urls))+")) ORDER BY n", args...)
	if err != nil {
		return nil, fmt.Errorf("pages by name: %w", err)
	}
	return found, nil
}

// marks are n places for values, of a list in SQL.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// History returns the last visits of a page, at most twenty, latest first.
func (a *Archive) History(ctx context.Context, id string) ([]Past, error) {
	var past []Past
	err := a.state.View(ctx, func(tx *sql.Tx) error {
		found, err := tx.QueryContext(ctx, `SELECT at, state, reason, status, content FROM visit
			WHERE page = (SELECT n FROM page WHERE id = ?) ORDER BY visits DESC`, id)
		if err != nil {
			return err
		}
		past, err = collect(found, func(p *Past) []any {
			return []any{(*moment)(&p.At), &p.State, &p.Reason, &p.Status, &p.Content}
		})
		return err
	})
	return past, err
}

// Links returns pages that a page leads to, at most 200.
func (a *Archive) Links(ctx context.Context, id string) ([]Page, error) {
	return a.pages(ctx, "SELECT "+columns+` FROM page WHERE n IN
		(SELECT target FROM link WHERE source = (SELECT n FROM page WHERE id = ?)) ORDER BY n LIMIT ?`, id, linksShown)
}

// LinksUnder returns those pages that a page leads to whose URLs begin with a text, at most 200.
func (a *Archive) LinksUnder(ctx context.Context, id, begin string) ([]Page, error) {
	return a.pages(ctx, "SELECT "+columns+` FROM page WHERE n IN
		(SELECT target FROM link WHERE source = (SELECT n FROM page WHERE id = ?)) AND substr(url, 1, length(?2)) = ?2 ORDER BY n LIMIT ?`, id, begin, linksShown)
}

// Referrers returns pages that lead to a page, at most 200, those known longest first.
func (a *Archive) Referrers(ctx context.Context, id string) ([]Page, error) {
	return a.pages(ctx, "SELECT "+columns+` FROM page WHERE n IN
		(SELECT source FROM link WHERE target = (SELECT n FROM page WHERE id = ?) ORDER BY source LIMIT ?) ORDER BY n`, id, linksShown)
}

// A Filter picks pages of the ledger. Fields that are empty pick all.
type Filter struct {
	Site  string
	State State
	Role  Role
}

// Pages returns pages in order of id, beginning behind one; "" begins with the first.
func (a *Archive) Pages(ctx context.Context, f Filter, afterID string, limit int) ([]Page, error) {
	where, args := "id > ?", []any{afterID}
	for column, value := range map[string]string{"site": f.Site, "state": string(f.State), "role": string(f.Role)} {
		if value != "" {
			where += " AND " + column + " = ?"
			args = append(args, value)
		}
	}
	if f.Site == "" && f.State != "" && f.State != OK && f.State != New {
		where += " AND state NOT IN ('ok', 'new')" // which has an index
	}
	return a.pages(ctx, "SELECT "+columns+" FROM page WHERE "+where+" ORDER BY id LIMIT ?", append(args, max(limit, 0))...)
}
