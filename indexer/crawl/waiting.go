package crawl

import (
	"context"
	"net/url"
	"time"

	"terrace/indexer/archive"
)

// awaited reports whether a host's pause will be over soon, so that a crawl of what is due should wait for it.
func (a *actor) awaited() bool {
	now := a.crawler.now()
	soon := func(h *host) bool { return busy(now, h.next) && h.next.Sub(now) < 5*time.Minute }
	for _, h := range a.hosts {
		if soon(h) {
			return true
		}
	}
	for _, o := range a.origins {
		if soon(&o.host) {
			return true
		}
	}
	return false
}

// leave ends a crawl of what is due, and logs where pages of hosts that are to be left alone for longer stay due.
func (a *actor) leave(ctx context.Context) error {
	hosts := a.waiting()
	if len(hosts) == 0 {
		return nil
	}
	left, err := a.crawler.archive.Due(ctx, a.site.ID, a.crawler.now(), dueAtOnce)
	if err == nil && len(left) > 0 {
		a.crawler.Log.Warn("the crawl ends with pages due, their hosts are to be left alone for a while", "site", a.site.ID, "hosts", hosts, "pages", len(left), "orMore", len(left) == dueAtOnce)
	}
	return err
}

// waiting lists how the URLs begin of hosts that are to be left alone, so that their pages do not stand in the way of others.
func (a *actor) waiting() []string {
	var out []string
	now := a.crawler.now()
	for name, h := range a.hosts {
		if busy(now, h.next) {
			out = append(out, "http://"+name+"/", "https://"+name+"/")
		}
	}
	for begin, o := range a.origins {
		if busy(now, o.next) || o.closed(now) {
			out = append(out, begin+"/")
		}
	}
	return out
}

// soonest picks the first page whose host may be asked, or else that of the host that may be asked next; -1 where all are to be left alone.
func (a *actor) soonest(pages []archive.Page) int {
	now := a.crawler.now()
	best, at := -1, time.Time{}
	for i, p := range pages {
		u, err := url.Parse(p.URL)
		if err != nil {
			return i
		}
		if a.origin(u).closed(now) {
			continue
		}
		next := a.next(u)
		if !next.After(now) {
			return i
		}
		if !busy(now, next) && (best < 0 || next.Before(at)) {
			best, at = i, next
		}
	}
	return best
}
