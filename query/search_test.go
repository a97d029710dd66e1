package query

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"terrace/analysis"
	"terrace/index"
	"terrace/index/indextest"
	"terrace/personal"
	"terrace/segment"
	"terrace/site"
)

const words = "公积金 500\n提取 300\n住房 400\n住房公积金 100\n不动产 200\n登记 600\n办事 90\n指南 90\n通知 300\n怎么 900\n贷款 80\n利率 60\n调整 90\n州长 10\n"

// town is a searcher over a small cluster.
func town(t *testing.T) *Searcher {
	t.Helper()
	dict, err := segment.LoadDictionary(strings.NewReader(words))
	if err != nil {
		t.Fatal(err)
	}
	seg := segment.New(dict)
	reg, err := site.New(site.Cluster{
		Name: "云河州", Portal: "portal",
		Sites: []site.Site{
			{ID: "portal", Name: "云河州人民政府", Hosts: []string{"www.yunhe.example"}},
			{ID: "gjj", Name: "住房公积金中心网站", Hosts: []string{"gjj.yunhe.example"}, Department: "gjj"},
		},
		Departments: []site.Department{{ID: "gjj", Name: "住房公积金中心", Names: []string{"公积金中心"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	ix := indextest.NewMemory(analysis.Index(seg))
	g, err := ix.Create(t.Context(), index.Fingerprints{})
	if err != nil {
		t.Fatal(err)
	}
	put := func(id, title, body, site, dept string, date index.Date) index.Document {
		return index.Document{ID: id, Title: title, Body: body, Kind: index.News,
			Copies: []index.Copy{{URL: "http://x/" + id, Site: site, Department: dept, Date: date}}}
	}
	docs := []index.Document{
		put("guide", "住房公积金提取办事指南", "购买自住住房的，凭合同提取公积金。\n联系电话见公告。", "gjj", "gjj", 20240305),
		put("rate", "关于调整公积金贷款利率的通知", "自即日起，公积金贷款利率按下列标准执行。", "gjj", "gjj", 20230101),
		put("land", "不动产登记办事指南", "办理不动产登记应当提交下列材料。", "portal", "", 20220101),
		put("mayor", "州长调研", "州长来到公积金中心，听取提取业务的介绍，并要求公积金中心改进服务。", "portal", "", 20240101),
		put("short", "公积金", "另见公积金提取。", "portal", "", 20200101),
	}
	if err := g.Put(t.Context(), docs...); err != nil {
		t.Fatal(err)
	}
	if err := ix.Promote(t.Context(), g.Name()); err != nil {
		t.Fatal(err)
	}
	return New(ix, seg, reg, Options{Now: func() time.Time { return today }})
}

func found(r *Response) string {
	var out []string
	for _, h := range r.Hits {
		out = append(out, h.ID)
	}
	return strings.Join(out, " ")
}

func TestWhatAReaderTypesFindsWhatTheyMean(t *testing.T) {
	s := town(t)
	for _, c := range []struct {
		name string
		r    Request
		want string // ids in order; with a leading ~ in any order
	}{
		{"an exact title comes first", Request{Text: "关于调整公积金贷款利率的通知"}, "rate"},
		{"however it is spaced and pointed", Request{Text: "《关于调整 公积金贷款利率 的通知》。"}, "rate"},
		{"a short exact title too", Request{Text: "公积金"}, "short"},
		{"a phrase stands as it is", Request{Text: `"公积金提取"`}, "~guide short"},
		{"Chinese quotes are quotes", Request{Text: "“公积金贷款利率”"}, "rate"},
		{"quotes within a sentence are text", Request{Text: "办理“不动产登记”的“无此短语”"}, "land"},
		{"an excluded word is not there", Request{Text: "公积金 -贷款 -州长"}, "~guide short"},
		{"a row of dashes is no exclusion", Request{Text: "公积金 ---贷款利率"}, "rate"},
		{"site: takes an id", Request{Text: "公积金 site:gjj"}, "~guide rate"},
		{"site: takes a host", Request{Text: "公积金 site:www.yunhe.example"}, "~mayor short"},
		{"a department by its other name", Request{Text: "公积金", Department: []string{"公积金中心"}}, "~guide rate"},
		{"the title alone", Request{Text: "提取", TitleOnly: true}, "guide"},
		{"a range of days includes both ends", Request{Text: "公积金", From: 20230101, To: 20240101}, "~mayor rate"},
		{"the latest first", Request{Text: "公积金提取", Sort: index.ByDate}, "guide mayor rate short"},
		{"traditional characters", Request{Text: "不動產登記"}, "land"},
		{"one character", Request{Text: "州"}, "mayor"},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := s.Search(t.Context(), c.r)
			if err != nil {
				t.Fatal(err)
			}
			got, want := found(res), c.want
			if list, any := strings.CutPrefix(want, "~"); any {
				ids := strings.Fields(got)
				slices.Sort(ids)
				got, want = strings.Join(ids, " "), list
			} else if !strings.Contains(want, " ") {
				got, _, _ = strings.Cut(got, " ")
			}
			if got != want {
				t.Errorf("found %q, want %q", found(res), c.want)
			}
		})
	}
}

func TestAHitShowsWhyItWasFound(t *testing.T) {
	res, err := town(t).Search(t.Context(), Request{Text: "怎么提取公积金"})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(res.Hits, func(h Hit) bool { return h.ID == "guide" })
	if i < 0 {
		t.Fatalf("found %q", found(res))
	}
	h := res.Hits[i]
	if got := marked(h.Title); got != "住房[公积金提取]办事指南" {
		t.Errorf("title %s", got)
	}
	if got := marked(h.Snippet); got != "购买自住住房的，凭合同[提取公积金]。 联系电话见公告。" {
		t.Errorf("snippet %s", got)
	}
	if h.SiteName != "住房公积金中心网站" || h.DepartmentName != "住房公积金中心" || h.Date.String() != "2024-03-05" {
		t.Errorf("%+v", h)
	}
}

func marked(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		if s.Match {
			fmt.Fprintf(&b, "[%s]", s.Text)
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestAPassageIsTakenFromWhereTheWordsAre(t *testing.T) {
	s := town(t)
	p := s.active.Load().parse("公积金 贷款", false)
	body := strings.Repeat("这里讲别的事情。公积金也提到一次。", 60) + "关键的一句：公积金贷款在此办理。" + strings.Repeat("后面又是别的。", 60)
	got := marked(newMarker(s.active.Load().seg, p).passage(body))
	if !strings.Contains(got, "[公积金贷款]") || !strings.HasPrefix(got, "…") || !strings.HasSuffix(got, "…") {
		t.Errorf("passage %s", got)
	}
}

func TestFacetsNameTheirValues(t *testing.T) {
	res, err := town(t).Search(t.Context(), Request{Text: "公积金", Site: []string{"gjj"}})
	if err != nil {
		t.Fatal(err)
	}
	want := []FacetValue{{"gjj", "住房公积金中心网站", 2, true}, {"portal", "云河州人民政府", 2, false}}
	if got := res.Facets[index.Site]; !slices.Equal(got, want) {
		t.Errorf("sites %+v, want %+v", got, want)
	}
}

func TestRequestsThatCannotBeAnsweredSayWhy(t *testing.T) {
	s := town(t)
	for _, c := range []struct {
		r               Request
		parameter, says string
	}{
		{Request{Text: strings.Repeat("长", 3500)}, "q", "最多 200 个字"},
		{Request{Text: "a\xff"}, "q", "UTF-8"},
		{Request{Text: "a", PageSize: 101}, "page_size", "每页条数"},
		{Request{Text: "a", PageSize: -1}, "page_size", "每页条数"},
		{Request{Text: "a", Page: 101}, "page", "只提供前 1000 条"},
		{Request{Text: "a", Page: 334, PageSize: 3}, "", ""},
		{Request{Text: "a", Page: 335, PageSize: 3}, "page", "只提供前 1000 条"},
		{Request{Text: "a", Page: math.MaxInt, PageSize: 100}, "page", "只提供前 1000 条"},
		{Request{Text: "a", Page: -1}, "page", "超出范围"},
		{Request{Text: "a", From: 20240102, To: 20240101}, "date_from", "晚于"},
		{Request{Text: "a", Kind: []string{"没有"}}, "kind", "policy、"},
		{Request{Text: "a", County: make([]string, 51)}, "county", "最多 50 个值"},
	} {
		_, err := s.Search(t.Context(), c.r)
		if c.says == "" {
			if err != nil {
				t.Errorf("%+v: %v", c.r, err)
			}
			continue
		}
		if wrong := (*RequestError)(nil); !errors.As(err, &wrong) || wrong.Parameter != c.parameter || !strings.Contains(wrong.Text, c.says) {
			t.Errorf("%+v: error %v, want one about %s that says %s", c.r, err, c.parameter, c.says)
		}
	}
	for _, text := range []string{"", "  ", "，。！？", `""`, "-", "“”"} {
		if res, err := s.Search(t.Context(), Request{Text: text}); err != nil || !res.Ignored || res.Total != 0 {
			t.Errorf("%q: %+v, %v", text, res, err)
		}
	}
}

func TestWithoutWordsTheFiltersAreBrowsedLatestFirst(t *testing.T) {
	s := town(t)
	for _, c := range []struct {
		name string
		r    Request
		want string
	}{
		{"a department", Request{Department: []string{"公积金中心"}}, "guide rate"},
		{"a site that was typed", Request{Text: "site:portal"}, "mayor land short"},
		{"days", Request{From: 20220101, To: 20230101}, "rate land"},
		{"less what is excluded", Request{Text: "-不动产", Site: []string{"portal"}}, "mayor short"},
		{"the second page", Request{Text: " ", Site: []string{"portal"}, Page: 2, PageSize: 2}, "short"},
		{"whatever the order asked for", Request{Site: []string{"portal"}, TitleOnly: true, Sort: index.ByScore}, "mayor land short"},
		{"a department that is none", Request{Department: []string{"没有的部门"}}, ""},
		{"a site that is none", Request{Text: "site:nowhere"}, ""},
	} {
		res, err := s.Search(t.Context(), c.r)
		if err != nil || found(res) != c.want || !res.Browsed || res.Ignored {
			t.Errorf("%s: found %+v, %v, want %q", c.name, res, err, c.want)
		}
	}
	for _, r := range []Request{{Text: "？", Site: []string{"portal"}}, {Text: "-不动产"}} {
		if res, err := s.Search(t.Context(), r); err != nil || !res.Ignored || res.Browsed || len(res.Hits) > 0 {
			t.Errorf("%+v: %+v, %v", r, res, err)
		}
	}
	all, err := s.Overview(t.Context())
	if err != nil || all.Total != 5 || len(all.Hits) != 0 || all.Facets[index.Department][0] != (FacetValue{"gjj", "住房公积金中心", 2, false}) {
		t.Errorf("of everything: %+v, %v", all, err)
	}
}

func TestFiltersThatLeaveNothingOfTheBestGiveTheBestInside(t *testing.T) {
	s := town(t)
	res, err := s.Search(t.Context(), Request{Text: "公积金贷款利率", Site: []string{"portal"}})
	if err != nil || res.Relaxed {
		t.Fatalf("fewer than ten candidates relax nothing: %+v, %v", res, err)
	}
	put := func(id, title, body, site string) index.Document {
		return index.Document{ID: id, Title: title, Body: body, Copies: []index.Copy{{URL: "http://x/" + id, Site: site}}}
	}
	many := []index.Document{put("weak", "州长调研", strings.Repeat("州长听取介绍。", 50)+"公积金。", "portal")}
	for i := range 10 {
		many = append(many, put(fmt.Sprint("n", i), "公积金贷款利率", "公积金贷款利率调整。", "gjj"))
	}
	one, err := searcherOver(many, s.active.Load().seg, s.registry)
	if err != nil {
		t.Fatal(err)
	}
	res, err = one.Search(t.Context(), Request{Text: "公积金贷款利率", Site: []string{"portal"}})
	if err != nil || !res.Relaxed || found(res) != "weak" {
		t.Errorf("found %q, relaxed %v, %v", found(res), res.Relaxed, err)
	}
	if res, err = one.Search(t.Context(), Request{Text: "公积金贷款利率", Site: []string{"nowhere"}}); err != nil || res.Relaxed || res.Total != 0 {
		t.Errorf("where there is nothing: %d, relaxed %v, %v", res.Total, res.Relaxed, err)
	}
}

// Of twelve documents ten hold every word, the two latest do not.
func TestByDateWhatHoldsEveryWordIsEnough(t *testing.T) {
	s := town(t)
	put := func(id, body, site string, date index.Date) index.Document {
		return index.Document{ID: id, Title: "公告", Body: body, Copies: []index.Copy{{URL: "http://x/" + id, Site: site, Date: date}}}
	}
	docs := []index.Document{put("part", "公积金，贷款，提取。", "gjj", 20250101), put("other", "公积金，贷款，提取。", "gjj", 20250102)}
	for i := range 10 {
		site := "portal"
		if i == 0 {
			site = "gjj"
		}
		docs = append(docs, put(fmt.Sprint("n", i), "公积金，贷款，提取，利率。", site, index.Date(20240101+i)))
	}
	var others []index.Document // so that the words are not in every document
	for i := range 30 {
		others = append(others, put(fmt.Sprint("o", i), "不动产登记。", "portal", 20250101))
	}
	many, err := searcherOver(slices.Concat(docs, others), s.active.Load().seg, s.registry)
	if err != nil {
		t.Fatal(err)
	}
	few, err := searcherOver(slices.Concat(docs[:11], others), s.active.Load().seg, s.registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		of   *Searcher
		r    Request
		want string
		all  bool
	}{
		{"ten are", many, Request{Sort: index.ByDate}, "n9 n8 n7 n6 n5 n4 n3 n2 n1 n0", true},
		{"the rest on demand", many, Request{Sort: index.ByDate, AnyWords: true}, "other part n9 n8 n7 n6 n5 n4 n3 n2 n1 n0", false},
		{"nine are not", few, Request{Sort: index.ByDate}, "other part n8 n7 n6 n5 n4 n3 n2 n1 n0", false},
		{"a filter changes nothing", many, Request{Sort: index.ByDate, Site: []string{"gjj"}}, "n0", true},
		{"nor one that leaves nothing", many, Request{Sort: index.ByDate, From: 20250101}, "", true},
		{"by relevance there is no such rule", many, Request{From: 20250101}, "other part", false},
	} {
		c.r.Text, c.r.PageSize = "公积金 贷款 提取 利率", 20
		if res, err := c.of.Search(t.Context(), c.r); err != nil || found(res) != c.want || res.AllWords != c.all || res.Total != len(strings.Fields(c.want)) {
			t.Errorf("%s: found %+v, %v, want %q", c.name, res, err, c.want)
		}
	}
}

func TestAHitIsTheCopyThatMeetsTheFilter(t *testing.T) {
	s := town(t)
	d := index.Document{ID: "d", Title: "公积金提取", Copies: []index.Copy{
		{URL: "http://a", Site: "portal", Column: "要闻", Date: 20240101},
		{URL: "http://b", Site: "gjj", Department: "gjj", Column: "公告", Date: 20240202},
		{URL: "http://c", Site: "gjj", Column: "转载", Date: 20240303},
	}}
	one, err := searcherOver([]index.Document{d}, s.active.Load().seg, s.registry)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		r    Request
		want string
	}{
		{"the original without a filter", Request{}, "http://a"},
		{"of a site", Request{Site: []string{"gjj"}}, "http://b"},
		{"of a site and a column", Request{Site: []string{"gjj"}, Column: []string{"转载"}}, "http://c"},
		{"the first where several meet it together", Request{Site: []string{"portal"}, Column: []string{"转载"}}, "http://a"},
		{"the one that meets more", Request{Site: []string{"gjj"}, Department: []string{"gjj"}, Column: []string{"要闻"}}, "http://b"},
	} {
		c.r.Text = "公积金"
		res, err := one.Search(t.Context(), c.r)
		if err != nil || len(res.Hits) != 1 || res.Hits[0].URL != c.want || res.Hits[0].Date != 20240101 || res.Hits[0].Copies != 2 {
			t.Errorf("%s: %+v, %v, want %s", c.name, res, err, c.want)
		}
	}
}

func TestPagesFollowEachOther(t *testing.T) {
	s := town(t)
	whole, err := s.Search(t.Context(), Request{Text: "公积金 登记"})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for page := 1; page <= whole.Total; page++ {
		res, err := s.Search(t.Context(), Request{Text: "公积金 登记", Page: page, PageSize: 1})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, found(res))
	}
	if got := strings.Join(ids, " "); got != found(whole) {
		t.Errorf("page by page %q, at once %q", got, found(whole))
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`"公积金" -提取 site:gjj “开`)
	dict, err := segment.LoadDictionary(strings.NewReader(words))
	if err != nil {
		f.Fatal(err)
	}
	reg, err := site.New(site.Cluster{})
	if err != nil {
		f.Fatal(err)
	}
	seg := segment.New(dict)
	s := New(nil, seg, reg, Options{})
	f.Fuzz(func(t *testing.T, text string) {
		p := s.active.Load().parse(text, false)
		for _, phrase := range phrases(seg, index.Body, append(p.require, p.exclude...)) {
			if len(phrase.Terms) == 0 || phrase.Text == "" {
				t.Fatalf("%q gives %+v", text, phrase)
			}
		}
		if got := newMarker(seg, p).title(text); plain(got) != personal.Mask(text) {
			t.Fatalf("the spans of title %q make %q", text, plain(got))
		}
	})
}

func TestASearchThatGetsNoTurnEndsWithItsContext(t *testing.T) {
	s := town(t)
	all := int64(runtime.GOMAXPROCS(0))
	if err := s.turns.Acquire(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	waiting := make(chan error)
	go func() { _, err := s.Search(ctx, Request{Text: "公积金"}); waiting <- err }()
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	s.turns.Release(all)
	if res, err := s.Search(t.Context(), Request{Text: "公积金"}); err != nil || res.Total == 0 {
		t.Errorf("with a turn: %+v, %v", res, err)
	}
}
