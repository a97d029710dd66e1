package markup

import (
	"regexp"
	"strconv"
	"strings"
)

// maxDelay is how many seconds a refresh may wait and still be a redirect; beyond, it is a page that reloads itself.
const maxDelay = 10

// refreshTag reads the content of a refresh: "0;URL=./ywyw/".
func (r *reader) refreshTag(content string) {
	delay, rest, ok := strings.Cut(strings.TrimSpace(content), ";")
	if !ok {
		delay, rest, ok = strings.Cut(strings.TrimSpace(content), ",")
	}
	seconds, err := strconv.ParseFloat(strings.TrimSpace(delay), 64)
	if !ok || err != nil || seconds > maxDelay || r.refresh != "" {
		return
	}
	key, target, ok := strings.Cut(rest, "=")
	if !ok || !strings.EqualFold(strings.TrimSpace(key), "url") {
		return
	}
	r.refresh = r.absolute(strings.Trim(strings.TrimSpace(target), `"'`))
}

var (
	locationScript = regexp.MustCompile(`(?:^|[^\w.])(?:(?:window|self|top|parent|document)\.)*location(?:\.href)?\s*(?:=|\.(?:replace|assign)\s*\()\s*(?:"([^"'+\s]+)"|'([^"'+\s]+)')\s*\)?\s*(?:;|\}|$|\n|<)`)
	writtenRefresh = regexp.MustCompile(`(?i)http-equiv\s*=\s*\\?["']?refresh\\?["']?\s+content\s*=\s*\\?["']\s*(\d+)\s*;\s*url\s*=\s*([^"'\\>\s]+)`)
)

// redirect returns where the page as a whole leads to, or the empty string. A refresh tag counts on any page; a script only where the page shows
// no more text than a word of waiting, and only where its target stands there in full: what a script computes is a firewall's riddle.
func (r *reader) redirect() string {
	if r.refresh != "" && r.refresh != r.page.URL.String() {
		return r.refresh
	}
	if r.seen > stubText {
		return ""
	}
	for _, s := range r.page.Scripts {
		if strings.Contains(s, "document.cookie") {
			return ""
		}
	}
	for _, s := range r.page.Scripts {
		if m := writtenRefresh.FindStringSubmatch(s); m != nil {
			return r.absolute(m[2])
		}
		if m := locationScript.FindStringSubmatch(s); m != nil {
			return r.absolute(m[1] + m[2])
		}
	}
	return ""
}
