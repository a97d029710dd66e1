package listing

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

func readPage(t testing.TB, address, body string) Listing {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p, err := markup.Parse(u, []byte(body), "text/html; charset=utf-8", "")
	if err != nil {
		t.Fatal(err)
	}
	return Read(p)
}

const (
	folder = "http://www.yunhe.example/zwgk/tzgg/"
	unitAt = "/api-gateway/jpaas-publish-server/front/page/build/unit"
)

// brief writes a listing as its adapter, entries/per page/pages, and where the pages are: number:address, the folder left out.
func brief(l Listing) string {
	var next []string
	for _, r := range l.Next {
		address := strings.TrimPrefix(r.Canonical(), folder)
		next = append(next, fmt.Sprintf("%d:%s", r.Number, strings.TrimPrefix(address, "http://www.yunhe.example")))
	}
	if len(next) > 4 {
		next = []string{next[0], next[1], fmt.Sprintf("… %d …", len(next)-3), next[len(next)-1]}
	}
	return strings.TrimSpace(fmt.Sprintf("%s %d/%d/%d %s", l.Adapter, l.Items, l.PerPage, l.Pages, strings.Join(next, " ")))
}

func TestCountsInPlainWords(t *testing.T) {
	for line, want := range map[string]string{
		"共 1,204 条": "1204/0/0",
		"共１２０４条记录，每页２０条":                             "1204/20/0",
		"共有&nbsp;<b>36</b>&nbsp;条信息":                 "36/0/0",
		"总记录数：1 204":                                 "1204/0/0",
		"共20页 300条":                                  "300/0/20",
		"共 300 条　页次：<font>1</font>/20页　15条/页":        "300/15/20",
		"233条/20页":                                   "233/0/20",
		"第1/5页":                                      "0/0/5",
		"共62条&nbsp;&nbsp;1/7&nbsp;首页 上页 下页":          "62/0/7",
		"当前第3页 共 12 页":                               "0/0/12",
		"第 3 页/共 12 页":                               "0/0/12",
		"总共 1,000,000 条":                             "1000000/0/0",
		"政府信息共130条，全文电子化率达100％。":                     "0/0/0",
		"发布于2024/5/1":                                "0/0/0",
		"法律共九章，本条例共 " + strings.Repeat("一", 40) + "": "0/0/0",
		"点击量：1204":                                   "0/0/0",
		"1/5":                                        "0/0/0",
		"<a>11796条</a> <a>上一页</a> <span>1</span>":    "11796/0/0",
		"每页&nbsp;<em>14</em>&nbsp;记录 总共&nbsp;12222&nbsp;记录": "12222/14/0",
		"共52条 1 2 3 ... 11 下页 尾页 1/11":                      "52/0/11",
		"页码 <em>1</em>/<em>873</em> 跳转":                     "0/0/873",
		"上一页 2025/12":                                       "0/0/0",
	} {
		u, _ := url.Parse(folder)
		p, err := markup.Parse(u, []byte("<div>"+line+"</div>"), "", "utf-8")
		if err != nil {
			t.Fatal(err)
		}
		c := look(p).said
		if got := fmt.Sprintf("%d/%d/%d", c.items, c.perPage, c.pages); got != want {
			t.Errorf("%s: %s, want %s", line, got, want)
		}
	}
}

func TestPagesThatAreNoListsLeadNowhere(t *testing.T) {
	for name, body := range map[string]string{
		"an article":                         `<h1>关于放假的通知</h1><p>全文共3页。</p><p>上一篇：<a href="1.html">甲</a></p><p>下一篇：<a href="3.html">乙</a></p>`,
		"a script's definition":              `<script>function createPageHTML(count, current, name, ext) { }</script><p>正文</p>`,
		"pictures in turn":                   `<div>1/5</div><p>正文</p>`,
		"a postback that is no pager":        `<a href="javascript:__doPostBack('btnSearch','')">搜索</a><a href="javascript:__doPostBack('lang','1')">简体</a>`,
		"a number among links of other kind": `<ul><li><a href="/2024/">2024</a></li></ul>`,
		"years":                              `<div><span>2023</span> <a href="/2024/">2024</a> <a href="/2025/">2025</a></div>`,
		"days of a calendar":                 `<div><a href="?day=1">1</a> <a href="?day=2">2</a> <a href="?day=3">3</a></div>`,
		"days in cells":                      `<table><tr><td>1</td><td><a href="?day=2">2</a></td><td><a href="?day=3">3</a></td></tr></table>`,
		"numbers of other pages":             `<div><span>1</span> <a href="/art/77.html">2</a> <a href="/art/81.html">3</a></div>`,
		"a menu of months":                   `<select onchange="show(this.value)"><option value="1">1</option><option value="2">2</option></select><script>function show(n) { location.href = "?month=" + n; }</script>`,
		"a search":                           `<form><input name="q"><input type="submit" value="搜索"></form>`,
		"the next of something to read":      `<p>为做好今年防汛工作，现将有关事项通知如下，请各单位认真贯彻落实。</p><a rel="next" href="102.html">关于招聘的公告</a>`,
	} {
		if l := readPage(t, folder+"a.html", body); l.Adapter != "" || len(l.Next) > 0 {
			t.Errorf("%s: %s", name, brief(l))
		}
	}
}

