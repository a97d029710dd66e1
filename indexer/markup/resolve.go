package markup

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"terrace/indexer/weburl"
)

// Resolve resolves an href against the page, as weburl.Parse does. What is no ASCII in its query stands for the bytes of the page's own charset, as in
// browsers: servers that write GBK read GBK.
func (p *Page) Resolve(href string) (*url.URL, error) {
	if path, query, asks := strings.Cut(href, "?"); asks {
		if own, differs := inCharset(query, p.Charset); differs {
			href = path + "?" + own
		}
	}
	return weburl.Parse(p.URL, href)
}

// inCharset escapes the characters of a query that are no ASCII as bytes of a charset. differs is false where that is UTF-8, or lacks one of them.
func inCharset(query, charset string) (escaped string, differs bool) {
	if charset == "utf-8" || strings.IndexFunc(query, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
		return query, false
	}
	name, enc := lookup(charset)
	if enc == nil || strings.HasPrefix(name, "utf-") {
		return query, false
	}
	encoder := enc.NewEncoder()
	var b strings.Builder
	for _, r := range query {
		if r < utf8.RuneSelf {
			b.WriteRune(r)
			continue
		}
		bytes, err := encoder.String(string(r))
		if err != nil {
			return query, false
		}
		for i := range len(bytes) {
			fmt.Fprintf(&b, "%%%02X", bytes[i])
		}
	}
	return b.String(), true
}
