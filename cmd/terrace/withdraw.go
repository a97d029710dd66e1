package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/user"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	"terrace/indexer"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/server"
)

func newWithdrawCommand() *cobra.Command {
	var o withdrawFlags
	cmd := &cobra.Command{
		Use:   "withdraw [网址或编号]",
		Short: "撤回网页：命令返回时，任何结果、摘要、建议里都不再有它",
		Long: `撤回网页：命令返回时，结果、计数、摘要、搜索建议、纠错、相关文件里都不再有它；以后重新采集、重建、退回前一代、恢复备份也不会再有，直到撤销。
服务器正在运行时交给它做，否则直接在存储目录上做。回执说明哪些不再答出、清除了什么、哪里还有、怎样撤销。
--pattern 是正则表达式，对整个网址（与站点的 allow、deny 写法相同）；超过 100 页、包括整个站点或存档里没有的，要加 --yes。`,
		Example: "  terrace withdraw http://www.example.gov.cn/gsgg/t1.html --reason 公示了身份证号\n" +
			"  terrace withdraw --pattern '^https?://www\\.example\\.gov\\.cn/old/' --reason 栏目停用\n" +
			"  terrace withdraw --list\n  terrace withdraw --undo 3",
		Args: arguments(0, 1, ""),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.page = args[0]
			}
			return o.run(cmd)
		},
	}
	addServerFlag(cmd)
	cmd.Flags().StringVar(&o.pattern, "pattern", "", "撤回网址符合这个正则表达式的全部网页，以后采集到的也算")
	cmd.Flags().StringVar(&o.reason, "reason", "", "为什么撤回，记在名单里")
	cmd.Flags().StringVar(&o.by, "by", "", "经手人；不写则是本机的用户名")
	cmd.Flags().BoolVar(&o.purge, "purge", false, "存档里的原文、访问记录也清除，以后不再保存；不能找回")
	cmd.Flags().BoolVar(&o.yes, "yes", false, "确认撤回很多网页、整个站点，或存档里没有的网址")
	cmd.Flags().BoolVar(&o.list, "list", false, "列出撤回过的，新的在前")
	cmd.Flags().StringVar(&o.undo, "undo", "", "撤销这个编号的撤回")
	return cmd
}

type withdrawFlags struct {
	page, pattern, reason, by, undo string
	purge, yes, list                bool
}

func (o *withdrawFlags) run(cmd *cobra.Command) error {
	ordered := o.page != "" || o.pattern != ""
	if n := trueOf(ordered, o.list, o.undo != ""); n != 1 {
		return errors.New("写出要撤回的网址或编号（或用 --pattern），或用 --list，或用 --undo 编号，选一个")
	}
	if o.by == "" {
		o.by = whoAmI()
	}
	switch {
	case o.list:
		return o.showList(cmd)
	case o.undo != "":
		return o.undoOne(cmd)
	}
	if strings.TrimSpace(o.reason) == "" {
		return errors.New("缺少 --reason：写明为什么撤回，以后查得到")
	}
	return o.withdraw(cmd)
}

func trueOf(conditions ...bool) (n int) {
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}

// whoAmI is the user at the terminal, whom sudo remembers.
func whoAmI() string {
	if name := os.Getenv("SUDO_USER"); name != "" {
		return name
	}
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}

func (o *withdrawFlags) withdraw(cmd *cobra.Command) error {
	var r *terracev1.Withdrawal
	err := administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) (err error) {
		in := &terracev1.WithdrawRequest{Page: o.page, Pattern: o.pattern, Reason: o.reason, By: o.by, Purge: o.purge, Confirm: o.yes}
		r, err = client.Withdraw(ctx, in)
		return err
	}, func(ctx context.Context, x *indexer.Indexer) error {
		in := indexer.WithdrawOrder{Page: o.page, Pattern: o.pattern, Reason: o.reason, By: o.by, Purge: o.purge, Confirm: o.yes}
		made, err := x.Withdraw(ctx, in)
		r = server.Receipt(made)
		return err
	})
	if err != nil {
		if strings.Contains(err.Error(), indexer.ErrConfirm.Error()) {
			return fmt.Errorf("%w。确实要撤回，就加上 --yes 再运行", err)
		}
		return err
	}
	writeReceipt(cmd.OutOrStdout(), r)
	return nil
}

