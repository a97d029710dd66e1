package indexer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"terrace/indexer/archive"
	"terrace/moves"
)

func TestAListOfAClosedSiteGoesToTheOneThatHoldsWhatItHeld(t *testing.T) {
	l := newLab(t)
	var olds, now, other []string
	for i := range 12 {
		olds, now = append(olds, fmt.Sprintf("/%d.html", i)), append(now, fmt.Sprintf("/n/%d.html", i))
		l.notice("gjj", olds[i], subject(i), dated(i))
		if i < 10 {
			l.notice("portal", now[i], subject(i), dated(i))
		}
	}
	for i := range 90 {
		other = append(other, fmt.Sprintf("/o/%d.html", i))
	}
	l.column("gjj", "/tzgg/", "通知公告", olds[:8], "/tzgg/index_1.html")
	l.fetched("gjj", "/tzgg/index_1.html", archive.List, "later", archive.Link{URL: olds[8], Entry: true}, archive.Link{URL: olds[9], Entry: true})
	l.column("gjj", "/few/", "工作动态", olds[10:])
	l.column("gjj", "/none/", "廉政建设", nil)
	l.column("portal", "/gjj/tz/", "公积金公告", now[:10])
	l.column("portal", "/all/", "全部信息", append(other, now...))
	l.column("portal", "/gjj/dt/", "工作动态", now[:3])
	l = l.shut()
	l.is(at("gjj", "/tzgg/"), "homeless")
	p := l.proposes(false)
	if p.Lists != 3 || p.Files != 0 {
		t.Errorf("%+v", p)
	}
	lists := []string{"/tzgg/", "/tzgg/index_1.html", "/few/", "/none/"}
	if got, want := l.listed(lists...), "proposed /tzgg/ → /gjj/tz/ true 旧列表 10 条里 10 条的新网页已知，10 条在这个列表里"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	l.proposes(true)
	for path, want := range map[string]string{"/tzgg/": "moved " + at("portal", "/gjj/tz/"), "/tzgg/index_1.html": "moved " + at("portal", "/gjj/tz/"), "/few/": "homeless", "/none/": "homeless"} {
		l.is(at("gjj", path), want)
	}
	if got := l.homes(); strings.Contains(got, "/tzgg/") || !strings.Contains(got, at("gjj", "/few/")+" 没有找到新列表") {
		t.Errorf("without a home:\n%s", got)
	}
	given := map[string]int{}
	l.check(l.EachMove(t.Context(), func(m moves.Move) error {
		if m.New == at("portal", "/gjj/tz/") {
			given[string(m.Origin)+" "+m.Old.Text]++
		}
		return nil
	}))
	if given["proposed "+at("gjj", "/tzgg/")] != 1 || given["implied "+at("gjj", "/tzgg/index_1.html")] != 1 || len(given) != 2 {
		t.Errorf("given away: %v", given)
	}
	l.decide(moves.Remove, at("gjj", "/tzgg/"))
	l.is(at("gjj", "/tzgg/index_1.html"), "homeless")
}

func TestAListWithoutKnownEntriesGoesToItsNamesakeOfTheDepartment(t *testing.T) {
	l := newLab(t)
	l.notice("gjj", "/1.html", "公积金中心机关党委的岗位职责", "2018-01-01")
	l.column("gjj", "/zzjg/", "组织机构", []string{"/1.html"})
	l.column("gjj", "/ldjj/", "领导简介", nil)
	article := func(path, source string) {
		l.publish("portal", path, "关于"+path+"公积金事项的通知", "来源："+source, "<p>"+strings.Repeat("关于事项的正文。", 20)+"</p>")
	}
	article("/n/1.html", "住房公积金中心")
	article("/n/2.html", "云河州人民政府")
	l.column("portal", "/a/", "组织机构", []string{"/n/1.html"})
	l.column("portal", "/b/", "组织机构", []string{"/n/2.html"})
	l.column("portal", "/c/", "领导简介", []string{"/n/1.html"})
	l.column("portal", "/d/", "领导简介", []string{"/n/1.html"})
	l = l.shut()
	l.proposes(true)
	if got, want := l.listed("/zzjg/", "/ldjj/"), `ambiguous /ldjj/ →  false 栏目同名（领导简介），属于同一部门（住房公积金中心）：http://www.yunhe.example/c/ http://www.yunhe.example/d/
proposed /zzjg/ → /a/ false 栏目同名（组织机构），属于同一部门（住房公积金中心）`; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	l.decide(moves.Accept, at("gjj", "/zzjg/"))
	l.is(at("gjj", "/zzjg/"), "moved "+at("portal", "/a/"))
}

