package crawl

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A host is what is remembered of a server, or of one of its origins: when it may be asked again. http and https on their usual ports are one server, but either may fail
// where the other answers.
type host struct {
	next    time.Time // not before
	backoff time.Duration
	paused  time.Time // end of the last pause
	silent  int       // requests without an answer, in a row
}

const (
	firstPause  = time.Minute
	longestWait = 24 * time.Hour
	forgiven    = 30 * time.Minute
	silences    = 3 // in a row from which on a host gets a pause
	latencyRate = 1 // a host that answers slowly is asked as slowly again
)

// hostKey is the name under which a server is remembered.
func hostKey(u *url.URL) string {
	if p := u.Port(); p == "80" && u.Scheme == "http" || p == "443" && u.Scheme == "https" {
		return strings.TrimSuffix(u.Host, ":"+p)
	}
	return u.Host
}

func (a *actor) host(u *url.URL) *host {
	key := hostKey(u)
	h := a.hosts[key]
	if h == nil {
		h = &host{}
		a.hosts[key] = h
	}
	return h
}

// A turn is held by whoever asks a host. Only its site's actor does, but for a robots.txt that redirects to another site's.
type turn struct {
	token chan struct{} // of capacity 1
	next  time.Time     // not before, whoever asks
}

// turn is that of a host by its name.
func (c *Crawler) turn(host string) *turn {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.turns[host]
	if t == nil {
		t = &turn{token: make(chan struct{}, 1)}
		c.turns[host] = t
	}
	return t
}

// ask sends a request when its host may be asked, and notes its answer. The error is the fetcher's, or the context's.
func (a *actor) ask(ctx context.Context, f *fetcher, q request) (*response, error) {
	h, o := a.host(q.url), a.origin(q.url)
	if err := a.crawler.wait(ctx, later(h.next, o.next)); err != nil {
		return nil, err
	}
	t := a.crawler.turn(hostKey(q.url))
	select {
	case t.token <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-t.token }()
	if err := a.crawler.wait(ctx, t.next); err != nil {
		return nil, err
	}
	start := a.crawler.now()
	res, err := f.send(ctx, q)
	delay := a.delay
	if o.robots != nil {
		delay = max(delay, o.robots.delay)
	}
	now := a.crawler.now()
	if delay > 0 {
		delay = max(delay, latencyRate*now.Sub(start))
	}
	t.next = now.Add(delay)
	h.next = now.Add(delay)
	if res != nil {
		o.silent, o.backoff = 0, 0
		h.yield(now, res, nil)
	} else {
		o.yield(now, nil, err)
	}
	return res, err
}

// yield has a host left alone for a pause where its answer, or its silence, gave cause.
func (h *host) yield(now time.Time, res *response, err error) {
	if pause := h.pause(now, res, err); pause > 0 {
		h.paused = now.Add(pause)
		h.next = later(h.next, h.paused)
	}
}

// next is when a URL may be asked for.
func (a *actor) next(u *url.URL) time.Time { return later(a.host(u).next, a.origin(u).next) }

// pause is how long a host is left alone that is busy (429, 503) or silent: as long as it says, else a minute, doubled each time until it serves a request, or half an hour
// after the last pause went by quietly. A host that serves the rest is not busy for all its pages that answer with 503.
func (h *host) pause(now time.Time, res *response, err error) time.Duration {
	if h.quiet(res, err) {
		return 0
	}
	if now.Sub(h.paused) > forgiven {
		h.backoff = 0
	}
	h.backoff = min(max(firstPause, 2*h.backoff), longestWait)
	if res != nil {
		if d, ok := retryAfter(now, res.header.Get("Retry-After")); ok {
			return d
		}
	}
	return h.backoff + rand.N(h.backoff/4)
}

// quiet reports that a host gave no cause for a pause.
func (h *host) quiet(res *response, err error) bool {
	if res != nil {
		h.silent = 0
		if res.status < 500 && res.status != http.StatusTooManyRequests {
			h.backoff = 0
		}
		return res.status != http.StatusTooManyRequests && res.status != http.StatusServiceUnavailable
	}
	if err == nil || errors.Is(err, errPrivate) || errors.Is(err, errTooLarge) || errors.Is(err, errHeaders) || errors.Is(err, errPacked) {
		return true
	}
	h.silent++
	return h.silent < silences
}

// retryAfter reads the header of that name: seconds or a date (RFC 9110, 10.2.3), a day at most.
func retryAfter(now time.Time, value string) (time.Duration, bool) {
	value = strings.TrimSpace(value)
	if s, err := strconv.ParseUint(value, 10, 31); err == nil {
		return min(time.Duration(s)*time.Second, longestWait), true
	}
	if t, err := http.ParseTime(value); err == nil {
		return min(max(0, t.Sub(now)), longestWait), true
	}
	return 0, false
}

// busy reports a time that is further away than a crawl of a site should wait.
func busy(now, next time.Time) bool { return next.Sub(now) > firstPause/2 }
