// Package weburl reads the URLs that government sites write and gives each page one canonical form.
package weburl

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	whatwg "github.com/nlnwa/whatwg-url/url"
)

// MaxLength is the longest URL that is a page's, in bytes; longer ones are traps or data.
const MaxLength = 2000

// Parse resolves an href as found in a page against its base, as browsers do: backslashes, blanks, control characters, IDN. GBK bytes, plain or
// escaped, stay the site's own. Only http and https URLs of a host that can be one come out, the host in lower case and without a final dot;
// fragment and user are dropped. Without a base the href has to be absolute.
func Parse(base *url.URL, href string) (*url.URL, error) {
	href = strings.TrimSpace(href)
	if len(href) > MaxLength {
		return nil, fmt.Errorf("href of %d bytes: longer than %d", len(href), MaxLength)
	}
	if !utf8.ValidString(href) {
		href = escapeBytes(href)
	}
	u, err := resolve(base, href)
	if err != nil {
		return nil, fmt.Errorf("read href %q: %w", href, err)
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("href %q leads to no web page", u)
	}
	if u.Host, err = host(u); err != nil {
		return nil, fmt.Errorf("read href %q: %w", href, err)
	}
	u.Fragment, u.RawFragment, u.User = "", "", nil
	if long := 3 * (len(u.Scheme) + len(u.Host) + len(u.Path) + len(u.RawQuery) + 4); long > MaxLength && len(u.String()) > MaxLength { // when all is escaped
		return nil, fmt.Errorf("href of %d bytes: longer than %d", len(href), MaxLength)
	}
	return u, nil
}

// resolve takes net/url's reading where it is a browser's, too, and otherwise that of the WHATWG's standard.
func resolve(base *url.URL, href string) (*url.URL, error) {
	if base == nil {
		base = &url.URL{}
	}
	if u := simple(base, href); u != nil {
		return u, nil
	}
	u, err := base.Parse(href)
	if err == nil && strings.IndexAny(href, "\\\t\r\n ") < 0 && ascii(u.Host) {
		return u, nil
	}
	parsed, err := whatwg.ParseRef(base.String(), href)
	if base.Scheme == "" {
		parsed, err = whatwg.Parse(href)
	}
	if err != nil {
		return nil, err
	}
	return url.Parse(parsed.Href(true))
}

// simple resolves the hrefs that most links are: a path of plain letters, digits and ._-/ without dot segments within, from the root, from the folder
// of the base or folders above it, or after http:// or https:// and a host; and a query of such characters, = and &. nil: any other.
func simple(base *url.URL, href string) *url.URL {
	if base.Host == "" || base.Opaque != "" || base.RawPath != "" {
		return nil
	}
	if path, query, asks := strings.Cut(href, "?"); asks {
		u := simple(base, path)
		if u == nil || query == "" || !plainQuery(query) {
			return nil
		}
		u.RawQuery = query
		return u
	}
	for _, scheme := range []string{"http", "https"} {
		if rest, ok := strings.CutPrefix(href, scheme); ok && strings.HasPrefix(rest, "://") {
			host, path, _ := strings.Cut(rest[len("://"):], "/")
			if path = "/" + path; host == "" || !plainPath(host) || !plainPath(path) || len(path) == 1 && !strings.HasSuffix(href, "/") {
				return nil
			}
			return &url.URL{Scheme: scheme, Host: host, Path: path}
		}
	}
	if strings.HasPrefix(href, "//") {
		return nil
	}
	if strings.HasPrefix(href, "/") {
		if !plainPath(href) {
			return nil
		}
		return &url.URL{Scheme: base.Scheme, Host: base.Host, Path: href}
	}
	folder := base.Path[:strings.LastIndexByte(base.Path, '/')+1]
	if !strings.HasPrefix(folder, "/") || strings.Contains(folder, "/.") {
		return nil
	}
	rest, here := strings.CutPrefix(href, "./")
	for strings.HasPrefix(rest, "../") && !here && !strings.Contains(folder, "//") {
		rest = rest[len("../"):]
		if folder != "/" {
			folder = folder[:strings.LastIndexByte(folder[:len(folder)-1], '/')+1]
		}
	}
	if href == "" || here && rest == "" || rest != "" && (rest[0] == '/' || rest[0] == '.') || !plainPath(rest) {
		return nil
	}
	rest = folder + rest
	return &url.URL{Scheme: base.Scheme, Host: base.Host, Path: rest}
}

// plainPath reports letters, digits and ._-/ of which no segment begins with a dot.
func plainPath(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c == '.' && i > 0 && s[i-1] == '/' {
			return false
		}
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '_' || c == '-' || c == '/') {
			return false
		}
	}
	return true
}

func plainQuery(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("._-/=&", c) >= 0) {
			return false
		}
	}
	return true
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// escapeBytes escapes what is no ASCII, byte by byte.
func escapeBytes(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if s[i] < 0x80 {
			b.WriteByte(s[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", s[i])
		}
	}
	return b.String()
}

// isHostName reports letters, digits, underscores and, within, dots and hyphens.
func isHostName(s string) bool {
	for i := range len(s) {
		c := s[i]
		inner := c == '.' || c == '-'
		if !('a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '_' || inner && i > 0 && i < len(s)-1) {
			return false
		}
	}
	return s != ""
}

// host is a URL's host and port in canonical form, or an error where no server can have that name.
func host(u *url.URL) (string, error) {
	if isHostName(u.Host) {
		return u.Host, nil
	}
	name := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if strings.Contains(name, ":") {
		a, err := netip.ParseAddr(name)
		if err != nil || a.Zone() != "" {
			return "", errors.New("not a host's name")
		}
		name = "[" + a.String() + "]"
	} else if !isHostName(name) {
		return "", errors.New("not a host's name")
	}
	p := u.Port()
	if p == "" {
		return name, nil
	}
	port, err := strconv.ParseUint(p, 10, 16)
	if err != nil {
		return "", fmt.Errorf("port %s: out of range", p)
	}
	if port == 80 && u.Scheme == "http" || port == 443 && u.Scheme == "https" {
		return name, nil
	}
	if p[0] != '0' && strings.HasPrefix(u.Host, name) && len(u.Host) == len(name)+1+len(p) {
		return u.Host, nil
	}
	return name + ":" + strconv.FormatUint(port, 10), nil
}
