package archive

import (
	"database/sql"
	"time"
)

// What a sitemap leads to has to be counted link by link: some 40 ms for 7,000 of them, seconds for all large ones of a cluster.
const (
	largeSitemap = 5000 // URLs, from which on a count is used again
	countKept    = 10 * time.Minute
)

// A count is how many pages that a site's sitemaps lead to are found.
type count struct {
	generation string
	found      int
	at         time.Time
}

// sitemaps holds the sites against their sitemaps. Counts of large ones are taken from counted and put there, by site, unless that is nil.
func (tx coverageTx) sitemaps(v view, sites []SiteCoverage, counted map[string]count) error {
	for i := range sites {
		s := &sites[i]
		maps := 0
		err := tx.QueryRowContext(tx.ctx, `SELECT coalesce(sum(listed), 0), count(*) FROM page
			WHERE site = ? AND role = 'sitemap' AND content <> '' AND listed > 0`, s.Site).Scan(&s.Sitemap, &maps)
		if err != nil {
			return err
		}
		if maps == 0 {
			continue
		}
		if c := counted[s.Site]; c.generation == v.generation && time.Since(c.at) < countKept && s.Sitemap >= largeSitemap {
			s.SitemapFound = c.found
			continue
		}
		if s.SitemapFound, err = tx.sitemapFound(v, s.Site, maps); err != nil {
			return err
		}
		if counted != nil {
			counted[s.Site] = count{v.generation, s.SitemapFound, time.Now()}
		}
	}
	return nil
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