func (o *withdrawFlags) undoOne(cmd *cobra.Command) error {
	var r *terracev1.Withdrawal
	err := administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) (err error) {
		r, err = client.UndoWithdrawal(ctx, &terracev1.UndoWithdrawalRequest{Id: o.undo, By: o.by})
		return err
	}, func(ctx context.Context, x *indexer.Indexer) error {
		made, err := x.UndoWithdrawal(ctx, o.undo, o.by)
		r = server.Receipt(made)
		return err
	})
	if err != nil {
		return err
	}
	writeReceipt(cmd.OutOrStdout(), r)
	return nil
}

func (o *withdrawFlags) showList(cmd *cobra.Command) error {
	var list []*terracev1.Withdrawal
	err := administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) error {
		res, err := client.ListWithdrawals(ctx, &terracev1.ListWithdrawalsRequest{})
		list = res.GetWithdrawals()
		return err
	}, func(ctx context.Context, x *indexer.Indexer) error {
		entries, err := x.Withdrawals(ctx)
		list = server.Withdrawals(entries)
		return err
	})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		fmt.Fprintln(cmd.OutOrStdout(), "没有撤回过网页。")
		return nil
	}
	rows := table{{"编号", "状态", "时间", "页数", "经手人", "网址、编号或模式", "原因"}}
	for _, w := range list {
		state := "已撤回"
		switch {
		case w.Undone != nil:
			state = "已撤销"
		case w.Purge:
			state = "已清除"
		}
		rows = append(rows, []string{w.Id, state, localTime(w.Created), strconv.Itoa(int(w.Pages)), short(w.By, 20), short(target(w), 80), short(w.Reason, 60)})
	}
	fmt.Fprintln(cmd.OutOrStdout(), strings.Join(rows.lines(), "\n"))
	return nil
}

func localTime(t *timestamppb.Timestamp) string {
	return t.AsTime().Local().Format("2006-01-02 15:04:05")
}

func target(w *terracev1.Withdrawal) string {
	if w.Pattern != "" {
		return "模式 " + w.Pattern
	}
	return w.Page
}

// writeReceipt says what was done in the order in which it is asked for: what answers no more, since when, where the same still is, what is left.
func writeReceipt(w io.Writer, r *terracev1.Withdrawal) {
	if r.Undone != nil {
		fmt.Fprintf(w, "撤回 %s 已撤销（%s，%s）：%s\n", r.Id, localTime(r.Undone), r.UndoneBy, short(target(r), 200))
		writePages(w, "重新答出", r.Withdrawn, len(r.Withdrawn))
		writeLines(w, "注意", r.Remains)
		return
	}
	fmt.Fprintf(w, "撤回 %s，自 %s 起不再答出：%s\n原因：%s（%s）\n", r.Id, localTime(r.Created), short(target(r), 200), r.Reason, r.By)
	writePages(w, "不再答出", r.Withdrawn, int(r.Pages))
	if n := len(r.Elsewhere); n > 0 {
		fmt.Fprintf(w, "另有相同内容 %d 处，没有撤回，请逐个核对：\n", n)
		for _, p := range r.Elsewhere {
			fmt.Fprintf(w, "  %s %s\n", p.Url, p.Id)
		}
	}
	writeLines(w, "已清除", r.Purged)
	writeLines(w, "还留着", r.Remains)
	fmt.Fprintf(w, "撤销：terrace withdraw --undo %s\n", r.Id)
}

func writePages(w io.Writer, what string, pages []*terracev1.WithdrawnPage, known int) {
	fmt.Fprintf(w, "%s %d 页：\n", what, max(known, len(pages)))
	for _, p := range pages {
		title := p.Title
		if title == "" {
			title = "（不是文档）"
		}
		fmt.Fprintf(w, "  %s  %s %s\n", short(title, 80), p.Url, p.Id)
	}
	if more := known - len(pages); more > 0 && len(pages) > 0 {
		fmt.Fprintf(w, "  ……还有 %d 页\n", more)
	}
}

func writeLines(w io.Writer, what string, lines []string) {
	for _, l := range lines {
		fmt.Fprintf(w, "%s：%s\n", what, l)
	}
}
