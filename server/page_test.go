package server

import (
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"terrace/index"
)

func TestTheResultPageShowsWhatWasFound(t *testing.T) {
	tn := build(t, nil)
	got := tn.get("/", "q", "公积金提取", "from", "singlemessage")
	p := got.page()
	if got.code != 200 || got.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatalf("got %d %s", got.code, got.Get("Content-Type"))
	}
	h1 := p.all("h1", "")
	if len(h1) != 1 || !strings.HasPrefix(text(h1[0]), "公积金提取 ") || !strings.HasSuffix(text(h1[0]), " 条结果") {
		t.Errorf("heading: %q", text(h1[0]))
	}
	if title := text(p.all("title", "")[0]); !strings.HasPrefix(title, "公积金提取（") || !strings.Contains(title, "云河州政府网站") {
		t.Errorf("title: %q", title)
	}
	first := p.all("li", "hits")[0]
	for _, want := range []string{"办事服务", "云河州住房公积金中心", "2024-03-05", "云公积金〔2024〕3号", "来源：云河日报", "另有 1 处发布相同内容", "云岭县人民政府 2024-03-09", "已修改", "已被修改，见： 关于修改指南的<b>决定</b>", "政策解读： 解读"} {
		if !strings.Contains(text(first), want) {
			t.Errorf("the hit lacks %s: %s", want, text(first))
		}
	}
	if strings.Count(text(first), "云河州住房公积金中心") != 1 {
		t.Errorf("site and department of one name stand twice: %s", text(first))
	}
	if href := attr(p.all("a", "hits")[0], "href"); href != "http://gjj.yunhe.example/guide" {
		t.Errorf("the hit leads to %s", href)
	}
	var marked []string
	for _, m := range p.all("mark", "hits") {
		marked = append(marked, text(m))
	}
	if !slices.Contains(marked, "公积金") && !slices.Contains(marked, "公积金提取") {
		t.Errorf("marked: %q", marked)
	}
}

func TestThePageHasLandmarksAndOneLiveRegion(t *testing.T) {
	p := build(t, nil).get("/", "q", "公积金").page()
	for _, tag := range []string{"header", "search", "main", "aside", "footer"} {
		if n := len(p.all(tag, "")); n != 1 {
			t.Errorf("%d of <%s>, want one", n, tag)
		}
	}
	live := 0
	for n := range p.root.Descendants() {
		if attr(n, "aria-live") != "" || attr(n, "role") == "status" || attr(n, "role") == "alert" {
			live++
			if n.Data != "h1" {
				t.Errorf("<%s> is live", n.Data)
			}
		}
		if n.Data == "style" || attr(n, "style") != "" || n.Data == "script" && n.FirstChild != nil {
			t.Errorf("inline style or script in <%s>, which the policy forbids", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("inline handler %s", a.Key)
			}
		}
	}
	if live != 1 {
		t.Errorf("%d live regions, want one", live)
	}
	if skip := p.all("a", "")[0]; attr(skip, "href") != "#main" {
		t.Errorf("the first link leads to %s, not to the main part", attr(skip, "href"))
	}
	if attr(p.all("label", "ask")[0], "for") != attr(p.all("input", "box")[0], "id") {
		t.Error("the box has no label")
	}
}

func TestACountIsWhatTheClickGives(t *testing.T) {
	tn := build(t, nil)
	for _, at := range []string{
		"/?" + params("q", "公积金"), "/?" + params("q", "公积金", "kind", "news"), "/?" + params("q", "公积金", "department", "gjj"),
		"/?" + params("q", "公积金", "date_from", "2022-01-02", "date_to", "2024-12-31"), "/?" + params("q", "不动产", "date_from", "2021-01-10"),
		"/?" + params("q", "不动产登记", "sort", "date"),
	} {
		p := tn.get(at).page()
		tried := 0
		for _, under := range []string{"tabs", "groups"} {
			for _, a := range p.all("a", under) {
				if attr(a, "aria-current") != "" {
					continue
				}
				tried++
				if got := tn.get(attr(a, "href")).page().total(); got != counted(t, a) {
					t.Errorf("%s: %q leads to %d results", at, text(a), got)
				}
			}
		}
		if tried < 5 {
			t.Errorf("%s: only %d links tried", at, tried)
		}
	}
}

