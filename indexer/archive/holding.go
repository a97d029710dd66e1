package archive

import (
	"context"
	"database/sql"
	"fmt"
)

// mostHolding is how many lists of one page ListsHolding tells.
const mostHolding = 100

// ListsHolding returns the ids of the first pages of lists that have the page of a canonical URL as an entry, at most a hundred.
func (a *Archive) ListsHolding(ctx context.Context, url string) (ids []string, err error) {
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		found, err := tx.QueryContext(ctx, `SELECT DISTINCT CASE m.head WHEN '' THEN m.id ELSE m.head END FROM link AS l CROSS JOIN page AS m ON m.n = l.source
			WHERE l.target = (SELECT page FROM name WHERE name = ?) AND l.entry = 1 AND m.role = 'list' LIMIT ?`, url, mostHolding)
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

// ofList are the pages of the list with first page ?1.
const ofList = "(SELECT n FROM page WHERE id = ?1 OR head = ?1 AND head <> '')"

// CountEntries returns how many entries within the cluster the pages of a list show, by the id of its first page.
func (a *Archive) CountEntries(ctx context.Context, column string) (int, error) {
	n, err := a.number(ctx, "SELECT count(DISTINCT target) FROM link WHERE source IN "+ofList+" AND entry = 1", column)
	if err != nil {
		return 0, fmt.Errorf("count entries of %s: %w", column, err)
	}
	return int(n), nil
}

// EntryURLs returns the URLs of the entries of a list, by the id of its first page, in the order in which they were first seen, beginning behind a mark; 0 begins with the first. next is
// the mark of the last, 0 where there are no more.
func (a *Archive) EntryURLs(ctx context.Context, column string, after int64, limit int) (urls []string, next int64, err error) {
	type line struct {
		n   int64
		url string
	}
	var lines []line
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		found, err := tx.QueryContext(ctx, `SELECT e.target, p.url FROM (SELECT DISTINCT target FROM link WHERE source IN `+ofList+` AND entry = 1 AND target > ?2) AS e
			JOIN page AS p ON p.n = e.target ORDER BY e.target LIMIT ?3`, column, after, limit)
		if err == nil {
			lines, err = collect(found, func(l *line) []any { return []any{&l.n, &l.url} })
		}
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("entries of %s: %w", column, err)
	}
	for _, l := range lines {
		urls = append(urls, l.url)
	}
	if len(lines) == limit {
		next = lines[limit-1].n
	}
	return urls, next, nil
}
