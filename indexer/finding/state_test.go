package finding

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"terrace/indexer/archive"
	"terrace/site"
)

// column records a list of the portal, called by a link of the home page, with entries of some dates.
func (l *lab) column(path, name, body string, dates ...string) {
	l.Helper()
	link := to(path)
	link.Text, link.Role = name, archive.List
	l.visit("/from"+path, archive.Visit{Body: []byte("<html><body>" + text(1) + "</body></html>"), Role: archive.Home}, link)
	var entries []archive.Link
	for i, d := range dates {
		e := to(fmt.Sprintf("%s%d.html", path, i))
		e.Text, e.Date, e.Entry = fmt.Sprintf("关于%s第%d号的通知", name, i), d, true
		entries = append(entries, e)
		body += fmt.Sprintf(`<li><a href="%s%d.html">%s</a><span>%s</span></li>`, path, i, e.Text, d)
	}
	l.visit(path, archive.Visit{Body: []byte("<html><body><ul>" + body + "</ul></body></html>"), Role: archive.List}, entries...)
}

func TestColumnsAreStaleByTheirNames(t *testing.T) {
	l := newLab(t) // today is 2026-06-30
	l.column("/dt/", "工作动态", "", "2026-06-10", "2026-05-01")
	l.column("/yw/", "云河要闻", "", "2026-06-20", "2027-01-01") // a date in the future is none
	l.column("/tz/", "通知公告", "", "2026-02-01")
	l.column("/zc/", "政策文件", "", "2025-12-01")
	l.column("/rs/", "人事任免", "", "2025-12-01")
	l.column("/jg/", "机构概况", "", "2015-12-01")
	l.column("/old/", "历史公告", "", "2015-12-01")
	var got []string
	for _, f := range l.list(ColumnStale) {
		got = append(got, strings.Fields(f.Subject)[0]+" "+f.Group)
	}
	if want := "工作动态 动态、要闻类,政策文件 通知公告、政策文件类"; strings.Join(got, ",") != want {
		t.Errorf("stale are %v, want %s", got, want)
	}
}

func TestAListWithoutDatesIsAsOldAsItsLatestDocument(t *testing.T) {
	l := newLab(t)
	l.column("/dt/", "工作动态", "", "")
	l.page("/dt/0.html", `<h1>关于工作动态第0号的通知</h1><p>发布时间：2026-04-01</p>`+text(1))
	if f := l.one(ColumnStale); !strings.Contains(f.Examples[0].Evidence, "最近更新 2026-04-01，已 90 天") {
		t.Errorf("evidence %q", f.Examples[0].Evidence)
	}
}

func TestManyStaleColumnsFailTheSite(t *testing.T) {
	l := newLab(t)
	for i := range 5 {
		l.column(fmt.Sprintf("/c%d/", i), fmt.Sprintf("%d号通知公告", i), "", "2025-01-01")
	}
	found := l.list(ColumnVeto)
	if len(found) != 1 || found[0].Severity != Serious || found[0].Pages != 5 || !strings.Contains(found[0].Examples[0].Evidence, "国办秘函〔2019〕19号") {
		t.Errorf("found %+v", found)
	}
}

func TestAHomePageWithNothingNewFailsTheSite(t *testing.T) {
	l := newLab(t)
	home := func(date string) {
		l.visit("/", archive.Visit{Role: archive.Home, Body: []byte(`<html><body><ul><li><a href="/a.html">某通知</a><span>` + date + `</span></li></ul></body></html>`)})
	}
	home("2026-06-01")
	if f := l.one(ColumnVeto); !strings.Contains(f.Subject, "首页不更新") || !strings.Contains(f.Examples[0].Evidence, "2026-06-01，已 29 天") {
		t.Errorf("found %+v", f)
	}
	for _, date := range []string{"2026-06-29", "[06-29]", "6月29日"} {
		home(date + `</span></li><li><a href="/b.html">专题</a><span>2026-01-01`)
		if found := l.list(ColumnVeto); len(found) > 0 {
			t.Errorf("%s: still open: %+v", date, found)
		}
	}
	home("07-05") // of last year
	if f := l.one(ColumnVeto); !strings.Contains(f.Examples[0].Evidence, "2025-07-05") {
		t.Errorf("found %+v", f)
	}
}

