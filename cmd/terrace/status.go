package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"terrace/indexer"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/server"
)

func newStatusCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:     "status",
		Short:   "现用的索引、最近的任务、告警，各一行",
		Example: "  terrace status",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			var generations []*terracev1.Generation
			var losses []*terracev1.SiteLoss
			job := "没有"
			err := administer(cmd, func(ctx context.Context, client terracev1.AdminServiceClient) error {
				res, err := client.ListGenerations(ctx, &terracev1.ListGenerationsRequest{})
				if err != nil {
					return err
				}
				generations = res.Generations
				jobs, err := client.ListJobs(ctx, &terracev1.ListJobsRequest{})
				if len(jobs.GetJobs()) > 0 {
					j := jobs.Jobs[0]
					job = jobText(j.Id, j.Mode, j.State, int(j.Done), int(j.Total))
				}
				if err != nil {
					return err
				}
				lost, err := client.ListLosses(ctx, &terracev1.ListLossesRequest{})
				losses = lost.GetLosses()
				return err
			}, func(ctx context.Context, x *indexer.Indexer) error {
				list, err := x.Generations(ctx)
				if err != nil {
					return err
				}
				generations = server.Generations(list)
				jobs, err := x.Jobs(ctx)
				if len(jobs) > 0 {
					j := jobs[0]
					job = jobText(j.ID, string(j.Order.Mode), string(j.State), j.Done, j.Total)
				}
				if err != nil {
					return err
				}
				lost, err := x.Losses(ctx, "")
				losses = server.Losses(lost)
				return err
			})
			if err != nil {
				return err
			}
			fmt.Printf("索引：%s\n任务：%s\n告警：%s\n", liveText(generations), job, alarmsText(losses))
			return nil
		},
	}
	addServerFlag(cmd)
	return cmd
}

func liveText(generations []*terracev1.Generation) string {
	for _, g := range generations {
		if g.Live {
			return fmt.Sprintf("%s，%d 篇", g.Name, g.Documents)
		}
	}
	return "还没有"
}

func jobText(id, mode, state string, done, total int) string {
	return fmt.Sprintf("%s %s（%s）%s，%d/%d 页", id, jobWords[mode], mode, jobWords[state], done, total)
}

// jobWords are the modes and states of jobs.
var jobWords = map[string]string{
	string(indexer.Rebuild): "用存档重建", string(indexer.Recrawl): "重新采集",
	string(indexer.Running): "正在进行", string(indexer.Done): "完成", string(indexer.Failed): "失败", string(indexer.Cancelled): "已取消",
}

// alarmsText is one line about the sites in alarm.
func alarmsText(losses []*terracev1.SiteLoss) string {
	n, first := 0, ""
	for _, l := range losses {
		if l.Alarm == nil {
			continue
		}
		if n++; n == 1 {
			first = fmt.Sprintf("%s（%s）%s，%s", l.SiteName, l.Site, l.Cause, shareText(l))
		}
	}
	switch n {
	case 0:
		return "没有"
	case 1:
		return first + "；详见 terrace losses"
	}
	return fmt.Sprintf("%d 个站点，如%s；详见 terrace losses", n, first)
}
