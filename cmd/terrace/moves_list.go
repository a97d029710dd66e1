package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"terrace/moves"
	terracev1 "terrace/proto/terrace/v1"
)

func newMovesPropose() *cobra.Command {
	var accept bool
	var by string
	cmd := &cobra.Command{
		Use:   "propose",
		Short: "为没有新网址的旧网页找新网页",
		Long: `为没有新网址的旧网页找新网页：按文号、标题、日期、文件名和正文，与现在搜得到的网页比对；也从成对的网址里归纳整个目录的前缀。
采集过的已关闭网站，还找它的附件（新网页上字节、文件名或链接文字相同的，没有就到那个网页）和列表（有旧列表大部分条目的新列表，或同一部门同名的栏目）。
结果等管理员认可（terrace moves list --state proposed）。有把握的（文号和标题相同、标题和日期相同且只此一页、正文相同……）可用 --accept-sure 直接生效；
只凭标题的、前缀，总要人看。几页都像的列为“有歧义”，不提出。随时可以中断，也可以再做：不改变已认可、已否决的。`,
		Example: "  terrace moves propose\n  terrace moves propose --accept-sure",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return move(cmd, func(ctx context.Context, client terracev1.MoveServiceClient) error {
				stream, err := client.ProposeMoves(ctx, &terracev1.ProposeMovesRequest{AcceptSure: accept, By: by})
				if err != nil {
					return err
				}
				var last *terracev1.ProposeMovesResponse
				for {
					p, err := stream.Recv()
					if errors.Is(err, io.EOF) {
						break
					}
					if err != nil {
						return err
					}
					last = p
					fmt.Fprintf(os.Stderr, "\r已看 %d/%d 个旧网页", p.Done, p.Total)
				}
				fmt.Fprint(os.Stderr, "\r")
				writeProposed(cmd.OutOrStdout(), last)
				return nil
			})
		},
	}
	addServerFlag(cmd)
	addByFlag(cmd, &by)
	cmd.Flags().BoolVar(&accept, "accept-sure", false, "有把握的直接生效")
	return cmd
}

func writeProposed(w io.Writer, p *terracev1.ProposeMovesResponse) {
	apart := ""
	if p.Files+p.Lists > 0 {
		apart = fmt.Sprintf("（其中附件 %d 个、列表 %d 个）", p.Files, p.Lists)
	}
	fmt.Fprintf(w, "旧网页 %d 个%s：新网址已知 %d，提出 %d（有把握 %d），有歧义 %d，没有找到 %d；另提出前缀 %d 条\n",
		p.Total, apart, p.Known, p.Proposed, p.Sure, p.Ambiguous, p.Homeless, p.Prefixes)
	if p.ToPage > 0 {
		fmt.Fprintf(w, "提出的里面有 %d 个附件，新网页上没有认出它，到它所在的网页\n", p.ToPage)
	}
	if p.Accepted > 0 {
		fmt.Fprintf(w, "有把握的 %d 条已生效\n", p.Accepted)
	}
	if p.Proposed+p.Prefixes > p.Accepted {
		fmt.Fprintln(w, "查看：terrace moves list --state proposed；认可：terrace moves accept 旧网址")
	}
}

// moveStates are what people call states.
var moveStates = map[string]string{
	string(moves.InForce): "生效", string(moves.Proposal): "待认可", string(moves.Ambiguous): "有歧义", string(moves.Rejected): "已否决",
}

func newMovesList() *cobra.Command {
	var state string
	var all bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "列出新旧对应，前 100 条",
		Example: "  terrace moves list\n  terrace moves list --state proposed --all",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return move(cmd, func(ctx context.Context, client terracev1.MoveServiceClient) error {
				w := cmd.OutOrStdout()
				in := &terracev1.ListMovesRequest{State: state}
				for {
					res, err := client.ListMoves(ctx, in)
					if err != nil {
						return err
					}
					writeMoves(w, res, in.PageToken == "")
					if in.PageToken = res.NextPageToken; res.NextPageToken == "" {
						return nil
					}
					if !all {
						fmt.Fprintln(w, "还有，加 --all 全部列出")
						return nil
					}
				}
			})
		},
	}
	addServerFlag(cmd)
	cmd.Flags().StringVar(&state, "state", "", "in_force（生效）、proposed（待认可）、ambiguous（有歧义）或 rejected（已否决）；不写则全部")
	cmd.Flags().BoolVar(&all, "all", false, "全部列出")
	return cmd
}

