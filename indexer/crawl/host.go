package crawl

import (
	"context"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// A host is what is remembered of one scheme and host: when it may be asked again, and what its robots.txt says.
type host struct {
	next      time.Time // not before
	backoff   time.Duration
	lastBusy  time.Time // last 429 or 503
	robots    *robots
	robotsAge time.Time
}

const (
	robotsLife  = 24 * time.Hour
	robotsRetry = 10 * time.Minute
	firstPause  = time.Minute
	longestWait = 24 * time.Hour
	forgiven    = 30 * time.Minute
	latencyRate = 1 // a host that answers slowly is asked as slowly again
)

// answered sets when the host may be asked next, from the end of its response.
func (h *host) answered(now time.Time, delay time.Duration, res *response) {
	if h.robots != nil {
		delay = max(delay, h.robots.delay)
	}
	if res == nil {
		h.next = now.Add(delay)
		return
	}
	if delay > 0 {
		delay = max(delay, latencyRate*res.took)
	}
	if res.status == http.StatusTooManyRequests || res.status == http.StatusServiceUnavailable {
		delay = max(delay, h.pause(now, res.header.Get("Retry-After")))
	}
	h.next = now.Add(delay)
}

// pause is how long a host that is busy is left alone: as long as it says, else a minute, doubled each time within half an hour.
func (h *host) pause(now time.Time, retryAfter string) time.Duration {
	if now.Sub(h.lastBusy) > forgiven {
		h.backoff = 0
	}
	h.lastBusy = now
	h.backoff = min(max(firstPause, 2*h.backoff), longestWait)
	if s, err := strconv.Atoi(strings.TrimSpace(retryAfter)); err == nil && s >= 0 {
		return min(time.Duration(s)*time.Second, longestWait)
	}
	if t, err := http.ParseTime(retryAfter); err == nil {
		return min(max(0, t.Sub(now)), longestWait)
	}
	return h.backoff + rand.N(h.backoff/4)
}

// busy reports that the host has asked to be left alone for longer than a crawl of its site should wait.
func (h *host) busy(now time.Time) bool { return h.next.Sub(now) > firstPause/2 }

// rules gives the host's robots.txt, fetched at most once a day. Client errors allow everything, server errors and no answer nothing for a while (RFC 9309, 2.3.1).
func (a *actor) rules(ctx context.Context, u *url.URL) (*robots, error) {
	h := a.host(u)
	if h.robots != nil && time.Since(h.robotsAge) < robotsLife && !(h.robots.refuse && time.Since(h.robotsAge) > robotsRetry) {
		return h.robots, nil
	}
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	var res *response
	for range 5 {
		if err := wait(ctx, h.next); err != nil {
			return nil, err
		}
		var err error
		if res, err = a.fetcher.get(ctx, at, "", ""); ctx.Err() != nil {
			return nil, ctx.Err()
		} else if err != nil {
			res = nil
		}
		h.answered(time.Now(), a.delay, res)
		to := redirectTarget(at, res)
		if to == nil || a.crawler.registry.Of(to) == nil {
			break
		}
		at = to
	}
	h.robotsAge = time.Now()
	switch {
	case res == nil || res.status >= 500 || res.status == http.StatusTooManyRequests:
		h.robots = &robots{refuse: true}
	case res.status == http.StatusOK && !looksLikeHTML(res.body):
		h.robots = parseRobots(res.body)
	default:
		h.robots = &robots{}
	}
	return h.robots, nil
}

func looksLikeHTML(b []byte) bool {
	return strings.HasPrefix(strings.TrimLeft(string(b[:min(len(b), 200)]), "\ufeff \r\n\t"), "<")
}
