package finding

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"terrace/db"
	"terrace/indexer/archive"
	"terrace/indexer/attached"
	"terrace/indexer/extract"
	"terrace/site"
)

// version changes when the same page may give other findings by the rules alone: then all are looked at again.
const version = "2"

// Options are what a Watcher works with. All but Files, Withdrawn, Domains, Log and Now are needed.
type Options struct {
	Archive    *archive.Archive
	DB         *db.DB // of its own
	Registry   *site.Registry
	Files      *attached.Files                                                    // texts of attachments; nil: they are not looked at
	Withdrawn  func(id, url string) bool                                          // pages that are not to be spoken of; nil: none
	Indexed    func(context.Context) (generation string, change int64, err error) // the live generation, and up to where it has everything
	Indicators Indicators
	Domains    []string // that sites may lead to, beside gov.cn and the cluster's own; nil: see the rule Outbound
	Log        *slog.Logger
	Now        func() time.Time // nil: time.Now
}

// A Watcher keeps the findings in step with the archive while it runs. Its methods may be called from several goroutines.
type Watcher struct {
	Options
	db        *db.DB
	now       func() time.Time
	extractor *extract.Extractor
	own       map[string]bool // domains of the cluster
	version   string          // of all that the findings of a page depend on beside the page
	working   sync.Mutex      // held by who looks at pages
}

func newWatcher(o Options) *Watcher {
	if o.Withdrawn == nil {
		o.Withdrawn = func(string, string) bool { return false }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Watcher{
		Options: o, db: o.DB, now: o.Now, extractor: extract.New(o.Registry), own: ownDomains(o.Registry),
		version: strings.Join([]string{version, extract.Version, o.Registry.Fingerprint(), strings.Join(o.Domains, " ")}, "+"),
	}
}

const (
	batch    = 20          // pages looked at between two pauses
	look     = time.Second // between looks for something to do
	interval = time.Hour   // between rounds on the state as a whole
)

// Run looks at what the index has taken in, a small batch at a time with as long a pause after each, so that crawl, index and search have their turn first, and at the
// state as a whole once an hour: some of it changes with the day. It ends with the context.
func (w *Watcher) Run(ctx context.Context) error {
	for {
		pause, err := w.turn(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			w.Log.Error("findings wait", "error", err)
			pause = time.Minute
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(pause):
		}
	}
}

// turn does a little of what is to be done, and says for how long to rest then.
func (w *Watcher) turn(ctx context.Context) (rest time.Duration, err error) {
	w.working.Lock()
	defer w.working.Unlock()
	begun := time.Now()
	n, err := w.some(ctx)
	if err != nil {
		return 0, err
	}
	if n > 0 {
		return time.Since(begun), nil
	}
	var p progress
	if err = w.view(ctx, func(t tx) (err error) { p, err = t.progress(); return err }); err != nil {
		return 0, err
	}
	if w.now().Sub(p.round) < interval {
		return look, nil
	}
	return look, w.round(ctx)
}

// CatchUp looks at all that the index has taken in, and at the state as a whole, now.
func (w *Watcher) CatchUp(ctx context.Context) error {
	w.working.Lock()
	defer w.working.Unlock()
	for {
		n, err := w.some(ctx)
		if err != nil {
			return fmt.Errorf("findings: %w", err)
		}
		if n == 0 {
			break
		}
	}
	if err := w.round(ctx); err != nil {
		return fmt.Errorf("findings: %w", err)
	}
	return nil
}

// some looks at the next pages that the index has taken in, and returns how many these are.
func (w *Watcher) some(ctx context.Context) (int, error) {
	var p progress
	err := w.view(ctx, func(t tx) (err error) { p, err = t.progress(); return err })
	if err != nil {
		return 0, err
	}
	last, err := w.Archive.LastChange(ctx)
	if err != nil {
		return 0, err
	}
	if p.version != w.version || p.change > last { // other rules or sites, or an archive that was restored
		p.change = 0
	}
	if p.change == last {
		return 0, nil
	}
	_, indexed, err := w.Indexed(ctx)
	if err != nil || p.change >= indexed {
		return 0, err
	}
	pages, err := w.Archive.Changes(ctx, p.change, batch)
	if err != nil {
		return 0, err
	}
	for i := range pages {
		if pages[i].Change > indexed {
			pages = pages[:i]
			break
		}
	}
	if len(pages) == 0 {
		return 0, nil
	}
	looks := make([]looked, len(pages))
	for i, page := range pages {
		if looks[i], err = w.look(ctx, page); err != nil {
			return 0, fmt.Errorf("look at page %s: %w", page.ID, err)
		}
	}
	return len(pages), w.update(ctx, func(t tx) error {
		for i, page := range pages {
			if err := w.keep(t, page, looks[i]); err != nil {
				return fmt.Errorf("findings of page %s: %w", page.ID, err)
			}
		}
		return t.exec("UPDATE progress SET version = ?, change = ?", w.version, pages[len(pages)-1].Change)
	})
}

// keep makes what a look at a page came to its findings.
func (w *Watcher) keep(t tx, p archive.Page, l looked) error {
	if w.Withdrawn(p.ID, p.URL) {
		return t.forget(p.ID)
	}
	n, err := t.page(p.ID, p.Site, p.URL)
	if err != nil {
		return err
	}
	err = t.exec("UPDATE page SET date = ?, newest = ?, text = ?, blank = ? WHERE n = ?", l.date, l.newest, l.text, l.blank, n)
	if err != nil {
		return err
	}
	sights, err := w.novel(t, p.Site, l.sights)
	if err != nil {
		return err
	}
	return t.replace(n, p.ID, p.Site, sights, p.Deleted)
}

// open reports a site that is configured and not closed: of one that is, nobody mends anything, but what it says of persons is still found.
func (w *Watcher) open(id string) bool { return w.Registry.Site(id) != nil && !w.Registry.Closed(id) }

// look reads a page of the archive. What is wrong with the page itself is no error.
func (w *Watcher) look(ctx context.Context, p archive.Page) (l looked, err error) {
	s := w.Registry.Site(p.Site)
	if p.Content == "" || p.Imported || p.Role == archive.Sitemap || s == nil || w.Withdrawn(p.ID, p.URL) {
		return l, nil
	}
	if p.Role == archive.Attachment {
		return w.lookAtFile(ctx, p)
	}
	body, err := w.Archive.Content(ctx, p.Content)
	if archive.NotKept(err) {
		return l, nil
	}
	if err != nil {
		return l, err
	}
	l, err = w.lookAt(p, s, body)
	if s.Closed {
		l.sights = slices.DeleteFunc(l.sights, func(x sight) bool { return x.rule != Personal })
	}
	return l, err
}
