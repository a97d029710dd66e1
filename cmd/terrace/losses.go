package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"google.golang.org/protobuf/types/known/timestamppb"

	"terrace/indexer"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/server"
)

func newLossesCommand() *cobra.Command {
	var accept, keep, all bool
	cmd := &cobra.Command{
		Use:   "losses [站点]",
		Short: "列出在告警、文档没有核实到或将要失去的站点；决定失去的文档是去是留",
		Long: "列出在告警的站点：原因、多少篇、从何时起、几个例子。文档都还搜得到，等网站恢复，或者等管理员决定：\n" +
			"--accept 认可：网站说已不在的删去，内容换了的采用新内容（空白页、登录页、乱码不采用）；--keep 保留：留着现有的，不再告警，网站恢复后照常更新。\n" +
			"网站没有答复（5xx、超时、防火墙）的不用决定，恢复后自动更新。",
		Example: "  terrace losses\n  terrace losses gjj\n  terrace losses gjj --accept",
		Args:    arguments(0, 1, "站点"),
		RunE: func(cmd *cobra.Command, args []string) error {
			site := strings.Join(args, "")
			switch {
			case accept && keep:
				return errors.New("--accept 与 --keep 只能写一个")
			case (accept || keep) && site == "":
				return errors.New("请写明站点，如 terrace losses gjj --accept")
			case accept:
				return decideLosses(cmd, site, indexer.Accept)
			case keep:
				return decideLosses(cmd, site, indexer.Keep)
			}
			losses, err := listLosses(cmd, site)
			if err != nil {
				return err
			}
			fmt.Print(lossesText(losses, all || site != ""))
			return nil
		},
	}
	addServerFlag(cmd)
	cmd.Flags().BoolVar(&accept, "accept", false, "认可一个站点失去的文档：删去，或采用新内容")
	cmd.Flags().BoolVar(&keep, "keep", false, "保留一个站点失去的文档，不再告警")
	cmd.Flags().BoolVar(&all, "all", false, "也列出没有告警、只有个别网页没有核实到的站点")
	return cmd
}

func listLosses(cmd *cobra.Command, site string) (losses []*terracev1.SiteLoss, err error) {
	err = administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) error {
		res, err := client.ListLosses(ctx, &terracev1.ListLossesRequest{Site: site})
		losses = res.GetLosses()
		return err
	}, func(ctx context.Context, x *indexer.Indexer) error {
		list, err := x.Losses(ctx, site)
		losses = server.Losses(list)
		return err
	})
	return losses, err
}

func decideLosses(cmd *cobra.Command, site string, d indexer.Decision) error {
	var pages, left int
	err := administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) error {
		res, err := client.DecideLosses(ctx, &terracev1.DecideLossesRequest{Site: site, Decision: string(d)})
		pages, left = int(res.GetPages()), int(res.GetLeft())
		return err
	}, func(ctx context.Context, x *indexer.Indexer) (err error) {
		if pages, left, err = x.DecideLosses(ctx, site, d); err != nil {
			return err
		}
		return x.CatchUp(ctx)
	})
	if err != nil {
		return err
	}
	what := map[indexer.Decision]string{indexer.Accept: "已认可：%d 个网页删去，或在下次访问时采用新内容\n", indexer.Keep: "已保留：%d 个网页留着现有内容，不再告警\n"}[d]
	fmt.Printf(what, pages)
	if left > 0 {
		fmt.Printf("另有 %d 个网页因为网站没有正常答复而没有核实到，不用决定，恢复后自动更新\n", left)
	}
	return nil
}

// lossesText lists losses for people; of sites that are not in alarm only where all are asked for.
func lossesText(losses []*terracev1.SiteLoss, all bool) string {
	var b strings.Builder
	hidden := 0
	for _, l := range losses {
		if l.Alarm == nil && !all {
			hidden++
			continue
		}
		state := "没有告警"
		if l.Alarm != nil {
			state = when(l.Alarm) + " 起告警"
		}
		fmt.Fprintf(&b, "%s（%s）：%s；%s，都还搜得到\n", l.SiteName, l.Site, state, shareText(l))
		for _, c := range l.Causes {
			b.WriteString(causeText(c))
		}
	}
	if b.Len() == 0 && hidden == 0 {
		return "没有告警，也没有没核实到的网页\n"
	}
	if b.Len() == 0 {
		b.WriteString("没有告警\n")
	}
	if hidden > 0 {
		fmt.Fprintf(&b, "另有 %d 个站点有个别网页没有核实到，加 --all 列出\n", hidden)
	}
	return b.String()
}

// shareText is how many of a site's documents are in trouble.
func shareText(l *terracev1.SiteLoss) string {
	if l.Documents == 0 {
		return fmt.Sprintf("%d 篇暂时无法核实", l.Of)
	}
	return fmt.Sprintf("%d 篇中有 %d 篇没有核实到", l.Of, l.Documents)
}

func causeText(c *terracev1.LossCause) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  %s：%d 篇", short(c.Reason, 100), c.Documents)
	if n := c.Pages - c.Documents; n > 0 {
		fmt.Fprintf(&b, "，另有首页、列表页 %d 个", n)
	}
	fmt.Fprintf(&b, "；%s 起", when(c.Since))
	if c.Held > 0 {
		fmt.Fprintf(&b, "；%d 个等着决定或等着网站恢复", c.Held-min(c.Held, c.Kept))
	}
	if c.Kept > 0 {
		fmt.Fprintf(&b, "；%d 个已决定保留", c.Kept)
	}
	b.WriteString("\n")
	for _, p := range c.Examples {
		fmt.Fprintf(&b, "    %s %s（%s 核实过）\n", p.Url, short(p.Title, 60), when(p.LastVerified))
	}
	return b.String()
}

func when(t *timestamppb.Timestamp) string { return t.AsTime().Local().Format("2006-01-02 15:04") }
