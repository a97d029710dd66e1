package crawl

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"time"

	"terrace/indexer/archive"
	"terrace/indexer/fault"
	"terrace/site"
)

const (
	batchSize = 200
	batchAge  = 100 * time.Millisecond
	batchBody = 4 << 20         // bytes of pages
	idle      = 2 * time.Second // between looks for what is due, when nothing is
	dueAtOnce = 100

	longestRound = 5 * time.Second // until it is asked anew what is due
)

// An actor crawls one site.
type actor struct {
	crawler  *Crawler
	site     *site.Site
	called   bool // urgent pages wait for a place
	fetcher  *fetcher
	delay    time.Duration
	hosts    map[string]*host
	origins  map[string]*origin
	batch    []archive.Visit
	bytes    int // of its pages
	flushed  time.Time
	kinds    map[string]*kind    // by shape of URL
	turnings map[string]*turning // by id of a list's first page
	soft     map[string]*softProbe
	seed     maphash.Seed
	budget   budget // of pages in the browser
	statics  statics
	scripts  map[string]scriptFile // by URL
	mapped   map[string]int        // links taken from each sitemap, by its page's id

	settled   time.Time       // when the site was last judged
	unsettled bool            // there were visits since
	alarmed   bool            // as it was judged
	shown     map[string]bool // digests of what stood in the place of pages since then

	referrer, referrerShape string  // of the last page whose referrer was looked at: its id and its shape
	referrerLists           bool    // and whether it is a list
	barren                  *memory // ids of pages that showed nothing new
}

func (c *Crawler) newActor(s *site.Site) *actor {
	a := &actor{crawler: c, site: s, fetcher: c.fetchers[s], delay: max(c.Delay, 0)}
	a.hosts, a.origins, a.kinds, a.soft = map[string]*host{}, map[string]*origin{}, map[string]*kind{}, map[string]*softProbe{}
	a.barren = newMemory()
	a.turnings, a.scripts = map[string]*turning{}, map[string]scriptFile{}
	a.mapped, a.seed, a.shown = map[string]int{}, maphash.MakeSeed(), map[string]bool{}
	a.budget = newBudget(c.PagesPerHour)
	if s.Delay > 0 {
		a.delay = s.Delay
	}
	return a
}

// run crawls what is due, round by round. places bounds how many sites are crawled at a time.
func (a *actor) run(ctx context.Context, places chan struct{}) error {
	for {
		place, err := a.place(ctx, places)
		if err != nil {
			return err
		}
		n, err := a.round(ctx)
		<-place
		if err != nil {
			return fmt.Errorf("crawl site %s: %w", a.site.ID, err)
		}
		if n > 0 {
			a.unsettled = true
		}
		if since := a.crawler.now().Sub(a.settled); n == 0 && a.unsettled && (a.crawler.Once || since >= settleIdle) || since >= settleEvery {
			if err := a.settle(ctx); err != nil {
				return fmt.Errorf("crawl site %s: %w", a.site.ID, err)
			}
			continue // it may have made pages due
		}
		if n > 0 {
			continue
		}
		if a.crawler.Once && !a.awaited() {
			return a.leave(ctx)
		}
		if err := a.rest(ctx); err != nil {
			return err
		}
	}
}

// rest waits until it is time to look again for what is due, or the site is called.
func (a *actor) rest(ctx context.Context) error {
	resting, end := context.WithCancel(ctx)
	defer end()
	rested := make(chan error, 1)
	go func() { rested <- a.crawler.wait(resting, a.crawler.now().Add(idle)) }()
	select {
	case err := <-rested:
		return err
	case <-a.crawler.calls[a.site.ID]:
		a.called = true
		end()
		<-rested
		return nil
	}
}

// place takes one of places, or an extra one where the site is called, and returns where it is to be taken out again.
func (a *actor) place(ctx context.Context, places chan struct{}) (chan struct{}, error) {
	for {
		var extra chan struct{}
		if a.called {
			extra = a.crawler.extra
		}
		select {
		case places <- struct{}{}:
			a.called = false
			return places, nil
		case extra <- struct{}{}:
			a.called = false
			return extra, nil
		case <-a.crawler.calls[a.site.ID]:
			a.called = true
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// round visits what is due now and returns how many pages that were. What was visited is recorded even where the context ends.
func (a *actor) round(ctx context.Context) (n int, err error) {
	defer func() {
		if ferr := a.flush(context.WithoutCancel(ctx)); err == nil {
			err = ferr
		}
	}()
	if !a.site.Hours.Open(a.crawler.now()) {
		return 0, nil
	}
	began := a.crawler.now()
	pages, err := a.crawler.archive.Due(ctx, a.site.ID, began, dueAtOnce, a.waiting()...)
	if err != nil {
		return 0, err
	}
	for len(pages) > 0 {
		i := a.soonest(pages)
		if i < 0 {
			return n, nil
		}
		p := pages[i]
		pages = slices.Delete(pages, i, i+1)
		v, res, err := a.visitWithin(ctx, p)
		if err != nil {
			return n, err
		}
		n++
		if err := a.note(ctx, v, res); err != nil {
			return n, err
		}
		if a.crawler.now().Sub(began) >= longestRound {
			return n, nil
		}
		select {
		case <-a.crawler.calls[a.site.ID]: // what is urgent comes before the rest
			return n, nil
		default:
		}
	}
	return n, nil
}

// visitWithin is visit, but one that panics has failed and ends nothing else.
func (a *actor) visitWithin(ctx context.Context, p archive.Page) (v archive.Visit, res *response, err error) {
	err = fault.Within(a.crawler.Log, p.URL, func() (err error) {
		v, res, err = a.visit(ctx, p)
		return err
	})
	if errors.Is(err, fault.Err) {
		v, res, err = archive.Visit{ID: p.ID, At: a.crawler.now(), Role: p.Role, Interval: p.Interval}, nil, nil
		a.retry(&v, p, fault.Err.Error())
	}
	return v, res, err
}

// note keeps a visit for the next batch and writes the batch when it is full or old.
func (a *actor) note(ctx context.Context, v archive.Visit, res *response) error {
	v.Reason = tidy(v.Reason, maxReason)
	a.batch = append(a.batch, v)
	a.bytes += len(v.Body)
	a.crawler.tell(false, func(p *Progress) {
		p.Visited++
		p.Site = a.site.ID
		if v.State == archive.Retry || v.State == archive.WAF || v.State == archive.TooLarge || v.State == archive.Suspect {
			p.Failed++
		}
		if res != nil {
			p.Bytes += int64(len(res.body))
		}
	})
	if len(a.batch) < batchSize && a.bytes < batchBody && time.Since(a.flushed) < batchAge {
		return nil
	}
	return a.flush(context.WithoutCancel(ctx))
}

func (a *actor) flush(ctx context.Context) error {
	a.flushed = time.Now()
	if len(a.batch) == 0 {
		return nil
	}
	err := a.crawler.archive.Record(ctx, a.batch...)
	clear(a.batch) // or the pages would be kept
	a.batch, a.bytes = a.batch[:0], 0
	if err == nil && a.crawler.Recorded != nil {
		a.crawler.Recorded()
	}
	return err
}
