package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"terrace/indexer/attached"
	"terrace/indexer/warc"
	"terrace/withdraw"
)

func newArchiveExport() *cobra.Command {
	var site, since string
	cmd := &cobra.Command{
		Use:   "export 文件夹",
		Short: "把存档导出为 WARC 文件，供长期保存或别的程序使用",
		Long: "把存有内容的网页写成 WARC 1.1（ISO 28500:2017）文件，每个约 1 GB，另有 sha256sums.txt 供核对（sha256sum -c）。\n" +
			"文件夹在全部写完之后才出现；中途停下，写好的留在旁边名称以 .part 结尾的文件夹里，再运行同一条命令时接着写。撤回的网页、导入的文档不导出，篇数另列。\n" +
			"服务正在运行时也可以导出。",
		Example: "  terrace archive export 存档-2026\n  terrace archive export gjj-3月 --site gjj --since 2026-03-01",
		Args:    arguments(1, 1, "文件夹"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := openStored(cmd)
			if err != nil {
				return err
			}
			defer s.close()
			o, err := s.exportOptions(cmd.Context(), site, since)
			if err != nil {
				return err
			}
			progress := &ticker{}
			o.Dir, o.Progress = args[0], func(r warc.Report) { progress.tell("已写 %d 页，%s", r.Pages+r.Texts, megabytes(r.Bytes)) }
			r, err := warc.Export(cmd.Context(), s.archive, o)
			progress.end()
			if errors.Is(err, warc.ErrNotEmpty) {
				return fmt.Errorf("文件夹 %s 里已有内容：换一个名称", args[0])
			}
			if err != nil {
				return err
			}
			fmt.Printf("导出到 %s：%d 页的原文，%d 个附件的文字（原文已不保存），%d 个文件，%s\n", args[0], r.Pages, r.Texts, r.Files, megabytes(r.Bytes))
			if r.Before > 0 {
				fmt.Printf("其中 %d 页是上次停下以前写的\n", r.Before)
			}
			fmt.Printf("没有导出：撤回的 %d 页，导入的 %d 篇\n", r.Withdrawn, r.Imports)
			if r.Unreadable > 0 {
				return fmt.Errorf("%d 页的原文缺失或损坏，没有导出：运行 terrace archive verify 看是哪些", r.Unreadable)
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&site, "site", "", "只导出一个站点，编号或名称")
	cmd.Flags().StringVar(&since, "since", "", "只导出这一天以来有变化的网页，如 2026-03-01")
	return cmd
}

// exportOptions takes what a person wrote for what is meant.
func (s *stored) exportOptions(ctx context.Context, name, since string) (o warc.Options, err error) {
	registry, err := s.config.Registry()
	if err != nil {
		return o, err
	}
	if name != "" {
		id, known := registry.SiteNamed(name)
		if !known {
			return o, fmt.Errorf("没有站点“%s”：站点的编号和名称见配置里的 sites", name)
		}
		o.Site = id
	}
	if since != "" {
		if o.Since, err = time.ParseInLocation("2006-01-02", since, time.Local); err != nil {
			return o, fmt.Errorf("--since 的 %q 不是日期：写成 2026-03-01 这样", since)
		}
	}
	withdrawn, err := withdraw.Open(ctx, s.state)
	if err != nil {
		return o, unreadable(s.config.Storage.Dir, err)
	}
	o.Withdrawn = func(id, url string) bool {
		_, is := withdrawn.Of(id, url)
		return is
	}
	o.Text = func(ctx context.Context, hash string) (string, error) {
		t, _, err := attached.Kept(ctx, s.archive, hash)
		return t.Body, err
	}
	o.Software, o.Operator = "Terrace "+version(), s.config.Name
	return o, nil
}