func TestAColumnIsBlankWhereItSaysSoAndHasNothing(t *testing.T) {
	l := newLab(t)
	l.column("/blank/", "规划计划", "<li>暂无内容</li>")
	l.column("/full/", "财政预决算", "<li>暂无数据</li>", "2026-06-01")
	l.page("/closed/", `<h1>数据发布</h1><div style="display:none">暂无数据</div>`+text(1))
	l.page("/plain/", `<div class="list"><p>暂无相关信息！</p></div>`)
	var got []string
	for _, f := range l.list(ColumnBlank) {
		got = append(got, f.Subject)
	}
	if want := "规划计划 " + town + "/blank/," + town + "/plain/"; strings.Join(got, ",") != want {
		t.Errorf("blank are %v, want %s", got, want)
	}
}

func TestOnePublicationAtSeveralAddressesAndOneWithoutADate(t *testing.T) {
	l := newLab(t)
	body := "<h1>关于提取公积金的通知</h1><p>发布时间：2026-04-01</p>" + text(1)
	l.page("/a.html", body)
	l.page("/b.html", body)
	l.page("http://gjj.yunhe.example/a.html", body) // another site's
	l.page("/c.html", "<h1>关于开展检查的通知</h1>"+text(2))
	if f := l.one(Duplicate); f.Pages != 2 || f.Site != "portal" || len(f.Examples) != 2 {
		t.Errorf("found %+v", f)
	}
	if f := l.one(Undated); f.Examples[0].URL != town+"/c.html" {
		t.Errorf("found %+v", f)
	}
}

func TestPagesThatAreWithdrawnAreNotSpokenOf(t *testing.T) {
	l := newLab(t)
	l.page("/a.html", text(1)+`<p>张三，532501199001011239</p><a href="/gone.html">附表</a>`, to("/gone.html"))
	l.gone("/gone.html")
	l.one(Personal)
	l.one(DeadLink)
	l.withdrawn[town+"/a.html"] = true
	found, err := l.List(t.Context(), Query{Limit: 100})
	l.check(err)
	for _, f := range found {
		if len(f.Examples) > 0 {
			t.Errorf("before the next look: %+v", f)
		}
	}
	for _, rule := range []string{Personal, DeadLink} {
		for _, f := range l.list(rule) {
			if len(f.Examples) > 0 {
				t.Errorf("after it: %+v", f)
			}
		}
	}
}

func TestNoNumberOfAPersonIsKeptWhole(t *testing.T) {
	l := newLab(t)
	const number = "532501199001011239"
	l.visit("/a.html", archive.Visit{Body: []byte(`<html><head><meta name="SiteName" content="张三 ` + number + `"><meta name="Description" content="null"></head><body><h1>张三` + number + `的公示</h1><p>张三，` +
		number + `</p>` + text(1) + `<a href="/gone.html">` + number + `</a><a href="file:///C:/a.doc">` + number + `</a></body></html>`)}, to("/gone.html"))
	l.gone("/gone.html")
	l.check(l.CatchUp(t.Context()))
	found, err := l.List(t.Context(), Query{Limit: 100})
	l.check(err)
	if len(found) < 5 {
		t.Fatalf("found %+v", found)
	}
	if all := fmt.Sprint(found); strings.Contains(all, number) || !strings.Contains(all, "532501********1239") {
		t.Errorf("found %s", all)
	}
}

func TestTheIndexHasItsTurnFirst(t *testing.T) {
	l := newLab(t)
	bad := text(1) + `<a href="http://http://x.example/">丙</a>`
	l.page("/a.html", bad)
	l.page("/b.html", bad)
	l.indexed = 1
	if f := l.one(BadLink); f.Pages != 1 {
		t.Errorf("%d pages were looked at, want the one that is indexed", f.Pages)
	}
	o, err := l.Overview(t.Context(), "")
	l.check(err)
	if o.Left != 1 || !o.Round.Equal(l.clock) {
		t.Errorf("overview %+v", o)
	}
	l.indexed = -1
	if f := l.one(BadLink); f.Pages != 2 {
		t.Errorf("%d pages, want 2", f.Pages)
	}
}

func TestAfterAChangeOfTheSitesAllPagesAreLookedAtAgain(t *testing.T) {
	l := newLab(t)
	l.page("/a.html", `<h1>通知</h1><a href="file:///C:/a.doc">某</a>`+text(1))
	l.page("http://gjj.yunhe.example/a.html", `<a href="file:///C:/b.doc">某</a>`+text(2))
	if found := l.list(BadLink); len(found) != 2 {
		t.Fatalf("found %+v", found)
	}
	o := l.Options
	var err error
	if o.Registry, err = site.New(site.Cluster{Sites: cluster.Sites[:1]}); err != nil {
		t.Fatal(err)
	}
	l.Watcher, err = Open(t.Context(), o)
	l.check(err)
	if f := l.one(BadLink); f.Site != "portal" {
		t.Errorf("found %+v", f)
	}
}