func TestNoListLeadsToMoreThanAThousandPages(t *testing.T) {
	for body, last := range map[string]string{
		`<script>createPageHTML(20000, 0, "index", "html")</script>`:    "index_1000.html",
		`<script>createPageHTML(20000, 1000, "index", "html")</script>`: "index_1001.html",
	} {
		l := readPage(t, folder, body)
		if n := len(l.Next); n > MaxNext || !strings.HasSuffix(l.Next[n-1].URL.Path, last) {
			t.Errorf("%d pages, the last %s, want %s", n, l.Next[n-1].URL, last)
		}
	}
}

func TestAPostedPageIsAskedForWithTheFieldsOfItsForm(t *testing.T) {
	body, err := os.ReadFile("testdata/aspnet.html")
	if err != nil {
		t.Fatal(err)
	}
	u, _ := url.Parse("http://www.yunhe.example/News.aspx?id=3")
	p, err := markup.Parse(u, body, "", "utf-8")
	if err != nil {
		t.Fatal(err)
	}
	want := "ctl00%24Main%24AspNetPager1_input=1&ctl00%24keyword=&__EVENTARGUMENT=2&__EVENTTARGET=ctl00%24Main%24AspNetPager1&__EVENTVALIDATION=%2FwEWBQ%3D%3D&__VIEWSTATE=%2FwEPDwUKMTIz&__VIEWSTATEGENERATOR=CA0B0334"
	wanted, _ := url.ParseQuery(want)
	first := Read(p).Next[0]
	if first.Form.Encode() != wanted.Encode() {
		t.Errorf("form %s\nwant %s", first.Form.Encode(), wanted.Encode())
	}
	kept := url.Values{eventTarget: first.Form[eventTarget], eventArgument: first.Form[eventArgument]}
	if !Renewed(kept) || Renew(p, kept).Encode() != first.Form.Encode() {
		t.Errorf("renewed %s", Renew(p, kept).Encode())
	}
}

func FuzzRead(f *testing.F) {
	files, err := filepath.Glob("testdata/*.*")
	if err != nil || len(files) == 0 {
		f.Fatal("no samples", err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add("/zwgk/tzgg/2.html?pageIndex=3&startrecord=1&endrecord=3", body)
		f.Add("/zwgk/tzgg/", body)
	}
	f.Fuzz(func(t *testing.T, path string, body []byte) {
		u, err := url.Parse("http://www.yunhe.example/" + path)
		if err != nil {
			return
		}
		p, err := markup.Parse(u, body, "", "")
		if err != nil {
			return
		}
		asked := Request{URL: u, JSON: `{"pageIndex":3,"params":` + path}
		l := ReadAnswer(p, asked)
		if len(l.Wants) > 0 {
			p.Files = []string{string(body), path}
			l = ReadAnswer(p, asked)
		}
		if len(l.Next) > MaxNext || len(l.Columns) > MaxNext || l.Items < 0 || l.Pages < 0 || l.PerPage < 0 {
			t.Fatalf("%d pages, counts %d %d %d", len(l.Next), l.Items, l.PerPage, l.Pages)
		}
		for _, r := range l.Next {
			back, err := url.Parse(r.Canonical())
			if err != nil || weburl.Canonical(back) != r.Canonical() {
				t.Fatalf("%q is not canonical, but %q, %v", r.Canonical(), weburl.Canonical(back), err)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	body, err := os.ReadFile("testdata/plain.html")
	if err != nil {
		b.Fatal(err)
	}
	u, _ := url.Parse(folder)
	text := string(body) + strings.Repeat("<p>为进一步做好全州养老服务工作，现将有关事项通知如下。</p>", 300)
	p, err := markup.Parse(u, []byte(text), "", "utf-8")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		Read(p)
	}
}

func TestNoRuleNamesAHost(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no source", err)
	}
	host := regexp.MustCompile(`[a-z0-9-]+(?:\\?\.)(?:gov|com|org|net|edu)(?:\\?\.cn)?\b|\w+\\?\.cn\b`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		body := imports.ReplaceAllString(string(source), "")
		if m := host.FindString(body); m != "" {
			t.Errorf("%s names %s", file, m)
		}
	}
}

var imports = regexp.MustCompile(`(?s)^.*?\nimport \([^)]*\)`)
