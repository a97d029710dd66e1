package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/publicsuffix"
	"golang.org/x/sync/errgroup"

	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

// A survey reads a portal's home page and those of the websites it links to, for init.
type survey struct {
	looker looker
	proxy  string
	found  []*finding // the portal first
	left   int        // websites that were not looked at
}

// A finding is a website that the portal links to.
type finding struct {
	hosts []string
	home  string // URL of its home page
	name  string
	code  string // 网站标识码, or empty
	doubt string // why it may not belong into the configuration, or empty
}

// maxFindings is how many websites are looked at.
const maxFindings = 300

// read fills found.
func (s *survey) read(ctx context.Context, u *url.URL) error {
	portal, page, err := s.home(ctx, u)
	switch {
	case errors.Is(err, errPrivateAddress):
		return fmt.Errorf("%s 解析到内网地址：确是本单位的内网站点，就加上 --allow-private", u)
	case err != nil:
		return fmt.Errorf("门户 %s 读不到：%w", u, err)
	}
	s.found = append([]*finding{portal}, linked(page)...)
	s.found = slices.DeleteFunc(s.found, func(f *finding) bool { return f != portal && f.hosts[0] == portal.hosts[0] })
	if n := len(s.found); n > maxFindings {
		s.found, s.left = s.found[:maxFindings], n-maxFindings
	}
	var g errgroup.Group
	g.SetLimit(lookers)
	for _, f := range s.found[1:] {
		if f.doubt = ""; domain(f.hosts[0]) != domain(portal.hosts[0]) {
			f.doubt = "与门户的域名不同"
			continue
		}
		g.Go(func() error { s.visit(ctx, f); return nil })
	}
	g.Wait() // no function fails
	if ctx.Err() != nil {
		return errors.New("被中断，没有写任何文件")
	}
	s.merge()
	return nil
}

// home reads a home page, following redirects that pages make themselves.
func (s *survey) home(ctx context.Context, u *url.URL) (*finding, *markup.Page, error) {
	for range 3 {
		seen, err := s.looker.at(ctx, u)
		switch {
		case errors.Is(err, errPrivateAddress):
			return nil, nil, err
		case err != nil:
			return nil, nil, errors.New(plainly(err))
		case seen.status != http.StatusOK:
			return nil, nil, fmt.Errorf("网站答复 %d %s", seen.status, http.StatusText(seen.status))
		case seen.page == nil:
			return nil, nil, fmt.Errorf("不是网页（%s）", seen.kind)
		case seen.page.Challenge:
			return nil, nil, errors.New("网站的防护设备拦截了访问：请网站放行 Terrace")
		}
		if to, err := url.Parse(seen.page.Refresh); seen.page.Refresh != "" && err == nil {
			u = to
			continue
		}
		f := &finding{hosts: []string{hostOf(seen.url)}, home: seen.url.String()}
		f.describe(seen.page)
		return f, seen.page, nil
	}
	return nil, nil, errors.New("页面反复转向")
}

// visit completes a finding from its own home page.
func (s *survey) visit(ctx context.Context, f *finding) {
	u, err := url.Parse(f.home)
	if err != nil {
		f.doubt = err.Error()
		return
	}
	at, _, err := s.home(ctx, u)
	switch {
	case errors.Is(err, errPrivateAddress):
		f.doubt = "解析到内网地址：确是本单位的内网站点，就加上 allowPrivate: true"
	case err != nil:
		f.doubt = err.Error()
	case domain(at.hosts[0]) != domain(f.hosts[0]):
		f.doubt = "跳转到 " + at.home
	default:
		if at.hosts[0] != f.hosts[0] {
			f.hosts = []string{at.hosts[0], f.hosts[0]}
		}
		f.home, f.code = at.home, at.code
		f.name = cmp.Or(at.name, f.name)
	}
}

// merge makes one finding of those that turned out to be one website.
func (s *survey) merge() {
	byHost := map[string]*finding{}
	s.found = slices.DeleteFunc(s.found, func(f *finding) bool {
		first := byHost[f.hosts[0]]
		if first == nil {
			byHost[f.hosts[0]] = f
			return false
		}
		for _, h := range f.hosts {
			if !slices.Contains(first.hosts, h) {
				first.hosts = append(first.hosts, h)
			}
		}
		return true
	})
}

// linked lists the websites whose home pages a page links to, and those of its own domain that it links to at all.
func linked(page *markup.Page) []*finding {
	byHost := map[string]*finding{}
	var all []*finding
	for _, l := range append(options(page), page.Links...) {
		host, home := hostOf(l.URL), l.URL.RawQuery == "" && homePath.MatchString(l.URL.Path)
		anchor := strings.TrimSpace(l.Text)
		same := domain(host) == domain(hostOf(page.URL))
		if !same && (!home || !isOffice(anchor) || !strings.HasSuffix(l.URL.Hostname(), ".gov.cn")) {
			continue
		}
		f := byHost[host]
		if f == nil {
			f = &finding{hosts: []string{host}, home: l.URL.Scheme + "://" + l.URL.Host + "/"}
			byHost[host] = f
			all = append(all, f)
		}
		if home && f.name == "" && isOffice(anchor) {
			f.name = anchor
		}
	}
	return all
}

var homePath = regexp.MustCompile(`(?i)^/?(?:(?:index|default|main)\.(?:s?html?|jsp|aspx?|php))?$`)

// options lists the drop-down entries of a page that are URLs, a common way to list departments.
func options(page *markup.Page) []markup.Link {
	var out []markup.Link
	for n := range page.Root.Descendants() {
		if n.DataAtom != atom.Option || n.FirstChild == nil || n.FirstChild.Type != html.TextNode {
			continue
		}
		for _, a := range n.Attr {
			if a.Key != "value" || !strings.Contains(a.Val, "//") {
				continue
			}
			if u, err := weburl.Parse(page.URL, a.Val); err == nil {
				out = append(out, markup.Link{URL: u, Text: n.FirstChild.Data})
			}
		}
	}
	return out
}

// describe reads name and code of a website from its home page.
func (f *finding) describe(page *markup.Page) {
	for _, m := range page.Meta {
		switch content := strings.TrimSpace(m.Content); m.Name {
		case "sitename":
			if f.name == "" && len(content) < 100 && content != "null" {
				f.name = content
			}
		case "siteidcode":
			if codeForm.MatchString(content) {
				f.code = content
			}
		}
	}
	if f.name == "" {
		f.name = titleName(page.Title)
	}
}

// titleName is the website's name within a home page's title: 「首页 - 云河州人民政府门户网站」.
func titleName(title string) string {
	best := ""
	for _, part := range strings.FieldsFunc(title, func(r rune) bool { return strings.ContainsRune("-_|—｜ >", r) }) {
		if len(part) > len(best) && len(part) < 100 && part != "网站首页" {
			best = part
		}
	}
	return best
}

// hostOf is a URL's host in the form of the configuration, without the scheme's own port.
func hostOf(u *url.URL) string {
	host, _, _ := strings.Cut(strings.TrimPrefix(weburl.Canonical(u), strings.ToLower(u.Scheme)+"://"), "/")
	return host
}

// domain is the part of a host that its owner registered; of an address the address.
func domain(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil && net.ParseIP(host) == nil {
		return d
	}
	return host
}
