package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"terrace/indexer/attach/tika"
	"terrace/indexer/browser"
	"terrace/indexer/markup"
	"terrace/site"
)

func newCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check",
		Short: "检查配置，并试着访问每个站点的入口",
		Long: `检查配置文件，然后逐个访问每个站点的入口网址（seeds，没有写时是首页），报告状态、编码、标题和问题：
证书、跳转到集群之外、robots.txt 禁止、内网地址、超时。只读取页面，不保存任何东西。
有任何一个入口不能用时，退出码为 1。`,
		Example: "  # 检查当前文件夹里的 terrace.yaml\n  terrace check\n\n  # 检查别处的配置\n  terrace check --config /etc/terrace/terrace.yaml",
		Args:    arguments(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := configured(cmd)
			if err != nil {
				return err
			}
			return check(cmd.Context(), c, cmd.OutOrStdout())
		},
	}
}

// An entrance is a seed and what was found there.
type entrance struct {
	site     *site.Site
	seed     string
	status   string
	charset  string
	title    string
	problems []string // each makes the check fail
	notes    []string // worth knowing
}

// tikaText says what answers as the Tika server.
func tikaText(ctx context.Context, server string) string {
	u, err := url.Parse(server)
	if err != nil {
		return "提示：crawl.tika：" + err.Error()
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	version, err := tika.New(nil, u).Version(ctx)
	if err != nil {
		return fmt.Sprintf("提示：crawl.tika 的 %s 没有答复（%v）：请启动 Tika 服务，或删去这一行。在此之前，自带程序读不了的附件每次都要等它，读不出来", server, err)
	}
	return fmt.Sprintf("Tika 服务：%s", version)
}

// lookers is how many seeds are tried at a time.
const lookers = 8

// check tries every seed of a configuration and prints what it found. It fails where a seed cannot be used.
func check(ctx context.Context, c *Config, out io.Writer) error {
	registry, err := c.Registry()
	if err != nil {
		return err
	}
	var all []*entrance
	sites := registry.Cluster().Sites
	closed := 0
	for i := range sites {
		if sites[i].Closed {
			closed++
			continue
		}
		for _, seed := range sites[i].SeedURLs() {
			all = append(all, &entrance{site: &sites[i], seed: seed, status: "—", charset: "—", title: "—"})
		}
	}
	var g errgroup.Group
	g.SetLimit(lookers)
	for _, e := range all {
		g.Go(func() error { e.try(ctx, c, registry); return nil })
	}
	g.Wait() // no function fails
	if err := ctx.Err(); err != nil {
		return errors.New("检查被中断")
	}
	if asking := c.browsed(); len(asking) > 0 {
		if _, err := browser.Find(c.Crawl.Browser.Path); err != nil {
			fmt.Fprintf(out, "提示：%s\n\n", noChromium(c, asking))
		}
	}
	if c.Crawl.Tika != "" {
		fmt.Fprintln(out, tikaText(ctx, c.Crawl.Tika)+"\n")
	}
	return report(out, len(sites), closed, all)
}

func (e *entrance) try(ctx context.Context, c *Config, registry *site.Registry) {
	u, err := url.Parse(e.seed)
	if err != nil {
		e.problems = append(e.problems, "网址不对："+err.Error())
		return
	}
	l := &looker{
		userAgent: c.Crawl.UserAgent, insecureTLS: e.site.InsecureTLS, legacyTLS: e.site.LegacyTLS, allowPrivate: e.site.AllowPrivate, charset: e.site.Charset,
		within: func(u *url.URL) bool { return registry.Of(u) != nil },
	}
	if c.Crawl.Proxy != "" {
		l.proxy, _ = url.Parse(c.Crawl.Proxy) // LoadConfig has read it
	}
	seen, err := l.at(ctx, u)
	if err != nil {
		e.problems = append(e.problems, plainly(err))
		return
	}
	e.judge(seen, registry)
	if !registry.Allowed(e.site, e.seed) {
		e.problems = append(e.problems, "该站的 allow 或 deny 把这个入口挡在外面：改正其中的正则表达式")
	}
}

// judge turns what was seen into words.
func (e *entrance) judge(seen *look, registry *site.Registry) {
	e.status = fmt.Sprint(seen.status)
	problem := func(format string, args ...any) { e.problems = append(e.problems, fmt.Sprintf(format, args...)) }
	switch {
	case seen.leaves != nil:
		problem("跳转到集群之外：%s。确属本集群，就把 %q 加进 hosts", seen.leaves, seen.leaves.Host)
		return
	case seen.status == http.StatusPreconditionFailed || seen.status == 521:
		problem("网站的防护设备拦截了访问（%d）：请网站放行 Terrace", seen.status)
		return
	case seen.status != http.StatusOK:
		problem("网站答复 %d %s：检查网址", seen.status, http.StatusText(seen.status))
		return
	case seen.page == nil:
		problem("不是网页（%s）：入口应是首页或列表页", seen.kind)
		return
	}
	e.charset, e.title = seen.page.Charset, seen.page.Title
	if to := registry.Of(seen.url); to != nil && to.ID != e.site.ID {
		e.notes = append(e.notes, fmt.Sprintf("跳转到站点 %s：%s", to.ID, seen.url))
	}
	e.judgePage(seen.page, registry)
}

func (e *entrance) judgePage(p *markup.Page, registry *site.Registry) {
	if p.Title == "" {
		e.title = "（没有标题）"
	}
	if p.Refresh != "" {
		u, err := url.Parse(p.Refresh)
		if err != nil || registry.Of(u) == nil {
			e.problems = append(e.problems, "页面转向集群之外："+p.Refresh)
			return
		}
		e.notes = append(e.notes, "页面转向 "+p.Refresh)
		return
	}
	if p.NoFollow {
		e.problems = append(e.problems, "页面写着 robots nofollow，不许跟随链接：请网站改正，或换一个入口")
		return
	}
	switch browsed := e.site.Browser.Needed || registry.Browsed(e.site, e.seed); {
	case browsed:
	case p.Scripted:
		e.notes = append(e.notes, "页面靠脚本显示，不运行脚本就没有内容：在该站写 browser: true，用浏览器打开；或在 seeds 里写上栏目列表页")
	case len(p.Links) == 0:
		e.notes = append(e.notes, "页面上没有链接，内容可能由脚本生成：在 seeds 里写上栏目列表页")
	}
}

// report prints the table and its sum.
func report(out io.Writer, sites, closed int, all []*entrance) error {
	t := table{{"", "站点", "状态", "编码", "标题", "入口"}}
	bad := 0
	var below [][]string
	for _, e := range all {
		mark := "✓"
		if len(e.problems) > 0 {
			mark = "✗"
			bad++
		}
		t = append(t, []string{mark, e.site.ID, e.status, e.charset, short(e.title, 32), e.seed})
		var lines []string
		for _, p := range e.problems {
			lines = append(lines, "   问题："+p)
		}
		for _, n := range e.notes {
			lines = append(lines, "   提示："+n)
		}
		below = append(below, lines)
	}
	for i, line := range t.lines() {
		fmt.Fprintln(out, line)
		if i > 0 && len(below[i-1]) > 0 {
			fmt.Fprintln(out, strings.Join(below[i-1], "\n"))
		}
	}
	if closed > 0 {
		fmt.Fprintf(out, "\n已关闭（closed）的 %d 个站点没有访问。\n", closed)
	}
	fmt.Fprintf(out, "\n配置无误。共 %d 个站点、%d 个入口：%d 个可用，%d 个有问题。\n", sites, len(all), len(all)-bad, bad)
	if bad > 0 {
		return fmt.Errorf("%d 个入口有问题", bad)
	}
	return nil
}
