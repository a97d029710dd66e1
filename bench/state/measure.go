package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"terrace/bench/measure"
	"terrace/indexer/archive"
)

// ways are what visits may find.
type way int

const (
	fresh way = iota // pages that were never visited
	changed
	unchanged
)

// visits records a batch of 200 visits to pages of a site that found them in a way, and returns how long Record took.
func visits(ctx context.Context, o *opened, site string, round int, w way) (time.Duration, error) {
	state := archive.OK
	if w == fresh {
		state = archive.New
	}
	pages, err := o.Pages(ctx, archive.Filter{Site: site, State: state, Role: archive.Article}, "", 200)
	if err != nil {
		return 0, err
	}
	if len(pages) == 0 {
		return 0, errNone
	}
	now := time.Now()
	batch := make([]archive.Visit, len(pages))
	for i, p := range pages {
		v := archive.Visit{ID: p.ID, At: now, State: archive.OK, Status: 200, Role: p.Role, NextAt: now.AddDate(1, 0, 0), Interval: p.Interval, ETag: p.ETag, ContentType: "text/html"}
		if v.Unchanged = w == unchanged; !v.Unchanged {
			v.Body = fmt.Appendf(nil, "%s in round %d", p.URL, round)
			for n := range 20 {
				url, role := leaf(0, n)
				v.Links = append(v.Links, archive.Link{URL: url, Site: site, Role: role, Text: "关于有关工作的通知"})
			}
		}
		batch[i] = v
	}
	began := time.Now()
	err = o.Record(ctx, batch...)
	return time.Since(began), err
}

var errNone = errors.New("none left")

// A lab takes the figures of one archive.
type lab struct {
	ctx context.Context
	*opened
	column
	err error
}

// time runs something several times and notes the median. What is done in between is not counted where it returns its own time.
func (l *lab) time(name string, times int, do func(round int) (time.Duration, error)) {
	var took []time.Duration
	for round := 0; round < times && l.err == nil; round++ {
		began := time.Now()
		own, err := do(round)
		if errors.Is(err, errNone) {
			break
		}
		if own == 0 {
			own = time.Since(began)
		}
		took = append(took, own)
		l.err = err
	}
	value := "–"
	if len(took) > 0 {
		slices.Sort(took)
		value = fmt.Sprintf("%.4g", float64(took[len(took)/2].Microseconds())/1000)
	}
	l.rows = append(l.rows, figure{name, value})
}

func (l *lab) note(name, value string) { l.rows = append(l.rows, figure{name, value}) }

func measureAll(ctx context.Context, dir string, c cluster) (column, error) {
	l := &lab{ctx: ctx, column: column{pages: c.pages}}
	l.time("open after kill -9", 1, func(int) (_ time.Duration, err error) {
		l.opened, err = open(ctx, dir)
		return 0, err
	})
	if l.err != nil {
		return l.column, l.err
	}
	l.crawl(c)
	l.sync()
	l.ledger()
	l.upkeep(c)
	l.note("anonymous memory, MB", fmt.Sprint(measure.Memory(os.Getpid())>>20))
	if err := errors.Join(l.err, l.close()); err != nil {
		return l.column, err
	}
	for _, name := range []string{"state.db", "pages.db"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			return l.column, err
		}
		l.note("bytes a page in "+name, fmt.Sprint(info.Size()/int64(c.pages)))
	}
	return l.column, nil
}