func TestAnOverviewCounts(t *testing.T) {
	l := newLab(t)
	l.page("/a.html", text(1)+`<a href="http://http://x.example/">丙</a>`)
	l.list(BadLink)
	l.clock = l.clock.Add(8 * 24 * time.Hour)
	l.page("/b.html", text(2)+`<a href="http://http://y.example/">丙</a>`)
	l.page("/a.html", text(1))
	l.page("/c.html", text(3)+`<a href="http://http://z.example/">丙</a>`)
	l.list(BadLink)
	o, err := l.Overview(t.Context(), "portal")
	l.check(err)
	for _, c := range o.Counts {
		if c.Rule == BadLink && c != (Count{"portal", BadLink, 2, 0, 2, 1}) {
			t.Errorf("counted %+v", c)
		}
	}
	first, err := l.List(t.Context(), Query{Rule: BadLink, Limit: 1})
	l.check(err)
	second, err := l.List(t.Context(), Query{Rule: BadLink, After: first[0].Number, Limit: 1})
	l.check(err)
	if first[0].Subject != "http://http://y.example/" || second[0].Subject != "http://http://z.example/" {
		t.Errorf("pages are %v, %v", first, second)
	}
}

func TestIndicatorsThatCannotBeMeantAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"home: {days: 14}\n": "都要大于 0",
		"house: {}\n":        "读不懂",
		"home: {days: 14}\nveto: {counted: 5, stale: 10, blank: 5}\ncolumns: [{kind: 动态}]\n": "第 1 类",
	} {
		if _, err := ParseIndicators([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %s", text, err, want)
		}
	}
}

func TestEveryRuleIsExplained(t *testing.T) {
	for _, r := range Rules {
		if r.Title == "" || r.Basis == "" || r.About == "" {
			t.Errorf("rule %s lacks a title, a basis or how it is found", r.Name)
		}
	}
	for _, r := range ofPages {
		if rank(r) < 0 {
			t.Errorf("rule %s is not among Rules", r)
		}
	}
}

func TestThePagesOfTheListGoOnBehindAWithdrawnTarget(t *testing.T) {
	l := newLab(t)
	for _, path := range []string{"/gone1.html", "/gone2.html", "/gone3.html"} {
		l.page("/of"+path, text(1)+`<a href="`+path+`">附表</a>`, to(path))
		l.gone(path)
	}
	if n := len(l.list(DeadLink)); n != 3 {
		t.Fatalf("%d dead links", n)
	}
	l.withdrawn[town+"/gone1.html"] = true
	found, err := l.List(t.Context(), Query{Rule: DeadLink, Limit: 2})
	l.check(err)
	if len(found) != 2 {
		t.Errorf("%d findings on a page for two, and two can be shown", len(found))
	}
}

func TestADuplicateIsNotCalledByAPageThatIsWithdrawn(t *testing.T) {
	l := newLab(t)
	for _, path := range []string{"/a.html", "/b.html"} {
		l.page(path, "<h1>关于提取的通知</h1>"+text(1))
	}
	l.one(Duplicate)
	l.withdrawn[town+"/a.html"] = true
	found, err := l.List(t.Context(), Query{Rule: Duplicate, Limit: 10})
	l.check(err)
	if len(found) > 0 {
		t.Errorf("%+v", found)
	}
}

func TestOfAClosedSiteOnlyWhatItSaysOfPersonsIsTold(t *testing.T) {
	closed := cluster
	closed.Sites = slices.Clone(cluster.Sites)
	closed.Sites[0].Closed = true
	l := newLabOf(t, closed)
	l.column("/dt/", "工作动态", "", "2025-01-01")
	l.column("/blank/", "规划计划", "<li>暂无内容</li>")
	l.visit("/", archive.Visit{Role: archive.Home, Body: []byte(`<html><body><ul><li><a href="/a.html">某通知</a><span>2025-01-01</span></li></ul></body></html>`)})
	l.page("/1.html", `<h1>某通知</h1>`+text(1)+`<p>张某 530102199001011231</p><a href="http://http://x/">x</a><a href="/gone.html">旧</a>`, to("/gone.html"))
	l.page("/2.html", `<h1>某通知</h1>`+text(1)+`<p>张某 530102199001011231</p>`)
	l.gone("/gone.html")
	l.gone("/gone.html")
	for _, f := range l.list("") {
		if f.Rule != Personal {
			t.Errorf("told: %s %s", f.Rule, f.Subject)
		}
	}
	if found := l.list(Personal); len(found) != 2 {
		t.Errorf("numbers of persons: %+v", found)
	}
}