func writeMoves(w io.Writer, res *terracev1.ListMovesResponse, first bool) {
	if first {
		var counts []string
		for _, s := range []moves.State{moves.InForce, moves.Proposal, moves.Ambiguous, moves.Rejected} {
			counts = append(counts, fmt.Sprintf("%s %d", moveStates[string(s)], res.Counts[string(s)]))
		}
		fmt.Fprintln(w, strings.Join(counts, "，"))
	}
	for _, m := range res.Moves {
		about := m.Evidence
		if m.Sure && m.State == string(moves.Proposal) {
			about += "，有把握"
		}
		if m.By != "" {
			about += "，" + m.By
		}
		fmt.Fprintf(w, "%s %s\n", moveStates[m.State], m.Old)
		if m.New != "" {
			fmt.Fprintf(w, "    → %s\n", m.New)
		}
		fmt.Fprintf(w, "    %s（%s）\n", about, localTime(m.Changed))
	}
}

func newMovesHomeless() *cobra.Command {
	var asCSV bool
	cmd := &cobra.Command{
		Use:     "homeless",
		Short:   "列出还没有新网址的旧网页，和为什么",
		Long:    "列出还没有新网址的旧网页，和为什么。--csv 写出的表格填上“新网址”一列，可以再用 terrace moves import 导入。",
		Example: "  terrace moves homeless\n  terrace moves homeless --csv > 待补.csv",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return move(cmd, func(ctx context.Context, client terracev1.MoveServiceClient) error {
				each := func(do func(p moves.Page, why string) error) error { return homeless(ctx, client, do) }
				if asCSV {
					return moves.WritePagesCSV(cmd.OutOrStdout(), each)
				}
				n := 0
				err := each(func(p moves.Page, why string) error {
					n++
					fmt.Fprintf(cmd.OutOrStdout(), "%s %s %s\n    %s\n", p.URL, short(p.Title, 60), p.Date, why)
					return nil
				})
				if err == nil {
					fmt.Fprintf(cmd.OutOrStdout(), "共 %d 个旧网页没有新网址\n", n)
				}
				return err
			})
		},
	}
	addServerFlag(cmd)
	cmd.Flags().BoolVar(&asCSV, "csv", false, "写成表格")
	return cmd
}

func homeless(ctx context.Context, client terracev1.MoveServiceClient, do func(p moves.Page, why string) error) error {
	stream, err := client.ListHomeless(ctx, &terracev1.ListHomelessRequest{})
	if err != nil {
		return err
	}
	for {
		res, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, p := range res.Pages {
			if err := do(moves.Page{URL: p.Url, Title: p.Title, Date: p.Date, DocNo: p.DocNo}, p.Why); err != nil {
				return err
			}
		}
	}
}

func newMovesExport() *cobra.Command {
	var nginx, asCSV bool
	cmd := &cobra.Command{
		Use:     "export",
		Short:   "写出生效的新旧对应，采集时见到的跳转也在内：给 nginx 的跳转规则，或表格",
		Example: "  terrace moves export --nginx > /etc/nginx/conf.d/moved.conf\n  terrace moves export --csv > 新旧网址.csv",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if nginx == asCSV {
				return errors.New("写 --nginx 或 --csv，选一个")
			}
			format := "csv"
			if nginx {
				format = "nginx"
			}
			return move(cmd, func(ctx context.Context, client terracev1.MoveServiceClient) error {
				stream, err := client.ExportMoves(ctx, &terracev1.ExportMovesRequest{Format: format})
				if err != nil {
					return err
				}
				for {
					res, err := stream.Recv()
					if errors.Is(err, io.EOF) {
						return nil
					}
					if err != nil {
						return err
					}
					if _, err := cmd.OutOrStdout().Write(res.Data); err != nil {
						return err
					}
				}
			})
		},
	}
	addServerFlag(cmd)
	cmd.Flags().BoolVar(&nginx, "nginx", false, "给 nginx 的 map，放进 http { } 里")
	cmd.Flags().BoolVar(&asCSV, "csv", false, "表格，可以再导入")
	return cmd
}
