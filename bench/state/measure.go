package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
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

// visits records a batch of 200 visits to pages of a site that found them in a way, and returns what Record took.
func visits(ctx context.Context, o *opened, site string, round int, w way) (took, error) {
	state := archive.OK
	if w == fresh {
		state = archive.New
	}
	pages, err := o.Pages(ctx, archive.Filter{Site: site, State: state, Role: archive.Article}, "", 200)
	if err != nil {
		return took{}, err
	}
	if len(pages) == 0 {
		return took{}, errNone
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
	c := start()
	err = o.Record(ctx, batch...)
	return c.stop(), err
}

// A took is what something took.
type took struct{ wall, cpu time.Duration }

// A clock runs.
type clock struct {
	at  time.Time
	cpu time.Duration
}

func start() clock { return clock{time.Now(), spent()} }

func (c clock) stop() took { return took{time.Since(c.at), spent() - c.cpu} }

// spent is the processor time of this process.
func spent() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
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
func (l *lab) time(name string, times int, do func(round int) (took, error)) {
	var walls, cpus []time.Duration
	for round := 0; round < times && l.err == nil; round++ {
		c := start()
		own, err := do(round)
		if errors.Is(err, errNone) {
			break
		}
		if own == (took{}) {
			own = c.stop()
		}
		walls, cpus = append(walls, own.wall), append(cpus, own.cpu)
		l.err = err
	}
	value := "–"
	if len(walls) > 0 {
		value = fmt.Sprintf("%s (%s)", middle(walls), middle(cpus))
	}
	l.rows = append(l.rows, figure{name, value})
}

// middle is the median in milliseconds.
func middle(of []time.Duration) string {
	slices.Sort(of)
	ms := float64(of[len(of)/2].Microseconds()) / 1000
	if ms >= 10 {
		return fmt.Sprintf("%.0f", ms)
	}
	return fmt.Sprintf("%.2g", ms)
}

func (l *lab) note(name, value string) { l.rows = append(l.rows, figure{name, value}) }

func measureAll(ctx context.Context, dir string, c cluster) (column, error) {
	l := &lab{ctx: ctx, column: column{pages: c.pages}}
	l.time("open after kill -9", 1, func(int) (_ took, err error) {
		l.opened, err = open(ctx, dir)
		return took{}, err
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
	l.time("Seed, 500 new URLs of a site", 5, func(round int) (took, error) {
		return took{}, l.seed(s(round), fmt.Sprint("new", time.Now().UnixNano(), "-"))
	})
	l.time("Seed, 500 known ones", 5, func(round int) (took, error) { return took{}, l.seed(s(round), "known") })
	l.time("Due of a site, 100 pages", 21, func(round int) (took, error) {
		_, err := l.Due(ctx, s(round), time.Now(), 100)
		return took{}, err
	})
	l.time("the same while a host of it is left alone", 21, func(round int) (took, error) {
		_, err := l.Due(ctx, s(round), time.Now(), 100, home(round%c.sites))
		return took{}, err
	})
	l.time("NextDue", 21, func(round int) (took, error) {
		_, _, err := l.NextDue(ctx, s(round))
		return took{}, err
	})
	for _, w := range []struct {
		name string
		way
	}{{"new pages", fresh}, {"changed", changed}, {"unchanged", unchanged}} {
		l.time("Record, 200 visits, "+w.name, 11, func(round int) (took, error) {
			return visits(ctx, l.opened, s(round+20), int(time.Now().UnixNano()), w.way)
		})
	}
	l.time("Settle of a site", 21, func(round int) (took, error) {
		_, err := l.Settle(ctx, s(round), time.Now())
		return took{}, err
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
	l.time("Changes, 200 pages, with outcomes and cursor", 21, func(int) (took, error) {
		pages, err := l.Changes(ctx, after, 200)
		if err != nil || len(pages) == 0 {
			return took{}, errors.Join(err, errNone)
		}
		after = pages[len(pages)-1].Change
		outcomes := make([]archive.Outcome, len(pages))
		for i, p := range pages {
			outcomes[i] = archive.Outcome{Page: p.ID, Reason: []string{"", "no text", archive.Copy}[i%3]}
		}
		return took{}, errors.Join(l.SetOutcomes(ctx, "next", outcomes), l.SetCursor(ctx, "next", after))
	})
	l.time("CountChanges from the first", 3, func(int) (took, error) {
		_, err := l.CountChanges(ctx, 0)
		return took{}, err
	})
}

func (l *lab) ledger() {
	ctx := l.ctx
	l.time("Tallies", 5, func(int) (took, error) {
		_, err := l.Tallies(ctx, time.Now())
		return took{}, err
	})
	l.time("Coverage of all sites, with large sitemaps counted", 1, func(int) (took, error) {
		_, _, err := l.Coverage(ctx, live, "")
		return took{}, err
	})
	l.time("Coverage of all sites, again", 5, func(int) (took, error) {
		_, _, err := l.Coverage(ctx, live, "")
		return took{}, err
	})
	l.time("Coverage of a site", 11, func(round int) (took, error) {
		_, _, err := l.Coverage(ctx, live, site(round))
		return took{}, err
	})
	l.time("Columns of a site", 11, func(round int) (took, error) {
		_, _, err := l.Columns(ctx, live, site(round))
		return took{}, err
	})
	l.time("Pages, 100 of a site and state", 21, func(round int) (took, error) {
		_, err := l.Pages(ctx, archive.Filter{Site: site(round), State: archive.Retry}, "", 100)
		return took{}, err
	})
	l.time("Pages, 100 of a state", 5, func(int) (took, error) {
		_, err := l.Pages(ctx, archive.Filter{State: archive.WAF}, "", 100)
		return took{}, err
	})
	l.time("Trouble of a page", 21, func(round int) (took, error) {
		_, _, err := l.Trouble(ctx, archive.IDOf(home(round)))
		return took{}, err
	})
	l.time("Losses of all sites", 5, func(int) (took, error) {
		_, err := l.Losses(ctx, "")
		return took{}, err
	})
}

func (l *lab) upkeep(c cluster) {
	l.time("DropCursor of a generation", 1, func(int) (took, error) { return took{}, l.DropCursor(l.ctx, former) })
	l.time("Purge", 1, func(int) (took, error) {
		_, err := l.Purge(l.ctx)
		return took{}, err
	})
}
