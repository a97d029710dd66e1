// Package weburl reads the URLs that government sites write and gives each page one canonical form.
//
// Bytes that a site percent-encoded stay the bytes they were, whatever charset they are in: a query in GBK is asked for in GBK.
package weburl

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// maxHref bounds what Parse looks at; longer ones are data, not places.
const maxHref = 8 << 10

// ErrNotWeb is wrapped by the error of Parse where an href is no page of the web: javascript:, mailto:, data:, an empty host.
var ErrNotWeb = errors.New("not an http or https URL")

var lenient = whatwg.NewParser(whatwg.WithPercentEncodeSinglePercentSign(), whatwg.WithAcceptInvalidCodepoints())

// Parse resolves an href as found in a page against its base: backslashes, blanks, control characters, IDN and GBK-encoded query strings as
// browsers read them. Only http and https URLs come out; the fragment and a user's name are dropped. A nil base takes absolute URLs alone.
func Parse(base *url.URL, href string) (*url.URL, error) {
	if len(href) > maxHref {
		return nil, fmt.Errorf("href of %d bytes: %w", len(href), ErrNotWeb)
	}
	href = strings.Map(withoutBreaks, strings.TrimFunc(href, blank))
	if base == nil {
		base = &url.URL{}
	}
	u, err := resolve(base, href)
	if err != nil {
		return nil, fmt.Errorf("read href %q: %w", short(href), err)
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.Opaque != "" {
		return nil, fmt.Errorf("read href %q: %w", short(href), ErrNotWeb)
	}
	u.Fragment, u.RawFragment, u.User, u.ForceQuery = "", "", nil, false
	if u.Path == "" {
		u.Path = "/"
	}
	return u, nil
}

func resolve(base *url.URL, href string) (*url.URL, error) {
	if plain(href) {
		if u, err := base.Parse(href); err == nil {
			return u, nil
		}
	}
	if scheme, _, ok := strings.Cut(href, ":"); ok && !strings.ContainsAny(scheme, `/\?#.`) && !isWeb(scheme) {
		return nil, ErrNotWeb
	}
	against := ""
	if base.Host != "" {
		against = base.String()
	}
	odd, err := lenient.ParseRef(against, encodeBroken(href))
	if err != nil {
		return nil, err
	}
	return url.Parse(odd.Href(true))
}

func isWeb(scheme string) bool {
	return strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")
}

// plain reports an href that net/url and browsers read alike.
func plain(href string) bool {
	for i := 0; i < len(href); i++ {
		switch c := href[i]; {
		case c == '%':
			if !escaped(href[i:]) {
				return false
			}
		case unreserved(c), strings.IndexByte("/?#&=:;@+,!$()*'", c) >= 0:
		default:
			return false
		}
	}
	return true
}

// encodeBroken percent-encodes the bytes that are no UTF-8, so that they pass the parser as the bytes they are.
func encodeBroken(s string) string {
	var b strings.Builder
	for i, r := range s {
		if r == '\uFFFD' && !strings.HasPrefix(s[i:], "\uFFFD") {
			b.WriteString(encoded(s[i]))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// blank are the characters around an href that people paste with it; browsers trim those up to the space.
func blank(r rune) bool { return r <= ' ' || r == '\u3000' || r == '\u00A0' || r == '\uFEFF' }

func withoutBreaks(r rune) rune {
	if r == '\t' || r == '\n' || r == '\r' {
		return -1
	}
	return r
}

func short(href string) string { return href[:min(len(href), 100)] }