func TestChoosingAValueReplacesChoosingItAgainFrees(t *testing.T) {
	tn := build(t, nil)
	start := "/?" + params("q", "公积金", "sort", "date")
	chosen := tn.get(start).page().link("groups", "云河州人社局")
	if chosen != "/?"+"q="+url.QueryEscape("公积金")+"&department=rsj&sort=date" {
		t.Errorf("choosing leads to %s", chosen)
	}
	p := tn.get(chosen).page()
	if other := p.link("groups", "云河州住房公积金中心"); !strings.Contains(other, "department=gjj") || strings.Contains(other, "rsj") {
		t.Errorf("another value leads to %s", other)
	}
	free := p.link("groups", "云河州人社局")
	if strings.Contains(free, "department") || !strings.Contains(free, "sort=date") {
		t.Errorf("the chosen value leads to %s", free)
	}
	if chip := p.link("chips", "去掉筛选： 部门：云河州人社局"); chip != free {
		t.Errorf("the chip leads to %s, want %s", chip, free)
	}
}

func TestByDateTheRuleThatEveryWordIsHeldCanBeTakenOff(t *testing.T) {
	tn := build(t, nil)
	p := tn.get("/", "q", "公积金 不动产登记通知", "sort", "date").page()
	if chips := p.all("ul", "chips"); len(chips) > 0 {
		t.Errorf("no document holds every word, and there are chips: %s", text(chips[0]))
	}
	p = tn.get("/", "q", "不动产登记通知", "sort", "date", "column", "通知公告").page()
	off := p.link("chips", "去掉筛选： 含全部词语")
	if !strings.Contains(off, "match=any") || !strings.Contains(off, "column=") {
		t.Fatalf("the chip leads to %s", off)
	}
	if clear := p.link("chips", "全部清除"); !strings.Contains(clear, "match=any") || strings.Contains(clear, "column=") {
		t.Errorf("clearing all leads to %s", clear)
	}
	loose := tn.get(off).page()
	if strings.Contains(text(loose.all("ul", "chips")[0]), "含全部词语") || loose.total() < p.total() {
		t.Errorf("without the chip: %d results of %d", loose.total(), p.total())
	}
	if got := tn.get("/", "q", "不动产登记通知").page(); len(got.all("ul", "chips")) > 0 {
		t.Error("there is a chip by relevance")
	}
	none := tn.get("/", "q", "不动产登记通知", "sort", "date", "date_from", "2022-01-01").page()
	none.link("widen", "去掉“2022-01-01 以来”")
}

func TestAYearIsASpanOfDays(t *testing.T) {
	tn := build(t, nil)
	year := tn.get("/", "q", "公积金").page().link("groups", "2022 年")
	if !strings.Contains(year, "date_from=2022-01-01&date_to=2022-12-31") {
		t.Errorf("the year leads to %s", year)
	}
	p := tn.get(year).page()
	if p.total() != 2 {
		t.Errorf("%d results in 2022, want 2", p.total())
	}
	p.link("chips", "去掉筛选： 2022 年")
}

