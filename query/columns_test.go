package query

import (
	"fmt"
	"strings"
	"testing"

	"terrace/index"
	"terrace/site"
)

// inColumns are three documents a column of the same text.
func inColumns(t *testing.T, off []string, columns ...string) *Searcher {
	t.Helper()
	r, err := site.New(site.Cluster{Departments: []site.Department{{ID: "jyj", Name: "教育局"}}})
	if err != nil {
		t.Fatal(err)
	}
	var docs []index.Document
	for i, column := range columns {
		for j := range 3 {
			d := doc(fmt.Sprintf("%d-%d", i, j), "年报", "住房公积金的年报", 20240101)
			d.Copies[0].Column = column
			docs = append(docs, d)
		}
	}
	d := doc("z", "年报", "住房公积金的年报", 20240101)
	d.Copies[0].Column = "偶见栏目"
	s, err := searcherOver(append(docs, d), town(t).active.Load().seg, r)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range off {
		s.off[f] = true
	}
	if err := s.active.Load().learnColumns(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestColumnsThatDocumentsStandInAreUnderstood(t *testing.T) {
	s := inColumns(t, nil, "首页", "通知公告", "政府信息公开年报", "新闻", "教育局", "公示", "政策解读", "通知公告（2024年度全部文件汇总）", "年")
	for text, want := range map[string]string{
		"公积金通知公告":      "通知公告",
		"政府信息公开年报":     "政府信息公开年报",
		"政府信息公开":       "",
		"新闻":           "",
		"首页":           "",
		"教育局":          "",
		"低保公示":         "公示",
		"公示低保":         "公示",
		"低保公示牌":        "", // 公 示牌, for all we know
		"政策解读":         "政策解读",
		"偶见栏目":         "",
		"今年":           "",
		"通知\u200b公告":   "通知公告",
		"\xff通知公告\xff": "通知公告",
	} {
		var got []string
		for _, n := range s.active.Load().understander.understand(text).names {
			if n.Field == index.Column {
				got = append(got, n.Value)
			}
		}
		if got := strings.Join(got, " "); got != want {
			t.Errorf("%q names %q, want %q", text, got, want)
		}
	}
}

func TestTheColumnNamedComesFirstAndFiltersNothing(t *testing.T) {
	res, err := inColumns(t, nil, "法规", "通知公告").Search(t.Context(), Request{Text: "公积金 通知公告", Explain: true})
	if err != nil || !strings.HasPrefix(found(res), "1-0 1-1 1-2 0-0") || res.Total != 7 {
		t.Fatalf("%d found: %q, %v", res.Total, found(res), err)
	}
	if parts := fmt.Sprint(res.Hits[0].Parts); !strings.Contains(parts, "栏目为通知公告") {
		t.Errorf("explained by %s", parts)
	}
	res, err = inColumns(t, []string{FactorColumn}, "法规", "通知公告").Search(t.Context(), Request{Text: "公积金 通知公告"})
	if err != nil || !strings.HasPrefix(found(res), "0-0 0-1") {
		t.Errorf("without the factor: %q, %v", found(res), err)
	}
}

func TestCountiesThatDocumentsCarryAreUnderstood(t *testing.T) {
	r, err := site.New(site.Cluster{Region: []string{"红河州"}})
	if err != nil {
		t.Fatal(err)
	}
	d := doc("a", "低保", "农村低保", 20240101)
	d.Copies[0].County = "个旧市"
	s, err := searcherOver([]index.Document{d}, town(t).active.Load().seg, r)
	if err != nil {
		t.Fatal(err)
	}
	if got := s.active.Load().understander.understand("老厂镇低保").names; len(got) != 0 {
		t.Errorf("before anything is learned: %v", got)
	}
	if err := s.active.Load().learnColumns(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := s.active.Load().understander.understand("老厂镇低保").names; len(got) != 1 || got[0].Value != "个旧市" {
		t.Errorf("老厂镇 is understood as %v", got)
	}
}