func (l *lab) crawl(c cluster) {
	ctx, s := l.ctx, func(round int) string { return site(round % c.sites) }
	l.time("Seed, 500 new URLs of a site", 5, func(round int) (time.Duration, error) {
		return 0, l.seed(s(round), fmt.Sprint("new", time.Now().UnixNano(), "-"))
	})
	l.time("Seed, 500 known ones", 5, func(round int) (time.Duration, error) { return 0, l.seed(s(round), "known") })
	l.time("Due of a site, 100 pages", 21, func(round int) (time.Duration, error) {
		_, err := l.Due(ctx, s(round), time.Now(), 100)
		return 0, err
	})
	l.time("the same while a host of it is left alone", 21, func(round int) (time.Duration, error) {
		_, err := l.Due(ctx, s(round), time.Now(), 100, home(round%c.sites))
		return 0, err
	})
	l.time("NextDue", 21, func(round int) (time.Duration, error) {
		_, _, err := l.NextDue(ctx, s(round))
		return 0, err
	})
	for _, w := range []struct {
		name string
		way
	}{{"new pages", fresh}, {"changed", changed}, {"unchanged", unchanged}} {
		l.time("Record, 200 visits, "+w.name, 11, func(round int) (time.Duration, error) {
			return visits(ctx, l.opened, s(round+20), int(time.Now().UnixNano()), w.way)
		})
	}
	l.time("Settle of a site", 21, func(round int) (time.Duration, error) {
		_, err := l.Settle(ctx, s(round), time.Now())
		return 0, err
	})
}

func (l *lab) seed(s, prefix string) error {
	links := make([]archive.Link, 500)
	for i := range links {
		links[i] = archive.Link{URL: fmt.Sprintf("http://www.%s.example.gov.cn/%s%d.html", s, prefix, i), Site: s, Role: archive.Article}
	}
	_, err := l.Seed(l.ctx, links...)
	return err
}

// sync does what the index waits for, without the index.
func (l *lab) sync() {
	ctx := l.ctx
	after := int64(0)
	l.time("Changes, 200 pages, with outcomes and cursor", 21, func(int) (time.Duration, error) {
		pages, err := l.Changes(ctx, after, 200)
		if err != nil || len(pages) == 0 {
			return 0, errors.Join(err, errNone)
		}
		after = pages[len(pages)-1].Change
		outcomes := make([]archive.Outcome, len(pages))
		for i, p := range pages {
			outcomes[i] = archive.Outcome{Page: p.ID, Reason: []string{"", "no text", archive.Copy}[i%3]}
		}
		return 0, errors.Join(l.SetOutcomes(ctx, "next", outcomes), l.SetCursor(ctx, "next", after))
	})
	l.time("CountChanges from the first", 3, func(int) (time.Duration, error) {
		_, err := l.CountChanges(ctx, 0)
		return 0, err
	})
}

func (l *lab) ledger() {
	ctx := l.ctx
	l.time("Tallies", 5, func(int) (time.Duration, error) {
		_, err := l.Tallies(ctx, time.Now())
		return 0, err
	})
	l.time("Coverage of all sites, with large sitemaps counted", 1, func(int) (time.Duration, error) {
		_, _, err := l.Coverage(ctx, live, "")
		return 0, err
	})
	l.time("Coverage of all sites, again", 5, func(int) (time.Duration, error) {
		_, _, err := l.Coverage(ctx, live, "")
		return 0, err
	})
	l.time("Coverage of a site", 11, func(round int) (time.Duration, error) {
		_, _, err := l.Coverage(ctx, live, site(round))
		return 0, err
	})
	l.time("Columns of a site", 11, func(round int) (time.Duration, error) {
		_, _, err := l.Columns(ctx, live, site(round))
		return 0, err
	})
	l.time("Pages, 100 of a site and state", 21, func(round int) (time.Duration, error) {
		_, err := l.Pages(ctx, archive.Filter{Site: site(round), State: archive.Retry}, "", 100)
		return 0, err
	})
	l.time("Pages, 100 of a state", 5, func(int) (time.Duration, error) {
		_, err := l.Pages(ctx, archive.Filter{State: archive.WAF}, "", 100)
		return 0, err
	})
	l.time("Trouble of a page", 21, func(round int) (time.Duration, error) {
		_, _, err := l.Trouble(ctx, archive.IDOf(home(round)))
		return 0, err
	})
	l.time("Losses of all sites", 5, func(int) (time.Duration, error) {
		_, err := l.Losses(ctx, "")
		return 0, err
	})
}

func (l *lab) upkeep(c cluster) {
	l.time("DropCursor of a generation", 1, func(int) (time.Duration, error) { return 0, l.DropCursor(l.ctx, former) })
	l.time("Purge", 1, func(int) (time.Duration, error) {
		_, err := l.Purge(l.ctx)
		return 0, err
	})
}
