package crawl

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

const siteInfo = `var siteInfo = {"siteGuid":"3f2a","projectName":"/EWB-FRONT"};`

const postedRows = 47 // of a column

// dataOf is the rows of one page, from the first on.
func dataOf(first, count int) string {
	var rows []string
	for i := first; i < min(first+count, postedRows+1); i++ {
		rows = append(rows, fmt.Sprintf(`{"title":"关于第%d次防汛检查的通知","infourl":"/n/%d.html","infodate":"2026-01-%02d 09:00:00"}`, i, i, i%28+1))
	}
	return "[" + strings.Join(rows, ",") + "]"
}

// wholeColumn fails unless the archive knows all notices and their dates, and the only column that has any says how many there are.
func (n *town) wholeColumn(total int) {
	n.Helper()
	n.listed(total)
	for i := 1; i <= total; i++ {
		if got, want := n.page(fmt.Sprintf("/n/%d.html", i)).ListDate, fmt.Sprintf("2026-01-%02d", i%28+1); got != want {
			n.Errorf("notice %d is of %q, want %q", i, got, want)
		}
	}
	columns, _, err := n.archive.Columns(n.Context(), "", "town")
	if err != nil || len(columns) != 1 {
		n.Fatal(columns, err)
	}
	known := 0
	for _, entries := range columns[0].Entries {
		known += entries
	}
	if known != total || columns[0].Said != total {
		n.Errorf("of %d notices %d are known to be of the column", columns[0].Said, known)
	}
}

func TestRowsForWhichAScriptPostsAreEntriesOfTheColumn(t *testing.T) {
	for name, c := range map[string]struct {
		path, script, action, kind string
		rows                       func(body string) (first, count int)
		answer                     string // the number of rows, and those of the page
		wrapped                    bool   // as a text
	}{
		"JSON": {
			path: "/dynamic/zwgk/govInfoPub.html?categorynum=003006", script: `load(0);`, action: "/EWB-FRONT/rest/lightfrontaction/getgovinfolist", kind: "application/json",
			rows: func(body string) (first, count int) {
				var ask struct {
					CategoryNum, SiteGUID string
					PageIndex, PageSize   int
				}
				if json.Unmarshal([]byte(body), &ask) != nil || ask.CategoryNum != "003006" || ask.SiteGUID != "3f2a" {
					return 0, 0
				}
				return ask.PageIndex*ask.PageSize + 1, ask.PageSize
			},
			answer: `{"custom":{"total":"%d","data":%s},"status":{"code":1}}`,
		},
		"JSON in a form": {
			path: "/jyxx/003001/003001002/transInfo.html", script: `$.ajax({url: siteInfo.projectName + "/rest/frontAppCustomAction/getPageInfoListNew"})`,
			action: "/EWB-FRONT/rest/frontAppCustomAction/getPageInfoListNew", kind: "application/x-www-form-urlencoded",
			rows: func(body string) (first, count int) {
				fields, _ := url.ParseQuery(body)
				var ask struct {
					CategoryNum, SiteGUID string
					PageIndex, PageSize   int
				}
				if json.Unmarshal([]byte(fields.Get("params")), &ask) != nil || ask.CategoryNum != "003001002" || ask.SiteGUID != "3f2a" {
					return 0, 0
				}
				return ask.PageIndex*ask.PageSize + 1, ask.PageSize
			},
			answer: `{"custom":{"count":%d,"infodata":%s}}`,
		},
		"a search": {
			path: "/jyxx/003001/003001001/list.html", action: "/inteligentsearch/rest/esinteligentsearch/getFullTextDataNew", kind: "application/json",
			script: `var param = {"pn":0,//起始行` + "\n" + `"rn":"10","wd":"","fields":"title","sort":'{"webdate":"0"}',"condition":null,"noWd":true}; post("/inteligentsearch/rest/esinteligentsearch/getFullTextDataNew");`,
			rows: func(body string) (first, count int) {
				var ask struct {
					PN, RN    int
					Sort      string
					NoWd      bool
					Condition []struct{ FieldName, Equal string }
				}
				if json.Unmarshal([]byte(body), &ask) != nil || ask.Sort != `{"webdate":"0"}` || !ask.NoWd || len(ask.Condition) != 1 || ask.Condition[0].Equal != "003001001" {
					return 0, 0
				}
				return ask.PN + 1, ask.RN
			},
			answer: `{"result":{"totalcount":%d,"records":%s}}`, wrapped: true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.RequestURI() {
				case "/":
					fmt.Fprintf(w, `<a href="%s">公告</a>`, c.path)
				case c.path:
					fmt.Fprint(w, `<ul id="rows"></ul><h2>热门</h2><ul><li><a href="/hot/1.html">关于开放公共体育场馆的通知公告</a></li><li><a href="/hot/2.html">云河州道路养护招标公告</a></li></ul><script src="/js/lib/jquery.js"></script><script src="/js/webBuilderCommon.js"></script><script src="/js/list.js"></script>`)
				case "/js/webBuilderCommon.js":
					fmt.Fprint(w, siteInfo)
				case "/js/list.js":
					fmt.Fprint(w, c.script)
				case c.action:
					body, _ := io.ReadAll(r.Body)
					first, count := c.rows(string(body))
					if r.Method != http.MethodPost || r.Header.Get("Content-Type") != c.kind || count == 0 {
						http.Error(w, "bad request", http.StatusInternalServerError)
						return
					}
					text := fmt.Sprintf(c.answer, postedRows, dataOf(first, count))
					if c.wrapped {
						quoted, _ := json.Marshal(text)
						text = `{"code":200,"content":` + string(quoted) + `}`
					}
					w.Header().Set("Content-Type", "application/json;charset=UTF-8")
					fmt.Fprint(w, text)
				default:
					http.NotFound(w, r)
				}
			})
			n.crawl(nil)
			n.wholeColumn(postedRows)
			if asked := n.count("/js/"); asked != 2 {
				t.Errorf("%d script files were asked for", asked)
			}
		})
	}
}

