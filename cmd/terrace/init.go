package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"

	"github.com/spf13/cobra"
)

func newInitCommand() *cobra.Command {
	var output, proxy string
	var private bool
	cmd := &cobra.Command{
		Use:   "init 网址",
		Short: "读取门户首页，拟出一份配置",
		Long: `读取门户首页和它链接到的各网站的首页，拟出一份配置：站点、部门、县市区的名称、域名和网站标识码。
同一域名之下的网站直接写入；打不开的、域名不同的写成注释，留待核对。已有的文件不会被覆盖。`,
		Example: "  # 拟出 terrace.yaml，核对以后检查\n  terrace init https://www.example.gov.cn/\n  terrace check\n\n" +
			"  # 只看一看\n  terrace init https://www.example.gov.cn/ -o -",
		Args: arguments(1, 1, "门户的网址"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s := &survey{looker: looker{userAgent: defaultUserAgent, allowPrivate: private}, proxy: proxy}
			text, err := s.propose(cmd.Context(), args[0])
			if err != nil {
				return err
			}
			if output == "-" {
				_, err := cmd.OutOrStdout().Write(text)
				return err
			}
			if err := writeNew(output, text); err != nil {
				return err
			}
			s.sumUp(cmd.OutOrStdout(), output)
			return nil
		},
	}
	cmd.Flags().StringVarP(&output, "output", "o", "terrace.yaml", "写到哪个文件；「-」为屏幕")
	cmd.Flags().StringVar(&proxy, "proxy", "", "经由代理访问，如 http://10.1.2.3:3128；也写进配置")
	cmd.Flags().BoolVar(&private, "allow-private", false, "允许内网地址；也写进配置")
	return cmd
}

// propose reads the portal at an address and what it links to, and returns the text of a configuration that LoadConfig accepts.
func (s *survey) propose(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, fmt.Errorf("网址 %q 不对：写完整的网址，如 https://www.example.gov.cn/", address)
	}
	if s.proxy != "" {
		d, c := &decoder{}, defaultConfig().Crawl
		c.Proxy = s.proxy
		if d.checkCrawl(c); len(d.mistakes) > 0 {
			return nil, errors.New("--proxy：" + d.mistakes[0].text)
		}
		s.looker.proxy, _ = url.Parse(s.proxy) // checked above
	}
	if err := s.read(ctx, u); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := proposal.Execute(&out, s.cluster()); err != nil {
		return nil, err
	}
	d := &decoder{file: "拟出的配置", lines: map[string]int{}}
	c := defaultConfig()
	d.decode(out.Bytes(), c)
	d.check(c)
	return out.Bytes(), d.err()
}

// writeNew writes a file that must not be there yet.
func writeNew(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) // an admin token may be written into it
	switch {
	case errors.Is(err, fs.ErrExist):
		return fmt.Errorf("%s 已经有了，没有改动它：用 -o 写到别处，或先把它移开", path)
	case err != nil:
		return fmt.Errorf("写不了 %s：%w", path, err)
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("写不了 %s：%w", path, err)
	}
	return nil
}

func (s *survey) sumUp(out io.Writer, path string) {
	sites, doubtful := 0, 0
	for _, f := range s.found {
		if f.doubt == "" {
			sites++
		} else {
			doubtful++
		}
	}
	fmt.Fprintf(out, "写好 %s：%d 个站点；另有 %d 个写成注释，待核对。\n", path, sites, doubtful)
	if s.left > 0 {
		fmt.Fprintf(out, "门户链接的网站太多，还有 %d 个没有看。\n", s.left)
	}
	fmt.Fprintf(out, "请打开文件核对名称和归属，再运行 terrace check --config %s。\n", path)
}
