package crawl

import (
	"net/http"
	"net/url"
	"path"
	"strings"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

// robotsTag reads the header that says for any file what <meta name=robots> says for a page. What it tells other crawlers by name is not for us.
func robotsTag(h http.Header) (noIndex, noFollow bool) {
	for _, value := range h.Values("X-Robots-Tag") {
		if name, rest, named := strings.Cut(value, ":"); named {
			if !strings.EqualFold(strings.TrimSpace(name), productToken) {
				continue
			}
			value = rest
		}
		for word := range strings.SplitSeq(strings.ToLower(value), ",") {
			switch strings.TrimSpace(word) {
			case "none":
				noIndex, noFollow = true, true
			case "noindex":
				noIndex = true
			case "nofollow":
				noFollow = true
			}
		}
	}
	return noIndex, noFollow
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
	if r := a.origin(u).robots; r != nil {
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