func TestPagesAreNumberedToTheLastOneServed(t *testing.T) {
	tn := build(t, nil)
	p := tn.get("/", "q", "不动产登记", "page", "50").page()
	var numbers []string
	for _, li := range p.all("li", "pages") {
		numbers = append(numbers, strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(text(li), "第 ", ""), " 页", ""), " ", ""))
	}
	if got := strings.Join(numbers, " "); got != "上一页 1 … 48 49 50 51 52 … 100 下一页" {
		t.Errorf("pages: %s", got)
	}
	if p.total() != 1200 || !strings.Contains(text(p.all("h1", "")[0]), "1,200 条结果") {
		t.Errorf("heading: %s", text(p.all("h1", "")[0]))
	}
	if got := text(p.all("h1", "")[0]); !strings.HasSuffix(got, "第 50 页") {
		t.Errorf("heading: %s", got)
	}
	last := tn.get(p.link("pages", "第 100 页")).page()
	if len(last.all("li", "hits")) != 10 || attr(last.all("ol", "")[0], "start") != "991" {
		t.Errorf("page 100 has %d hits from %s", len(last.all("li", "hits")), attr(last.all("ol", "")[0], "start"))
	}
	if got := tn.get("/", "q", "不动产登记", "page", "101"); got.code != 400 {
		t.Errorf("page 101: %d", got.code)
	}
	if got := tn.get("/", "q", "公积金", "page", "7"); got.code != 200 || !strings.Contains(got.body, "这一页没有结果了") {
		t.Errorf("a page past the end: %d", got.code)
	}
}

func TestAnEmptyPageOffersWaysOn(t *testing.T) {
	tn := build(t, nil)
	p := tn.get("/", "q", "公积金提取", "department", "gjj", "kind", "interaction").page()
	if !strings.Contains(text(p.all("h1", "")[0]), "没有找到结果") {
		t.Fatalf("heading: %s", text(p.all("h1", "")[0]))
	}
	if chosen := p.link("groups", "云河州住房公积金中心"); strings.Contains(chosen, "department") {
		t.Errorf("the chosen department is to be freed, and leads to %s", chosen)
	}
	none := tn.get("/", "q", "公积金", "column", "没有的栏目").page()
	if to := none.link("groups", "没有的栏目"); strings.Contains(to, "column") {
		t.Errorf("a chosen value without results leads to %s", to)
	}
	way := p.link("widen", "去掉“类别：互动交流”")
	if got := tn.get(way).page().total(); got != 1 {
		t.Errorf("without the kind: %d results, want 1", got)
	}
	if got := tn.get("/", "q", "——！").page(); !strings.Contains(text(got.all("div", "nothing")[0]), "没有可以查找的文字") {
		t.Errorf("only punctuation: %s", text(got.all("div", "nothing")[0]))
	}
}

func TestAnErrorPageKeepsTheQuery(t *testing.T) {
	tn := build(t, nil)
	long := strings.Repeat("字", 201)
	for name, c := range map[string]struct {
		path, query, says string
		code              int
	}{
		"too long":      {"/?" + params("q", long), long, "最多 200 个字", 400},
		"no day":        {"/?" + params("q", "公积金", "date_to", "2024-13-01"), "公积金", "不是 2024-01-31 这样的日期", 400},
		"no such page":  {"/none?" + params("q", "公积金"), "公积金", "没有找到这个页面", 404},
		"10 kB of text": {"/?" + params("q", strings.Repeat("a", 10<<10)), strings.Repeat("a", 10<<10), "最多 200 个字", 400},
	} {
		got := tn.get(c.path)
		p := got.page()
		if got.code != c.code || attr(p.all("input", "box")[0], "value") != c.query || !strings.Contains(text(p.all("main", "")[0]), c.says) {
			t.Errorf("%s: %d %s", name, got.code, text(p.all("main", "")[0]))
		}
	}
	if got := tn.do("POST", "/", "q=a"); got.code != 405 || got.Get("Allow") == "" {
		t.Errorf("POST: %d, Allow %q", got.code, got.Get("Allow"))
	}
}

func TestTextNeverBecomesMarkup(t *testing.T) {
	tn := build(t, nil)
	hostile := `公积金"><script>alert(1)</script>'`
	for _, path := range []string{
		"/?" + params("q", hostile), "/?" + params("q", "公积金", "column", hostile), "/?" + params("q", "公积金", "department", hostile),
		"/?" + params("q", "公积金", "date_from", hostile), "/?" + params("department", hostile), "/" + url.PathEscape(hostile),
	} {
		p := tn.get(path).page()
		for _, s := range p.all("script", "") {
			if attr(s, "src") == "" {
				t.Errorf("%s: a script %q", path, text(s))
			}
		}
		if n := len(p.all("img", "")); n != 0 {
			t.Errorf("%s: %d images", path, n)
		}
		for _, a := range p.all("a", "") {
			if strings.HasPrefix(attr(a, "href"), "javascript:") {
				t.Errorf("%s: a link %s", path, attr(a, "href"))
			}
		}
	}
	if p := tn.get("/", "q", "公积金").page(); !strings.Contains(text(p.all("ol", "")[0]), "alert(1)") {
		t.Error("the hostile title was not among the hits")
	}
}

