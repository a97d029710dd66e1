package crawl

import (
	"context"
	"net/url"
	"time"

	"terrace/indexer/archive"
)

const (
	listInterval     = 30 * time.Minute
	shortestInterval = 10 * time.Minute
	hourInterval     = time.Hour
	articleInterval  = 24 * time.Hour
	fileInterval     = 7 * 24 * time.Hour
	turnedInterval   = 7 * 24 * time.Hour // at most, of the later pages of a list
	longestInterval  = 60 * 24 * time.Hour
	firstRetry       = 5 * time.Minute
	longestRetry     = 7 * 24 * time.Hour
	refusedInterval  = 7 * 24 * time.Hour // robots, out of scope, traps, redirects: looked at again after a week
)

// plan sets when a page is looked at again: twice as late each time it was found the same, twice as soon when it had changed. Home pages, sitemaps and the first
// page of each list, which is where a column's new entries appear, keep to the site's rhythm where it has one; the other pages of a list are seen daily to weekly.
func (a *actor) plan(v *archive.Visit, p archive.Page, changed bool) {
	first, least, most := articleInterval, articleInterval, longestInterval
	switch {
	case v.Role == archive.List && p.Head != "":
		most = turnedInterval
	case v.Role == archive.Home || v.Role == archive.List || v.Role == archive.Sitemap:
		first, least, most = listInterval, shortestInterval, hourInterval
		if r := a.site.Revisit; r > 0 {
			first, least, most = r, r, r
		}
	case v.Role == archive.Attachment:
		first, least = fileInterval, fileInterval
	}
	switch {
	case p.Interval == 0 || p.Content == "":
		v.Interval = first
	case changed:
		v.Interval = p.Interval / 2
	default:
		v.Interval = 2 * p.Interval
	}
	v.Interval = min(max(v.Interval, least), most)
	v.NextAt = v.At.Add(v.Interval)
}

// changed reports whether a page reads otherwise than at the last good visit. Numbers, such as a counter's, do not count.
func (a *actor) changed(ctx context.Context, p archive.Page, body []byte) bool {
	if p.Content == "" || archive.HashOf(body) == p.Content {
		return p.Content == ""
	}
	before, err := a.crawler.archive.Content(ctx, p.Content)
	return err != nil || !alike(before, body)
}

// retry plans another try: after five minutes, doubled with each failure, a week at most.
func (a *actor) retry(v *archive.Visit, p archive.Page, reason string) {
	v.State, v.Reason, v.Fails = archive.Retry, reason, p.Fails+1
	v.NextAt = v.At.Add(min(firstRetry<<min(p.Fails, 16), longestRetry))
}

// unruled plans a page anew whose robots.txt cannot be had. That is its origin's failure and not its own: it is due again with the robots.txt.
func (a *actor) unruled(v *archive.Visit, p archive.Page, u *url.URL, outage error) {
	v.State, v.Reason, v.Fails, v.Interval = archive.Retry, "robots.txt cannot be had: "+outage.Error(), p.Fails, p.Interval
	v.NextAt = a.origin(u).asked.Add(robotsRetry)
}
