package crawl

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"terrace/indexer/archive"
	"terrace/indexer/listing"
	"terrace/indexer/markup"
)

// notice is a row of a list.
func notice(i int) string {
	return fmt.Sprintf(`<tr><td><a href="/n/%d.html">关于第%d次防汛检查的通知</a></td><td>2026-01-02</td></tr>`, i, i)
}

// listed fails unless the archive knows all the notices from the first to the last.
func (n *town) listed(last int) {
	n.Helper()
	for i := 1; i <= last; i++ {
		if n.state(fmt.Sprintf("/n/%d.html", i)) == "unknown" {
			n.Errorf("nothing leads to notice %d", i)
		}
	}
}

// ledTo serves a list, and a home page that leads to it.
func ledTo(path string, list http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			fmt.Fprintf(w, `<a href="%s">公告</a>`, path)
		case path:
			list(w, r)
		default:
			http.NotFound(w, r)
		}
	}
}

// A GridView shows ten numbers at a time and takes none that the page before did not show.
func TestEveryPageOfAGridIsReachedThroughThoseBeforeIt(t *testing.T) {
	const last = 23
	n := newTownOf(t, ledTo("/list.aspx", func(w http.ResponseWriter, r *http.Request) {
		page, from := 1, 0
		if r.Method == http.MethodPost {
			page, _ = strconv.Atoi(strings.TrimPrefix(r.PostFormValue("__EVENTARGUMENT"), "Page$"))
			from, _ = strconv.Atoi(r.PostFormValue("__VIEWSTATE"))
			block := (from - 1) / 10 * 10
			if r.PostFormValue("__EVENTTARGET") != "Grid" || page < block || page > min(block+11, last) || page < 1 {
				http.Error(w, "Invalid postback or callback argument.", http.StatusInternalServerError)
				return
			}
		}
		fmt.Fprintf(w, `<form method="post"><input type="hidden" name="__VIEWSTATE" value="%d"><table id="Grid">%s<tr><td><table><tr>`, page, notice(page))
		for block, i := (page-1)/10*10, -1; i <= 10; i++ {
			switch p := block + i + 1; {
			case p < 1 || p > last:
			case p == page:
				fmt.Fprintf(w, `<td><span>%d</span></td>`, p)
			case i < 0 || i == 10:
				fmt.Fprintf(w, `<td><a href="javascript:__doPostBack('Grid','Page$%d')">...</a></td>`, p)
			default:
				fmt.Fprintf(w, `<td><a href="javascript:__doPostBack('Grid','Page$%d')">%d</a></td>`, p, p)
			}
		}
		fmt.Fprint(w, `</tr></table></td></tr></table></form>`)
	}))
	n.crawl(nil)
	n.listed(last)
	if got := n.state("/list.aspx#!post:" + url.Values{"__EVENTTARGET": {"Grid", "Grid", "Grid"}, "__EVENTARGUMENT": {"Page$11", "Page$21", "Page$23"}}.Encode()); got != "ok" {
		t.Errorf("the last page is %q", got)
	}
}

// The pager has nothing but links that lead on from the page they stand on.
func TestPagesBehindANextButtonAreReachedByPressingItAgain(t *testing.T) {
	const last = 5
	n := newTownOf(t, ledTo("/list.aspx", func(w http.ResponseWriter, r *http.Request) {
		page := 1
		if r.Method == http.MethodPost {
			from, _ := strconv.Atoi(r.PostFormValue("__VIEWSTATE"))
			page = min(from+1, last)
		}
		fmt.Fprintf(w, `<form method="post"><input type="hidden" name="__VIEWSTATE" value="%d"><table>%s</table>第%d/%d页 <a href="javascript:__doPostBack('next','')">下一页</a></form>`, page, notice(page), page, last)
	}))
	n.crawl(nil)
	n.listed(last)
}