func TestTheStartPageLeadsToWhatEachPlacePublishes(t *testing.T) {
	tn := build(t, nil)
	p := tn.get("/").page()
	if got := text(p.all("h1", "")[0]); got != "云河州政府网站搜索" {
		t.Errorf("heading: %s", got)
	}
	if got := text(p.all("p", "covered")[0]); got != "已收录 3 个网站的 1,204 篇内容。不输入关键词，也可以从下面点开，看最新的内容。" {
		t.Errorf("covered: %s", got)
	}
	for _, a := range p.all("a", "scopes") {
		if got := tn.get(attr(a, "href")).page().total(); got == 0 || got != counted(t, a) {
			t.Errorf("%q leads to %d results", text(a), got)
		}
	}
	county := tn.get(p.link("scopes", "云岭县")).page()
	if h1 := text(county.all("h1", "")[0]); h1 != "云岭县 1 条结果" {
		t.Errorf("heading of a county: %s", h1)
	}
	if !strings.Contains(text(county.all("div", "bar")[0]), "最新的在前") || len(county.all("div", "orders")) != 0 {
		t.Errorf("what there is no choice of is offered: %s", text(county.all("div", "bar")[0]))
	}
	hidden := county.all("input", "ask")
	if attr(hidden[len(hidden)-1], "name") != "county" || attr(hidden[len(hidden)-1], "value") != "yunling" {
		t.Errorf("the form does not keep the county")
	}
	if to := county.link("chips", "去掉筛选： 地区：云岭县"); to != "/" {
		t.Errorf("without the county the page is %s", to)
	}
	none := tn.get("/", "department", "不存在的").page()
	if got := text(none.all("div", "nothing")[0]); got != "这个范围里还没有收录内容。" {
		t.Errorf("an empty place: %s", got)
	}
}

func TestModesAreRememberedInACookie(t *testing.T) {
	tn := build(t, nil)
	class := func(a answer) string { return strings.TrimSpace(attr(a.page().all("html", "")[0], "class")) }
	plain := tn.get("/", "q", "公积金")
	if class(plain) != "" || plain.Get("Set-Cookie") != "" {
		t.Errorf("plain: class %q, cookie %q", class(plain), plain.Get("Set-Cookie"))
	}
	elder := tn.get(plain.page().link("modes", "长者版"))
	cookie, _, _ := strings.Cut(elder.Get("Set-Cookie"), ";")
	if class(elder) != "elder" || cookie == "" || !strings.Contains(elder.body, "q="+url.QueryEscape("公积金")) {
		t.Errorf("elder: class %q, cookie %q", class(elder), cookie)
	}
	later := tn.do("GET", "/", "", "Cookie", cookie)
	if class(later) != "elder" {
		t.Errorf("later: class %q", class(later))
	}
	both := tn.do("GET", later.page().link("modes", "高对比"), "", "Cookie", cookie)
	if class(both) != "elder contrast" {
		t.Errorf("both: class %q", class(both))
	}
	cookie, _, _ = strings.Cut(both.Get("Set-Cookie"), ";")
	if back := tn.do("GET", both.page().link("modes", "标准版"), "", "Cookie", cookie); class(back) != "contrast" {
		t.Errorf("back: class %q", class(back))
	}
}

