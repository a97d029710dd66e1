package indexer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"terrace/indexer/archive"
)

// A Coverage holds what is known of the sites against the live generation.
type Coverage struct {
	Generation string // empty: there is none yet
	Told       bool   // false: the generation was made by a version that did not note why pages gave no document
	Sites      []SiteCoverage
	Columns    []ColumnCoverage // of the site asked for
}

// A SiteCoverage is what became of a site's pages.
type SiteCoverage struct {
	archive.SiteCoverage
	Name       string
	Configured bool
}

// A ColumnCoverage is a list held against what it says of itself.
type ColumnCoverage struct {
	archive.Column
	SiteName string
}

// A MissingEntry is an entry of a column that ought to be found and is not.
type MissingEntry struct {
	archive.Entry
	Why string // in Chinese
}

var (
	ErrUnknownSite   = errors.New("没有这个站点")
	ErrUnknownColumn = errors.New("没有这个栏目")
)

// Coverage tells what became of the pages of every configured site and of every other that there are pages of, or of one site, by id or name, with its columns.
// ErrUnknownSite where there is none.
func (x *Indexer) Coverage(ctx context.Context, site string) (Coverage, error) {
	id, known := site, false
	if site != "" {
		if id, known = x.registry.SiteNamed(site); !known {
			id = site
		}
	}
	live, _, err := x.liveInfo(ctx)
	if err != nil {
		return Coverage{}, err
	}
	c := Coverage{Generation: live.Name}
	found, told, err := x.archive.Coverage(ctx, live.Name, id)
	if err != nil {
		return Coverage{}, err
	}
	if site != "" && !known && len(found) == 0 {
		return Coverage{}, fmt.Errorf("%w：%s", ErrUnknownSite, site)
	}
	c.Told, c.Sites = told, x.covered(found, id)
	if site == "" {
		return c, nil
	}
	columns, _, err := x.archive.Columns(ctx, live.Name, id)
	for _, column := range columns {
		c.Columns = append(c.Columns, ColumnCoverage{column, x.registry.SiteName(column.Site)})
	}
	return c, err
}

// covered puts the sites in the order of the configuration, those of which there is no page among them, and the others behind them.
func (x *Indexer) covered(found []archive.SiteCoverage, only string) (out []SiteCoverage) {
	byID := map[string]archive.SiteCoverage{}
	for _, s := range found {
		byID[s.Site] = s
	}
	for _, s := range x.registry.Cluster().Sites {
		if only == "" || only == s.ID {
			c := byID[s.ID]
			c.Site = s.ID
			out = append(out, SiteCoverage{c, x.registry.SiteName(s.ID), true})
		}
	}
	for _, s := range found {
		if x.registry.Site(s.Site) == nil {
			out = append(out, SiteCoverage{s, x.registry.SiteName(s.Site), false})
		}
	}
	return out
}

// MappedColumn before the id of a site names what the site's sitemaps list, as if that were a column.
const MappedColumn = "sitemap:"

// Missing returns entries of a column, which is named by the id or URL of any of its pages or by MappedColumn, that ought to be found and are not,
// beginning behind a mark, and the mark for those after them; both are empty at the ends. ErrUnknownColumn where there is none.
func (x *Indexer) Missing(ctx context.Context, column, after string, limit int) (entries []MissingEntry, next string, err error) {
	live, _, err := x.liveInfo(ctx)
	if err != nil {
		return nil, "", err
	}
	var found []archive.Entry
	if site, mapped := strings.CutPrefix(column, MappedColumn); mapped && x.registry.Site(site) != nil {
		found, next, err = x.archive.MissingMapped(ctx, live.Name, site, after, limit)
	} else if head, unknown := x.column(ctx, column); unknown != nil {
		return nil, "", unknown
	} else {
		found, next, err = x.archive.Missing(ctx, live.Name, head, after, limit)
	}
	for _, e := range found {
		entries = append(entries, MissingEntry{e, whyMissing(e)})
	}
	return entries, next, err
}

// Unread returns pages of a column that were not fetched, at most limit. Column and errors are as for Missing.
func (x *Indexer) Unread(ctx context.Context, column string, limit int) ([]archive.Page, error) {
	if strings.HasPrefix(column, MappedColumn) {
		return nil, nil
	}
	head, err := x.column(ctx, column)
	if err != nil {
		return nil, err
	}
	return x.archive.Unread(ctx, head, limit)
}

// column is the id of the first page of the list that a page is of.
func (x *Indexer) column(ctx context.Context, page string) (string, error) {
	p, err := x.archive.Page(ctx, canonical(page))
	if errors.Is(err, archive.ErrUnknown) || err == nil && p.Role != archive.List {
		return "", fmt.Errorf("%w：%s", ErrUnknownColumn, page)
	}
	return cmp.Or(p.Head, p.ID), err
}

// whyMissing says it with the crawl's own words where the crawl is why.
func whyMissing(e archive.Entry) string {
	p := e.Page
	if e.End.ID != "" {
		p = e.End
	}
	if p.Content == "" && p.Reason != "" {
		return ReasonInChinese(p.Reason)
	}
	return OutcomeInChinese(e.Outcome)
}

// WhyUnread is why a page was not fetched, in Chinese.
func WhyUnread(p archive.Page) string {
	return cmp.Or(ReasonInChinese(p.Reason), inChinese(string(p.State)))
}

// Sum adds up the pages of those groups that are meant.
func (s *SiteCoverage) Sum(meant func(archive.Group) bool) (pages int) {
	for _, g := range s.Groups {
		if meant(g) {
			pages += g.Pages
		}
	}
	return pages
}

// Known is how many pages there are, Fetched how many of them have content, Found how many are found as documents or as copies of others.
func (s *SiteCoverage) Known() int   { return s.Sum(func(archive.Group) bool { return true }) }
func (s *SiteCoverage) Fetched() int { return s.Sum(func(g archive.Group) bool { return g.Kept }) }
func (s *SiteCoverage) Found() int {
	return s.Sum(func(g archive.Group) bool { return findable(g.Outcome) })
}

// Unchanged is how many pages the last visit found as they were.
func (s *SiteCoverage) Unchanged() (pages int) {
	for _, g := range s.Groups {
		pages += g.Unchanged
	}
	return pages
}

func findable(outcome string) bool { return outcome == archive.Indexed || outcome == archive.Copy }

// A Reason is how many pages, or entries, have an outcome.
type Reason struct {
	Outcome string
	Count   int
}

// Reasons are the outcomes of the pages that are not found, the most frequent first.
func (s *SiteCoverage) Reasons() []Reason {
	count := map[string]int{}
	for _, g := range s.Groups {
		if !findable(g.Outcome) {
			count[g.Outcome] += g.Pages
		}
	}
	return reasonsBy(count)
}

func reasonsBy(count map[string]int) (out []Reason) {
	for _, o := range slices.Sorted(maps.Keys(count)) {
		out = append(out, Reason{o, count[o]})
	}
	slices.SortStableFunc(out, func(a, b Reason) int { return cmp.Compare(b.Count, a.Count) })
	return out
}
