package crawl

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

const (
	listInterval    = 30 * time.Minute
	articleInterval = 24 * time.Hour
	longestInterval = 60 * 24 * time.Hour
	firstRetry      = 5 * time.Minute
	longestRetry    = 7 * 24 * time.Hour
	refusedInterval = 7 * 24 * time.Hour // robots, out of scope, traps, redirects: looked at again after a week
	maxSitemapURLs  = 50_000
)

// visit asks for a page and says what came of it. The error is the context's.
func (a *actor) visit(ctx context.Context, p archive.Page, u *url.URL) (archive.Visit, *response, error) {
	v := archive.Visit{ID: p.ID, At: time.Now(), Role: p.Role}
	refuse := func(s archive.State, reason string) (archive.Visit, *response, error) {
		v.State, v.Reason, v.Interval = s, reason, refusedInterval
		v.NextAt = v.At.Add(refusedInterval)
		return v, nil, nil
	}
	c := a.crawler
	if s := c.registry.Of(u); s != a.site {
		return refuse(archive.OutOfScope, "host is not one of the site's")
	}
	if !c.registry.Allowed(a.site, p.URL) {
		return refuse(archive.OutOfScope, "the site's allow and deny patterns leave it out")
	}
	if p.Role == archive.Attachment {
		return refuse(archive.Unsupported, "attachments are not read")
	}
	if reason := a.trap(u); reason != "" && p.Content == "" {
		return refuse(archive.Quarantined, reason)
	}
	rules, err := a.rules(ctx, u)
	if err != nil {
		return v, nil, err
	}
	if rules.refuse {
		a.retry(&v, p, "robots.txt cannot be had")
		return v, nil, nil
	}
	if !rules.allows(u) {
		return refuse(archive.Robots, "robots.txt forbids it")
	}
	h := a.host(u)
	if err := wait(ctx, h.next); err != nil {
		return v, nil, err
	}
	res, err := a.fetcher.get(ctx, u, p.ETag, p.LastModified)
	if ctx.Err() != nil {
		return v, nil, ctx.Err()
	}
	v.At = time.Now()
	h.answered(v.At, a.delay, res)
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
	case errors.Is(err, errTooLarge):
		v.State, v.Reason, v.NextAt = archive.TooLarge, err.Error(), v.At.Add(refusedInterval)
	default:
		a.retry(v, p, err.Error())
	}
}

// retry plans another try: after five minutes, doubled with each failure, a week at most.
func (a *actor) retry(v *archive.Visit, p archive.Page, reason string) {
	v.State, v.Reason, v.Fails = archive.Retry, reason, p.Fails+1
	v.Interval = min(firstRetry<<min(p.Fails, 16), longestRetry)
	v.NextAt = v.At.Add(v.Interval)
}

// judge turns a response into what is recorded of it. The error is the context's.
func (a *actor) judge(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, res *response) error {
	switch s := res.status; {
	case s == http.StatusNotModified && p.Content != "":
		a.unchanged(v, p)
	case s >= 300 && s < 400:
		a.redirected(v, u, redirectTarget(u, res), s == http.StatusMovedPermanently || s == http.StatusPermanentRedirect, fmt.Sprintf("status %d", s))
	case s == http.StatusGone, s == http.StatusNotFound && p.Status == http.StatusNotFound:
		v.State, v.Reason, v.Fails = archive.Gone, fmt.Sprintf("status %d", s), p.Fails+1
		v.NextAt, v.Interval = v.At.Add(longestInterval), longestInterval
	case s == http.StatusNotFound:
		a.retry(v, p, "status 404, once")
		if p.Content == "" {
			v.NextAt = v.At
		}
	case s == http.StatusPreconditionFailed || s == 521:
		v.State, v.Reason, v.NextAt = archive.WAF, fmt.Sprintf("status %d", s), v.At.Add(refusedInterval)
	case s != http.StatusOK:
		a.retry(v, p, fmt.Sprintf("status %d", s))
	default:
		return a.content(ctx, v, p, u, res)
	}
	return nil
}

