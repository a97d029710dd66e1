package crawl

import (
	"net/http"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"terrace/indexer/archive"
	"terrace/indexer/listing"
	"terrace/indexer/markup"
	"terrace/indexer/weburl"
	"terrace/site"
)

// A crawler is named at the beginning of an X-Robots-Tag, where no rule of Google's stands that has a value.
var (
	namedCrawler = regexp.MustCompile(`^([^,:]*):`)
	valuedRule   = regexp.MustCompile(`(?i)^\s*(?:unavailable_after|max-snippet|max-image-preview|max-video-preview)\s*:`)
)

// robotsTag reads the header that says for any file what <meta name=robots> says for a page. What it tells other crawlers by name is not for us.
func robotsTag(h http.Header) (noIndex, noFollow bool) {
	for _, value := range h.Values("X-Robots-Tag") {
		if name := namedCrawler.FindStringSubmatch(value); name != nil && !valuedRule.MatchString(value) {
			if !strings.EqualFold(strings.TrimSpace(name[1]), productToken) {
				continue
			}
			value = value[len(name[0]):]
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

const (
	manyDated = 8 // links with dates that make any page a list
	fewDated  = 2 // that make one of a page with nothing else to read; a folder's page needs one, or none where its script turns pages
)

// folderPage is how the page of a folder is named, where it has a name.
var folderPage = regexp.MustCompile(`(?i)^(?:index|list|default|more|col)[^/]{0,20}$`)

// roleOf guesses whether a page is a list: it pages, it has many dated links, or as many of these as it says it has entries, or some and nothing else to read.
func roleOf(p *markup.Page, list listing.Listing) archive.Role {
	if len(list.Next) > 0 {
		return archive.List
	}
	dated := map[string]bool{}
	for _, l := range p.Links {
		if l.Date != "" {
			dated[l.URL.String()] = true
		}
	}
	least := fewDated
	if strings.HasSuffix(p.URL.Path, "/") || folderPage.MatchString(path.Base(p.URL.Path)) {
		least = 1
		if list.Adapter != "" {
			least = 0 // nothing has been published in the column so far
		}
	}
	if n := len(dated); n >= manyDated || n > 0 && n == list.Items || list.Bare && n >= least {
		return archive.List
	}
	return archive.Article
}

// resource is how files end that pages are made of.
var resource = map[string]bool{".jpg": true, ".jpeg": true, ".png": true, ".gif": true, ".bmp": true, ".ico": true, ".svg": true, ".webp": true, ".css": true,
	".js": true, ".mp3": true, ".mp4": true, ".flv": true, ".avi": true, ".wmv": true, ".mov": true, ".swf": true, ".exe": true, ".apk": true, ".woff": true}

// extension is how a URL's path ends, with the dot, in small letters.
func extension(u *url.URL) string { return strings.ToLower(path.Ext(u.Path)) }

// namesFile reports the text of a link that says of what it leads to that it is an attached file.
func namesFile(text string) bool {
	return strings.HasPrefix(text, "附件") || weburl.NamesAttachment(text)
}

// links are those of a page, and the other pages of its list or article.
func (a *actor) links(page *markup.Page, list listing.Listing) []archive.Link {
	paging := map[string]*site.Site{}
	for _, r := range list.Next {
		if s := a.crawler.registry.Open(r.URL); s != nil {
			paging[r.Canonical()] = s
		}
	}
	out := make([]archive.Link, 0, len(page.Links)/2)
	settled := map[string]bool{}
	var s *site.Site // of the link before, mostly of the same host
	for i, l := range page.Links {
		if i == 0 || l.URL.Host != page.Links[i-1].URL.Host || l.URL.Scheme != page.Links[i-1].URL.Scheme {
			s = a.crawler.registry.Open(l.URL)
		}
		ext := extension(l.URL)
		if s == nil || resource[ext] {
			continue
		}
		address := weburl.Canonical(l.URL)
		if l.NoFollow {
			settled[address] = true
			continue
		}
		role := archive.Unknown
		switch {
		case weburl.NamesAttachment(l.URL.Path) || namesFile(l.Text):
			role = archive.Attachment
		case paging[address] != nil:
			role = archive.List
			settled[address] = true // it is here
		}
		out = append(out, archive.Link{URL: address, Site: s.ID, Role: role, Text: l.Text, Date: l.Date})
	}
	for _, r := range list.Next {
		address := r.Canonical()
		if s := paging[address]; s != nil && !settled[address] {
			out = append(out, archive.Link{URL: address, Site: s.ID, Role: archive.List})
		}
	}
	for _, c := range list.Columns {
		if s := a.crawler.registry.Open(c.URL); s != nil {
			out = append(out, archive.Link{URL: weburl.Canonical(c.URL), Site: s.ID, Role: archive.List, Text: c.Title})
		}
	}
	for _, r := range list.Parts {
		address := r.Canonical()
		linked := slices.ContainsFunc(out, func(l archive.Link) bool { return l.URL == address })
		if s := a.crawler.registry.Open(r.URL); s != nil && r.Form == nil && !linked {
			out = append(out, archive.Link{URL: address, Site: s.ID, Role: archive.Article})
		}
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