func TestRowsThatAScriptAsksForAreEntriesOfTheColumn(t *testing.T) {
	const last, each = 7, 3
	for name, answer := range map[string]func(w http.ResponseWriter, page int, rows []int){
		"data with its total": func(w http.ResponseWriter, page int, rows []int) {
			fmt.Fprint(w, `{"total":7,"list":[`)
			for i, r := range rows {
				fmt.Fprintf(w, `%.*s{"title":"第%d号公告","url":"/n/%d.html","pubDate":"2026-01-02"}`, min(i, 1), ",", r, r)
			}
			fmt.Fprint(w, `]}`)
		},
		"data without a total": func(w http.ResponseWriter, page int, rows []int) {
			fmt.Fprint(w, `{"list":[`)
			for i, r := range rows {
				fmt.Fprintf(w, `%.*s{"title":"第%d号公告","url":"/n/%d.html","pubDate":"2026-01-02"}`, min(i, 1), ",", r, r)
			}
			fmt.Fprint(w, `]}`)
		},
		"a piece of a page": func(w http.ResponseWriter, page int, rows []int) {
			fmt.Fprint(w, `{"html":"<p>共7条</p><ul>`)
			for _, r := range rows {
				fmt.Fprintf(w, `<li><a href='\/n\/%d.html'>第%d号公告</a>2026-01-02<\/li>`, r, r)
			}
			fmt.Fprint(w, `</ul>"}`)
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/":
					fmt.Fprint(w, `<a href="/gg/">公告</a>`)
				case "/gg/":
					fmt.Fprint(w, `<ul id="rows"></ul><button>加载更多</button><script>function load(page) { $.getJSON("/gg/rows?size=3&page=" + page, show); } load(1);</script>`)
				case "/gg/rows":
					w.Header().Set("Content-Type", "application/json")
					page, _ := strconv.Atoi(r.URL.Query().Get("page"))
					var rows []int
					for i := (page-1)*each + 1; i <= min(page*each, last); i++ {
						rows = append(rows, i)
					}
					answer(w, page, rows)
				default:
					http.NotFound(w, r)
				}
			})
			n.crawl(nil)
			n.listed(last)
			if asked := n.count("/gg/rows"); asked > 4 {
				t.Errorf("asked for %d pages of rows", asked)
			}
			if known, _ := entries(n); known != last {
				t.Errorf("%d entries are known", known)
			}
		})
	}
}

func TestDataThatNoListAskedForIsNoPage(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, `<a href="/open/data">开放数据</a>`)
		case "/open/data":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `[{"title":"第一号公告","url":"/n/1.html"}]`)
		default:
			http.NotFound(w, r)
		}
	})
	n.crawl(nil)
	if got := n.state("/open/data"); !strings.HasPrefix(got, string(archive.Unsupported)) {
		t.Errorf("data is %q", got)
	}
}

// A server answers for pages beyond the last with the last, which leads on.
func TestAListThatGoesOnWithoutAnythingNewStopsAndIsReported(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		page := 1
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, `<a href="/list">公告</a>`)
			return
		case "/list":
			page, _ = strconv.Atoi("0" + r.URL.Query().Get("page"))
		default:
			http.NotFound(w, r)
			return
		}
		page = max(page, 1)
		fmt.Fprintf(w, `<table>%s</table><a href="/list?page=%d">下一页</a>`, notice(min(page, 4)), page+1)
	})
	n.crawl(nil)
	n.listed(4)
	asked := n.count("/list?page=")
	if asked > 4+maxInPlace {
		t.Errorf("asked for %d pages", asked)
	}
	pages, err := n.archive.Pages(t.Context(), archive.Filter{Role: archive.List}, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	reported := 0
	for _, p := range pages {
		if strings.Contains(p.Reason, turnedInPlace) {
			reported++
		}
	}
	if reported != 1 {
		t.Errorf("%d pages report it", reported)
	}
}

