package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"terrace/judge"
)

// What the sample cluster's queries must reach: a little below what was measured when they were last changed.
var demoFloors = floors{ndcg: .94, mrr: .98, hit1: .965, hit10: .99}

func TestCitizensFindWhatTheyLookForInTheSampleCluster(t *testing.T) {
	_, n, _ := startDemo(t, 0)
	if err := n.searcher.Learn(t.Context()); err != nil { // words of the texts, by which slips are told
		t.Fatal(err)
	}
	outcomes := n.judged(t, "testdata/demo-queries.tsv")
	if err := demoFloors.below(judge.Summarize(outcomes)); err != nil {
		t.Error(err)
	}
	n.judged(t, "testdata/demo-queries-later.tsv") // to be seen in the log, until it can be asked for
}

// judged runs a judgement file and logs what is missed.
func (n *node) judged(t *testing.T, file string) []judge.Outcome {
	t.Helper()
	queries, err := readJudgements(file)
	if err != nil {
		t.Fatal(err)
	}
	outcomes, err := judge.Judge(t.Context(), queries, judgementKeys(), n.judgingSource())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := judge.Report(&b, outcomes); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s\n%s", file, b.String())
	return outcomes
}

// evalSite is a site on which something is wrong with most pages.
func evalSite() http.Handler {
	article := func(title, head, text string) string {
		return "<html><head><title>" + title + "</title>" + head + "</head><body><h1>" + title + "</h1><div class=\"content\"><p>" +
			strings.Repeat(text, 8) + "</p></div></body></html>"
	}
	pages := map[string]string{
		"/": `<html><head><title>青溪县人民政府</title></head><body><ul><li><a href="/tiqu.html">住房公积金提取指南</a></li>
			<li><a href="/wenda.html">提取问答</a></li><li><a href="/old.html">旧网址</a></li><li><a href="/noindex.html">声明</a></li>
			<li><a href="/private/a.html">内部</a></li><li><a href="/gone.html">已撤下</a></li><li><a href="/moved.html">搬走的声明</a></li>
			<li><a href="/away.html">临时搬走</a></li><li><a href="/error.html">出错</a></li></ul></body></html>`,
		"/robots.txt":   "User-agent: *\nDisallow: /private/\n",
		"/tiqu.html":    article("住房公积金提取指南", "", "住房公积金可以凭购房合同提取，提取额不超过实际支出。"),
		"/wenda.html":   article("关于公积金的问答", "", "问：住房公积金怎样提取？答：请到柜台办理，凭身份证提取。"),
		"/noindex.html": article("本站声明", `<meta name="robots" content="noindex">`, "本站声明不收录，住房公积金另见他页。"),
	}
	moved := map[string]string{"/old.html": "/tiqu.html", "/moved.html": "/noindex.html"}
	away := map[string]string{"/away.html": "/noindex.html"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.Path]
		switch {
		case moved[r.URL.Path] != "":
			http.Redirect(w, r, moved[r.URL.Path], http.StatusMovedPermanently)
		case away[r.URL.Path] != "":
			http.Redirect(w, r, away[r.URL.Path], http.StatusFound)
		case r.URL.Path == "/error.html":
			http.Error(w, "out of order", http.StatusInternalServerError)
		case !ok:
			http.NotFound(w, r)
		case r.URL.Path == "/robots.txt":
			fmt.Fprint(w, body)
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, body)
		}
	})
}

