package crawl

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/markup"
)

// A saved page of a real site.
type saved struct {
	name, site string
	body       []byte
	title      string // of an article
}

func savedPages(t *testing.T) (all []saved) {
	dir := os.Getenv("TERRACE_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	rows, err := os.ReadFile(filepath.Join(dir, "pages", "index.tsv"))
	if err != nil {
		t.Skip("no real pages: ../shared/data is absent")
	}
	for row := range strings.Lines(string(rows)) {
		columns := strings.Split(row, "\t")
		body, err := os.ReadFile(filepath.Join(dir, "pages", columns[0]))
		if err != nil || !strings.HasSuffix(columns[0], ".html") || strings.HasPrefix(columns[0], "derived") || strings.HasPrefix(columns[0], "waf") {
			continue
		}
		s := saved{name: columns[0], site: columns[4], body: body}
		if truth, err := os.ReadFile(filepath.Join(dir, "pages", columns[0]+".truth.json")); err == nil {
			var says struct{ Title string }
			if err := json.Unmarshal(truth, &says); err != nil {
				t.Fatal(err)
			}
			s.title = says.Title
		}
		all = append(all, s)
	}
	return all
}

func (s *saved) parse(t *testing.T, body []byte) *markup.Page {
	t.Helper()
	p, err := markup.Parse(&url.URL{Scheme: "http", Host: s.site, Path: "/" + s.name}, body, "", "")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// edited is a page of which a share of the longer texts outside links is gone, or reads otherwise.
func (s *saved) edited(t *testing.T, share float64, rewrite bool, r *rand.Rand) *markup.Page {
	p := s.parse(t, s.body)
	var texts []*html.Node
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if c.Type == html.TextNode && utf8.RuneCountInString(strings.TrimSpace(c.Data)) > 15 {
				texts = append(texts, c)
			} else if c.DataAtom != atom.Script && c.DataAtom != atom.Style && c.DataAtom != atom.Head && c.DataAtom != atom.A {
				walk(c)
			}
		}
	}
	walk(p.Root)
	for _, n := range texts {
		if r.Float64() >= share || s.title != "" && strings.Contains(letters(n.Data), letters(s.title)) {
			continue
		}
		n.Data = ""
		if rewrite {
			n.Data = "根据工作需要现对有关事项作出如下调整请各单位遵照执行" + string(rune('一'+r.IntN(2000)))
		}
	}
	var b bytes.Buffer
	if err := html.Render(&b, p.Root); err != nil {
		t.Fatal(err)
	}
	return s.parse(t, b.Bytes())
}

// What stands in the place of a real article: each other page of its site, pages of other sites; against the same article after edits.
func TestRealPagesInEachOthersPlaceAndEdited(t *testing.T) {
	sites := map[string][]saved{}
	for _, s := range savedPages(t) {
		sites[s.site] = append(sites[s.site], s)
	}
	r := rand.New(rand.NewPCG(1, 2))
	type count struct{ suspect, all int }
	found := map[string]*count{}
	note := func(what, reason string) {
		c := found[what]
		if c == nil {
			c = &count{}
			found[what] = c
		}
		c.all++
		if reason != "" {
			c.suspect++
		}
	}
	names := []string{}
	for site := range sites {
		names = append(names, site)
	}
	slices.Sort(names)
	for _, site := range names {
		pages := sites[site]
		var articles []saved
		for _, s := range pages {
			if s.title != "" {
				articles = append(articles, s)
			}
		}
		for i, s := range articles {
			if len(articles) < 4 || i >= 60 {
				break
			}
			old := s.parse(t, s.body)
			var around []*wording
			for k := 1; k <= 2; k++ {
				o := articles[(i+k*7+1)%len(articles)]
				if w := wordingOf(o.parse(t, o.body), false); o.name != s.name && !sameHeadline(old, o.parse(t, o.body), wordingOf(old, false), w, s.title, false) {
					around = append(around, w)
				}
			}
			for range 3 {
				o := pages[r.IntN(len(pages))]
				if o.name != s.name && o.title != s.title {
					note("other page of the site", mistaken(old, o.parse(t, o.body), s.title, around, false))
				}
			}
			strange := sites[names[r.IntN(len(names))]]
			if o := strange[r.IntN(len(strange))]; o.site != site {
				note("other site", mistaken(old, o.parse(t, o.body), s.title, around, false))
			}
			for _, anchor := range []string{s.title, ""} {
				with := map[bool]string{true: " with its name in a list", false: ""}[anchor != ""]
				note("a third edited"+with, mistaken(old, s.edited(t, .3, true, r), anchor, around, false))
				note("two thirds gone"+with, mistaken(old, s.edited(t, .67, false, r), anchor, around, false))
				note("all but its headline rewritten"+with, mistaken(old, s.edited(t, 1, true, r), anchor, around, false))
			}
		}
	}
	for what, c := range found {
		t.Logf("%s: %d of %d suspect", what, c.suspect, c.all)
	}
	for what, most := range map[string]int{"a third edited": 1, "a third edited with its name in a list": 1, "two thirds gone": 3, "two thirds gone with its name in a list": 2} {
		if c := found[what]; 100*c.suspect > most*c.all {
			t.Errorf("%s: %d of %d are suspect", what, c.suspect, c.all)
		}
	}
	for what, least := range map[string]int{"other page of the site": 80, "other site": 99} {
		if c := found[what]; 100*c.suspect < least*c.all {
			t.Errorf("%s: only %d of %d are suspect", what, c.suspect, c.all)
		}
	}
}
