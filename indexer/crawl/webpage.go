package crawl

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
)

// webPage is for a page that can be read, as it came with header or as the browser rendered it: what it is, where it leads, and when it is looked at again.
func (a *actor) webPage(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, header http.Header, page *markup.Page, rendered bool) error {
	if p.Role != archive.Home && p.Content == "" && !rendered { // applications answer every address with the same page
		soft, err := a.softMissing(ctx, u, v.Body)
		if err != nil {
			return err
		}
		if soft {
			a.softGone(v)
			return nil
		}
	}
	if odd, err := a.doubt(ctx, v, p, u, page); odd || err != nil {
		return err
	}
	unindexed, unfollowed := robotsTag(header)
	unwanted := ""
	switch {
	case unindexed:
		unwanted = "X-Robots-Tag asks not to index it"
	case a.withdraws(ctx, p, u, page):
		unwanted = "its robots tag asks not to index it any more"
	}
	same, changed := a.compared(ctx, v, p, u, page, rendered)
	if same && unwanted == "" {
		v.Unchanged, v.Body = true, nil
		a.plan(v, p, false)
		return ctx.Err()
	}
	list := a.list(ctx, p, page)
	if page.Files != nil && len(list.Next) == 0 {
		v.ETag, v.LastModified = "", "" // its script files may tell more next time
	}
	if v.Role == archive.Unknown || v.Role == archive.Article && p.Content != "" { // a column may have been short when it was first seen
		v.Role = roleOf(page, list)
	}
	if v.Role == archive.List {
		v.Listed = list.Items
	}
	v.Reason = remarks(page, v.Reason)
	if p.Role == archive.List && !page.Data && isData(v.Body) {
		v.Reason = strings.TrimPrefix(v.Reason+"; "+rowless, "; ")
	}
	if p.Role != archive.List || list.Pages == 0 {
		a.learn(ctx, p, u, page)
	}
	if p.Role == archive.List && p.Content == "" && a.turnsInPlace(p, page, list) {
		v.Reason = strings.TrimPrefix(v.Reason+"; "+turnedInPlace, "; ")
		stop(page, &list)
	}
	if to := a.canonical(u, page.Canonical); to != "" && a.twin(ctx, p, u, page, to) {
		v.MovedTo = to
	}
	if !page.NoFollow && !unfollowed {
		v.Links = a.links(page, list)
		if p.Content != "" && (p.Role == archive.List || p.Role == archive.Home) {
			for i := range v.Links {
				if !v.Links[i].Continues { // a list's pages are seen in their order
					v.Links[i].DueAt = archive.Found // of those that are not known yet
				}
			}
		}
		if v.Role == archive.List {
			v.Outside = tell(v.Links, page, list)
		}
	}
	if p.Role == archive.Home {
		v.Links = append(v.Links, a.sitemaps(u)...)
	}
	a.plan(v, p, changed)
	if unwanted == "" {
		return nil
	}
	v.State, v.Reason, v.Body = archive.Robots, unwanted, nil
	_, err := a.crawler.archive.Seed(ctx, v.Links...)
	return err
}
