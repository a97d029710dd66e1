package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"

	terracev1 "terrace/proto/terrace/v1"
	"terrace/server"
)

func newFindingsCommand() *cobra.Command {
	var rule string
	var gone, asCSV, now bool
	cmd := &cobra.Command{
		Use:   "findings [站点]",
		Short: "网站问题清单：失效链接、空白和不更新的栏目、标签错误、个人信息、暗链等，附证据",
		Long: "网站问题清单，由采集下来的网页得出，不另外访问网站。先是各规则、各站点的数目，再逐条列出；不写站点也不写 --rule 时只逐条列出严重的。\n" +
			"服务在运行时由它随采集更新；加 --now 先把还没有看过的看完。没有运行时直接读存储目录，总是先把已进索引的看完。",
		Example: "  terrace findings\n  terrace findings gjj\n  terrace findings --rule dead-link\n  terrace findings gjj --gone\n  terrace findings --csv > 问题清单.csv",
		Args:    arguments(0, 1, ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			r := &findingsReport{out: os.Stdout, site: strings.Join(args, ""), rule: rule, gone: gone}
			if asCSV {
				r.csv = newSheet(os.Stdout)
			}
			return anywhere(cmd, func(ctx context.Context, conn *grpc.ClientConn) error {
				client := terracev1.NewFindingServiceClient(conn)
				if now {
					if _, err := client.UpdateFindings(ctx, &terracev1.UpdateFindingsRequest{}); err != nil {
						return err
					}
				}
				r.done = now
				return r.write(findingBooks{
					func(in *terracev1.ListFindingRulesRequest) (*terracev1.ListFindingRulesResponse, error) {
						return client.ListFindingRules(ctx, in)
					},
					func(in *terracev1.ListFindingsRequest) (*terracev1.ListFindingsResponse, error) {
						return client.ListFindings(ctx, in)
					},
				})
			}, func(ctx context.Context, n *node) error {
				s := server.FindingService{Findings: n.findings, Registry: n.registry}
				if err := n.findings.CatchUp(ctx); err != nil {
					return err
				}
				r.done = true
				return r.write(findingBooks{
					func(in *terracev1.ListFindingRulesRequest) (*terracev1.ListFindingRulesResponse, error) {
						return s.ListFindingRules(ctx, in)
					},
					func(in *terracev1.ListFindingsRequest) (*terracev1.ListFindingsResponse, error) {
						return s.ListFindings(ctx, in)
					},
				})
			})
		},
	}
	addServerFlag(cmd)
	cmd.Flags().StringVar(&rule, "rule", "", "只看一条规则，如 dead-link")
	cmd.Flags().BoolVar(&gone, "gone", false, "列出已经消失的")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "输出 CSV，一个网页一行")
	cmd.Flags().BoolVar(&now, "now", false, "服务在运行时，先把还没有看过的看完")
	return cmd
}

// findingBooks are where findings are read from.
type findingBooks struct {
	rules    func(*terracev1.ListFindingRulesRequest) (*terracev1.ListFindingRulesResponse, error)
	findings func(*terracev1.ListFindingsRequest) (*terracev1.ListFindingsResponse, error)
}

// A findingsReport writes findings for people.
type findingsReport struct {
	out        io.Writer
	csv        *sheet // nil: for a terminal
	site, rule string
	gone       bool
	done       bool // all that is in the index has been looked at
}

// findingsAtOnce is how many findings are asked for at a time.
const findingsAtOnce = 100

func (r *findingsReport) write(from findingBooks) error {
	o, err := from.rules(&terracev1.ListFindingRulesRequest{Site: r.site})
	if err != nil {
		return err
	}
	if r.rule != "" && !slices.ContainsFunc(o.Rules, func(x *terracev1.FindingRule) bool { return x.Name == r.rule }) {
		var names []string
		for _, x := range o.Rules {
			names = append(names, x.Name)
		}
		return fmt.Errorf("没有 %q 这条规则：可写 %s", r.rule, strings.Join(names, "、"))
	}
	if r.csv == nil {
		r.overview(o)
	} else {
		r.csv.row([]string{"站点", "规则", "名称", "程度", "问题", "同因", "涉及网页", "首次发现", "最近确认", "消失", "网页", "证据", "改为"})
	}
	for _, rule := range o.Rules {
		if r.rule != "" && rule.Name != r.rule || !has(o.Counts, rule.Name, r.gone) {
			continue
		}
		if err := r.ofRule(rule, from); err != nil {
			return err
		}
	}
	switch {
	case r.csv != nil:
		return r.csv.end()
	case r.site == "" && r.rule == "":
		fmt.Fprintln(r.out, "\n逐条看：terrace findings 站点，或 terrace findings --rule 规则；全部导出：terrace findings --csv")
	}
	return nil
}

// has reports that there are findings of a rule, of those that are gone or open.
func has(counts []*terracev1.FindingCount, rule string, gone bool) bool {
	return slices.ContainsFunc(counts, func(c *terracev1.FindingCount) bool {
		return c.Rule == rule && (gone && c.Gone > 0 || !gone && c.Open > 0)
	})
}

// ofRule writes the findings of a rule; of all sites and rules only the serious ones, unless they go into a file.
func (r *findingsReport) ofRule(rule *terracev1.FindingRule, from findingBooks) error {
	var all []*terracev1.Finding
	for in := (&terracev1.ListFindingsRequest{Site: r.site, Rule: rule.Name, Gone: r.gone, PageSize: findingsAtOnce}); ; {
		res, err := from.findings(in)
		if err != nil {
			return err
		}
		all = append(all, res.Findings...)
		if in.PageToken = res.NextPageToken; in.PageToken == "" {
			break
		}
	}
	if r.csv == nil && r.site == "" && r.rule == "" {
		all = slices.DeleteFunc(all, func(f *terracev1.Finding) bool { return f.Severity != "serious" })
	}
	slices.SortStableFunc(all, func(a, b *terracev1.Finding) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(b.Group, a.Group), cmp.Compare(b.Pages, a.Pages))
	})
	if r.csv != nil {
		for _, f := range all {
			r.row(rule, f)
		}
		return nil
	}
	if len(all) > 0 {
		r.section(rule, all)
	}
	return nil
}
