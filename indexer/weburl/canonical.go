package weburl

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/idna"
)

// Canonical is the form under which the archive knows a page: scheme and host in lower case, no default port, no fragment, no user, dot segments
// resolved, session ids and tracking parameters dropped, percent-encoding normalised (RFC 3986, 6.2.2). The order of the query's
// parameters stays. Canonical of a canonical URL, parsed, is the same.
func Canonical(u *url.URL) string {
	scheme := strings.ToLower(u.Scheme)
	s := scheme + "://" + canonicalHost(scheme, u) + canonicalPath(u.EscapedPath())
	if q := canonicalQuery(u.RawQuery); q != "" {
		s += "?" + q
	}
	return s
}

func canonicalHost(scheme string, u *url.URL) string {
	name := strings.TrimRight(strings.ToLower(u.Hostname()), ".")
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	} else if ascii, err := idna.Lookup.ToASCII(name); err == nil {
		name = ascii
	}
	if p := u.Port(); p != "" && !(scheme == "http" && p == "80") && !(scheme == "https" && p == "443") {
		return name + ":" + p
	}
	return name
}

// Session ids that servers write into the path: Java's ;jsessionid=… and ASP.NET's (S(…)).
var pathSession = regexp.MustCompile(`(?i);jsessionid=[^/;]*|/\((?:[ASF]\([^/()]*\))+\)(?:/|$)`)

func canonicalPath(path string) string {
	path = normalise(path)
	for pathSession.MatchString(path) {
		path = pathSession.ReplaceAllStringFunc(path, func(found string) string {
			if found[0] == '/' {
				return "/"
			}
			return ""
		})
	}
	return withoutDots(path)
}

// withoutDots resolves . and .. (RFC 3986, 5.2.4). Empty segments stay: some servers mean something by them.
func withoutDots(path string) string {
	var out []string
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch s {
		case ".", "..":
			if s == ".." && len(out) > 0 {
				out = out[:len(out)-1]
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	return "/" + strings.Join(out, "/")
}

func canonicalQuery(query string) string {
	if query == "" {
		return ""
	}
	kept := make([]string, 0, 8)
	for _, p := range strings.Split(normalise(query), "&") {
		if p != "" && !incidental(p) {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "&")
}

var (
	sessionKey = regexp.MustCompile(`^(jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid|cfid|cftoken|sessionid|session_id)$`)
	sidKey     = regexp.MustCompile(`^(sid|s|sess|session|sessid|oscsid|zenid)$`)
	sidValue   = regexp.MustCompile(`^[0-9a-fA-F]{32,}$`)
	trackKey   = regexp.MustCompile(`^(utm_\w+|spm|scm|fbclid|gclid|msclkid|bd_vid|hm(sr|pl|cu|kw|ci)|isappinstalled|nsukey|tdsourcetag|wxshare_count|share_token)$`)
	shareValue = regexp.MustCompile(`^(singlemessage|groupmessage|timeline)$`)
	clockValue = regexp.MustCompile(`^[0-9]{10,13}$`)
)

// incidental reports a parameter that says who reads the page or how he came to it, not which page it is.
func incidental(parameter string) bool {
	key, value, _ := strings.Cut(parameter, "=")
	key = strings.ToLower(key)
	switch {
	case sessionKey.MatchString(key), trackKey.MatchString(key):
		return true
	case sidKey.MatchString(key):
		return sidValue.MatchString(value)
	case key == "from":
		return shareValue.MatchString(value)
	case key == "_": // jQuery's cache: false
		return clockValue.MatchString(value)
	}
	return false
}

// normalise writes escapes in upper case, decodes those of unreserved characters, and encodes what may not stand in a URL.
func normalise(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && escaped(s[i:]):
			if d := unhex(s[i+1])<<4 | unhex(s[i+2]); unreserved(d) {
				b.WriteByte(d)
			} else {
				b.WriteString(encoded(d))
			}
			i += 2
		case unreserved(c), strings.IndexByte("/?&=:;@+,!$()*'[]", c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteString(encoded(c))
		}
	}
	return b.String()
}

func escaped(s string) bool { return len(s) >= 3 && ishex(s[1]) && ishex(s[2]) }

func encoded(c byte) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{'%', digits[c>>4], digits[c&15]})
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

func ishex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	}
	return c - 'a' + 10
}
