package judge

import (
	"net/url"
	"strings"

	"terrace/query"
)

// Keys make ways to write one thing equal. Both are needed.
type Keys struct {
	URL   func(*url.URL) string // the canonical form
	Title func(string) string   // equal for titles that a reader holds for the same
}

// A key is a wanted document in the form in which it is compared: a URL, a path, or what may be an id or a title.
type key struct{ url, path, id, title string }

// of gives the key of what an editor wrote, or says what is wrong with it.
func (k Keys) of(text string) (out key, wrong string) {
	low := strings.ToLower(text)
	switch {
	case text == "":
		return key{}, "缺少要找的网页：写网址、编号或标题"
	case strings.HasPrefix(low, "http://"), strings.HasPrefix(low, "https://"):
		u, err := url.Parse(text)
		if err != nil || u.Host == "" {
			return key{}, "网址“" + text + "”写错了"
		}
		return key{url: k.URL(u)}, ""
	case strings.HasPrefix(text, "/"):
		u, err := url.Parse("http://host" + text)
		if err != nil || u.Host != "host" {
			return key{}, "路径“" + text + "”写错了"
		}
		return key{path: withoutHost(k.URL(u))}, ""
	}
	if out = (key{id: text, title: k.Title(text)}); out.title == "" {
		return key{}, "“" + text + "”里没有字，写网址、编号或标题"
	}
	return out, ""
}

// withoutHost is a URL from its path on.
func withoutHost(u string) string {
	_, rest, _ := strings.Cut(u, "://")
	_, path, _ := strings.Cut(rest, "/")
	return "/" + path
}

// A Hit is one document found.
type Hit struct {
	ID     string
	URL    string
	Title  string
	Marked []string     // the pieces of the title that were asked for
	Score  float32      // 0 where the search does not tell
	Parts  []query.Part // what Score is the sum of, where the search tells
}

// found are hits and their keys.
type found struct {
	hits []Hit
	keys []key
}

func (k Keys) found(hits []Hit) found {
	f := found{hits: hits, keys: make([]key, len(hits))}
	for i, h := range hits {
		f.keys[i] = key{id: h.ID, title: k.Title(h.Title)}
		if u, err := url.Parse(h.URL); err == nil && u.Host != "" {
			f.keys[i].url = k.URL(u)
			f.keys[i].path = withoutHost(f.keys[i].url)
		}
	}
	return f
}

// rank is that of the first hit which is the one wanted, from 1; 0 where there is none.
func (f found) rank(w key) int {
	for i, h := range f.keys {
		if w.is(h) {
			return i + 1
		}
	}
	return 0
}

func (w key) is(h key) bool {
	switch {
	case w.url != "":
		return w.url == h.url
	case w.path != "":
		return w.path == h.path
	}
	return w.id == h.id || w.title != "" && w.title == h.title
}
