package indexer

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"terrace/indexer/archive"
)

// list records that a list page of the portal was fetched that says it has so many entries and shows those at some paths.
func (l *lab) list(path string, said int, paths ...string) {
	l.Helper()
	_, err := l.archive.Seed(l.Context(), archive.Link{URL: at("portal", path), Site: "portal", Role: archive.List, DueAt: time.Now()})
	l.check(err)
	p, err := l.archive.Page(l.Context(), at("portal", path))
	l.check(err)
	var links []archive.Link
	for _, to := range paths {
		links = append(links, archive.Link{URL: at("portal", to), Site: "portal", Text: "关于" + to, Date: "2026-03-05", Entry: true})
	}
	l.check(l.archive.Record(l.Context(), archive.Visit{
		ID: p.ID, At: time.Now(), State: archive.OK, Role: archive.List, ContentType: "text/html", Body: []byte("<title>通知公告</title><ul>" + strings.Repeat("<li><a href=x.html>关于放假的通知</a>2026-01-02</li>", 20) + "</ul>"),
		NextAt: time.Now().Add(time.Hour), Listed: said, Links: links,
	}))
}

// outcomes are the pages of the portal by what became of them.
func (l *lab) outcomes() map[string]int {
	l.Helper()
	c, err := l.Coverage(l.Context(), "portal")
	l.check(err)
	pages, err := l.archive.Pages(l.Context(), archive.Filter{Site: "portal"}, "", 1000)
	l.check(err)
	out := map[string]int{}
	for _, g := range c.Sites[0].Groups {
		out[g.Outcome] += g.Pages
	}
	if known := c.Sites[0].Known(); known != len(pages) {
		l.Errorf("%d pages in the ledger, %d in the archive", known, len(pages))
	}
	return out
}

const tale = "公积金提取须知：职工购买自住住房的，可以提取住房公积金账户内的存储余额。"

// fill makes a portal with one page of each outcome, a column that lists them, and a sister site.
func (l *lab) fill() {
	l.Helper()
	l.list("/list.html", 8, "/art/0.html", "/copy.html", "/noindex.html", "/gone.html", "/new.html")
	l.crawl("portal", archive.OK, tale, "/art/0.html")
	l.publish("gjj", "/original.html", "住房公积金提取办法", "发布日期：2026-01-01", "<p>"+strings.Repeat(tale, 20)+"</p>")
	l.publish("portal", "/copy.html", "住房公积金提取办法", "发布日期：2026-02-01 来源：公积金中心", "<p>"+strings.Repeat(tale, 20)+"</p>")
	l.publish("portal", "/noindex.html", "不收录", "", "<meta name=robots content=noindex>"+tale)
	l.crawl("portal", archive.Gone, "", "/gone.html")
}

var filled = map[string]int{"indexed": 1, "copy": 1, "noindex": 1, "gone": 1, "new": 1, "list page": 1}

