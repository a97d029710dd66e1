package main

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"time"

	"terrace/db"
	"terrace/indexer/archive"
)

// A cluster is what an archive is filled with: of each site home pages, sitemaps that name every page, a list page for every 20 pages, articles, and
// attached files. Seven pages in ten have content. A part of at most partPages is recorded as a crawl would, and copied in the databases until there is enough.
type cluster struct{ sites, pages int }

const (
	partPages = 20000

	entries = 20 // of a list page
	filled  = "filled"
	live    = "live" // generation of the index
	former  = "former"
)

// An opened archive, with its databases.
type opened struct {
	*archive.Archive
	state, contents *db.DB
}

func open(ctx context.Context, dir string) (*opened, error) {
	state, err := db.Open(ctx, filepath.Join(dir, "state.db"))
	if err != nil {
		return nil, err
	}
	contents, err := db.Open(ctx, filepath.Join(dir, "pages.db"))
	if err != nil {
		return nil, err
	}
	a, err := archive.Open(ctx, state, contents)
	return &opened{a, state, contents}, err
}

func (o *opened) close() error {
	o.contents.Close()
	return o.state.Close()
}

func site(s int) string { return fmt.Sprintf("s%03d", s) }

func home(s int) string { return fmt.Sprintf("http://www.%s.example.gov.cn/", site(s)) }

func list(s, l int) string { return fmt.Sprintf("%szwgk/tzgg/index_%d.html", home(s), l) }

// leaf is the URL and role of what an entry of a list leads to.
func leaf(s, n int) (string, archive.Role) {
	if n%7 == 3 {
		return fmt.Sprintf("%sfiles/202603/P0202603%08d.pdf", home(s), n), archive.Attachment
	}
	return fmt.Sprintf("%szwgk/tzgg/202603/t20260301_%d.html", home(s), n), archive.Article
}

// parts is how many times the part is there in the end.
func (c cluster) parts() int { return (c.pages + partPages - 1) / partPages }

// lists is how many list pages a site has in the part.
func (c cluster) lists() int { return max(1, c.pages/c.parts()/c.sites/(entries+1)) }

var begun = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

// fillAndWrite fills an archive, says so, and writes visits until it is killed.
func fillAndWrite(ctx context.Context, dir string, c cluster) error {
	o, err := open(ctx, dir)
	if err != nil {
		return err
	}
	if err := c.fill(ctx, o); err != nil {
		return err
	}
	fmt.Println(filled)
	for n := 0; ; n++ {
		if _, err := visits(ctx, o, site(n%c.sites), n, changed); err != nil {
			return err
		}
	}
}

func (c cluster) fill(ctx context.Context, o *opened) error {
	for s := range c.sites {
		links := []archive.Link{{URL: home(s), Site: site(s), Role: archive.Home}, {URL: home(s) + "sitemap.xml", Site: site(s), Role: archive.Sitemap}}
		if _, err := o.Seed(ctx, links...); err != nil {
			return err
		}
	}
	for l := range c.lists() { // side by side, as sites are crawled
		var batch []archive.Visit
		for s := range c.sites {
			some, err := c.listed(ctx, o, s, l)
			if err != nil {
				return err
			}
			if batch = append(batch, some...); len(batch) >= 400 || s == c.sites-1 {
				if err := o.Record(ctx, batch...); err != nil {
					return err
				}
				batch = nil
			}
		}
	}
	for s := range c.sites {
		if err := c.fillTop(ctx, o, s); err != nil {
			return err
		}
	}
	if err := c.outcomes(ctx, o); err != nil {
		return err
	}
	if err := o.state.Update(ctx, func(tx *sql.Tx) error { return c.history(ctx, tx) }); err != nil {
		return err
	}
	return c.multiply(ctx, o)
}

func (c cluster) good(url, body string, n int) archive.Visit {
	at := begun.Add(time.Duration(n) * time.Second)
	return archive.Visit{ID: archive.IDOf(url), At: at, State: archive.OK, Status: 200, NextAt: at.AddDate(2, 0, 0), Interval: 24 * time.Hour, ETag: fmt.Sprintf(`"%x"`, n),
		LastModified: "Mon, 02 Mar 2026 08:00:00 GMT", ContentType: "text/html; charset=utf-8", Body: []byte(body)}
}