func TestEveryMissIsToldWithItsCause(t *testing.T) {
	site := httptest.NewServer(evalSite())
	defer site.Close()
	n := crawled(t, site.URL)
	for name, c := range map[string]struct{ query, wanted, code, text string }{
		"first by its title":            {"住房公积金提取指南", "住房公积金提取指南", "", ""},
		"first by its URL":              {"住房公积金提取指南", site.URL + "/tiqu.html#top", "", ""},
		"first by its path":             {"住房公积金提取指南", "/tiqu.html", "", ""},
		"first by a URL that redirects": {"住房公积金提取指南", site.URL + "/old.html", "", ""},
		"outranked": {"住房公积金提取指南", "关于公积金的问答", judge.Outranked,
			"排在第 2，前面是《住房公积金提取指南》：它的标题就是查询词，要找的标题有“公积金”；得分"},
		"outranked by half a title": {"公积金提取", site.URL + "/wenda.html", judge.Outranked,
			"排在第 2，前面是《住房公积金提取指南》：它的标题有“公积金提取”，要找的标题有“公积金”；得分"},
		"nothing is found":         {"社保转移", "住房公积金提取指南", judge.Outranked, "什么也没有搜到，它在索引里，但不含查询的词"},
		"not crawled":              {"公积金", site.URL + "/nowhere.html", judge.Unknown, "没有抓取（不在台账中）"},
		"forbidden by robots.txt":  {"公积金", site.URL + "/private/a.html", judge.Refused, "被拒绝：robots.txt 不许抓取"},
		"answers 404":              {"公积金", site.URL + "/gone.html", judge.Gone, "已删除：HTTP 404"},
		"answers 500":              {"公积金", site.URL + "/error.html", judge.Failed, "抓取失败，将重试：HTTP 500"},
		"asks not to be indexed":   {"公积金", site.URL + "/noindex.html", judge.Skipped, "已抓取但未进入索引：网页声明 noindex"},
		"the home page":            {"公积金", site.URL + "/", judge.Skipped, "已抓取但未进入索引：是首页"},
		"redirects to what is not": {"公积金", site.URL + "/moved.html", judge.Skipped, "转到 " + site.URL + "/noindex.html，那里已抓取但未进入索引：网页声明 noindex"},
		"redirects for now":        {"公积金", site.URL + "/away.html", judge.Skipped, "转到 " + site.URL + "/noindex.html，那里已抓取但未进入索引：网页声明 noindex"},
		"the title differs":        {"公积金", "住房公积金提取办事指南", judge.OtherName, "标题不同：索引里最接近的是《住房公积金提取指南》" + site.URL + "/tiqu.html"},
		"no such title":            {"公积金", "护照签发", judge.NoTitle, "索引里没有这个标题"},
		"a path that is not found": {"公积金", "/nowhere.html", judge.Unclear, "不在前 100 条里；只写了路径"},
		"a query of signs":         {"？？？", "/tiqu.html", judge.Unclear, "不在前 100 条里"},
		"the home page of nowhere": {"公积金", "http://www.nowhere.example/", judge.Unknown, "没有抓取（不在台账中）"},
		"an id that leads to a page": {"公积金", n.idOf(t, site.URL+"/noindex.html"), judge.Skipped,
			"已抓取但未进入索引：网页声明 noindex"},
	} {
		t.Run(name, func(t *testing.T) {
			queries, err := judge.Read(strings.NewReader(c.query+"\t"+c.wanted), judgementKeys())
			if err != nil {
				t.Fatal(err)
			}
			outcomes, err := judge.Judge(t.Context(), queries, judgementKeys(), n.judgingSource())
			if err != nil {
				t.Fatal(err)
			}
			got := outcomes[0].Cause
			if got == nil {
				got = &judge.Cause{}
			}
			if got.Code != c.code || !strings.HasPrefix(got.Text, c.text) {
				t.Errorf("cause %q %q, want %q %q", got.Code, got.Text, c.code, c.text)
			}
		})
	}
}

// crawled is a node that has crawled and indexed one site.
func crawled(t *testing.T, portal string) *node {
	t.Helper()
	u, err := url.Parse(portal)
	if err != nil {
		t.Fatal(err)
	}
	c := defaultConfig()
	c.Name, c.Storage.Dir, c.Crawl.Delay = "青溪县", t.TempDir(), 0
	c.Sites = []SiteConfig{{ID: "qingxi", Name: "青溪县人民政府", Hosts: []string{u.Host}, Seeds: []string{portal + "/"}, AllowPrivate: true}}
	n, err := openNode(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.close)
	crawler, err := n.crawler(true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := crawler.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := n.indexer.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n
}

func (n *node) idOf(t *testing.T, u string) string {
	t.Helper()
	p, err := n.archive.Page(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	return p.ID
}
