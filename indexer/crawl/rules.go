package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

const (
	robotsLife  = 24 * time.Hour // as RFC 9309, 2.4 asks
	robotsRetry = 10 * time.Minute
	robotsHops  = 5 // redirects that are followed (2.3.1.2)
)

// An origin is a scheme, host and port, which has one robots.txt.
type origin struct {
	host
	robots *robots // of the last answer; nil: none yet
	asked  time.Time
	outage error // why the last request got none
}

// closed reports that nothing of an origin may be asked for, since its robots.txt cannot be had.
func (o *origin) closed(now time.Time) bool {
	return o.robots == nil && o.outage != nil && !errors.Is(o.outage, errPrivate) && now.Sub(o.asked) < robotsRetry
}

func (a *actor) origin(u *url.URL) *origin {
	key := u.Scheme + "://" + u.Host
	o := a.origins[key]
	if o == nil {
		o = &origin{}
		a.origins[key] = o
	}
	return o
}

// rules gives the robots.txt that a URL is under, asked for at most once a day, or every robotsRetry where it forbids the URL: a site that has shut
// out everybody by mistake is let in as soon as it has noticed. Server errors and no answer leave the last one in force; where there is
// none, nothing may be fetched and outage says why (RFC 9309, 2.3.1.4): the origin is then left alone for a while. err is the context's.
func (a *actor) rules(ctx context.Context, u *url.URL) (r *robots, outage, err error) {
	o := a.origin(u)
	life := robotsLife
	if o.outage != nil || o.robots != nil && !o.robots.allows(u) {
		life = robotsRetry
	}
	if !o.asked.IsZero() && a.crawler.now().Sub(o.asked) < life {
		return o.robots, o.outage, nil
	}
	fresh, outage, err := a.askRobots(ctx, u)
	if err != nil {
		return nil, nil, err
	}
	o.asked, o.outage = a.crawler.now(), outage
	if outage == nil {
		o.robots = fresh
	}
	if o.robots != nil {
		return o.robots, nil, nil
	}
	return nil, o.outage, nil
}

// askRobots fetches a robots.txt, through redirects that stay within the cluster. What is no answer of the server's, but no failure of its either, allows all.
func (a *actor) askRobots(ctx context.Context, u *url.URL) (r *robots, outage, err error) {
	at := &url.URL{Scheme: u.Scheme, Host: u.Host, Path: "/robots.txt"}
	for range robotsHops + 1 {
		s := a.crawler.registry.Open(at)
		if s == nil {
			return &robots{}, nil, nil
		}
		res, err := a.ask(cutAt(ctx, maxRobots+1), a.crawler.fetchers[s], request{url: at})
		if ctx.Err() != nil {
			return nil, nil, ctx.Err()
		}
		switch {
		case err != nil && at.Host != u.Host:
			return nil, fmt.Errorf("%s: %v", at, err), nil // that the other host's address is private says nothing of this one
		case err != nil:
			return nil, err, nil
		case res.status >= 500 || res.status == http.StatusTooManyRequests:
			return nil, fmt.Errorf("%s answers with status %d", at, res.status), nil
		case res.status == http.StatusOK:
			return parseRobots(res.body), nil, nil
		}
		if at = redirectTarget(at, res); at == nil {
			break
		}
	}
	return &robots{}, nil, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
