package crawl

import (
	"context"
	"net/url"

	"terrace/indexer/archive"
	"terrace/indexer/weburl"
	"terrace/site"
)

// A Notifier has pages fetched that their sites tell of.
type Notifier struct {
	Archive  *archive.Archive
	Registry *site.Registry
	Crawler  *Crawler // that fetches them at once; nil: the next that runs does
}

// A RefusedPage is a URL that is not fetched. Reason is Chinese.
type RefusedPage struct{ URL, Reason string }

// Notify makes pages of a site, or of any where siteID is empty, due before all others. URLs that are not the site's, or that its patterns leave out, are refused.
func (n *Notifier) Notify(ctx context.Context, siteID string, urls []string) (refused []RefusedPage, err error) {
	var links []archive.Link
	for _, raw := range urls {
		u, err := weburl.Parse(&url.URL{}, raw)
		switch {
		case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
			refused = append(refused, RefusedPage{raw, "不是完整的网址"})
			continue
		case n.Registry.Of(u) == nil || siteID != "" && n.Registry.Of(u).ID != siteID:
			refused = append(refused, RefusedPage{raw, "不是这个站点的网址"})
			continue
		}
		if n.Registry.Open(u) == nil {
			refused = append(refused, RefusedPage{raw, "这个站点已关闭（closed），不再采集"})
			continue
		}
		address := weburl.Canonical(u)
		if !n.Registry.Allowed(n.Registry.Of(u), address) {
			refused = append(refused, RefusedPage{raw, "站点的 allow、deny 规则不收它"})
			continue
		}
		links = append(links, archive.Link{URL: address, Site: n.Registry.Of(u).ID})
	}
	if len(links) == 0 {
		return refused, nil
	}
	if err := n.Archive.Notify(ctx, links...); err != nil {
		return nil, err
	}
	if n.Crawler != nil {
		for _, l := range links {
			n.Crawler.call(l.Site)
		}
	}
	return refused, nil
}
