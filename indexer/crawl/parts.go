package crawl

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"terrace/indexer/archive"
	"terrace/indexer/browser"
	"terrace/indexer/markup"
)

// errForbidden is why a part of a page is not asked for that robots.txt forbids.
var errForbidden = errors.New("robots.txt forbids it")

// parts answers what a page asks for in the browser: the page itself with what has been fetched, its scripts, styles and data as any other page is asked for.
type parts struct {
	*actor
	document  browser.Response
	forbidden int // parts that robots.txt forbids
}

func partsOf(a *actor, page *markup.Page, v *archive.Visit) *parts {
	header := http.Header{"Content-Type": {"text/html; charset=" + page.Charset}}
	return &parts{actor: a, document: browser.Response{Status: http.StatusOK, Header: header, Body: v.Body}}
}

func (p *parts) answer(ctx context.Context, q browser.Request) (*browser.Response, error) {
	if q.Document {
		return &p.document, nil
	}
	s := p.crawler.registry.Open(q.URL)
	if s == nil || p.crawler.registry.Denied(s, q.URL.String()) {
		return nil, errors.New("out of scope")
	}
	now := p.crawler.now()
	kept := p.statics.get(q, now)
	if kept != nil && kept.fresh(now) {
		return kept.response, nil
	}
	if busy(now, p.next(q.URL)) {
		return nil, errors.New("its host is left alone")
	}
	rules, outage, err := p.rules(ctx, q.URL)
	if err = errors.Join(outage, err); err != nil {
		return nil, err
	}
	if !rules.allows(q.URL) {
		p.forbidden++
		return nil, errForbidden
	}
	ask := request{url: q.URL, header: q.Header, post: q.Method == http.MethodPost, body: q.Body}
	if kept != nil {
		ask.etag, ask.lastModified = kept.validators()
	}
	res, err := p.ask(ctx, p.crawler.fetchers[s], ask)
	if err != nil {
		return nil, err
	}
	now = p.crawler.now()
	if kept != nil && res.status == http.StatusNotModified {
		kept.until = freshUntil(now, res.header)
		return kept.response, nil
	}
	out := &browser.Response{Status: res.status, Header: res.header.Clone(), Body: res.body}
	out.Header.Set("Content-Type", res.header.Get(rawType))
	out.Header.Del(rawType)
	if to := res.header.Get(rawLocation); to != "" {
		out.Header.Set("Location", to)
		out.Header.Del(rawLocation)
	}
	p.statics.keep(q, out, now)
	return out, nil
}

// remarks are what is to be known of a page that was rendered.
func (p *parts) remarks(out browser.Rendered) (all []string) {
	if p.forbidden > 0 {
		all = append(all, fmt.Sprintf("%d of its parts forbidden by robots.txt", p.forbidden))
	}
	if out.Refused > 0 {
		all = append(all, fmt.Sprintf("%d of its requests over the limit of the browser", out.Refused))
	}
	return all
}
