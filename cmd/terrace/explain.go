package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"

	terracev1 "terrace/proto/terrace/v1"
)

func newExplainCommand() *cobra.Command {
	var site []string
	var sort string
	cmd := &cobra.Command{
		Use:     "explain 词…",
		Short:   "说明一次搜索怎样理解查询词，每条结果的分数由哪些部分组成",
		Example: "  terrace explain 房产证过户\n  terrace explain 红政发2023 5号",
		Args:    arguments(1, math.MaxInt, "要搜的词"),
		RunE: func(cmd *cobra.Command, args []string) error {
			conn, ctx, _, err := dialAdmin(cmd)
			if err != nil {
				return err
			}
			defer conn.Close()
			q := strings.Join(args, " ")
			res, err := terracev1.NewSearchServiceClient(conn).Search(ctx, &terracev1.SearchRequest{Q: q, Site: site, Sort: sort, Explain: true})
			if err != nil {
				return said(err)
			}
			printPlan(res.Plan, q)
			fmt.Println()
			printExplained(res)
			return nil
		},
	}
	addServerFlag(cmd)
	cmd.Flags().StringSliceVar(&site, "site", nil, "站点，编号或名称")
	cmd.Flags().StringVar(&sort, "sort", "", "relevance 或 date")
	return cmd
}

var recognizedNames = map[string]string{
	"doc_no": "发文字号", "days": "发布时间", "county": "地区", "region": "本级地区", "department": "部门", "kind": "类别", "intent": "意图", "column": "栏目",
}

func printPlan(p *terracev1.Plan, q string) {
	fmt.Printf("查询：%s\n", q)
	for _, g := range p.GetGroups() {
		var alternatives []string
		for i, a := range g.Alternatives {
			if i == 0 {
				alternatives = append(alternatives, a.Text)
				continue
			}
			alternatives = append(alternatives, fmt.Sprintf("%s（%s，分量 %.2g）", a.Text, a.Source, a.Weight))
		}
		fmt.Printf("  词：%s\n", strings.Join(alternatives, " 或 "))
	}
	for _, r := range p.GetRecognized() {
		fmt.Printf("  %s：%s", recognizedNames[r.Kind], r.Name)
		if r.Value != "" && r.Value != r.Name {
			fmt.Printf("（%s）", r.Value)
		}
		fmt.Println()
	}
	for label, values := range map[string][]string{"必须含": p.GetRequire(), "不得含": p.GetExclude(), "站点": p.GetSites()} {
		if len(values) > 0 {
			fmt.Printf("  %s：%s\n", label, strings.Join(values, "、"))
		}
	}
}

func printExplained(res *terracev1.SearchResponse) {
	fmt.Printf("共 %d 条，用时 %d 毫秒\n", res.Total, res.TookMs)
	for i, h := range res.Hits {
		fmt.Printf("\n%2d. %s\n    %s · %s · %s\n    得分 %.2f", i+1, terminalText(h.Title), h.SiteName, h.Date, h.Url, h.Score)
		var parts []string
		for _, p := range h.Parts {
			if p.Value == 0 {
				parts = append(parts, p.Text)
				continue
			}
			parts = append(parts, fmt.Sprintf("%s %+.2f", p.Text, p.Value))
		}
		fmt.Printf(" = %s\n", strings.Join(parts, "；"))
	}
}