// listed is a visit to a list page and those to what it leads to: one page in ten is never visited, one gone, one fails, one in fifty fails now; each fourth article leads to 20 pages.
func (c cluster) listed(ctx context.Context, o *opened, s, l int) ([]archive.Visit, error) {
	head := c.good(list(s, l), fmt.Sprintf("list %d of %d", l, s), l)
	head.Role, head.Listed = archive.List, c.lists()*entries
	if l+1 < c.lists() {
		head.Links = append(head.Links, archive.Link{URL: list(s, l+1), Site: site(s), Role: archive.List, Continues: true, DueAt: begun})
	}
	if l == 0 {
		if _, err := o.Seed(ctx, archive.Link{URL: list(s, 0), Site: site(s), Role: archive.List}); err != nil {
			return nil, err
		}
	}
	batch := []archive.Visit{head}
	for i := range entries {
		n := l*entries + i
		url, role := leaf(s, n)
		batch[0].Links = append(batch[0].Links, archive.Link{URL: url, Site: site(s), Role: role, Text: fmt.Sprintf("关于做好有关工作的通知第%d号", n), Date: "2026-03-01", Entry: true, DueAt: begun})
		v := c.good(url, fmt.Sprintf("text %d of %d", n/3, s*(n%3)), n) // some are the same
		v.Role = role
		switch {
		case n%10 == 4: // not visited
			continue
		case n%10 == 5:
			v.State, v.Status, v.Reason, v.Body, v.Links = archive.Gone, 410, "status 410", nil, nil
		case n%10 == 6:
			v.State, v.Status, v.Reason, v.Fails, v.Body, v.Links = archive.Retry, 500, "status 500", 3, nil, nil
		case n%4 == 0 && role == archive.Article:
			for k := range entries {
				to, r := leaf(s, (l+1)*entries+k)
				if l+1 == c.lists() {
					to, r = leaf(s, k)
				}
				v.Links = append(v.Links, archive.Link{URL: to, Site: site(s), Role: r, DueAt: begun})
			}
		}
		batch = append(batch, v)
		if n%50 == 10 { // it was there, and its site does not answer now
			batch = append(batch, archive.Visit{ID: v.ID, At: v.At.Add(time.Hour), State: archive.Retry, Reason: "status 500", Status: 500, Role: role, NextAt: v.NextAt, Fails: 1})
		}
	}
	return batch, nil
}

// fillTop records a site's home page and its sitemap, which names all others.
func (c cluster) fillTop(ctx context.Context, o *opened, s int) error {
	top, tree := c.good(home(s), home(s), s), c.good(home(s)+"sitemap.xml", "map of "+home(s), s)
	top.Role, tree.Role = archive.Home, archive.Sitemap
	for l := range c.lists() {
		tree.Links = append(tree.Links, archive.Link{URL: list(s, l), Site: site(s), DueAt: begun})
		for i := range entries {
			url, role := leaf(s, l*entries+i)
			tree.Links = append(tree.Links, archive.Link{URL: url, Site: site(s), Role: role, DueAt: begun})
		}
	}
	top.Links = tree.Links[:min(len(tree.Links), 100)]
	tree.Listed = len(tree.Links)
	return o.Record(ctx, top, tree)
}

// outcomes takes the archive into two generations, in which one page in four is no document of its own.
func (c cluster) outcomes(ctx context.Context, o *opened) error {
	for _, g := range []string{former, live} {
		for after := int64(0); ; {
			pages, err := o.Changes(ctx, after, 1000)
			if err != nil {
				return err
			}
			if len(pages) == 0 {
				break
			}
			var some []archive.Outcome
			for i, p := range pages {
				switch {
				case p.Role == archive.List || p.Role == archive.Home:
					some = append(some, archive.Outcome{Page: p.ID, Reason: string(p.Role) + " page"})
				case p.Role == archive.Attachment:
					some = append(some, archive.Outcome{Page: p.ID, Reason: "found with its page"})
				case i%10 == 0:
					some = append(some, archive.Outcome{Page: p.ID, Reason: archive.Copy})
				}
			}
			if err := o.SetOutcomes(ctx, g, some); err != nil {
				return err
			}
			after = pages[len(pages)-1].Change
			if err := o.SetCursor(ctx, g, after); err != nil {
				return err
			}
		}
	}
	return nil
}
