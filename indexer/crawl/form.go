package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"terrace/indexer/archive"
	"terrace/indexer/listing"
)

// fetch asks for a page. One that is asked for by POST gets no validators; where its form has fields that the server changes from visit to visit, the
// list's first page is asked for before, for their sake, and each page through which this one is reached, at the same pace.
func (a *actor) fetch(ctx context.Context, p archive.Page, u *url.URL, form url.Values) (*response, error) {
	if form == nil {
		if a.rendersAnew(ctx, p, u) {
			p.ETag, p.LastModified = "", ""
		}
		return a.ask(ctx, a.fetcher, request{url: u, etag: p.ETag, lastModified: p.LastModified})
	}
	if !listing.Renewed(form) {
		return a.ask(ctx, a.fetcher, request{url: u, form: form})
	}
	res, err := a.ask(ctx, a.fetcher, request{url: u})
	for _, step := range listing.Steps(form) {
		if err != nil || res.status != http.StatusOK {
			return res, err
		}
		page, failed := a.crawler.parse(u, res.body, res.header.Get(rawType), a.site.Charset)
		if failed != nil {
			return nil, fmt.Errorf("page of the list before: %w", failed)
		}
		res, err = a.ask(ctx, a.fetcher, request{url: u, form: listing.Renew(page, step)})
	}
	return res, err
}
