package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"
)

// What became of a page, where it is no reason of an Outcome and no State: these words and those make the outcomes that coverage counts by. Each page
// has one at a time.
const (
	Indexed = "indexed" // a document of its own
	Pending = "pending" // fetched, its generation has not taken it in yet
	Untold  = "untold"  // fetched, its generation was made before outcomes were kept
	Soft404 = "soft404" // looks like the answer for addresses that do not exist
	Trap    = "trap"    // one of endlessly many
)

// A Group is how many pages of a site have one role, one state and one outcome.
type Group struct {
	Role      Role
	State     State // of the last visit
	Outcome   string
	Kept      bool // with content, of this visit or an earlier one
	Pages     int
	Unchanged int // of these, those that the last visit found as before
}

// A SiteCoverage is what is known of a site's pages, every page in one of the groups.
type SiteCoverage struct {
	Site         string // id; empty: imports of no site
	Groups       []Group
	Sitemap      int // URLs that the site's sitemaps have
	SitemapFound int // distinct pages that they lead to and that are found
	LastGood     time.Time
}

// A view is what coverage is asked about: a generation and how far that is.
type view struct {
	generation string
	cursor     int64
	told       bool // its outcomes are kept
}

func (tx coverageTx) view(generation string) (view, error) {
	v := view{generation, 0, true}
	err := tx.QueryRowContext(tx.ctx, "SELECT change, outcomes FROM cursor WHERE generation = ?", generation).Scan(&v.cursor, &v.told)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return v, err
}

// A coverageTx is a transaction that reads.
type coverageTx struct {
	*sql.Tx
	ctx context.Context
}

func (a *Archive) covering(ctx context.Context, generation string, f func(coverageTx, view) error) error {
	err := a.state.View(ctx, func(sqlTx *sql.Tx) error {
		tx := coverageTx{sqlTx, ctx}
		v, err := tx.view(generation)
		if err != nil {
			return err
		}
		return f(tx, v)
	})
	if err != nil {
		return fmt.Errorf("coverage of %s: %w", generation, err)
	}
	return nil
}

// Coverage tells of every site there is a page of, or of one, what became of its pages in a generation, in order of site id. told is false where
// the generation was made before outcomes were kept. Of all sites, SitemapFound of large sitemaps may be up to twenty minutes old.
func (a *Archive) Coverage(ctx context.Context, generation, site string) (sites []SiteCoverage, told bool, err error) {
	err = a.covering(ctx, generation, func(tx coverageTx, v view) error {
		told = v.told
		if sites, err = tx.kept(v, site); err != nil {
			return err
		}
		return tx.undocumented(v, site, sites)
	})
	for i := 0; i < len(sites) && err == nil; i++ {
		err = a.sitemaps(ctx, generation, &sites[i], site == "")
	}
	return sites, told, err
}

// kept groups pages as though all that are kept and taken in were documents.
func (tx coverageTx) kept(v view, site string) (sites []SiteCoverage, err error) {
	found, err := tx.QueryContext(tx.ctx, "SELECT site, role, state, cause, cause = 'kept', pages, unchanged FROM tally WHERE pages > 0"+of(site, "tally")+
		" ORDER BY site, role, state, cause", sql.Named("site", site))
	if err != nil {
		return nil, err
	}
	lines, err := groups(found)
	if err != nil {
		return nil, err
	}
	for _, l := range lines {
		if len(sites) == 0 || sites[len(sites)-1].Site != l.site {
			s := SiteCoverage{Site: l.site}
			if err := tx.QueryRowContext(tx.ctx, lastGood, l.site).Scan((*moment)(&s.LastGood)); err != nil {
				return nil, err
			}
			sites = append(sites, s)
		}
		if l.Kept {
			l.Outcome = Indexed
		}
		s := &sites[len(sites)-1]
		s.Groups = append(s.Groups, l.Group)
	}
	return sites, tx.move(sites, pendingGroups+of(site, "page")+" GROUP BY 1, 2, 3", sql.Named("cursor", v.cursor), sql.Named("site", site))
}

// A line is a group of a site.
type line struct {
	site string
	Group
}

func groups(found *sql.Rows) ([]line, error) {
	return collect(found, func(l *line) []any {
		return []any{&l.site, &l.Role, &l.State, &l.Outcome, &l.Kept, &l.Pages, &l.Unchanged}
	})
}

// move takes the groups that a query finds from the documents.
func (tx coverageTx) move(sites []SiteCoverage, query string, args ...any) error {
	found, err := tx.QueryContext(tx.ctx, query, args...)
	if err != nil {
		return err
	}
	lines, err := groups(found)
	if err != nil {
		return err
	}
	bySite := map[string]*SiteCoverage{}
	for i := range sites {
		bySite[sites[i].Site] = &sites[i]
	}
	for _, l := range lines {
		if s := bySite[l.site]; s != nil {
			s.move(l.Group)
		}
	}
	return nil
}

const (
	// pendingGroups are pages with content that the generation has not taken in.
	pendingGroups = `SELECT site, role, state, 'pending', 1, count(*), sum(last_changed < last_verified) FROM page INDEXED BY page_change WHERE change > @cursor AND change > 0 AND content <> ''`

	// outcomeGroups are pages without a document of their own, those that are pending left out.
	outcomeGroups = `SELECT site, role, state, reason, 1, sum(pages), sum(unchanged) FROM (
		SELECT site, role, state, reason, pages, unchanged FROM outcome_tally WHERE generation = @generation
		UNION ALL SELECT p.site, p.role, p.state, o.reason, -1, -(p.last_changed < p.last_verified) FROM page AS p INDEXED BY page_change CROSS JOIN outcome AS o ON o.generation = @generation AND o.page = p.n
			WHERE p.change > @cursor AND p.change > 0 AND p.content <> ''
	) AS groups WHERE 1`
)

// undocumented takes from the groups of documents the pages that gave none.
func (tx coverageTx) undocumented(v view, site string, sites []SiteCoverage) error {
	if !v.told {
		for i := range sites {
			sites[i].untell()
		}
		return nil
	}
	err := tx.move(sites, outcomeGroups+of(site, "groups")+" GROUP BY 1, 2, 3, 4", sql.Named("generation", v.generation), sql.Named("cursor", v.cursor), sql.Named("site", site))
	if err != nil {
		return err
	}
	for i := range sites {
		sites[i].tidy()
	}
	return nil
}

// move takes pages from the documents of their role and state.
func (s *SiteCoverage) move(g Group) {
	for i := range s.Groups {
		d := &s.Groups[i]
		if d.Role == g.Role && d.State == g.State && d.Outcome == Indexed {
			d.Pages, d.Unchanged = d.Pages-g.Pages, d.Unchanged-g.Unchanged
		}
	}
	s.Groups = append(s.Groups, g)
}

// untell says of the documents that nobody knows.
func (s *SiteCoverage) untell() {
	for i := range s.Groups {
		if s.Groups[i].Outcome == Indexed {
			s.Groups[i].Outcome = Untold
		}
	}
	s.tidy()
}

// tidy leaves out groups without pages.
func (s *SiteCoverage) tidy() {
	s.Groups = slices.DeleteFunc(s.Groups, func(g Group) bool { return g.Pages == 0 })
}
