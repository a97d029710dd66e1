package crawl

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

// What is taken from sitemaps. What lies beyond is counted and told as the reason of the page's state.
const (
	maxSitemapURLs  = 50_000    // of a file, as sitemaps.org allows
	maxMapped       = 1_000_000 // of all sitemaps of a site
	maxSitemapDepth = 2         // indexes above a file; sitemaps.org allows one
	maxSitemapTag   = 1 << 20   // bytes of a tag, a text or a comment; one longer ends the file
)

func isSitemap(u *url.URL, body []byte) bool {
	return strings.Contains(u.Path, "sitemap") && (bytes.Contains(body[:min(len(body), 1024)], []byte("<urlset")) || bytes.Contains(body[:min(len(body), 1024)], []byte("<sitemapindex")))
}

// sitemap takes the links from a sitemap or from an index of sitemaps (sitemaps.org), and when each page was last changed.
func (a *actor) sitemap(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, body []byte) {
	text, _ := markup.Decode(unpack(body, a.crawler.MaxBody), v.ContentType, a.site.Charset)
	deep := a.sitemapDepth(ctx, p) >= maxSitemapDepth
	room := min(maxSitemapURLs, maxMapped-a.mappedBeside(p.ID))
	left, nested := 0, false
	for at := range places(text) {
		if !at.ofMap {
			v.Listed++
		}
		to, err := weburl.Parse(u, at.loc)
		if err != nil {
			continue
		}
		s := a.crawler.registry.Open(to)
		l := archive.Link{URL: weburl.Canonical(to), Modified: lastModified(at.modified, v.At)}
		switch {
		case s == nil:
			continue
		case at.ofMap && deep:
			nested = true
			continue
		case len(v.Links) >= room:
			left++
			continue
		case at.ofMap:
			l.Role = archive.Sitemap
		}
		l.Site = s.ID
		v.Links = append(v.Links, l)
	}
	a.mapped[p.ID] = len(v.Links)
	switch stamped := unstamp(v.Links); {
	case nested:
		v.Reason = "indexes of sitemaps within one another: not followed further"
	case left > 0:
		v.Reason = fmt.Sprintf("%d links beyond the first %d left out", left, len(v.Links))
	case stamped > 0:
		v.Reason = fmt.Sprintf("%d of its links have one time of change, which is not believed", stamped)
	}
}

// mappedBeside is how many links the site's other sitemaps gave when they were last read.
func (a *actor) mappedBeside(id string) int {
	n := -a.mapped[id]
	for _, links := range a.mapped {
		n += links
	}
	return n
}

// sitemapDepth is how many indexes led to a sitemap, each through the one before.
func (a *actor) sitemapDepth(ctx context.Context, p archive.Page) int {
	depth := 0
	for ; depth < maxSitemapDepth; depth++ {
		from, err := a.crawler.archive.Page(ctx, p.Referrer)
		if err != nil || from.Role != archive.Sitemap {
			return depth
		}
		p = from
	}
	return depth
}

// A place is what a sitemap says in one <url> or <sitemap>.
type place struct {
	loc, modified string // texts of <loc> and <lastmod>
	ofMap         bool   // it stands in a <sitemap>
}

// places are those of a sitemap that have a <loc>. They are read as they come, so that no file takes more memory than its own bytes, whatever it nests or repeats.
func places(text []byte) func(yield func(place) bool) {
	return func(yield func(place) bool) {
		z := html.NewTokenizer(bytes.NewReader(text))
		z.SetMaxBuf(maxSitemapTag)
		z.AllowCDATA(true)
		var at place
		located, element, said := false, "", "" // the element whose text is read, and what it has said
		end := func(ofMap bool) bool {
			more := !located || yield(at)
			at, located = place{ofMap: ofMap}, false
			return more
		}
		for {
			kind := z.Next()
			switch kind {
			case html.ErrorToken:
				end(false)
				return
			case html.TextToken:
				if element != "" && len(said) <= weburl.MaxLength {
					said += plainText(z.Raw())
				}
				continue
			case html.StartTagToken, html.SelfClosingTagToken:
				z.NextIsNotRawText()
			case html.EndTagToken:
			default:
				continue
			}
			name, opens, more := tagName(z), kind == html.StartTagToken, true
			switch {
			case opens && (name == "loc" || name == "lastmod"):
				if name == "loc" && located {
					more = end(at.ofMap)
				}
				element, said = name, ""
			case kind == html.EndTagToken && name == element && name == "loc":
				at.loc, located, element = said, true, ""
			case kind == html.EndTagToken && name == element && name == "lastmod":
				at.modified, element = said, ""
			case opens && (name == "sitemap" || name == "url"):
				more = end(name == "sitemap")
			}
			if !more {
				return
			}
		}
	}
}

// tagName is the name of the tag that was just read, without a prefix for its namespace.
func tagName(z *html.Tokenizer) string {
	name, _ := z.TagName()
	return string(name[bytes.IndexByte(name, ':')+1:])
}

// plainText is what a piece of XML's text says.
func plainText(raw []byte) string {
	if inner, ok := bytes.CutPrefix(raw, []byte("<![CDATA[")); ok {
		return string(bytes.TrimSuffix(inner, []byte("]]>")))
	}
	s := string(raw[:min(len(raw), 4*weburl.MaxLength)])
	if !strings.Contains(s, "&") {
		return s
	}
	return entities.Replace(s)
}

// entities are those of XML, and the numbers of the one character among them that URLs hold.
var entities = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'", "&#"+strconv.Itoa('&')+";", "&", "&#x26;", "&")

// unpack gives what a gzip file holds, up to most bytes. What is none, or has been unpacked on its way, stays as it is.
func unpack(body []byte, most int64) []byte {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return body
	}
	text, _ := io.ReadAll(io.LimitReader(z, most)) // as far as it can be read
	return text
}
