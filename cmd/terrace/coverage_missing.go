package main

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strings"

	"terrace/indexer"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/spreadsheet"
)

// missingAtOnce is how many missing entries are asked for at a time.
const missingAtOnce = 1000

// writeMissing writes, of all columns of one site or of every site, the entries that are missing.
func (l *ledger) writeMissing(site string, c *terracev1.GetCoverageResponse, from books) error {
	l.csv.row([]string{"站点", "栏目", "栏目网址", "标题", "列表日期", "网址", "状态", "原因"})
	if site != "" {
		return l.writeMissingOf(append(c.Columns, mapped(c.Sites)...), from)
	}
	for _, s := range c.Sites {
		if s.Site == "" {
			continue
		}
		of, err := from.coverage(&terracev1.GetCoverageRequest{Site: s.Site})
		if err == nil {
			err = l.writeMissingOf(append(of.Columns, mapped(of.Sites)...), from)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// mapped makes columns of the sitemaps of sites.
func mapped(sites []*terracev1.SiteCoverage) (out []*terracev1.ColumnCoverage) {
	for _, s := range sites {
		if s.Sitemap > 0 {
			out = append(out, &terracev1.ColumnCoverage{Id: indexer.MappedColumn + s.Site, SiteName: s.Name, Name: "站点地图",
				Text: fmt.Sprintf("站点地图 %s 个网址，搜得到 %s 个；首页、列表页、附件以外没有收录的：", decimal(s.Sitemap), decimal(s.SitemapFound))})
		}
	}
	return out
}

func (l *ledger) writeMissingOf(columns []*terracev1.ColumnCoverage, from books) error {
	for _, c := range columns {
		if l.csv == nil {
			fmt.Fprintf(l.out, "%s %s %s\n%s\n", c.SiteName, oneLine(c.Name), c.Url, c.Text)
		}
		for in := (&terracev1.ListMissingRequest{Column: c.Id, PageSize: missingAtOnce}); ; {
			res, err := from.missing(in)
			if err != nil {
				return err
			}
			l.entries(c, res)
			if in.PageToken = res.NextPageToken; in.PageToken == "" {
				break
			}
		}
	}
	return nil
}

// entries writes some missing entries of a column, and the pages of its list that were not fetched where the list has more than its pages show.
func (l *ledger) entries(c *terracev1.ColumnCoverage, some *terracev1.ListMissingResponse) {
	t := table{}
	for _, e := range some.Entries {
		l.csv.row([]string{c.SiteName, c.Name, c.Url, e.Text, e.Date, e.Url, e.State, e.Reason})
		t = append(t, []string{"  " + cmp.Or(e.Date, "          "), short(cmp.Or(e.Text, "（没有标题）"), 60), e.Reason, e.Url})
	}
	if c.Unseen > 0 {
		for _, p := range some.Unread {
			l.csv.row([]string{c.SiteName, c.Name, c.Url, "（列表页）", "", p.Url, p.State, p.Reason})
			t = append(t, []string{"  " + strings.Repeat(" ", 10), "（列表页）", p.Reason, p.Url})
		}
	}
	if l.csv == nil && len(t) > 0 {
		l.table(t)
	}
}

// oneLine makes of what a site wrote what a terminal may be sent.
func oneLine(s string) string { return short(s, widestCell) }

// frequent names things with their counts, the most frequent first.
func frequent(order []string, count map[string]int32) string {
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(count[b], count[a]) })
	var parts []string
	for _, text := range order {
		parts = append(parts, fmt.Sprintf("%s %d", text, count[text]))
	}
	return strings.Join(parts, "、")
}

// A sheet writes CSV that Excel opens: with a byte order mark, and no cell that it would take for a formula.
type sheet struct {
	csv   *csv.Writer
	begun bool
}

func newSheet(out io.Writer) *sheet {
	w := csv.NewWriter(out)
	w.UseCRLF = true
	return &sheet{csv: w}
}

// row writes cells. What fails, end tells. A nil sheet writes nothing.
func (s *sheet) row(cells []string) {
	if s == nil {
		return
	}
	safe := make([]string, len(cells))
	for i, cell := range cells {
		safe[i] = spreadsheet.Guard(cell)
	}
	if !s.begun {
		safe[0], s.begun = spreadsheet.Mark+safe[0], true
	}
	s.csv.Write(safe)
}

func (s *sheet) end() error {
	s.csv.Flush()
	if err := s.csv.Error(); err != nil {
		return fmt.Errorf("写不出 CSV：%w", err)
	}
	return nil
}
