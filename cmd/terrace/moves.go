package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"terrace/moves"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/server"
)

func newMovesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "moves",
		Short: "旧网址：关闭、合并、改版的网站的网页搬到了哪里",
		Long: `旧网址：关闭、合并、改版的网站的网页搬到了哪里。搜索框里输入旧网址就找到新网页，跳转规则可以导出给网页服务器。
采集时见到的永久跳转自动算数，不用写。服务器正在运行时交给它做，否则直接在存储目录上做。`,
		Example: "  terrace moves import 旧站文章.csv\n  terrace moves propose\n  terrace moves export --nginx > moved.conf",
		Args:    knownCommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newMovesImport(), newMovesPropose(), newMovesList(), newMovesAdd(),
		newMovesDecide(moves.Accept, "认可提出的新网址，即时生效", "已认可"),
		newMovesDecide(moves.Reject, "否决提出的新网址，以后不再提出", "已否决"),
		newMovesDecide(moves.Remove, "删去对应关系，不论怎么来的", "已删去"),
		newMovesHomeless(), newMovesExport())
	return cmd
}

// move asks the MoveService of the running server, or that of the storage folder.
func move(cmd *cobra.Command, do func(context.Context, terracev1.MoveServiceClient) error) error {
	return anywhere(cmd, func(ctx context.Context, conn *grpc.ClientConn) error {
		return do(ctx, terracev1.NewMoveServiceClient(conn))
	}, func(ctx context.Context, n *node) error {
		if err := do(ctx, server.LocalMoves(n.indexer)); status.Code(err) == codes.Canceled {
			return context.Canceled
		} else if err != nil {
			return err
		}
		return n.indexer.CatchUp(ctx)
	})
}

func newMovesImport() *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   "import 文件.csv",
		Short: "导入旧网页的名单，有新网址的即时生效",
		Long: `导入旧网页的名单，例如从旧的内容管理系统导出的文章列表。第一行是列名：旧网址（必有）、新网址、标题、日期、文号，次序不限，别的列不看；
逗号、制表符、分号隔开都可以，GBK、UTF-8、UTF-16 都认得。有新网址的即时生效；没有的记下来，用 terrace moves propose 找它的新网页。
旧网址写成 old.example.gov.cn（整个网站）、old.example.gov.cn/zwgk/ 或 http://old.example.gov.cn/zwgk/* 的是前缀：新网址以 / 结尾时，把其余的路径接上；否则都到那一页。
读不懂的行逐行报告，不影响别的行；再导入一次也不会重复。`,
		Example: "  terrace moves import 旧站文章.csv",
		Args:    arguments(1, 1, "文件名"),
		RunE: func(cmd *cobra.Command, args []string) error {
			f, err := os.Open(args[0])
			if err != nil {
				return fmt.Errorf("读不了 %s：%w", args[0], err)
			}
			defer f.Close()
			return move(cmd, func(ctx context.Context, client terracev1.MoveServiceClient) error {
				if _, err := f.Seek(0, io.SeekStart); err != nil { // a server that does not answer has had its turn
					return err
				}
				r, err := moves.NewReader(f)
				if err != nil {
					return fmt.Errorf("%s：%w", args[0], err)
				}
				return putMoves(ctx, cmd.ErrOrStderr(), client, r, by)
			})
		},
	}
	addServerFlag(cmd)
	addByFlag(cmd, &by)
	return cmd
}

func addByFlag(cmd *cobra.Command, by *string) {
	cmd.Flags().StringVar(by, "by", whoAmI(), "经手人；不写则是本机的用户名")
}

// putMoves sends a list batch by batch, names the lines that were left out, and sums up.
func putMoves(ctx context.Context, w io.Writer, client terracev1.MoveServiceClient, r *moves.Reader, by string) error {
	in := &terracev1.PutMovesRequest{By: by}
	var pairs, pages, bad int
	told := func(line int, reason string) { fmt.Fprintf(w, "\r第 %d 行：%s\n", line, reason) }
	send := func() error {
		res, err := client.PutMoves(ctx, in)
		if err != nil {
			return err
		}
		for _, b := range res.Bad {
			told(int(b.Line), b.Reason)
			if !b.Taken {
				bad++
			}
		}
		pairs, pages, in.Rows = pairs+int(res.Moves), pages+int(res.Pages), nil
		fmt.Fprintf(w, "\r已导入 %d 个旧网页", pages)
		return nil
	}
	for {
		row, wrong, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("读不下去：%w", err)
		}
		if wrong != nil {
			told(wrong.Line, wrong.Reason)
			bad++
			continue
		}
		in.Rows = append(in.Rows, &terracev1.OldPage{Old: row.Old, New: row.New, Title: row.Title, Date: row.Date, DocNo: row.DocNo, Line: int32(min(row.Line, math.MaxInt32))})
		if len(in.Rows) == moves.MaxBatch {
			if err := send(); err != nil {
				return err
			}
		}
	}
	if len(in.Rows) > 0 {
		if err := send(); err != nil {
			return err
		}
	}
	fmt.Fprintf(w, "\r导入 %d 个旧网页、%d 条新旧对应，%d 行有误未导入\n", pages, pairs, bad)
	return nil
}

func newMovesAdd() *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:   "add 旧网址 新网址",
		Short: "写下一条新旧对应，即时生效",
		Example: "  terrace moves add http://old.example.gov.cn/a.html http://www.example.gov.cn/b.html\n" +
			"  terrace moves add 'old.example.gov.cn/zwgk/*' http://www.example.gov.cn/jyj/zwgk/",
		Args: arguments(2, 2, "旧网址和新网址"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return move(cmd, func(ctx context.Context, client terracev1.MoveServiceClient) error {
				res, err := client.PutMoves(ctx, &terracev1.PutMovesRequest{By: by, Added: true, Rows: []*terracev1.OldPage{{Old: args[0], New: args[1]}}})
				if err != nil {
					return err
				}
				if len(res.Bad) > 0 {
					return errors.New(res.Bad[0].Reason)
				}
				fmt.Fprintln(cmd.OutOrStdout(), "已记下，即时生效")
				return nil
			})
		},
	}
	addServerFlag(cmd)
	addByFlag(cmd, &by)
	return cmd
}

func newMovesDecide(d moves.Decision, short, did string) *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:     string(d) + " 旧网址…",
		Short:   short,
		Example: "  terrace moves " + string(d) + " http://old.example.gov.cn/a.html\n  terrace moves " + string(d) + " 'old.example.gov.cn/zwgk/*'",
		Args:    arguments(1, moves.MaxBatch, "旧网址"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return move(cmd, func(ctx context.Context, client terracev1.MoveServiceClient) error {
				res, err := client.DecideMoves(ctx, &terracev1.DecideMovesRequest{Decision: string(d), Old: args, By: by})
				if err != nil {
					return err
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s %d 条\n", did, res.Done)
				if len(res.Unknown) > 0 {
					return fmt.Errorf("没有可以这样决定的对应关系：%s。用 terrace moves list 查看", strings.Join(res.Unknown, " "))
				}
				return nil
			})
		},
	}
	addServerFlag(cmd)
	addByFlag(cmd, &by)
	return cmd
}
