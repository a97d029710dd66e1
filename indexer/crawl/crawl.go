// Package crawl fetches what is due, politely, and fills the archive; it does nothing else.
//
// Every site has one actor, which asks one page of a host at a time, waits between the end of a response and the next request, and obeys
// robots.txt. Scope is checked for every URL before it is asked, each hop of a redirect being a page of its own; private addresses are refused
// where a site does not allow them. Everything seen is recorded in batches; a crawl that was stopped or killed goes on where it was.
package crawl

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"terrace/indexer/archive"
	"terrace/indexer/attached"
	"terrace/indexer/browser"
	"terrace/indexer/weburl"
	"terrace/site"
)

// Options say how to crawl. Archive and Registry are needed; zero values of the others work.
type Options struct {
	Archive      *archive.Archive
	Registry     *site.Registry
	Files        *attached.Files // reads attached files; nil: they are noted and not fetched
	Log          *slog.Logger
	Proxy        *url.URL          // forward proxy for all requests
	UserAgent    string            // should name the operator
	Delay        time.Duration     // between a response and the next request to its host; 0: a second; negative: none
	Timeout      time.Duration     // of one request; 0: 30 s
	MaxBody      int64             // bytes of a page, unpacked; 0: 20 MiB
	MaxFile      int64             // bytes of an attached file; 0: 64 MiB
	Concurrency  int               // sites at a time; 0: 16
	Browser      *browser.Renderer // opens pages of sites that ask for it; nil: they stay unread
	PagesPerHour int               // of a site that are opened in the browser; 0: 60
	Once         bool              // Run ends when nothing is due any more
	Progress     func(Progress)
	Recorded     func() // called after something was written to the archive
	Clock        Clock
}

// A Clock is what time it is for a crawl, and how it waits. The zero value is the wall's.
type Clock struct {
	Now  func() time.Time
	Wait func(ctx context.Context, until time.Time) error // nil where Now says that it is time, or the context's error
}

func (c *Crawler) now() time.Time {
	if c.Clock.Now == nil {
		return time.Now()
	}
	return c.Clock.Now()
}

func (c *Crawler) wait(ctx context.Context, until time.Time) error {
	if c.Clock.Wait == nil {
		return wait(ctx, until)
	}
	return c.Clock.Wait(ctx, until)
}

// Progress is how far a crawl has come since it began.
type Progress struct {
	Visited int
	Failed  int // visits without an answer, or with one that cannot be used
	Bytes   int64
	Elapsed time.Duration
	Site    string // last visited
}

// A Crawler fills an archive.
type Crawler struct {
	Options
	archive  *archive.Archive
	registry *site.Registry
	fetchers map[*site.Site]*fetcher
	calls    map[string]chan struct{} // by site id: pages of it are urgent
	extra    chan struct{}            // places for sites that are called, beside Concurrency
	files    chan struct{}            // a place for each attached file that is fetched and read
	large    chan struct{}            // holds a token while a large page is parsed
	browsing chan struct{}            // a place for each site with a page at the browser, or waiting for it

	mu       sync.Mutex
	turns    map[string]*turn // by host
	progress Progress
	started  time.Time
	told     time.Time
}

// extraPlaces is how many sites that are called may be crawled though all places are taken.
const extraPlaces = 4

// filesAtOnce is how many attached files are in memory at the same time.
const filesAtOnce = 2

// New checks the options.
func New(o Options) (*Crawler, error) {
	if o.Archive == nil || o.Registry == nil {
		return nil, errors.New("crawl: needs an archive and a registry")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.UserAgent == "" {
		o.UserAgent = "Mozilla/5.0 (compatible; Terrace/1.0; site search)"
	}
	orElse(&o.Delay, time.Second)
	orElse(&o.Timeout, 30*time.Second)
	orElse(&o.MaxBody, 20<<20)
	orElse(&o.MaxFile, 64<<20)
	orElse(&o.Concurrency, 16)
	orElse(&o.PagesPerHour, pagesPerHour)
	c := &Crawler{
		Options: o, archive: o.Archive, registry: o.Registry, fetchers: map[*site.Site]*fetcher{},
		calls: map[string]chan struct{}{}, extra: make(chan struct{}, extraPlaces),
		files: make(chan struct{}, filesAtOnce), large: make(chan struct{}, 1), browsing: make(chan struct{}, atBrowser), turns: map[string]*turn{},
	}
	sites := o.Registry.Cluster().Sites
	for i := range sites {
		c.calls[sites[i].ID] = make(chan struct{}, 1)
		c.fetchers[&sites[i]] = newFetcher(newTransport(&sites[i], o.Proxy, o.MaxBody), o.UserAgent, o.Timeout)
	}
	return c, nil
}

func orElse[T int | int64 | time.Duration](v *T, otherwise T) {
	if *v == 0 {
		*v = otherwise
	}
}

// Run seeds every site and crawls until the context ends or, with Once, until nothing is due. What was fetched is recorded either way; a
// context that ended is no error.
func (c *Crawler) Run(ctx context.Context) error {
	c.started = time.Now()
	err := c.crawl(ctx)
	for _, f := range c.fetchers {
		f.transport.inner.CloseIdleConnections()
	}
	c.tell(true, func(*Progress) {})
	if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
		return nil
	}
	return err
}

func (c *Crawler) crawl(ctx context.Context) error {
	if err := c.seed(ctx); err != nil {
		return err
	}
	sites := c.registry.Cluster().Sites
	var actors []*actor
	for i := range sites {
		if !sites[i].Closed {
			actors = append(actors, c.newActor(&sites[i]))
		}
	}
	for {
		before := c.visited()
		eg, ctx := errgroup.WithContext(ctx)
		places := make(chan struct{}, c.Concurrency)
		for _, a := range actors {
			eg.Go(func() error { return a.run(ctx, places) })
		}
		if err := eg.Wait(); err != nil {
			return err
		}
		if c.visited() == before { // else a site may have led to another that was done before
			return nil
		}
	}
}

func (c *Crawler) visited() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.progress.Visited
}

func (c *Crawler) seed(ctx context.Context) error {
	sites := c.registry.Cluster().Sites
	var links []archive.Link
	for i := range sites {
		s := &sites[i]
		if s.Closed {
			continue
		}
		if err := c.recall(ctx, s); err != nil {
			return err
		}
		for i, raw := range s.SeedURLs() {
			u, err := url.Parse(raw)
			if err != nil {
				return fmt.Errorf("seed of site %s: %w", s.ID, err)
			}
			role := archive.Unknown // a column's page, say
			if i == 0 || len(u.Path) <= 1 {
				role = archive.Home
			}
			links = append(links, archive.Link{URL: weburl.Canonical(u), Site: s.ID, Role: role})
		}
	}
	if _, err := c.archive.Seed(ctx, links...); err != nil {
		return fmt.Errorf("seed the crawl: %w", err)
	}
	return nil
}

// call has a site's urgent pages visited at once.
func (c *Crawler) call(site string) {
	select {
	case c.calls[site] <- struct{}{}:
	default: // it is called already
	}
}

// tell changes the progress and shows it, four times a second at most or where last is set.
func (c *Crawler) tell(last bool, change func(*Progress)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change(&c.progress)
	if c.Progress == nil || !last && time.Since(c.told) < 250*time.Millisecond {
		return
	}
	c.told = time.Now()
	c.progress.Elapsed = time.Since(c.started)
	c.Progress(c.progress)
}
