package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"terrace/indexer/archive"
	"terrace/indexer/browser"
	"terrace/indexer/markup"
	"terrace/indexer/weburl"
	"terrace/site"
)

const (
	pagesPerHour = 60
	atBrowser    = 4 // sites that may wait for the browser at a time; the pages of others are put off
	renderedType = "text/html; charset=utf-8"
)

// Why nobody opens a page in the browser.
const (
	notAsked  = "its scripts make its text, and no browser is to open it"
	noBrowser = "its scripts make its text, and there is no Chromium"
)

// recall makes the pages due that no browser opened before there was one for them.
func (c *Crawler) recall(ctx context.Context, s *site.Site) error {
	if c.Browser == nil || !s.Browser.Asked() {
		return nil
	}
	return c.archive.Recall(ctx, s.ID, archive.NeedsJS, c.now(), func(p archive.Page) bool {
		return (p.Reason == notAsked || p.Reason == noBrowser) && (s.Browser.Needed || c.registry.Browsed(s, p.URL))
	})
}

// renders reports whether a page is to be opened in the browser: the site asks for it, whatever it shows, or for those that show nothing without.
func (a *actor) renders(ctx context.Context, p archive.Page, page *markup.Page) bool {
	if strings.Contains(p.URL, "#") { // a page of a list that is asked for by POST
		return false
	}
	return a.crawler.registry.Browsed(a.site, p.URL) || a.site.Browser.Needed && a.needsScripts(ctx, p, page)
}

// needsScripts reports a page that its scripts make, and none whose scripts are read without running them.
func (a *actor) needsScripts(ctx context.Context, p archive.Page, page *markup.Page) bool {
	if !page.Scripted {
		return false
	}
	list := a.list(ctx, p, page)
	return len(list.Next) == 0 && len(list.Columns) == 0 && list.Items == 0
}

// rendersAnew reports a page whose kept content is what came before its scripts ran, or may be: an answer that nothing has changed would leave it so.
func (a *actor) rendersAnew(ctx context.Context, p archive.Page, u *url.URL) bool {
	if p.ETag == "" && p.LastModified == "" || a.crawler.Browser == nil || !a.site.Browser.Asked() {
		return false
	}
	if a.crawler.registry.Browsed(a.site, p.URL) {
		return true
	}
	page := a.kept(ctx, p, u)
	return page != nil && a.renders(ctx, p, page)
}

// scripted settles what a page without its scripts is: it is opened in the browser and takes the place of page, or has to wait for that, or nobody will open
// it. It returns nil where the visit is settled, else the page to go on with. The error is the context's.
func (a *actor) scripted(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, page *markup.Page) (*markup.Page, error) {
	asked, empty := a.renders(ctx, p, page), a.needsScripts(ctx, p, page)
	switch {
	case asked && a.crawler.Browser != nil:
	case asked && empty:
		a.unopened(v, noBrowser)
		return nil, nil
	case empty && p.Content == "":
		a.unopened(v, notAsked)
		return nil, nil
	default:
		return page, nil
	}
	if !a.takeBrowser(v.At) {
		a.putOff(v, p)
		return nil, nil
	}
	defer func() { <-a.crawler.browsing }()
	parts := partsOf(a, page, v)
	out, err := a.crawler.Browser.Render(ctx, u, parts.answer)
	v.At = a.crawler.now()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	return a.rendered(ctx, v, p, u, out, parts, err), nil
}

// takeBrowser reports whether the site's budget and the other sites let a page be opened now.
func (a *actor) takeBrowser(now time.Time) bool {
	select {
	case a.crawler.browsing <- struct{}{}:
	default:
		return false
	}
	if !a.budget.take(now) {
		<-a.crawler.browsing
		return false
	}
	return true
}

// unopened leaves a page as it is that needs a browser and gets none.
func (a *actor) unopened(v *archive.Visit, reason string) {
	v.State, v.Reason, v.Body, v.NextAt = archive.NeedsJS, reason, nil, v.At.Add(refusedInterval)
}

// putOff has a page wait for its turn at the browser. What is kept of it stands until then.
func (a *actor) putOff(v *archive.Visit, p archive.Page) {
	a.unopened(v, fmt.Sprintf("waits for its turn at the browser: %d pages an hour", a.crawler.PagesPerHour))
	if p.Content != "" {
		v.State, v.Unchanged, v.ETag, v.LastModified = archive.OK, true, "", ""
	}
	v.NextAt, v.Interval = a.budget.wait(v.At), p.Interval
}

// rendered makes of what the browser gave the page to go on with, or settles the visit and returns nil.
func (a *actor) rendered(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, out browser.Rendered, parts *parts, failed error) *markup.Page {
	v.Body, v.ETag, v.LastModified = nil, "", "" // of what came before the scripts ran
	switch {
	case errors.Is(failed, browser.ErrTooLarge):
		v.State, v.Reason, v.NextAt = archive.TooLarge, failed.Error(), v.At.Add(refusedInterval)
		return nil
	case failed != nil:
		a.retry(v, p, "not rendered: "+failed.Error())
		return nil
	case out.MovedTo != "":
		to, err := weburl.Parse(u, out.MovedTo)
		if err != nil {
			to = nil
		}
		a.redirected(ctx, v, p, hop{u, to, false, "refresh or location script"})
		return nil
	}
	page, err := a.crawler.parse(u, out.HTML, renderedType, "utf-8")
	switch {
	case err != nil:
		a.retry(v, p, "not rendered: "+err.Error())
		return nil
	case page.Challenge:
		v.State, v.Reason, v.NextAt = archive.WAF, "a firewall's challenge", v.At.Add(refusedInterval)
		return nil
	case p.Content == "" && len(page.Links) == 0 && wordingOf(page, true).letters < gram:
		a.unopened(v, strings.Join(append([]string{"shows nothing in the browser either"}, parts.remarks(out)...), "; "))
		return nil
	}
	page.Scripted = false // it is all that they make
	v.Body, v.ContentType, v.Reason = out.HTML, renderedType, strings.Join(parts.remarks(out), "; ")
	return page
}
