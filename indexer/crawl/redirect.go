package crawl

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"terrace/indexer/archive"
	"terrace/indexer/weburl"
)

// maxRedirects are followed one after the other; browsers stop at 20.
const maxRedirects = 10

func redirectTarget(u *url.URL, res *response) *url.URL {
	if res == nil || res.status < 300 || res.status >= 400 || res.header.Get(rawLocation) == "" {
		return nil
	}
	to, err := weburl.Parse(u, res.header.Get(rawLocation))
	if err != nil {
		return nil
	}
	return to
}

// cookieWall reports a redirect to the page itself that sets a cookie: the site shows it only to those who send that back.
func cookieWall(u *url.URL, res *response) bool {
	to := redirectTarget(u, res)
	return to != nil && weburl.Canonical(to) == weburl.Canonical(u) && res.header.Get("Set-Cookie") != ""
}

// A hop is a step from one URL to another, nil where there is no usable one.
type hop struct {
	from, to  *url.URL
	permanent bool
	how       string
}

// redirected records where a page leads, if that is within the cluster; it is then visited as a page of its own.
func (a *actor) redirected(ctx context.Context, v *archive.Visit, p archive.Page, h hop) {
	to, reason := h.to, h.how
	v.NextAt = v.At.Add(refusedInterval)
	switch {
	case to == nil:
		v.State, v.Reason = archive.Quarantined, reason+" without a usable target"
	case a.crawler.registry.Open(to) == nil:
		v.State, v.Reason = archive.OutOfScope, reason+": leads out of the cluster, to "+to.Host
	case weburl.Canonical(to) == weburl.Canonical(h.from):
		v.State, v.Reason = archive.Quarantined, reason+": leads to itself"
	case h.permanent && moves(p) >= maxRedirects:
		a.retry(v, p, fmt.Sprintf("%s: redirects in a row: %d", reason, maxRedirects))
	case p.Content == "" && a.redirectsBefore(ctx, p) >= maxRedirects:
		v.State, v.Reason = archive.Quarantined, fmt.Sprintf("%s: redirects in a row: %d", reason, maxRedirects)
	default:
		v.State, v.Reason, v.MovedTo, v.Permanent = archive.Redirect, reason, weburl.Canonical(to), h.permanent
		if h.permanent && p.Content != "" {
			v.Fails = moves(p) + 1
		}
		s := a.crawler.registry.Open(to)
		v.Links = []archive.Link{{URL: v.MovedTo, Site: s.ID}}
	}
}

// moves is how often a page with content has been led to a new URL for good since it was last seen: it goes along, so that no other page tells.
func moves(p archive.Page) int {
	if p.Content == "" || !strings.HasPrefix(p.Reason, archive.MovedHere) {
		return 0
	}
	return p.Fails
}

// redirectsBefore is how many redirects led to a page, each to the next, up to maxRedirects.
func (a *actor) redirectsBefore(ctx context.Context, p archive.Page) int {
	for n := range maxRedirects {
		from, err := a.crawler.archive.Page(ctx, p.Referrer)
		if err != nil || from.State != archive.Redirect {
			return n
		}
		p = from
	}
	return maxRedirects
}
