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
// list's first page is asked for before, for their sake, at the same pace.
func (a *actor) fetch(ctx context.Context, p archive.Page, u *url.URL, form url.Values) (*response, error) {
	if form == nil {
		if a.rendersAnew(ctx, p, u) {
			p.ETag, p.LastModified = "", ""
		}
		return a.ask(ctx, a.fetcher, request{url: u, etag: p.ETag, lastModified: p.LastModified})
	}
	if listing.Renewed(form) {
		res, err := a.ask(ctx, a.fetcher, request{url: u})
		if err != nil || res.status != http.StatusOK {
			return res, err
		}
		page, err := a.crawler.parse(u, res.body, res.header.Get(rawType), a.site.Charset)
		if err != nil {
			return nil, fmt.Errorf("first page of the list: %w", err)
		}
		form = listing.Renew(page, form)
	}
	return a.ask(ctx, a.fetcher, request{url: u, form: form})
}
