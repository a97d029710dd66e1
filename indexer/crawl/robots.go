package crawl

import (
	"bytes"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// productToken is what a robots.txt calls us.
const productToken = "terrace"

const (
	maxRobots     = 500 << 10        // bytes that are read, as RFC 9309, 2.5 asks
	maxCrawlDelay = 60 * time.Second // a longer one would stop the crawl
	maxNamedMaps  = 500              // sitemaps that are taken from one file
)

// robots are the rules of one robots.txt for us (RFC 9309).
type robots struct {
	rules    []robotsRule
	delay    time.Duration
	sitemaps []string
}

type robotsRule struct {
	pattern string
	allow   bool
}

// A group is what a robots.txt says to one crawler, all its groups for that crawler merged (2.2.1).
type group struct {
	rules []robotsRule
	delay time.Duration
	named bool
}

// RobotsAllow reports whether a robots.txt lets this crawler fetch a URL.
func RobotsAllow(text []byte, u *url.URL) bool { return parseRobots(text).allows(u) }

// parseRobots reads the groups for our product token or, where there is none, those for *. Records that RFC 9309 does not know end no group.
func parseRobots(text []byte) *robots {
	groups := map[string]*group{"*": {}, productToken: {}}
	out := &robots{}
	var current []*group
	inRules := true
	for _, line := range robotsLines(text) {
		line, _, _ = strings.Cut(line, "#")
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "user-agent":
			if inRules {
				current, inRules = nil, false
			}
			if g := groups[agent(value)]; g != nil && !slices.Contains(current, g) {
				g.named = true
				current = append(current, g)
			}
		case "allow":
			inRules = true
			addRule(current, value, true)
		case "disallow":
			inRules = true
			addRule(current, value, false)
		case "crawl-delay":
			setDelay(current, value)
		case "sitemap":
			if len(out.sitemaps) < maxNamedMaps {
				out.sitemaps = append(out.sitemaps, value)
			}
		}
	}
	us := groups["*"]
	if groups[productToken].named {
		us = groups[productToken]
	}
	out.rules, out.delay = us.rules, us.delay
	return out
}

// robotsLines parts a file at CR, LF or both. A line that the limit cuts is left out: half a rule says something else.
func robotsLines(text []byte) []string {
	cut := len(text) > maxRobots
	text = bytes.TrimPrefix(text[:min(len(text), maxRobots)], []byte("\ufeff"))
	if cut {
		text = text[:bytes.LastIndexAny(text, "\r\n")+1]
	}
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\r' || r == '\n' })
}

// agent is the product token of a user-agent line, in lower case: that of "Terrace/1.0 (search)" is "terrace" (2.2.1).
func agent(value string) string {
	if strings.HasPrefix(value, "*") {
		return "*"
	}
	end := strings.IndexFunc(value, func(r rune) bool {
		return r != '-' && r != '_' && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
	if end >= 0 {
		value = value[:end]
	}
	return strings.ToLower(value)
}

func addRule(to []*group, pattern string, allow bool) {
	if pattern == "" {
		return
	}
	for _, g := range to {
		g.rules = append(g.rules, robotsRule{normalPattern(pattern), allow})
	}
}

func setDelay(of []*group, value string) {
	s, err := strconv.ParseFloat(value, 64)
	if err != nil || !(s > 0) {
		return
	}
	for _, g := range of {
		g.delay = time.Duration(min(s, maxCrawlDelay.Seconds()) * float64(time.Second))
	}
}

// allows tells whether a URL may be fetched: the longest rule that matches decides, and of equals the one that allows (2.2.2).
func (r *robots) allows(u *url.URL) bool {
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	path = strings.NewReplacer("*", "%2A", "$", "%24").Replace(normalEscapes(path))
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

// normalPattern gives a pattern the form of the paths it is held against. A $ that is not at the end stands for itself.
func normalPattern(s string) string {
	s = normalEscapes(s)
	body, end := s, ""
	if strings.HasSuffix(s, "$") {
		body, end = s[:len(s)-1], "$"
	}
	return strings.ReplaceAll(body, "$", "%24") + end
}

// normalEscapes gives one form to bytes that may be written plain or escaped: those that mean themselves plain, others that are no ASCII escaped,
// hexadecimals in upper case (2.2.2).
func normalEscapes(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) {
			if n, err := strconv.ParseUint(s[i+1:i+3], 16, 8); err == nil {
				i += 2
				if unreserved(byte(n)) {
					b.WriteByte(byte(n))
				} else {
					fmt.Fprintf(&b, "%%%02X", n)
				}
				continue
			}
		}
		if c >= 0x80 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unreserved bytes mean the same plain and escaped (RFC 3986, 2.3).
func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
