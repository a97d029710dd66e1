package finding

import (
	"context"
	"fmt"
	"net/url"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

const (
	templateSources = 20 // more pages of a site than these lead somewhere by their template
	templateSamples = 3  // of such pages are looked at for the place of the link
)

// deadLinks are the links to pages that are not there, and the sites that answer for these as though they were. pages tells how many a site has.
func (w *Watcher) deadLinks(ctx context.Context, pages map[string]int) (dead, soft []whole, err error) {
	targets, err := w.Archive.DeadTargets(ctx)
	if err != nil {
		return nil, nil, err
	}
	softBySite := map[string]*whole{}
	counted := map[string]bool{}
	for _, target := range targets {
		p := target.Page
		if w.Withdrawn(p.ID, p.URL) || !w.open(target.Site) {
			continue
		}
		link, err := w.deadLink(ctx, target, pages[target.Site])
		if err != nil {
			return nil, nil, err
		}
		if len(link.at) > 0 {
			dead = append(dead, link)
		}
		if p.State != archive.Quarantined || counted[p.ID] {
			continue
		}
		counted[p.ID] = true
		s := softBySite[p.Site]
		if s == nil {
			s = &whole{sight: sight{rule: SoftMissing, subject: "不存在的网址返回 200", severity: Fault}, site: p.Site}
			softBySite[p.Site] = s
		}
		s.pages++
		if len(s.at) < maxExamples {
			s.at = append(s.at, place{p.ID, p.URL, fmt.Sprintf("有 %d 个网页链接到它", target.Sources), ""})
		}
	}
	for _, s := range softBySite {
		soft = append(soft, *s)
	}
	return dead, soft, nil
}

// deadLink is the link of a site's pages to what is not there, with where it stands. What more than twenty pages have, or most of a site's in one place, is a fault of their template.
func (w *Watcher) deadLink(ctx context.Context, target archive.DeadTarget, pages int) (whole, error) {
	out := whole{sight: sight{rule: DeadLink, subject: target.Page.URL, severity: Fault}, site: target.Site, pages: target.Sources}
	limit := templateSources
	if target.Sources > templateSources {
		limit = templateSamples
	}
	sources, err := w.Archive.Sources(ctx, target.Page.ID, target.Site, limit)
	if err != nil {
		return out, err
	}
	var known whole
	err = w.view(ctx, func(t tx) (err error) { known, err = t.shown(DeadLink, target.Site, target.Page.URL); return err })
	if err != nil {
		return out, err
	}
	if known.pages == target.Sources && same(known.at, sources) {
		out.group, out.at = known.group, known.at
		return out, nil
	}
	why := whyDead(target.Page)
	standing := map[string]int{}
	for _, source := range sources {
		if w.Withdrawn(source.ID, source.URL) {
			continue
		}
		where, err := w.standing(ctx, target.Page, source)
		if err != nil {
			return out, err
		}
		if where.spot == "" {
			continue
		}
		standing[where.spot]++
		out.at = append(out.at, place{source.ID, source.URL, where.text + "；" + why, ""})
		if standing[where.spot] == max(2, (len(sources)+1)/2) && (target.Sources > templateSources || target.Sources*2 > pages) {
			out.group = "模板：" + where.spot
		}
	}
	if out.group == "" && target.Sources > templateSources {
		out.group = "模板"
	}
	return out, nil
}

// same reports that places are pages, whatever their order.
func same(at []place, pages []archive.Page) bool {
	ids := map[string]bool{}
	for _, p := range at {
		ids[p.id] = true
	}
	for _, p := range pages {
		if !ids[p.ID] {
			return false
		}
	}
	return len(at) == len(pages)
}

func whyDead(p archive.Page) string {
	switch p.State {
	case archive.Quarantined:
		return "返回 200 的提示页"
	case archive.Retry:
		return "域名不存在"
	case archive.Redirect:
		return "跳转到不存在的网页"
	}
	return fmt.Sprintf("返回 %d", p.Status)
}

// A standing is where a link stands on a page.
type standing struct {
	text string // what it is called and where, Chinese
	spot string // the part of the page, or the path to it
}

// standing finds a link on a page that leads to another. Where it does not stand there, as where the crawl has worked out the next page of a list, its spot is empty.
func (w *Watcher) standing(ctx context.Context, target, source archive.Page) (standing, error) {
	none := standing{}
	if source.Role == archive.Sitemap {
		return standing{"列在站点地图里", "站点地图"}, nil
	}
	body, err := w.Archive.Content(ctx, source.Content)
	if archive.NotKept(err) {
		return none, nil
	}
	if err != nil {
		return none, err
	}
	u, err := url.Parse(source.URL)
	if err != nil {
		return none, nil
	}
	charset := ""
	if s := w.Registry.Site(source.Site); s != nil {
		charset = s.Charset
	}
	page, err := markup.Parse(u, body, source.ContentType, charset)
	if err != nil {
		return none, nil // another file
	}
	for _, l := range page.Links {
		if weburl.Canonical(l.URL) != target.URL {
			continue
		}
		spot := regionOf(l.Node)
		if spot == "" {
			spot = pathOf(l.Node)
		} else {
			spot += "（" + pathOf(l.Node) + "）"
		}
		return standing{described(l.Node), spot}, nil
	}
	return none, nil
}