func TestEverythingWorksUnderAPathPrefix(t *testing.T) {
	tn := build(t, func(o *Options) { o.PathPrefix = "/search/" })
	for _, path := range []string{"/search", "/search/", "/search/?q=a", "/search/api/v1/sites", "/search/healthz", "/healthz"} {
		if got := tn.get(path).code; got != 200 {
			t.Errorf("%s: %d", path, got)
		}
	}
	p := tn.get("/search/", "q", "公积金", "kind", "news").page()
	n := 0
	for node := range p.root.Descendants() {
		for _, name := range []string{"href", "src", "action"} {
			v := attr(node, name)
			if v == "" || strings.HasPrefix(v, "http") || strings.HasPrefix(v, "#") {
				continue
			}
			n++
			if !strings.HasPrefix(v, "/search/") {
				t.Errorf("<%s %s=%s> leads out of the prefix", node.Data, name, v)
			}
			if node.Data != "form" && tn.get(v).code != 200 {
				t.Errorf("%s: %d", v, tn.get(v).code)
			}
		}
	}
	if n < 15 {
		t.Errorf("only %d addresses on the page", n)
	}
	for _, wrong := range []string{"search", "//evil.example", "/a?b", "/a b"} {
		if _, err := New(Options{Searcher: tn.server.options.Searcher, Indexer: tn.office, Registry: tn.server.options.Registry, PathPrefix: wrong}); err == nil {
			t.Errorf("prefix %q is accepted", wrong)
		}
	}
}

func TestAssetsAreSmallAndKept(t *testing.T) {
	tn := build(t, nil)
	p := tn.get("/").page()
	for _, l := range p.all("link", "") {
		got := tn.get(attr(l, "href"))
		if got.code != 200 || !strings.Contains(got.Get("Cache-Control"), "immutable") || len(got.body) > 20_000 {
			t.Errorf("%s: %d, %s, %d bytes", attr(l, "href"), got.code, got.Get("Cache-Control"), len(got.body))
		}
	}
	for _, name := range []string{"page.html", "../server.go", "none.css"} {
		if got := tn.get("/assets/x/" + name); got.code != 404 {
			t.Errorf("%s: %d", name, got.code)
		}
	}
}

func TestAStateIsItsAddress(t *testing.T) {
	letters := rapid.StringOfN(rapid.RuneFrom([]rune("公积金提取 &=%+?#\"<a中")), 1, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		st := state{text: tidy(letters.Draw(t, "text")), chosen: map[index.Field][]string{}, page: rapid.IntRange(1, 99).Draw(t, "page")}
		for _, f := range filters {
			if values := rapid.SliceOfN(letters, 0, 3).Draw(t, string(f)); len(values) > 0 {
				st.chosen[f] = values
			}
		}
		st.byDate, st.titleOnly = rapid.Bool().Draw(t, "date"), rapid.Bool().Draw(t, "title")
		st.from = rapid.SampledFrom([]string{"", "2024-01-01"}).Draw(t, "from")
		u, err := url.Parse(st.url("/search/"))
		if err != nil {
			t.Fatal(err)
		}
		if got := parseState(u.Query()).url("/search/"); got != st.url("/search/") || u.Path != "/search/" {
			t.Fatalf("%s comes back as %s", st.url("/search/"), got)
		}
	})
}

func TestTheClientIsTheAddressThatNoTrustedProxyHas(t *testing.T) {
	s := build(t, func(o *Options) {
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}
	}).server
	for _, c := range []struct{ remote, forwarded, want string }{
		{"203.0.113.9:1000", "", "203.0.113.9"},
		{"203.0.113.9:1000", "198.51.100.1", "203.0.113.9"}, // said by a stranger
		{"10.1.2.3:1000", "198.51.100.1", "198.51.100.1"},
		{"[::1]:1000", "192.0.2.7, 198.51.100.1, 10.9.9.9", "198.51.100.1"}, // the first is the client's own claim
		{"10.1.2.3:1000", "", "10.1.2.3"},
		{"10.1.2.3:1000", "198.51.100.1, nonsense", "10.1.2.3"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.remote
		r.Header.Set("X-Forwarded-For", c.forwarded)
		if got := s.client(r); got != c.want {
			t.Errorf("from %s, forwarded for %q: %s, want %s", c.remote, c.forwarded, got, c.want)
		}
	}
}
