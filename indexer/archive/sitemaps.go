package archive

import (
	"context"
	"database/sql"
	"time"
)

// What a sitemap leads to has to be counted link by link: some 40 ms for 7,000 of them, seconds for those of a large cluster.
const (
	largeSitemap = 200 // URLs, from which on a count is used again
	countKept    = 20 * time.Minute
)

// A count is how many pages that a site's sitemaps lead to are found.
type count struct {
	generation string
	found      int
	at         time.Time
}

// sitemaps holds a site against its sitemaps, in a transaction of its own. Where it may, it takes the count of large ones that it has made before.
func (a *Archive) sitemaps(ctx context.Context, generation string, s *SiteCoverage, again bool) error {
	return a.covering(ctx, generation, func(tx coverageTx, v view) error {
		maps := 0
		err := tx.QueryRowContext(ctx, `SELECT coalesce(sum(listed), 0), count(*) FROM page
			WHERE site = ? AND role = 'sitemap' AND content <> '' AND listed > 0`, s.Site).Scan(&s.Sitemap, &maps)
		if err != nil || maps == 0 {
			return err
		}
		a.counting.Lock()
		c := a.counted[s.Site]
		a.counting.Unlock()
		if again && s.Sitemap >= largeSitemap && c.generation == generation && time.Since(c.at) < countKept {
			s.SitemapFound = c.found
			return nil
		}
		if s.SitemapFound, err = tx.sitemapFound(v, s.Site, maps); err != nil {
			return err
		}
		a.counting.Lock()
		defer a.counting.Unlock()
		a.counted[s.Site] = count{generation, s.SitemapFound, time.Now()}
		return nil
	})
}

// sitemapFound counts the distinct pages that the sitemaps of a site lead to and that are found.
func (tx coverageTx) sitemapFound(v view, site string, maps int) (found int, err error) {
	distinct := ""
	if maps > 1 { // of one the links are distinct, and need not be sorted
		distinct = "DISTINCT"
	}
	err = tx.QueryRowContext(tx.ctx, `SELECT count(*) FROM (SELECT `+distinct+` target FROM link WHERE source IN
		(SELECT n FROM page WHERE site = @site AND role = 'sitemap' AND content <> '' AND listed > 0)) AS e `+ends+` WHERE `+fate+` IN ('indexed', 'copy')`,
		v.args(sql.Named("site", site))...).Scan(&found)
	return found, err
}
