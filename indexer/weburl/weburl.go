// Package weburl reads the URLs that government sites write and gives each page one canonical form.
package weburl

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// MaxLength is the longest URL that is a page's, in bytes; longer ones are traps or data.
const MaxLength = 2000

// Parse resolves an href as found in a page against its base, as browsers do: backslashes, blanks, control characters, IDN. GBK bytes in a
// query stay the site's own. Only http and https URLs come out; the fragment is dropped.
func Parse(base *url.URL, href string) (*url.URL, error) {
	href = strings.TrimSpace(href)
	u, err := base.Parse(href)
	if err != nil || strings.ContainsAny(href, "\\\t\r\n ") || !ascii(u.Host) {
		parsed, werr := whatwg.ParseRef(base.String(), href)
		if werr != nil {
			return nil, fmt.Errorf("read href %q: %w", href, werr)
		}
		if u, err = url.Parse(parsed.Href(true)); err != nil {
			return nil, fmt.Errorf("read href %q: %w", href, err)
		}
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, fmt.Errorf("href %q leads to no web page", href)
	}
	u.Fragment, u.RawFragment, u.User = "", "", nil
	if len(u.String()) > MaxLength {
		return nil, fmt.Errorf("href of %d bytes: longer than %d", len(href), MaxLength)
	}
	return u, nil
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= 0x80 }) < 0
}

// sessionPath is a session id that a Java server writes into the path.
var sessionPath = regexp.MustCompile(`(?i);jsessionid=[^/?#;]*`)

// dropped are query parameters that tell where a visitor came from or which session is theirs, and never what the page is.
var dropped = regexp.MustCompile(`(?i)^(?:utm_\w+|spm|jsessionid|phpsessid|aspsessionid\w*|sessionid|session_id)$`)

// Canonical is the form under which the archive knows a page: scheme and host in lower case, no default port, no fragment, dot segments
// resolved, no session ids, no tracking parameters, escapes in upper case. Canonical of a canonical URL is the same.
func Canonical(in *url.URL) string {
	u := *in
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	if p := u.Port(); p == "80" && u.Scheme == "http" || p == "443" && u.Scheme == "https" {
		u.Host = strings.TrimSuffix(u.Host, ":"+p)
	}
	path := sessionPath.ReplaceAllString(u.EscapedPath(), "")
	if path == "" {
		path = "/"
	}
	resolved, err := (&url.URL{Path: "/"}).Parse(path)
	if err == nil && !strings.HasPrefix(path, "//") {
		path = resolved.EscapedPath()
	}
	out := u.Scheme + "://" + u.Host + escapes(path)
	if q := query(u.RawQuery); q != "" {
		out += "?" + q
	}
	return out
}

func query(raw string) string {
	parts := strings.Split(raw, "&")
	parts = slices.DeleteFunc(parts, func(p string) bool {
		name, value, _ := strings.Cut(p, "=")
		return p == "" || dropped.MatchString(name) || name == "from" && value == "singlemessage" || name == "isappinstalled"
	})
	return escapes(strings.Join(parts, "&"))
}

var escape = regexp.MustCompile(`%[0-9a-fA-F]{2}`)

func escapes(s string) string { return escape.ReplaceAllStringFunc(s, strings.ToUpper) }
