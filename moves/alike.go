package moves

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/docno"
	"terrace/segment"
)

func docNoKey(text string) string {
	if found := docno.Find(text); len(found) == 1 {
		return found[0].Key()
	}
	return ""
}

// suffix is what systems put behind the titles of their pages: - 云河州教育局, _云河州人民政府.
var suffix = regexp.MustCompile(`[\s　]*[-_|－—–＿｜]+[\s　]*[^-_|－—–＿｜]*$`)

// titleKeys are the keys that a title may have among those of now: its own, then without one and two names behind it.
func titleKeys(title string) (out []string) {
	for range 3 {
		if key := segment.TitleKey(title); key != "" && !slices.Contains(out, key) {
			out = append(out, key)
		}
		shorter := suffix.ReplaceAllString(title, "")
		if shorter == title || utf8.RuneCountInString(segment.TitleKey(shorter)) < telling {
			break
		}
		title = shorter
	}
	return out
}

// holds reports titles of which one is the other, or holds it as 关于……的通知 stands in 某市人民政府关于……的通知.
func holds(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return a == b || utf8.RuneCountInString(a) >= unique && strings.Contains(b, a)
}

func ofDay(pages []*live, date string) (out []*live) {
	for _, l := range pages {
		if date != "" && l.date == date {
			out = append(out, l)
		}
	}
	return out
}

// ofName are the pages whose file has the name of an old one, where that is a name that tells: t20170520_123456.html and not index.html.
func ofName(pages []*live, old string) (out []*live) {
	name := fileName(old)
	if !tellingName.MatchString(name) {
		return nil
	}
	for _, l := range pages {
		if fileName(l.url) == name {
			out = append(out, l)
		}
	}
	return out
}

// tellingName is one with five digits in a row, or with letters and digits of eight and more.
var tellingName = regexp.MustCompile(`[0-9]{5}|^[0-9a-zA-Z_-]*[0-9][0-9a-zA-Z_-]{7,}`)

// fileName is the last part of a URL's path, without its ending, and its query.
func fileName(u string) string {
	u, query, _ := strings.Cut(u, "?")
	name := path.Base(u)
	name = strings.TrimSuffix(name, path.Ext(name))
	if query != "" {
		name += "?" + query
	}
	return name
}