func (a *actor) unchanged(v *archive.Visit, p archive.Page) {
	v.State, v.Unchanged, v.Reason = archive.OK, true, "not modified"
	a.plan(v, p, false)
}

// plan sets when a page is looked at again: lists by the site's rhythm, articles more rarely the longer they stay as they are.
func (a *actor) plan(v *archive.Visit, p archive.Page, changed bool) {
	switch {
	case v.Role == archive.Home || v.Role == archive.List || v.Role == archive.Sitemap:
		v.Interval = listInterval
		if a.site.Revisit > 0 {
			v.Interval = a.site.Revisit
		}
	case p.Interval == 0:
		v.Interval = articleInterval
	case changed:
		v.Interval = max(p.Interval/2, articleInterval)
	default:
		v.Interval = min(2*p.Interval, longestInterval)
	}
	v.NextAt = v.At.Add(v.Interval)
}

func redirectTarget(u *url.URL, res *response) *url.URL {
	if res == nil || res.status < 300 || res.status >= 400 || res.header.Get("Location") == "" {
		return nil
	}
	to, err := weburl.Parse(u, res.header.Get("Location"))
	if err != nil {
		return nil
	}
	return to
}

// redirected records where a page leads, if that is within the cluster; it is then visited as a page of its own.
func (a *actor) redirected(v *archive.Visit, from, to *url.URL, permanent bool, reason string) {
	v.Interval = refusedInterval
	v.NextAt = v.At.Add(refusedInterval)
	switch {
	case to == nil:
		v.State, v.Reason = archive.Quarantined, reason+" without a usable target"
	case a.crawler.registry.Of(to) == nil:
		v.State, v.Reason = archive.OutOfScope, reason+": leads out of the cluster, to "+to.Host
	case weburl.Canonical(to) == weburl.Canonical(from):
		v.State, v.Reason = archive.Quarantined, reason+": leads to itself"
	default:
		v.State, v.Reason, v.MovedTo, v.Permanent = archive.Redirect, reason, weburl.Canonical(to), permanent
		s := a.crawler.registry.Of(to)
		v.Links = []archive.Link{{URL: v.MovedTo, Site: s.ID}}
	}
}

// content is for pages that came with status 200.
func (a *actor) content(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, res *response) error {
	v.State, v.ETag, v.LastModified = archive.OK, res.header.Get("ETag"), res.header.Get("Last-Modified")
	v.ContentType, v.Body = res.header.Get(rawType), res.body
	if p.Role == archive.Sitemap || isSitemap(u, res.body) {
		v.Role = archive.Sitemap
		a.sitemap(v, u, res.body)
		a.plan(v, p, true)
		return nil
	}
	page, err := markup.Parse(u, res.body, v.ContentType, a.site.Charset)
	if err != nil || !readable(res.header.Get("Content-Type")) {
		v.State, v.Reason, v.Body = archive.Unsupported, "not a web page: "+v.ContentType, nil
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
		a.redirected(v, u, to, false, "refresh or location script")
		return nil
	}
	if p.Role != archive.Home && p.Content == "" {
		soft, err := a.softMissing(ctx, u, res.body)
		if err != nil {
			return err
		}
		if soft {
			v.State, v.Reason, v.Body, v.NextAt = archive.Quarantined, "soft 404: the same as for an address that does not exist", nil, v.At.Add(refusedInterval)
			return nil
		}
	}
	if v.Role == archive.Unknown {
		v.Role = roleOf(page)
	}
	a.learn(u, page)
	if to := a.canonical(u, page.Canonical); to != "" {
		v.MovedTo = to
	}
	if !page.NoFollow {
		v.Links = a.links(u, page)
	}
	if p.Role == archive.Home {
		v.Links = append(v.Links, a.sitemaps(u)...)
	}
	a.plan(v, p, archive.HashOf(res.body) != p.Content)
	return nil
}

func readable(contentType string) bool {
	switch contentType {
	case "", "text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml":
		return true
	}
	return false
}

