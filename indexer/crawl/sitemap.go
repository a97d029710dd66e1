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

// sitemap takes the links from a sitemap or from an index of sitemaps (sitemaps.org).
func (a *actor) sitemap(ctx context.Context, v *archive.Visit, p archive.Page, u *url.URL, body []byte) {
	text, _ := markup.Decode(unpack(body, a.crawler.MaxBody), v.ContentType, a.site.Charset)
	deep := a.sitemapDepth(ctx, p) >= maxSitemapDepth
	room := min(maxSitemapURLs, maxMapped-a.mappedBeside(p.ID))
	left, nested := 0, false
	for loc, ofMap := range locations(text) {
		if !ofMap {
			v.Listed++
		}
		to, err := weburl.Parse(u, loc)
		if err != nil {
			continue
		}
		s := a.crawler.registry.Open(to)
		switch {
		case s == nil:
		case ofMap && deep:
			nested = true
		case len(v.Links) >= room:
			left++
		case ofMap:
			v.Links = append(v.Links, archive.Link{URL: weburl.Canonical(to), Site: s.ID, Role: archive.Sitemap})
		default:
			v.Links = append(v.Links, archive.Link{URL: weburl.Canonical(to), Site: s.ID})
		}
	}
	a.mapped[p.ID] = len(v.Links)
	switch {
	case nested:
		v.Reason = "indexes of sitemaps within one another: not followed further"
	case left > 0:
		v.Reason = fmt.Sprintf("%d links beyond the first %d left out", left, len(v.Links))
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

// locations are the texts of <loc>, and whether they stand in a <sitemap> rather than a <url>. They are read as they come, so that no file takes more
// memory than its own bytes, whatever it nests or repeats.
func locations(text []byte) func(yield func(loc string, ofMap bool) bool) {
	return func(yield func(string, bool) bool) {
		z := html.NewTokenizer(bytes.NewReader(text))
		z.SetMaxBuf(maxSitemapTag)
		z.AllowCDATA(true)
		within, ofMap, loc := false, false, ""
		for {
			kind := z.Next()
			switch kind {
			case html.ErrorToken:
				return
			case html.TextToken:
				if within && len(loc) <= weburl.MaxLength {
					loc += plainText(z.Raw())
				}
				continue
			case html.StartTagToken, html.SelfClosingTagToken:
				z.NextIsNotRawText()
			case html.EndTagToken:
			default:
				continue
			}
			name, opens := tagName(z), kind == html.StartTagToken
			switch {
			case name == "loc" && opens:
				within, loc = true, ""
			case name == "loc" && kind == html.EndTagToken:
				if within && !yield(loc, ofMap) {
					return
				}
				within = false
			case opens && (name == "sitemap" || name == "url"):
				ofMap = name == "sitemap"
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
