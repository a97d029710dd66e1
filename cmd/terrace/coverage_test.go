package main

import (
	"slices"
	"strings"
	"testing"

	"terrace/indexer/archive"
	terracev1 "terrace/proto/terrace/v1"
)

func TestTheLedgerOfTheSampleClusterAddsUpAndMissesNothing(t *testing.T) {
	cluster, n, _ := startDemo(t, 800)
	written := map[string]map[string]int{} // articles by site and column
	for a := range cluster.Expect().Articles {
		if written[a.Site] == nil {
			written[a.Site] = map[string]int{}
		}
		written[a.Site][a.Column]++
	}
	for _, s := range cluster.Sites() {
		c, err := n.indexer.Coverage(t.Context(), s.ID)
		if err != nil {
			t.Fatal(err)
		}
		pages, err := n.archive.Pages(t.Context(), archive.Filter{Site: s.ID}, "", 100_000)
		if err != nil {
			t.Fatal(err)
		}
		kept := 0
		for _, p := range pages {
			if p.Content != "" {
				kept++
			}
		}
		if got := c.Sites[0]; got.Known() != len(pages) || got.Fetched() != kept {
			t.Errorf("of %s %d pages are known and %d fetched; the ledger says %d and %d", s.ID, len(pages), kept, got.Known(), got.Fetched())
		}
		var found []int
		for _, col := range c.Columns {
			if col.Missing()+col.Unseen() > 0 || col.Total() != col.Found()+col.Apart() {
				t.Errorf("%s %s: %s %v", s.ID, col.URL, col.String(), col.Reasons())
			}
			found = append(found, col.Found())
		}
		for column, articles := range written[s.ID] { // lists of less than eight dated links that do not say how long they are pass for articles
			if articles >= 8 && !slices.Contains(found, articles) {
				t.Errorf("no column of %s has the %d articles of %s: %v", s.ID, articles, column, found)
			}
		}
	}
}

// A shelf is books of one site with one column.
func shelf() books {
	col := &terracev1.ColumnCoverage{Id: "c", SiteName: "云河州人民政府", Name: "=SUM(A1)", Url: "http://a.example/", Unseen: 2, Text: "本栏目列表 5 条，已收录 1 条，缺 4 条"}
	return books{
		coverage: func(in *terracev1.GetCoverageRequest) (*terracev1.GetCoverageResponse, error) {
			out := &terracev1.GetCoverageResponse{Told: true, Sites: []*terracev1.SiteCoverage{{Site: "portal", Name: "云河州人民政府", Configured: true}}}
			if in.Site != "" {
				out.Columns = append(out.Columns, col)
			}
			return out, nil
		},
		missing: func(in *terracev1.ListMissingRequest) (*terracev1.ListMissingResponse, error) {
			if in.PageToken == "7" {
				return &terracev1.ListMissingResponse{Entries: []*terracev1.MissingEntry{{Url: "http://a.example/2.html", Text: "\x1b[2J第二条", Reason: "没有正文"}}}, nil
			}
			return &terracev1.ListMissingResponse{
				Entries:       []*terracev1.MissingEntry{{Url: "http://a.example/1.html", Text: "-2+3, \"引号\"", Date: "2026-03-05", State: "gone", Reason: "HTTP 404"}},
				NextPageToken: "7", Unread: []*terracev1.UnreadPage{{Url: "http://a.example/index_1.html", State: "waf", Reason: "HTTP 521"}},
			}, nil
		},
	}
}

func TestWhatIsMissingIsWrittenWithItsReason(t *testing.T) {
	const forPeople = `云河州人民政府 =SUM(A1) http://a.example/
本栏目列表 5 条，已收录 1 条，缺 4 条
  2026-03-05  -2+3, "引号"  HTTP 404  http://a.example/1.html
              （列表页）    HTTP 521  http://a.example/index_1.html
               [2J第二条  没有正文  http://a.example/2.html
`
	const forExcel = "\uFEFF站点,栏目,栏目网址,标题,列表日期,网址,状态,原因\r\n" +
		"云河州人民政府,'=SUM(A1),http://a.example/,\"'-2+3, \"\"引号\"\"\",2026-03-05,http://a.example/1.html,gone,HTTP 404\r\n" +
		"云河州人民政府,'=SUM(A1),http://a.example/,（列表页）,,http://a.example/index_1.html,waf,HTTP 521\r\n" +
		"云河州人民政府,'=SUM(A1),http://a.example/,\x1b[2J第二条,,http://a.example/2.html,,没有正文\r\n"
	for _, site := range []string{"", "portal"} {
		var plain, sheet strings.Builder
		if err := (&ledger{out: &plain}).write(site, true, shelf()); err != nil || plain.String() != forPeople {
			t.Errorf("%v\n%s\nwant\n%s", err, plain.String(), forPeople)
		}
		if err := (&ledger{&sheet, newSheet(&sheet)}).write(site, true, shelf()); err != nil || sheet.String() != forExcel {
			t.Errorf("%v\n%s\nwant\n%s", err, sheet.String(), forExcel)
		}
	}
}
