package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"terrace/indexer/browser"
)

// openBrowser finds the browser where a site asks for it; nil where none does, or there is none, which is said.
func (n *node) openBrowser() (*browser.Renderer, error) {
	asking := n.config.browsed()
	if len(asking) == 0 {
		return nil, nil
	}
	r, err := browser.New(browser.Options{
		Path: n.config.Crawl.Browser.Path, Dir: filepath.Join(n.config.Storage.Dir, "cache", "browser"), UserAgent: n.config.Crawl.UserAgent, Log: n.log,
	})
	if errors.Is(err, browser.ErrNone) {
		fmt.Fprintln(os.Stderr, noChromium(n.config, asking))
		return nil, nil
	}
	if err == nil {
		n.closers = append(n.closers, func() error { r.Close(); return nil })
	}
	return r, err
}

// browsed are the ids of the sites that ask for a browser.
func (c *Config) browsed() (ids []string) {
	for _, s := range c.Sites {
		if s.Browser.Asked() {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// noChromium says what is missing, to whom, and what to do.
func noChromium(c *Config, asking []string) string {
	where, remedy := "本机没有 Chromium", "请安装（Debian、Ubuntu：apt install chromium），或在 crawl.browser.path 写明它的位置"
	if c.Crawl.Browser.Path != "" {
		where, remedy = fmt.Sprintf("crawl.browser.path 的 %s 不能运行", c.Crawl.Browser.Path), "请改正，或删去这一行由程序去找"
	}
	return fmt.Sprintf("%s：站点 %s 靠脚本显示的网页暂时读不了（needs_js），其余照常。%s", where, strings.Join(asking, "、"), remedy)
}
