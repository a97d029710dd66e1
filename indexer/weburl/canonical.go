package weburl

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Canonical is the form under which the archive knows a page and asks for it:
//
//   - scheme and host in lower case, no final dot, no default port; no user;
//   - dot segments resolved, escaped ones too; an empty path is /;
//   - escapes of bytes that mean the same plain (RFC 3986, 2.3) undone, others in upper case; blanks and bytes that are no ASCII escaped.
//     Nothing else in a query changes: it may be GBK, and its order and repetitions are the site's;
//   - no session ids: ;jsessionid=…, ASP.NET's (S(…)), parameters of such names, sid= with 32 hexadecimals;
//   - no fragment, but for what is sent for a page that is asked for by POST (CanonicalPost, CanonicalJSON);
//   - no parameters that tell where a visitor came from (utm_…, spm, from=singlemessage), keep caches away (_= with a time), or how long a list was
//     when the link was written (织梦's TotalResult, which it counts again where it is not told).
//
// Canonical of a canonical URL is the same. http and https, and hosts with and without www, stay apart: whether they are one only their content tells.
func Canonical(in *url.URL) string {
	u := *in
	u.Scheme = strings.ToLower(u.Scheme)
	name, err := host(&u)
	if err != nil {
		name = strings.ToLower(u.Host)
	}
	out := u.Scheme + "://" + name + path(plain(u.EscapedPath()))
	if q := query(plain(u.RawQuery)); q != "" {
		out += "?" + q
	}
	if _, form, ok := Post(&u); ok {
		out += "#" + postMark + form.Encode()
	} else if _, text, ok := JSON(&u); ok {
		out += "#" + jsonMark + url.QueryEscape(text)
	}
	return out
}

// Session ids that servers write into the path: Java's at the end of a segment, ASP.NET's as one.
var (
	sessionEnd     = regexp.MustCompile(`(?i);jsessionid=[^/?#;]*`)
	sessionSegment = regexp.MustCompile(`(?i)^(?:\(|%28)(?:[a-z](?:\(|%28)[a-z0-9_-]*(?:\)|%29))+(?:\)|%29)$`)
)

// path resolves dot segments (RFC 3986, 5.2.4) and leaves out session ids.
func path(p string) string {
	if strings.HasPrefix(p, "/") && !strings.Contains(p, "/.") && !strings.Contains(p, ";") && !strings.Contains(p, "/(") && !strings.Contains(p, "/%28") {
		return p
	}
	segments := strings.Split(strings.TrimPrefix(sessionEnd.ReplaceAllString(p, ""), "/"), "/")
	var out []string
	for i, s := range segments {
		last := i == len(segments)-1
		switch {
		case s == ".." && len(out) > 0:
			out = out[:len(out)-1]
		case s == "." || s == ".." || sessionSegment.MatchString(s):
		default:
			out = append(out, s)
			continue
		}
		if last {
			out = append(out, "")
		}
	}
	return "/" + strings.Join(out, "/")
}

// dropped are query parameters, name=value, that tell which visitor asks, from where or when, and never what the page is.
var dropped = regexp.MustCompile(`(?i)^(?:` + strings.Join([]string{
	`(?:utm_\w+|spm|isappinstalled|nsukey|gclid|fbclid|bd_vid)(?:=.*)?`,
	`from=(?:singlemessage|groupmessage|timeline)`,
	`(?:jsessionid|phpsessid|aspsessionid\w*|sessionid|session_id)(?:=.*)?`,
	`s?sid=[0-9a-f]{32}`,
	`(?:_|_t|_dc)=\d{13}`,
	`TotalResult=\d*`,
}, "|") + `)$`)

func query(raw string) string {
	if raw == "" {
		return ""
	}
	parts := slices.DeleteFunc(strings.Split(raw, "&"), func(p string) bool { return p == "" || dropped.MatchString(p) })
	return strings.Join(parts, "&")
}

// plain gives every byte of a path or query one way to be written. A percent sign that begins no escape stays, as in %u4E2D of old scripts.
func plain(s string) string {
	first := 0
	for first < len(s) && !odd[s[first]] {
		first++
	}
	if first == len(s) {
		return s
	}
	b := append(make([]byte, 0, len(s)+16), s[:first]...)
	for i := first; i < len(s); i++ {
		switch c := s[i]; {
		case c == '%' && i+2 < len(s) && hexadecimal(s[i+1]) && hexadecimal(s[i+2]):
			n, _ := strconv.ParseUint(s[i+1:i+3], 16, 8)
			if unreserved(byte(n)) && !open(b) {
				b = append(b, byte(n))
			} else {
				b = fmt.Appendf(b, "%%%02X", n)
			}
			i += 2
		case c != '%' && odd[c]:
			b = fmt.Appendf(b, "%%%02X", c)
		default:
			b = append(b, c)
		}
	}
	return string(b)
}

// odd are the bytes that may not stay as they are: an escape's, and those that are to be one.
var odd = func() (odd [256]bool) {
	for c := range odd {
		odd[c] = c <= ' ' || c >= 0x7f || strings.IndexByte("%\"<>\\^`{|}", byte(c)) >= 0
	}
	return odd
}()

// open reports that a percent sign shortly before would make an escape of what comes next.
func open(b []byte) bool {
	n := len(b)
	return n > 0 && b[n-1] == '%' || n > 1 && b[n-2] == '%'
}

func hexadecimal(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f'
}

func unreserved(c byte) bool {
	return 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
