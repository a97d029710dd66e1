package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"terrace/indexer"
	"terrace/indexer/archive"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/server"
)

func newCoverageCommand() *cobra.Command {
	var missing, asCSV bool
	cmd := &cobra.Command{
		Use:   "coverage [站点]",
		Short: "收录台账：每个站点、每个栏目有多少网页，收录了多少，缺哪些，为什么",
		Long: "收录台账。不写站点时列出所有站点；写站点的编号或名称时列出它的栏目，与列表页自己写的条数对照。\n" +
			"加 --missing 逐条列出缺的网页和原因；加 --csv 输出表格文件，可用 Excel 打开。",
		Example: "  terrace coverage\n  terrace coverage gjj --missing\n  terrace coverage gjj --csv > gjj.csv",
		Args:    arguments(0, 1, ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			l := &ledger{out: os.Stdout}
			if asCSV {
				l.csv = newSheet(os.Stdout)
			}
			return administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) error {
				return l.write(strings.Join(args, ""), missing, books{
					func(in *terracev1.GetCoverageRequest) (*terracev1.GetCoverageResponse, error) {
						return client.GetCoverage(ctx, in)
					},
					func(in *terracev1.ListMissingRequest) (*terracev1.ListMissingResponse, error) {
						return client.ListMissing(ctx, in)
					},
				})
			}, func(ctx context.Context, x *indexer.Indexer) error {
				return l.write(strings.Join(args, ""), missing, books{
					func(in *terracev1.GetCoverageRequest) (*terracev1.GetCoverageResponse, error) {
						c, err := x.Coverage(ctx, in.Site)
						return server.Coverage(&c), err
					},
					func(in *terracev1.ListMissingRequest) (*terracev1.ListMissingResponse, error) {
						return server.Missing(ctx, x, in)
					},
				})
			})
		},
	}
	addServerFlag(cmd)
	cmd.Flags().BoolVar(&missing, "missing", false, "逐条列出缺的网页")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "输出 CSV")
	return cmd
}

// books are where a ledger is read from.
type books struct {
	coverage func(*terracev1.GetCoverageRequest) (*terracev1.GetCoverageResponse, error)
	missing  func(*terracev1.ListMissingRequest) (*terracev1.ListMissingResponse, error)
}

// A ledger writes coverage for people.
type ledger struct {
	out io.Writer
	csv *sheet // nil: for a terminal
}

// write writes the sites, or a site with its columns, or what is missing of these.
func (l *ledger) write(site string, missing bool, from books) error {
	c, err := from.coverage(&terracev1.GetCoverageRequest{Site: site})
	if err != nil {
		return err
	}
	switch {
	case missing:
		err = l.writeMissing(site, c, from)
	case site != "" && l.csv != nil:
		l.table(columnRows(c.Columns))
	case site != "":
		l.table(siteRows(c.Sites))
		fmt.Fprintln(l.out)
		l.table(columnRows(c.Columns))
	default:
		l.table(siteRows(c.Sites))
	}
	if !c.Told && l.csv == nil {
		fmt.Fprintln(l.out, "现用的索引由旧版程序建成，没有记下哪些网页没有收录：用 terrace reindex 重建后再看")
	}
	if l.csv != nil && err == nil {
		err = l.csv.end()
	}
	return err
}

func (l *ledger) table(t table) {
	if l.csv != nil {
		for _, row := range t {
			l.csv.row(row)
		}
		return
	}
	for i := range t {
		for j := range t[i] {
			t[i][j] = short(t[i][j], widestCell)
		}
	}
	fmt.Fprintln(l.out, strings.Join(t.lines(), "\n"))
}

const widestCell = 160 // columns of a terminal

func siteRows(sites []*terracev1.SiteCoverage) table {
	t := table{{"站点", "网页", "已抓取", "已收录", "合并", "没有变化", "站点地图", "最近采集", "其余网页"}}
	for _, s := range sites {
		name, sitemap, last := s.Name, "", ""
		if !s.Configured {
			name += "（不在配置中）"
		}
		if s.Site == "" {
			name = "（导入，不属于站点）"
		}
		if s.Sitemap > 0 {
			sitemap = fmt.Sprintf("%d/%d", s.SitemapFound, s.Sitemap)
		}
		if s.LastGood != nil {
			last = when(s.LastGood)
		}
		t = append(t, []string{name, decimal(s.Known), decimal(s.Fetched), decimal(s.Indexed), decimal(s.Copies), decimal(s.Unchanged), sitemap, last, restOf(s)})
	}
	return t
}

// restOf names what became of the pages that are not found, the most frequent first.
func restOf(s *terracev1.SiteCoverage) string {
	var order []string
	count := map[string]int32{}
	for _, g := range s.Groups {
		if g.Outcome == archive.Indexed || g.Outcome == archive.Copy {
			continue
		}
		text := g.Text
		switch {
		case g.Role == string(archive.Sitemap) && g.Kept:
			text = "站点地图"
		case g.Role == string(archive.Attachment) && g.Outcome == string(archive.Unsupported):
			text = "读不了的附件"
		}
		if count[text] == 0 {
			order = append(order, text)
		}
		count[text] += g.Pages
	}
	return frequent(order, count)
}

func columnRows(columns []*terracev1.ColumnCoverage) table {
	t := table{{"栏目", "列表自称", "见到链接", "已收录", "缺", "没见到", "附件", "下级栏目", "集群外", "列表页", "没抓到的列表页", "缺的原因", "网址"}}
	for _, c := range columns {
		var order []string
		count := map[string]int32{}
		for _, r := range c.Reasons {
			order, count[r.Text] = append(order, r.Text), r.Entries
		}
		said := "未写"
		if c.Said > 0 {
			said = decimal(c.Said)
		}
		t = append(t, []string{c.Name, said, decimal(c.Linked + c.Outside), decimal(c.Found), decimal(c.Missing), decimal(c.Unseen), decimal(c.Attachments),
			decimal(c.Columns), decimal(c.Outside), decimal(c.Pages), decimal(c.Unread), frequent(order, count), c.Url})
	}
	return t
}

func decimal(n int32) string { return strconv.Itoa(int(n)) }