// All that a column shows on page after page may have been seen in another.
func TestAColumnWithTheNoticesOfAnotherIsReadToItsEnd(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi("0" + r.URL.Query().Get("page"))
		page = max(page, 1)
		each, last := 5, 4
		switch {
		case r.URL.Path == "/":
			fmt.Fprint(w, `<a href="/list?column=1">要闻</a><a href="/list?column=2">公告</a>`)
			return
		case r.URL.Path != "/list":
			http.NotFound(w, r)
			return
		case r.URL.Query().Get("column") == "2":
			each, last = 2, 11
		}
		for i := (page-1)*each + 1; i <= page*each; i++ {
			fmt.Fprint(w, "<table>", notice(i), "</table>")
		}
		if page < last {
			fmt.Fprintf(w, `<a href="/list?column=%s&page=%d">下一页</a>`, r.URL.Query().Get("column"), page+1)
		}
	})
	n.crawl(nil)
	if n.count("/list?column=2") != 11 || n.state("/n/22.html") == "unknown" {
		t.Errorf("of the second column %d pages were asked for, its last notice is %q", n.count("/list?column=2"), n.state("/n/22.html"))
	}
}

func TestAColumnOfAFewNoticesIsOneAndRelatedLinksOfAnArticleAreNot(t *testing.T) {
	few := "<ul>" + strings.Repeat(`<li><a href="/n/1.html">关于修路的通知</a><span>2026-01-02</span></li>`, 1) +
		`<li><a href="/n/2.html">关于停水的通知</a><span>2026-01-01</span></li></ul>`
	empty := `<div class="list"></div><script>createPageHTML(1, 0, "index", "html");</script>`
	text := "<p>各镇人民政府，各街道办事处，区政府各部门：现将有关事项通知如下，请各单位认真抓好落实，确保群众出行安全。</p>"
	for name, c := range map[string]struct {
		path, body string
		want       archive.Role
	}{
		"two notices":                           {"/xzjd/notices", few, archive.List},
		"one notice in a folder":                {"/xzjd/tzgg/", `<li><a href="/n/1.html">关于修路的通知</a>2026-01-02</li>`, archive.List},
		"one link with a date":                  {"/art/9.html", `<li><a href="/n/1.html">关于修路的通知</a>2026-01-02</li>`, archive.Article},
		"an empty column whose script turns it": {"/xzjd/tzgg/index.html", empty, archive.List},
		"an article with links":                 {"/art/1.html", text + few, archive.Article},
		"an article of two words with links":    {"/art/2.html", "<p>发布时间：2026-01-02　来源：区财政局</p><p>详见附件。</p>" + few, archive.Article},
		"an article of several pages":           {"/art/3.html", "<p>来源：统计局</p>" + text + `<a href="3_2.html">2</a> <a href="3_2.html">下一页</a>`, archive.Article},
		"an article of several pages in TRS":    {"/art/t1.html", "<p>发布日期：2026年1月2日</p>" + text + `<script>createPageHTML(3, 0, "t1", "html");</script>`, archive.Article},
	} {
		u, _ := url.Parse("http://www.yunhe.example" + c.path)
		p, err := markup.Parse(u, []byte(c.body), "text/html; charset=utf-8", "")
		if err != nil {
			t.Fatal(err)
		}
		if got := roleOf(p, listing.Read(p)); got != c.want {
			t.Errorf("%s: %s", name, got)
		}
	}
}

func TestTheFurtherPagesOfAnArticleAreFetched(t *testing.T) {
	const text = "<p>发布日期：2026年1月2日</p><p>各镇人民政府，各街道办事处，区政府各部门：现将有关事项通知如下，请各单位认真抓好落实，确保群众出行安全。</p>"
	n := newTown(t, map[string]string{
		"/":            `<title>首页</title><a href="/a/t1.html">关于修路的通知</a>`,
		"/a/t1.html":   "<title>关于修路的通知</title>" + text + `<script>createPageHTML(3, 0, "t1", "html");</script>`,
		"/a/t1_1.html": "<title>关于修路的通知</title>" + text + `<script>createPageHTML(3, 1, "t1", "html");</script>`,
		"/a/t1_2.html": "<title>关于修路的通知</title>" + text + `<script>createPageHTML(3, 2, "t1", "html");</script>`,
	})
	n.crawl(nil)
	for _, path := range []string{"/a/t1.html", "/a/t1_1.html", "/a/t1_2.html"} {
		if p := n.page(path); p.State != archive.OK || p.Role != archive.Article {
			t.Errorf("%s: %s as %q", path, p.State, p.Role)
		}
	}
}
