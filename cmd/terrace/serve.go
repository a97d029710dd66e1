package main

import (
	"fmt"
	"net"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"terrace/indexer/crawl"
)

func newServeCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "serve",
		Short:   "采集、索引并提供搜索，直到被停止",
		Example: "  terrace serve --config terrace.yaml",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := configured(cmd)
			if err != nil {
				return err
			}
			n, err := openNode(cmd.Context(), c, logger(cmd))
			if err != nil {
				return err
			}
			defer n.close()
			n.words.reload = func() (*Config, error) { return configured(cmd) }
			crawler, err := n.crawler(false, nil)
			if err != nil {
				return err
			}
			return n.serve(cmd.Context(), crawler, func(http, grpc net.Addr) {
				fmt.Printf("搜索页 http://%s%s/\n", http, c.Server.Prefix)
				if grpc != nil {
					fmt.Printf("gRPC   %s\n", grpc)
				}
			})
		},
	}
}

func newCrawlCommand() *cobra.Command {
	var once bool
	cmd := &cobra.Command{
		Use:     "crawl",
		Short:   "只采集和索引，不提供搜索",
		Example: "  terrace crawl --once --config terrace.yaml",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := configured(cmd)
			if err != nil {
				return err
			}
			n, err := openNode(cmd.Context(), c, logger(cmd))
			if err != nil {
				return err
			}
			defer n.close()
			crawler, err := n.crawler(once, showCrawl)
			if err != nil {
				return err
			}
			if !once {
				eg, ctx := errgroup.WithContext(cmd.Context())
				eg.Go(func() error { return crawler.Run(ctx) })
				eg.Go(func() error { return n.indexer.Run(ctx) })
				eg.Go(func() error { return n.findings.Run(ctx) })
				return eg.Wait()
			}
			if err := crawler.Run(cmd.Context()); err != nil {
				return err
			}
			fmt.Fprintln(os.Stderr)
			if err := n.indexer.CatchUp(cmd.Context()); err != nil {
				return err
			}
			return n.indexer.Upkeep(cmd.Context(), time.Now())
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "没有到期的网页时结束")
	return cmd
}

// showCrawl rewrites one line of the terminal.
func showCrawl(p crawl.Progress) {
	rate := 0.0
	if s := p.Elapsed.Seconds(); s > 0 {
		rate = float64(p.Visited) / s
	}
	fmt.Fprintf(os.Stderr, "\r采集 %d 页，失败 %d，%.0f 页/秒，%.1f MB，用时 %s，%-12s", p.Visited, p.Failed, rate, float64(p.Bytes)/(1<<20),
		p.Elapsed.Round(time.Second), p.Site)
}

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "打印版本",
		Example: "  terrace version",
		Args:    arguments(0, 0, ""),
		Run:     func(*cobra.Command, []string) { fmt.Println("terrace " + version()) },
	}
}

// version is the module's version and the commit it was built from, as the build recorded them.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v += " " + s.Value[:min(12, len(s.Value))]
		}
	}
	return v
}
