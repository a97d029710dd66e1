package crawl

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"

	"terrace/indexer/archive"
	"terrace/indexer/listing"
	"terrace/indexer/markup"
)

// rowless is what is to be known of data without rows, which a script asks for.
const rowless = "the list's data holds no rows"

// isData reports the beginning of JSON.
func isData(body []byte) bool {
	text := bytes.TrimLeft(body[:min(len(body), 100)], "\ufeff \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[')
}

// fetch asks for a page. One that is asked for by POST gets no validators; where its form has fields that the server changes from visit to visit, the
// list's first page is asked for before, for their sake, and each page through which this one is reached, at the same pace.
func (a *actor) fetch(ctx context.Context, p archive.Page, asked listing.Request) (*response, error) {
	u := asked.URL
	switch {
	case asked.JSON != "":
		header := http.Header{"Content-Type": {"application/json"}}
		return a.ask(ctx, a.fetcher, request{url: u, post: true, body: []byte(asked.JSON), header: header})
	case asked.Form == nil:
		if a.rendersAnew(ctx, p, u) {
			p.ETag, p.LastModified = "", ""
		}
		return a.ask(ctx, a.fetcher, request{url: u, etag: p.ETag, lastModified: p.LastModified})
	case !listing.Renewed(asked.Form):
		return a.ask(ctx, a.fetcher, request{url: u, form: asked.Form})
	}
	res, err := a.ask(ctx, a.fetcher, request{url: u})
	for _, step := range listing.Steps(asked.Form) {
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

// list reads what a page says of its list. Where that stands in script files, these are got for it.
func (a *actor) list(ctx context.Context, p archive.Page, page *markup.Page) listing.Listing {
	asked := listing.Request{URL: page.URL}
	if u, err := url.Parse(p.URL); err == nil && u.Fragment != "" {
		asked = listing.Asked(u)
	}
	list := listing.ReadAnswer(page, asked)
	if len(list.Wants) > 0 {
		page.Files = a.files(ctx, list.Wants)
		list = listing.ReadAnswer(page, asked)
	}
	return list
}
