package main

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"terrace/demo"
	"terrace/indexer"
	"terrace/moves"
)

func newDemoCommand() *cobra.Command {
	var pages int
	var seed uint64
	var http, grpc, dir string
	cmd := &cobra.Command{
		Use:     "demo",
		Short:   "在本机造一个虚构的网站群，采集、索引并提供搜索",
		Example: "  terrace demo\n  terrace demo --pages 5000 --http 127.0.0.1:8081",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if dir == "" {
				tmp, err := os.MkdirTemp("", "terrace-demo-")
				if err != nil {
					return err
				}
				defer os.RemoveAll(tmp)
				dir = tmp
			}
			cluster := demo.New(demo.Options{Pages: pages, Seed: seed, Log: logger(cmd)})
			if err := cluster.Start(cmd.Context()); err != nil {
				return err
			}
			c := demoConfig(cluster, dir, http)
			c.Listen.GRPC = cmp.Or(grpc, c.Listen.GRPC)
			return runDemo(cmd, cluster, c)
		},
	}
	cmd.Flags().IntVar(&pages, "pages", 0, fmt.Sprintf("文章数，至多 %d；0 为约 700", demo.MaxPages))
	cmd.Flags().Uint64Var(&seed, "seed", 1, "同一个数总是造出同样的文章")
	cmd.Flags().StringVar(&http, "http", "127.0.0.1:8080", "搜索页的地址")
	cmd.Flags().StringVar(&grpc, "grpc", "", "gRPC 的地址，命令行从这里问；不写则在本机用一个空着的端口")
	cmd.Flags().StringVar(&dir, "dir", "", "存储目录；不写则用临时目录，结束时删除")
	return cmd
}

// runDemo serves the sample cluster, which has started, crawls it with the whole product and answers until it is stopped.
func runDemo(cmd *cobra.Command, cluster *demo.Cluster, c *Config) error {
	eg, ctx := errgroup.WithContext(cmd.Context())
	eg.Go(func() error { return cluster.Run(ctx) })
	eg.Go(func() error {
		n, err := openNode(ctx, c, logger(cmd))
		if err != nil {
			return err
		}
		defer n.close()
		crawler, err := n.crawler(true, showCrawl)
		if err != nil {
			return err
		}
		return n.serve(ctx, nil, func(http, grpc net.Addr) {
			fmt.Printf("搜索页 http://%s/\ngRPC   %s\n样例网站群有 %d 个站点，门户在 %s\n", http, grpc, len(cluster.Sites()), cluster.Sites()[0].URL)
			eg.Go(func() error {
				if err := crawler.Run(ctx); err != nil || ctx.Err() != nil {
					return err
				}
				if err := n.indexer.CatchUp(ctx); err != nil {
					return err
				}
				if err := n.searcher.Learn(ctx); err != nil { // before anything is tried
					return err
				}
				old, err := moveFormer(ctx, n.indexer, cluster)
				if err != nil {
					return err
				}
				fmt.Printf("\n采集与索引完成。打开 http://%s/?q=公积金 试试；按 Ctrl-C 结束。\n", http)
				if old != "" {
					fmt.Printf("%s的网站已关闭，在搜索框里输入它的旧网址，也找得到现在的网页：%s\n", demo.FormerName, old)
				}
				showTrials(c.Storage.Dir, grpc)
				return nil
			})
		})
	})
	return eg.Wait()
}

// moveFormer takes in the list of the closed site's pages, finds where they are now, and returns the URL of one.
func moveFormer(ctx context.Context, x *indexer.Indexer, cluster *demo.Cluster) (old string, err error) {
	var rows []moves.Row
	for i, p := range cluster.Former() {
		rows = append(rows, moves.Row{Line: i + 1, Old: p.URL, Title: p.Title, Date: p.Date})
	}
	if _, err := x.PutMoves(ctx, rows, moves.Imported, ""); err != nil {
		return "", err
	}
	if _, err := x.ProposeMoves(ctx, true, "", func(indexer.Proposing) error { return nil }); err != nil {
		return "", err
	}
	list, _, _, err := x.Moves(ctx, moves.InForce, "", 1)
	if len(list) > 0 {
		old = list[0].Old.Text
	}
	return old, err
}

// demoJudgements are judged for the sample cluster as it is without --pages. They are part of the source, not of the program.
const demoJudgements = "cmd/terrace/testdata/demo-queries.tsv"

// showTrials prints what can be asked of the demo from another terminal. Its admin token is in its folder.
func showTrials(dir string, grpc net.Addr) {
	program := os.Args[0]
	if strings.Contains(program, "go-build") { // of go run, which removes it afterwards
		program = "go run ./cmd/terrace"
	}
	fmt.Printf(`在另一个终端里（源码目录下）还可以：
  export TERRACE_ADMIN_TOKEN=$(cat '%[1]s')
  %[2]s explain --server %[3]s 房产证过户     # 为什么这样排
  %[2]s moves homeless --server %[3]s     # 已关闭的网站还有哪些网页没有新网址
  %[2]s eval --server %[3]s %[4]s     # 用评判集检查搜索的质量
`, filepath.Join(dir, "admin-token"), program, grpc, demoJudgements)
}

func demoConfig(cluster *demo.Cluster, dir, http string) *Config {
	c := defaultConfig()
	c.Name = "云河州政府网站群（演示）"
	c.Storage.Dir = filepath.Clean(dir)
	c.Listen.HTTP, c.Listen.GRPC = http, "127.0.0.1:0"
	c.Crawl.Delay = 0
	c.Findings.Domains = []string{"example.org"} // so that links to others are told at the first crawl
	for _, s := range cluster.Sites() {
		c.Sites = append(c.Sites, SiteConfig{
			ID: s.ID, Name: s.Name, Hosts: []string{s.Host}, Seeds: []string{s.URL}, Department: s.Department, County: s.County,
			SiteIDCode: s.SiteIDCode, AllowPrivate: true,
		})
		if s.Portal {
			c.Portal = s.ID
		}
	}
	c.Sites = append(c.Sites, SiteConfig{ID: "lyj", Name: demo.FormerName, Hosts: []string{demo.FormerHost}, Closed: true})
	for _, d := range cluster.Departments() {
		c.Departments = append(c.Departments, NamedConfig{ID: d.ID, Name: d.Name, Names: d.Aliases})
	}
	for _, p := range cluster.Counties() {
		c.Places = append(c.Places, NamedConfig{ID: p.ID, Name: p.Name, Names: p.Aliases})
	}
	return c
}
