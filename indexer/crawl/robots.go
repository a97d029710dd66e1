package crawl

import (
	"bufio"
	"bytes"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// productToken is what a robots.txt calls us.
const productToken = "terrace"

const (
	maxRobots     = 500 << 10        // bytes that are read, as RFC 9309, 2.5 asks
	maxCrawlDelay = 60 * time.Second // a longer one would stop the crawl
)

// robots are the rules of one robots.txt for us (RFC 9309).
type robots struct {
	rules    []robotsRule
	delay    time.Duration
	sitemaps []string
	refuse   bool // the file could not be had: nothing may be fetched for now
}

type robotsRule struct {
	pattern string
	allow   bool
}

// parseRobots reads the group for our product token, or else the one for *.
func parseRobots(text []byte) *robots {
	text = bytes.TrimPrefix(text[:min(len(text), maxRobots)], []byte("\ufeff"))
	groups := map[string]*robots{"*": {}, productToken: {}}
	ours := false // a group for us was seen
	out := &robots{}
	var current []*robots
	inRules := true
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, maxRobots+1)
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), "#")
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		key, value = strings.ToLower(strings.TrimSpace(key)), strings.TrimSpace(value)
		switch key {
		case "user-agent":
			if inRules {
				current, inRules = nil, false
			}
			agent := strings.ToLower(value)
			if g := groups[agent]; g != nil {
				current = append(current, g)
			}
			ours = ours || agent == productToken
		case "allow", "disallow":
			inRules = true
			for _, g := range current {
				if value != "" {
					g.rules = append(g.rules, robotsRule{normalEscapes(value), key == "allow"})
				}
			}
		case "crawl-delay":
			inRules = true
			if s, err := strconv.ParseFloat(value, 64); err == nil && s > 0 {
				for _, g := range current {
					g.delay = min(time.Duration(s*float64(time.Second)), maxCrawlDelay)
				}
			}
		case "sitemap":
			out.sitemaps = append(out.sitemaps, value)
		}
	}
	group := groups["*"]
	if ours {
		group = groups[productToken]
	}
	out.rules, out.delay = group.rules, group.delay
	return out
}

// allows tells whether a URL may be fetched: the longest rule that matches decides, and of equals the one that allows (2.2.2).
func (r *robots) allows(u *url.URL) bool {
	if r.refuse {
		return false
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	path = normalEscapes(path)
	best, allowed := -1, true
	for _, rule := range r.rules {
		if n := len(rule.pattern); (n > best || n == best && rule.allow) && matches(rule.pattern, path) {
			best, allowed = n, rule.allow
		}
	}
	return allowed
}

// matches compares a path with a pattern in which * stands for anything and a last $ for the end. It is linear: each part is taken where it first fits.
func matches(pattern, path string) bool {
	anchored := strings.HasSuffix(pattern, "$")
	parts := strings.Split(strings.TrimSuffix(pattern, "$"), "*")
	if !strings.HasPrefix(path, parts[0]) {
		return false
	}
	path = path[len(parts[0]):]
	if len(parts) == 1 {
		return !anchored || path == ""
	}
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(path, part)
		if i < 0 {
			return false
		}
		path = path[i+len(part):]
	}
	last := parts[len(parts)-1]
	if anchored {
		return strings.HasSuffix(path, last)
	}
	return strings.Contains(path, last)
}

// normalEscapes gives one form to bytes that may be written plain or escaped: non-ASCII ones escaped, hexadecimals in upper case.
func normalEscapes(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= 0x80:
			b.WriteString("%" + strings.ToUpper(strconv.FormatInt(int64(c), 16)))
		case c == '%' && i+2 < len(s):
			b.WriteString(strings.ToUpper(s[i : i+3]))
			i += 2
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