func TestTheLedgerSaysWhyAPageIsNotFound(t *testing.T) {
	l := newLab(t)
	l.fill()
	if got := l.outcomes(); got["pending"] != 4 {
		t.Errorf("before the index has taken anything in: %v", got)
	}
	l.check(l.CatchUp(t.Context()))
	if got := l.outcomes(); !maps.Equal(got, filled) {
		t.Errorf("%v, want %v", got, filled)
	}
	c, err := l.Coverage(t.Context(), "云河州人民政府")
	l.check(err)
	if len(c.Columns) != 1 {
		t.Fatalf("%d columns", len(c.Columns))
	}
	const want = "本栏目列表 8 条，已收录 2 条，缺 6 条；列表页自称 8 条，只见到 5 条链接"
	if got := c.Columns[0].String(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	entries, next, err := l.Missing(t.Context(), at("portal", "/list.html"), "", 2)
	l.check(err)
	more, end, err := l.Missing(t.Context(), c.Columns[0].ID, next, 2)
	l.check(err)
	why := map[string]string{}
	for _, e := range append(entries, more...) {
		why[strings.TrimPrefix(e.Page.URL, "http://www.yunhe.example")] = e.Why
		if e.Page.Anchor == "" || e.Page.ListDate != "2026-03-05" {
			t.Errorf("%s is listed as %q %q", e.Page.URL, e.Page.Anchor, e.Page.ListDate)
		}
	}
	if want := map[string]string{"/noindex.html": "网页声明 noindex", "/gone.html": "410", "/new.html": "未抓取"}; !maps.Equal(why, want) || end != "" {
		t.Errorf("%v and then %q, want %v", why, end, want)
	}
}

func TestWhatASitemapListsAndIsNotFoundIsListed(t *testing.T) {
	l := newLab(t)
	l.crawl("portal", archive.OK, tale, "/a.html")
	l.crawl("portal", archive.Gone, "", "/gone.html")
	_, err := l.archive.Seed(t.Context(), archive.Link{URL: at("portal", "/sitemap.xml"), Site: "portal", Role: archive.Sitemap, DueAt: time.Now()})
	l.check(err)
	p, err := l.archive.Page(t.Context(), at("portal", "/sitemap.xml"))
	l.check(err)
	var links []archive.Link
	for _, path := range []string{"/a.html", "/gone.html", "/unread.html"} {
		links = append(links, archive.Link{URL: at("portal", path), Site: "portal"})
	}
	l.check(l.archive.Record(t.Context(), archive.Visit{ID: p.ID, At: time.Now(), State: archive.OK, Role: archive.Sitemap, Body: []byte("<urlset>"), Listed: 3, Links: links}))
	l.check(l.CatchUp(t.Context()))
	var got []string
	for after := ""; ; {
		found, next, err := l.Missing(t.Context(), MappedColumn+"portal", after, 1)
		l.check(err)
		for _, e := range found {
			got = append(got, e.Page.URL+" "+e.Why)
		}
		if after = next; after == "" {
			break
		}
	}
	if want := []string{at("portal", "/gone.html") + " 410", at("portal", "/unread.html") + " 未抓取"}; !slices.Equal(got, want) {
		t.Errorf("missing are %q, want %q", got, want)
	}
}

func TestTheLedgerFollowsWhatChanges(t *testing.T) {
	l := newLab(t)
	l.fill()
	l.check(l.CatchUp(t.Context()))
	l.publish("portal", "/noindex.html", "现在可以收录", "", "<p>"+strings.Repeat("提取需要的材料。", 30)+"</p>")
	l.crawl("gjj", archive.Gone, "", "/original.html") // the copy stands for itself from now on
	l.check(l.CatchUp(t.Context()))
	want := map[string]int{"indexed": 3, "gone": 1, "new": 1, "list page": 1}
	if got := l.outcomes(); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestTheLedgerIsThatOfTheLiveGeneration(t *testing.T) {
	l := newLab(t)
	l.fill()
	l.check(l.CatchUp(t.Context()))
	_, first := l.generations()
	l.run()
	l.ended(l.start(Order{}).ID)
	if got := l.outcomes(); !maps.Equal(got, filled) {
		t.Errorf("after a rebuild: %v, want %v", got, filled)
	}
	l.check(l.Promote(t.Context(), first.Name))
	if got := l.outcomes(); !maps.Equal(got, filled) {
		t.Errorf("after going back: %v, want %v", got, filled)
	}
	for range 2 {
		l.ended(l.start(Order{}).ID)
	}
	infos, err := l.index.Generations(t.Context())
	l.check(err)
	known, err := l.archive.Cursors(t.Context())
	l.check(err)
	if len(known) != len(infos) {
		t.Errorf("%d generations are remembered, there are %d", len(known), len(infos))
	}
}

func TestWhatIsNoSiteAndNoColumnIsRefused(t *testing.T) {
	l := newLab(t)
	l.fill()
	if _, err := l.Coverage(t.Context(), "none"); !errors.Is(err, ErrUnknownSite) {
		t.Errorf("a site that is none: %v", err)
	}
	for _, column := range []string{"none", at("portal", "/art/0.html")} {
		if _, _, err := l.Missing(t.Context(), column, "", 10); !errors.Is(err, ErrUnknownColumn) {
			t.Errorf("%s as a column: %v", column, err)
		}
		if _, err := l.Unread(t.Context(), column, 10); !errors.Is(err, ErrUnknownColumn) {
			t.Errorf("unread pages of %s: %v", column, err)
		}
	}
}