// canonical is where rel=canonical leads, where that may be believed: to the same site, and not to its home page.
func (a *actor) canonical(u *url.URL, link string) string {
	if link == "" {
		return ""
	}
	to, err := weburl.Parse(u, link)
	if err != nil || a.crawler.registry.Of(to) != a.site || to.Path == "" || to.Path == "/" {
		return ""
	}
	if c := weburl.Canonical(to); c != weburl.Canonical(u) {
		return c
	}
	return ""
}

// roleOf guesses whether a page is a list: it pages, or most of its text is dated links.
func roleOf(p *markup.Page) archive.Role {
	dated := 0
	for _, l := range p.Links {
		if l.Paging {
			return archive.List
		}
		if l.Date != "" {
			dated++
		}
	}
	if dated >= 8 {
		return archive.List
	}
	return archive.Article
}

// Files that are no pages: those that people open are noted, those that pages are made of are not.
var (
	attachment = map[string]bool{".pdf": true, ".doc": true, ".docx": true, ".xls": true, ".xlsx": true, ".ppt": true, ".pptx": true, ".wps": true,
		".et": true, ".ofd": true, ".zip": true, ".rar": true, ".7z": true, ".rtf": true, ".txt": true, ".csv": true, ".ceb": true}
	resource = map[string]bool{".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".bmp": true, ".ico": true, ".svg": true, ".webp": true, ".css": true,
		".js": true, ".mp3": true, ".mp4": true, ".flv": true, ".avi": true, ".wmv": true, ".mov": true, ".swf": true, ".exe": true, ".apk": true, ".woff": true}
)

func (a *actor) links(u *url.URL, page *markup.Page) []archive.Link {
	var out []archive.Link
	for _, l := range page.Links {
		s := a.crawler.registry.Of(l.URL)
		ext := strings.ToLower(path.Ext(l.URL.Path))
		if l.NoFollow || s == nil || resource[ext] {
			continue
		}
		role := archive.Unknown
		switch {
		case attachment[ext]:
			role = archive.Attachment
		case l.Paging:
			role = archive.List
		}
		out = append(out, archive.Link{URL: weburl.Canonical(l.URL), Site: s.ID, Role: role, Text: l.Text, Date: l.Date})
	}
	return out
}

// sitemaps are those that robots.txt names, and the usual one.
func (a *actor) sitemaps(u *url.URL) []archive.Link {
	named := []string{"/sitemap.xml"}
	if r := a.host(u).robots; r != nil {
		named = append(named, r.sitemaps...)
	}
	var out []archive.Link
	for _, raw := range named {
		if to, err := weburl.Parse(u, raw); err == nil && a.crawler.registry.Of(to) == a.site {
			out = append(out, archive.Link{URL: weburl.Canonical(to), Site: a.site.ID, Role: archive.Sitemap})
		}
	}
	return out
}

func isSitemap(u *url.URL, body []byte) bool {
	return strings.Contains(u.Path, "sitemap") && (bytes.Contains(body[:min(len(body), 1024)], []byte("<urlset")) || bytes.Contains(body[:min(len(body), 1024)], []byte("<sitemapindex")))
}

// sitemap reads the URLs of a sitemap or of an index of sitemaps (sitemaps.org).
func (a *actor) sitemap(v *archive.Visit, u *url.URL, body []byte) {
	var r io.Reader = bytes.NewReader(body)
	if strings.HasSuffix(u.Path, ".gz") {
		if z, err := gzip.NewReader(r); err == nil {
			r = io.LimitReader(z, a.crawler.MaxBody)
		}
	}
	d := xml.NewDecoder(r)
	d.Strict = false
	role, in := archive.Unknown, ""
	for len(v.Links) < maxSitemapURLs {
		t, err := d.Token()
		if err != nil {
			break
		}
		switch t := t.(type) {
		case xml.StartElement:
			in = t.Name.Local
			if in == "sitemap" {
				role = archive.Sitemap
			}
		case xml.EndElement:
			in = ""
		case xml.CharData:
			if in != "loc" {
				continue
			}
			if to, err := weburl.Parse(u, string(t)); err == nil {
				if s := a.crawler.registry.Of(to); s != nil {
					v.Links = append(v.Links, archive.Link{URL: weburl.Canonical(to), Site: s.ID, Role: role})
				}
			}
		}
	}
}
