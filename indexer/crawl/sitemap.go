package crawl

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"io"
	"net/url"
	"strings"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

const maxSitemapURLs = 50_000 // as sitemaps.org allows

func isSitemap(u *url.URL, body []byte) bool {
	return strings.Contains(u.Path, "sitemap") && (bytes.Contains(body[:min(len(body), 1024)], []byte("<urlset")) || bytes.Contains(body[:min(len(body), 1024)], []byte("<sitemapindex")))
}

// sitemap reads the URLs of a sitemap or of an index of sitemaps (sitemaps.org).
func (a *actor) sitemap(v *archive.Visit, u *url.URL, body []byte) {
	text, _ := markup.Decode(unpack(body, a.crawler.MaxBody), v.ContentType, a.site.Charset)
	d := xml.NewDecoder(bytes.NewReader(text))
	d.Strict = false
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil } // it is UTF-8 by now, whatever it says
	role, loc := archive.Unknown, ""
	for len(v.Links) < maxSitemapURLs {
		t, err := d.Token()
		if err != nil {
			break
		}
		switch t := t.(type) {
		case xml.StartElement:
			loc = ""
			if t.Name.Local == "sitemap" {
				role = archive.Sitemap
			}
		case xml.CharData:
			loc += string(t)
		case xml.EndElement:
			if t.Name.Local != "loc" {
				continue
			}
			if role != archive.Sitemap {
				v.Listed++
			}
			if to, err := weburl.Parse(u, loc); err == nil {
				if s := a.crawler.registry.Of(to); s != nil {
					v.Links = append(v.Links, archive.Link{URL: weburl.Canonical(to), Site: s.ID, Role: role})
				}
			}
		}
	}
}

// unpack gives what a gzip file holds, up to most bytes. What is none, or has been unpacked on its way, stays as it is.
func unpack(body []byte, most int64) []byte {
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return body
	}
	text, _ := io.ReadAll(io.LimitReader(z, most)) // as far as it can be read
	return text
}