func TestAShortListThatTheCrawlTookForAnArticleIsAList(t *testing.T) {
	l := newLab(t)
	short := func(site, path, name string, to ...archive.Link) {
		items := ""
		for i := range 6 {
			items += fmt.Sprintf(`<li><a href="/x/%d.html">%s</a><span>%s</span></li>`, i, subject(i), dated(i))
		}
		l.fetched(site, "/", archive.Home, site+path, archive.Link{URL: path, Text: name})
		l.fetched(site, path, archive.Article, "<title>"+name+"</title><h2>"+name+"</h2><ul class=list>"+items+"</ul>", to...)
	}
	short("gjj", "/ldjj/", "领导简介")
	short("gjj", "/wspt/", "网上平台")
	l.publish("portal", "/n/1.html", "关于公积金事项的通知", "来源：住房公积金中心", "<p>"+strings.Repeat("关于事项的正文。", 20)+"</p>")
	short("portal", "/c/", "领导简介", archive.Link{URL: "/n/1.html"}, archive.Link{URL: "/", Role: archive.Home})
	l = l.shut()
	if p := l.proposes(false); p.Lists != 2 || p.Proposed != 1 || p.Homeless != 1 {
		t.Errorf("%+v", p)
	}
	if got, want := l.listed("/ldjj/", "/wspt/"), "proposed /ldjj/ → /c/ false 栏目同名（领导简介），属于同一部门（住房公积金中心）"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got := l.homes(); !strings.Contains(got, at("gjj", "/wspt/")+" 没有找到新列表") {
		t.Errorf("without a home:\n%s", got)
	}
}

func TestAListOfSeveralAddressesOrPlacesIsOne(t *testing.T) {
	l := newLab(t)
	var olds, now []string
	var entries []archive.Link
	for i := range 8 {
		olds, now = append(olds, fmt.Sprintf("/%d.html", i)), append(now, fmt.Sprintf("/n/%d.html", i))
		l.notice("gjj", olds[i], subject(i), dated(i))
		l.notice("portal", now[i], subject(i), dated(i))
		l.notice("portal", fmt.Sprintf("/copy/%d.html", i), subject(i), dated(i))
		entries = append(entries, archive.Link{URL: fmt.Sprintf("/copy/%d.html", i), Role: archive.Article, Entry: true})
	}
	l.column("gjj", "/tzgg/", "通知公告", olds)
	l.fetched("portal", "/tz/", archive.List, "the same", slices.Clone(entries)...)
	l.fetched("portal", "/tz/index.html", archive.List, "the same", slices.Clone(entries)...)
	l = l.shut()
	l.proposes(false)
	got := l.listed("/tzgg/")
	if !strings.HasPrefix(got, "proposed /tzgg/ → /tz/") || !strings.HasSuffix(got, " true 旧列表 8 条里 8 条的新网页已知，8 条在这个列表里") {
		t.Errorf("got %s", got)
	}
}

func TestOfALongListSomeEntriesAreLookedAt(t *testing.T) {
	l := newLab(t)
	var olds, now []string
	var rows []moves.Row
	for i := range entriesLookedAt + 100 {
		olds, now = append(olds, fmt.Sprintf("/%d.html", i)), append(now, fmt.Sprintf("/n/%d.html", i))
		rows = append(rows, moves.Row{Old: at("gjj", olds[i]), New: at("portal", now[i])})
		l.fetched("portal", now[i], archive.Article, "<title>页</title>")
	}
	l.column("gjj", "/tzgg/", "通知公告", olds)
	l.column("portal", "/tz/", "公积金公告", now)
	l = l.shut()
	_, err := l.PutMoves(t.Context(), rows, moves.Imported, "")
	l.check(err)
	l.proposes(false)
	if got, want := l.listed("/tzgg/"), "proposed /tzgg/ → /tz/ true 每 2 条看一条，旧列表 300 条里 300 条的新网页已知，300 条在这个列表里"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
