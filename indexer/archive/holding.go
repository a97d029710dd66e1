package archive

import (
	"context"
	"database/sql"
	"fmt"
)

// ListPage is the reason of an Outcome of a page that is a list, though the crawl may have taken it for an article as it does with short ones.
const ListPage = "list page"

const (
	// isList tells, of a page m, that the crawl or a generation takes it for a list.
	isList = "(m.role = 'list' OR EXISTS (SELECT 1 FROM outcome AS o WHERE o.generation = @generation AND o.page = m.n AND o.reason = '" + ListPage + "'))"

	// isEntry tells, of a link l from a list m to a page p, that this is one of its entries. The crawl has noted it of what it takes for lists; others have what few pages lead to and is no list.
	isEntry = `(l.entry = 1 OR m.role <> 'list' AND p.role NOT IN ('list', 'home', 'sitemap') AND (SELECT count(*) FROM (SELECT 1 FROM link WHERE target = p.n LIMIT @frame)) < @frame
		AND NOT EXISTS (SELECT 1 FROM outcome AS o WHERE o.generation = @generation AND o.page = p.n AND o.reason = '` + ListPage + `'))`

	// ofList joins, of the list with first page @list, its pages m, their links l and the pages p there.
	ofList = ` FROM page AS m CROSS JOIN link AS l ON l.source = m.n CROSS JOIN page AS p ON p.n = l.target
		WHERE (m.id = @list OR m.head = @list AND m.head <> '') AND ` + isEntry
)

// mostHolding is how many lists of one page ListsHolding tells.
const mostHolding = 100

// ListsHolding returns the ids of the first pages of lists that have the page of a canonical URL as an entry, at most a hundred. What a generation of the index took for lists counts too.
func (a *Archive) ListsHolding(ctx context.Context, generation, url string) (ids []string, err error) {
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		found, err := tx.QueryContext(ctx, `SELECT DISTINCT CASE m.head WHEN '' THEN m.id ELSE m.head END FROM page AS p CROSS JOIN link AS l ON l.target = p.n CROSS JOIN page AS m ON m.n = l.source
			WHERE p.n = (SELECT page FROM name WHERE name = @url) AND `+isList+` AND `+isEntry+` LIMIT @limit`,
			sql.Named("generation", generation), sql.Named("url", url), sql.Named("frame", maxOffering+1), sql.Named("limit", mostHolding))
		if err == nil {
			ids, err = collect(found, func(id *string) []any { return []any{id} })
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("lists that hold %s: %w", url, err)
	}
	return ids, nil
}

// CountEntries returns how many entries within the cluster the pages of a list show, by the id of its first page.
func (a *Archive) CountEntries(ctx context.Context, generation, list string) (int, error) {
	n, err := a.number(ctx, "SELECT count(DISTINCT l.target)"+ofList, sql.Named("generation", generation), sql.Named("list", list), sql.Named("frame", maxOffering+1))
	if err != nil {
		return 0, fmt.Errorf("count entries of %s: %w", list, err)
	}
	return int(n), nil
}

// EntryURLs returns the URLs of the entries of a list, by the id of its first page, in the order in which they were first seen, beginning behind a mark; 0 begins with the first. next is
// the mark of the last, 0 where there are no more.
func (a *Archive) EntryURLs(ctx context.Context, generation, list string, after int64, limit int) (urls []string, next int64, err error) {
	type line struct {
		n   int64
		url string
	}
	var lines []line
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		found, err := tx.QueryContext(ctx, "SELECT DISTINCT p.n, p.url"+ofList+" AND l.target > @after ORDER BY p.n LIMIT @limit", sql.Named("generation", generation),
			sql.Named("list", list), sql.Named("frame", maxOffering+1), sql.Named("after", after), sql.Named("limit", limit))
		if err == nil {
			lines, err = collect(found, func(l *line) []any { return []any{&l.n, &l.url} })
		}
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("entries of %s: %w", list, err)
	}
	for _, l := range lines {
		urls = append(urls, l.url)
	}
	if len(lines) == limit {
		next = lines[limit-1].n
	}
	return urls, next, nil
}

// WithOutcome returns pages of a site that gave a generation no document for one of some reasons, and that the crawl did not take for lists, in order of id, beginning behind one; "" begins
// with the first.
func (a *Archive) WithOutcome(ctx context.Context, generation, site string, reasons []string, afterID string, limit int) ([]Page, error) {
	args := []any{site, afterID, generation}
	for _, r := range reasons {
		args = append(args, r)
	}
	pages, err := a.pages(ctx, "SELECT "+columns+` FROM page WHERE site = ? AND id > ? AND role <> 'list'
		AND EXISTS (SELECT 1 FROM outcome AS o WHERE o.generation = ? AND o.page = page.n AND o.reason IN (`+marks(len(reasons))+`)) ORDER BY id LIMIT ?`, append(args, limit)...)
	if err != nil {
		return nil, fmt.Errorf("pages of %s by their outcome: %w", site, err)
	}
	return pages, nil
}