func TestScriptFilesThatRobotsForbidAreNotAskedFor(t *testing.T) {
	page := `<ul id="rows"></ul><script src="/js/webBuilderCommon.js"></script><script src="/js/list.js"></script>`
	n := newTown(t, map[string]string{"/robots.txt": "User-agent: *\nDisallow: /js/", "/": `<a href="/jyxx/001002/list.html">公告</a>`, "/jyxx/001002/list.html": page})
	n.crawl(nil)
	if asked := n.count("/js/"); asked > 0 {
		t.Errorf("%d script files were asked for", asked)
	}
	if got := n.state("/jyxx/001002/list.html"); !strings.HasPrefix(got, "needs_js") {
		t.Errorf("the list is %q", got)
	}
}

func TestEachColumnOfADirectoryInOnePageIsOneOfItsOwn(t *testing.T) {
	const tree = `[{"id":1,"name":"法规公文","children":[{"id":2,"name":"规范性文件","jump_url":""},{"id":3,"name":"其他文件"}]},{"id":4,"name":"办事指南","jump_url":"http://elsewhere.example/"}]`
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.URL.Query().Get("page"))
		rows := func(total int) {
			w.Header().Set("Content-Type", "application/json")
			text := fmt.Sprintf(`{"classify":{"id":2},"articles":[`)
			for i := (page - 1) * 100; i < min(page*100, total); i++ {
				text += fmt.Sprintf(`{"id":%d,"title":"第%d号文件","url":"/gkmlpt/content/%d/post_%d.html","date":1767319200},`, i, i, total, i)
			}
			fmt.Fprintf(w, `%s],"total":%d}`, strings.TrimSuffix(text, ","), total)
		}
		switch {
		case r.URL.Path == "/":
			fmt.Fprint(w, `<a href="/gkmlpt/index#2">政府信息公开</a>`)
		case r.URL.Path == "/gkmlpt/index":
			fmt.Fprintf(w, `<div id="app"></div><script>window._CONFIG = { SID: '755041', TREE: %s, SERVICE_AREA_ID: 1 };</script><script src="/gkmlpt/gkml/pc/js/app.js"></script>`, tree)
		case r.URL.Path == "/gkmlpt/api/all/2" && r.URL.Query().Get("sid") == "755041":
			rows(230)
		case r.URL.Path == "/gkmlpt/api/all/3" && r.URL.Query().Get("sid") == "755041":
			rows(7)
		default:
			http.NotFound(w, r)
		}
	})
	n.crawl(nil)
	columns, _, err := n.archive.Columns(n.Context(), "", "town")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range columns {
		known := 0
		for _, entries := range c.Entries {
			known += entries
		}
		if known > 0 {
			got = append(got, fmt.Sprintf("%s %d/%d in %d", c.Name, known, c.Said, c.Pages))
		}
	}
	if want := "规范性文件 230/230 in 3, 其他文件 7/7 in 1"; strings.Join(got, ", ") != want {
		t.Errorf("%v, want %s", got, want)
	}
	if got := n.page("/gkmlpt/content/230/post_229.html").ListDate; got != "2026-01-02" {
		t.Errorf("the last file of the first column is of %q", got)
	}
}

func TestAListIsReadAgainWhenItsScriptFilesCanBeHad(t *testing.T) {
	const list = "/jyxx/001002/list.html"
	broken := true
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			fmt.Fprintf(w, `<a href="%s">公告</a>`, list)
		case list:
			if r.Header.Get("If-None-Match") != "" {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			w.Header().Set("ETag", `"1"`)
			fmt.Fprint(w, `<p>云河州公共资源交易</p><ul id="rows"></ul><script src="/js/webBuilderCommon.js"></script><script src="/js/list.js"></script>`)
		case "/js/webBuilderCommon.js":
			if broken {
				http.Error(w, "busy", http.StatusInternalServerError)
				return
			}
			fmt.Fprint(w, siteInfo)
		case "/js/list.js":
			fmt.Fprint(w, `$.ajax({url: siteInfo.projectName + "/rest/lightfrontaction/getgovinfolist"})`)
		case "/EWB-FRONT/rest/lightfrontaction/getgovinfolist":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"custom":{"total":2,"data":%s}}`, dataOf(1, 2))
		default:
			http.NotFound(w, r)
		}
	})
	n.later(0)
	if got := n.state(list); got != "ok" {
		t.Errorf("the list is %q", got)
	}
	broken = false
	n.later(26 * time.Hour)
	n.listed(2)
}

func TestDataWithoutRowsIsReported(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, `<a href="/gg/">公告</a>`)
		case "/gg/":
			fmt.Fprint(w, `<ul id="rows"></ul><script>function load(page) { $.getJSON("/gg/rows?page=" + page, show); } load(1);</script>`)
		case "/gg/rows":
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, `{"status":{"code":0,"text":"请先取得令牌"}}`)
		default:
			http.NotFound(w, r)
		}
	})
	n.crawl(nil)
	if got := n.state("/gg/rows?page=1"); got != "ok "+rowless {
		t.Errorf("the data is %q", got)
	}
}
