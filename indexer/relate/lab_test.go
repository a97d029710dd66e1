package relate

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"terrace/db"
	"terrace/index"
)

// A lab is a store of one generation, g.
type lab struct {
	testing.TB
	*Store
}

func newLab(t testing.TB) *lab {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	s, err := Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	return &lab{t, s}
}

// put notes pages and says that what was affected is done.
func (l *lab) put(pages ...Page) []string { return l.update(pages) }

func (l *lab) remove(ids ...string) []string { return l.update(nil, ids...) }

func (l *lab) update(pages []Page, gone ...string) []string {
	l.Helper()
	ids, err := l.Update(l.Context(), "g", pages, gone)
	if err != nil {
		l.Fatal(err)
	}
	if err := l.Done(l.Context(), "g"); err != nil {
		l.Fatal(err)
	}
	return ids
}

func (l *lab) of(id string) Relations {
	l.Helper()
	all, err := l.Relations(l.Context(), "g", []string{id})
	if err != nil {
		l.Fatal(err)
	}
	r, ok := all[id]
	if !ok {
		l.Fatalf("no page %s", id)
	}
	return r
}

func (l *lab) wantOriginal(id, original string) {
	l.Helper()
	if got := l.of(id).Original; got != original {
		l.Errorf("%s is a copy of %q, not of %q", id, got, original)
	}
}

// wantLinks compares links, written kind:page.
func (l *lab) wantLinks(id string, validity string, links ...string) {
	l.Helper()
	r := l.of(id)
	var got []string
	for _, k := range r.Links {
		got = append(got, k.Kind+":"+k.ID)
	}
	if !slices.Equal(got, links) || r.Validity != validity {
		l.Errorf("%s: %q %q, want %q %q", id, r.Validity, got, validity, links)
	}
}

// page is a page of the site "s" under an URL made of its id.
func page(id, title, body string, change ...func(*Page)) Page {
	p := Page{SiteName: "云岭州人民政府", Document: index.Document{ID: id, Title: title, Body: body, Kind: index.News,
		Copies: []index.Copy{{URL: "https://s.example/" + id, Site: "s", Date: 20230506}}}}
	for _, f := range change {
		f(&p)
	}
	return p
}

func site(id, name string, level int) func(*Page) {
	return func(p *Page) {
		p.SiteName, p.Document.Level = name, level
		p.Document.Copies[0].Site, p.Document.Copies[0].URL = id, "https://"+id+".example/"+p.Document.ID
	}
}

func dateOf(d index.Date) func(*Page) { return func(p *Page) { p.Document.Copies[0].Date = d } }

func number(n string) func(*Page) { return func(p *Page) { p.Document.DocNo = n } }

func source(s string) func(*Page) { return func(p *Page) { p.Document.Source = s } }

func kind(k string) func(*Page) { return func(p *Page) { p.Document.Kind = k } }

func policy(p *Page) { p.Document.Kind = index.Policy }

// prose is a text of paragraphs that hold no numbers; texts of two seeds have nothing in common.
func prose(seed, paragraphs int) string {
	words := []string{"各县市要", "加强组织领导", "落实工作责任", "推进项目建设", "提升服务水平", "保障群众权益", "强化监督检查", "完善管理制度", "优化营商环境", "开展宣传培训", "改善人居环境", "统筹资金使用",
		"健全长效机制", "压实主体责任", "做好防汛抗旱", "发展特色产业", "守住生态底线"}
	x := uint32(seed*7919 + 1)
	var b strings.Builder
	for range paragraphs {
		for range 6 {
			for range 3 {
				x = x*1664525 + 1013904223
				b.WriteString(words[x>>16%uint32(len(words))%uint32(len(words))])
			}
			b.WriteString("，")
		}
		b.WriteString("。\n")
	}
	return b.String()
}

func ids(prefix string, n int) (out []string) {
	for i := range n {
		out = append(out, fmt.Sprintf("%s%d", prefix, i))
	}
	return out
}
