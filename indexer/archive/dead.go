package archive

import (
	"context"
	"database/sql"
	"fmt"
)

// A DeadTarget is a page that pages of a site lead to and that is not there.
type DeadTarget struct {
	Page    Page
	Site    string // of the pages that lead to it
	Sources int    // how many these are
}

const (
	// dead are pages of which nothing is kept: gone, the same as the answer for addresses that do not exist, or on a host that no name server knows, for the third time. What
	// leads to them is as dead.
	dead = `WITH dead AS MATERIALIZED (SELECT n, id FROM page WHERE content = '' AND (state = 'gone' OR cause = 'soft404'
			OR state = 'retry' AND fails >= 3 AND status = 0 AND reason LIKE '%no such host')),
		all_dead AS (SELECT n FROM dead UNION SELECT p.n FROM dead JOIN page AS p ON p.moved_to = dead.id AND p.moved_to <> '' WHERE p.content = '' AND p.state = 'redirect')`

	deadTargets = dead + ` SELECT d.n, s.site, count(*) FROM all_dead AS d CROSS JOIN link AS l ON l.target = d.n CROSS JOIN page AS s ON s.n = l.source
		JOIN page AS p ON p.n = d.n WHERE s.content <> '' AND p.role <> 'sitemap' GROUP BY d.n, s.site ORDER BY s.site, d.n`
)

// DeadTargets returns the pages of the cluster that are not there and that others lead to, once for each site that does. Pages that may be back soon are left out: a
// first 404, a server's fault, a firewall. Sitemaps are left out, too: the crawl asks for them unasked.
func (a *Archive) DeadTargets(ctx context.Context) (out []DeadTarget, err error) {
	err = a.state.View(ctx, func(sqlTx *sql.Tx) error {
		tx := coverageTx{sqlTx, ctx}
		found, err := tx.QueryContext(ctx, deadTargets)
		if err != nil {
			return err
		}
		type line struct {
			n       int64
			site    string
			sources int
		}
		lines, err := collect(found, func(l *line) []any { return []any{&l.n, &l.site, &l.sources} })
		if err != nil {
			return err
		}
		for _, l := range lines {
			p, err := tx.page(l.n)
			if err != nil {
				return err
			}
			out = append(out, DeadTarget{p, l.site, l.sources})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("dead targets: %w", err)
	}
	return out, nil
}

const sourcesOf = "SELECT " + columns + ` FROM page WHERE n IN (SELECT source FROM link WHERE target = (SELECT n FROM page WHERE id = ?))
	AND site = ? AND content <> '' ORDER BY rank, n LIMIT ?`

// Sources returns pages with content of a site that lead to a page, home pages and lists first, at most limit.
func (a *Archive) Sources(ctx context.Context, target, site string, limit int) ([]Page, error) {
	pages, err := a.pages(ctx, sourcesOf, target, site, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("sources of %s: %w", target, err)
	}
	return pages, nil
}
