package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"terrace/indexer/archive"
	"terrace/indexer/listing"
	"terrace/indexer/weburl"
)

// visit asks for a page and says what came of it. The error is the context's or the archive's.
func (a *actor) visit(ctx context.Context, p archive.Page) (archive.Visit, *response, error) {
	v := archive.Visit{ID: p.ID, At: a.crawler.now(), Role: p.Role, Interval: p.Interval}
	refuse := func(s archive.State, reason string) (archive.Visit, *response, error) {
		v.State, v.Reason = s, reason
		v.NextAt = v.At.Add(refusedInterval)
		return v, nil, nil
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		return refuse(archive.OutOfScope, "not a URL: "+err.Error())
	}
	asked := listing.Asked(u)
	u = asked.URL
	c := a.crawler
	if s := c.registry.Of(u); s != a.site {
		return refuse(archive.OutOfScope, "host is not one of the site's")
	}
	if !c.registry.Allowed(a.site, p.URL) {
		return refuse(archive.OutOfScope, "the site's allow and deny patterns leave it out")
	}
	if p.Role == archive.Attachment && c.Files == nil {
		return refuse(archive.Unsupported, "attachments are not read")
	}
	if reason := a.trap(u); reason != "" && p.Content == "" {
		return refuse(archive.Quarantined, reason)
	}
	rules, outage, err := a.rules(ctx, u)
	if err != nil {
		return v, nil, err
	}
	if errors.Is(outage, errPrivate) {
		return refuse(archive.OutOfScope, outage.Error())
	}
	if outage != nil {
		a.unruled(&v, p, u, outage)
		return v, nil, nil
	}
	if !rules.allows(u) {
		return refuse(archive.Robots, "robots.txt forbids it")
	}
	if p.Role == archive.Attachment {
		if err := c.wait(ctx, a.host(u).next); err != nil { // before it takes a place from other sites
			return v, nil, err
		}
		select {
		case c.files <- struct{}{}:
			defer func() { <-c.files }()
		case <-ctx.Done():
			return v, nil, ctx.Err()
		}
		ctx = capAt(ctx, c.MaxFile)
	}
	res, err := a.fetch(ctx, p, asked)
	if ctx.Err() != nil {
		return v, nil, ctx.Err()
	}
	v.At = a.crawler.now()
	if err != nil {
		a.failed(&v, p, err)
		return v, nil, nil
	}
	v.Status = res.status
	if err := a.judge(ctx, &v, p, u, res); err != nil {
		return v, nil, err
	}
	return v, res, nil
}

// failed is for requests that got no response.
func (a *actor) failed(v *archive.Visit, p archive.Page, err error) {
	switch {
	case errors.Is(err, errPrivate):
		v.State, v.Reason, v.NextAt = archive.OutOfScope, err.Error(), v.At.Add(refusedInterval)
	case errors.Is(err, errTooLarge), errors.Is(err, errHeaders):
		v.State, v.Reason, v.NextAt = archive.TooLarge, err.Error(), v.At.Add(refusedInterval)
	default:
		a.retry(v, p, err.Error())
	}
}

// judge turns a response into what is recorded of it. The error is the context's or the archive's.
func (a *actor) judge(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, res *response) error {
	switch s := res.status; {
	case s == http.StatusNotModified && p.Content != "":
		return a.unchanged(ctx, v, p, u)
	case s >= 300 && s < 400 && cookieWall(u, res):
		v.State, v.Reason, v.NextAt = archive.WAF, fmt.Sprintf("status %d: wants a cookie first", s), v.At.Add(refusedInterval)
	case s >= 300 && s < 400:
		a.redirected(ctx, v, p, hop{u, redirectTarget(u, res), s == http.StatusMovedPermanently || s == http.StatusPermanentRedirect, fmt.Sprintf("status %d", s)})
	case s == http.StatusGone, s == http.StatusNotFound && p.Status == http.StatusNotFound:
		v.State, v.Reason, v.Fails = archive.Gone, fmt.Sprintf("status %d", s), p.Fails+1
		v.NextAt = v.At.Add(longestInterval)
	case s == http.StatusNotFound:
		a.retry(v, p, "status 404, once")
		if p.Content == "" {
			v.NextAt = v.At
		}
	case s == http.StatusPreconditionFailed || s == 521:
		v.State, v.Reason, v.NextAt = archive.WAF, fmt.Sprintf("status %d", s), v.At.Add(refusedInterval)
	case s != http.StatusOK:
		a.retry(v, p, fmt.Sprintf("status %d", s))
		v.NextAt = later(v.NextAt, a.next(u)) // it may have asked for a pause
	default:
		return a.content(ctx, v, p, u, res)
	}
	return nil
}

func (a *actor) unchanged(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL) error {
	v.State, v.Unchanged, v.Reason = archive.OK, true, "not modified"
	a.plan(v, p, false)
	if p.Role == archive.Attachment {
		return a.unchangedFile(ctx, v, p, u)
	}
	return nil
}

// content is for pages that came with status 200.
func (a *actor) content(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, res *response) error {
	v.State, v.ETag, v.LastModified = archive.OK, validator(res.header.Get("ETag")), validator(res.header.Get("Last-Modified"))
	v.ContentType, v.Body = tidy(res.header.Get(rawType), maxType), res.body
	if p.Role == archive.Sitemap || isSitemap(u, res.body) {
		if a.sitemapLost(ctx, v, p) {
			return ctx.Err()
		}
		v.Role = archive.Sitemap
		a.sitemap(ctx, v, p, u, res.body)
		a.plan(v, p, a.changed(ctx, p, res.body))
		return nil
	}
	if lost, err := a.pageForFile(ctx, v, p, u, res.body); lost || err != nil {
		return err
	}
	if isFile(res.body) || isDownload(res.header) || p.Role == archive.Attachment && (weburl.NamesAttachment(u.Path) || !isPage(res.body)) {
		return a.file(ctx, v, p, u, res)
	}
	if p.Role == archive.Attachment { // its link called it a file
		v.Role = archive.Unknown
	}
	page, err := a.crawler.parse(u, res.body, v.ContentType, a.site.Charset)
	if known := readable(res.header.Get("Content-Type"), p.Role); err != nil || !known {
		v.State, v.Reason, v.Body = archive.Unsupported, "not a web page: "+v.ContentType, nil
		if known {
			v.Reason = "bytes are no text, though sent as " + v.ContentType
		}
		v.NextAt = v.At.Add(longestInterval)
		return nil
	}
	if page.Challenge {
		v.State, v.Reason, v.Body, v.NextAt = archive.WAF, "a firewall's challenge", nil, v.At.Add(refusedInterval)
		return nil
	}
	if page.Refresh != "" {
		to, err := weburl.Parse(u, page.Refresh)
		if err != nil {
			to = nil
		}
		v.Body = nil
		a.redirected(ctx, v, p, hop{u, to, false, "refresh or location script"})
		return nil
	}
	came := page
	if page, err = a.scripted(ctx, v, p, u, page); page == nil || err != nil {
		return err
	}
	return a.webPage(ctx, v, p, u, res.header, page, page != came)
}

// readable tells by its type whether a page can be read. Data is, where a list's script asks for its rows so.
func readable(contentType string, role archive.Role) bool {
	switch contentType {
	case "", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml":
		return true
	case "application/json", "text/json", "application/javascript", "text/javascript", "application/x-javascript":
		return role == archive.List
	}
	return false
}
