package finding

import (
	"maps"
	"net"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/publicsuffix"

	"terrace/indexer/markup"
	"terrace/indexer/weburl"
	"terrace/site"
)

// links looks at where the page's links lead as they are written.
func (s *subject) links() {
	bad, out, hid := map[string]bool{}, map[string]bool{}, hiddenLinks{}
	for n := range s.page.Root.Descendants() {
		var href string
		switch n.DataAtom {
		case atom.A, atom.Area:
			href = strings.TrimSpace(markup.Attr(n, "href"))
		case atom.Iframe, atom.Frame:
			href = strings.TrimSpace(markup.Attr(n, "src"))
		}
		if href == "" || href[0] == '#' {
			continue
		}
		if why := s.bad(href); why != "" {
			if !bad[href] {
				bad[href] = true
				s.see(sight{rule: BadLink, subject: href, group: why, severity: Fault, evidence: described(n)})
			}
			continue
		}
		domain := s.outside(href)
		if domain == "" {
			continue
		}
		if !out[domain] {
			out[domain] = true
			s.outbound(domain, href, n)
		}
		if how := s.hiddenBy(n); how != "" {
			hid.add(how, domain, n)
		}
	}
	for _, how := range slices.Sorted(maps.Keys(hid)) {
		s.see(hid[how].sight(how))
	}
}

// described says of a link what it is called and where it stands.
func described(n *html.Node) string {
	text := textOf(n)
	if text == "" {
		text = "（没有文字）"
	}
	where := pathOf(n)
	if region := regionOf(n); region != "" {
		where = region + " " + where
	}
	return "「" + text + "」在 " + where
}

var (
	twiceScheme = regexp.MustCompile(`(?i)^(?:https?:/*){2,}|^https?[：;]|^https?//|^htt?ps?//|^h?ttps?:?//?www|^(?:htp|hppt|htttp|http:s)://`)
	localFile   = regexp.MustCompile(`(?i)^file:|^[a-z]:[\\/]|^\\\\[^\\]`)
	oneSlash    = regexp.MustCompile(`(?i)^https?:/?[^/]`)
)

// bad says what is wrong with a reference as it is written, in Chinese; empty: nothing is.
func (s *subject) bad(href string) string {
	switch lower := strings.ToLower(href); {
	case localFile.MatchString(href):
		return "指向某台电脑上的文件"
	case strings.HasPrefix(lower, "http://") || strings.HasPrefix(lower, "https://"):
		if rest := lower[strings.Index(lower, "//")+2:]; strings.HasPrefix(rest, "http:") || strings.HasPrefix(rest, "https:") || strings.HasPrefix(rest, "http//") {
			return "协议写了两次"
		}
	case twiceScheme.MatchString(href), oneSlash.MatchString(href):
		return "协议写错"
	}
	u, err := s.page.Resolve(href)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	if s.site.AllowPrivate || s.registry.Of(u) != nil {
		return ""
	}
	switch host := u.Hostname(); {
	case host == "":
		return "没有域名"
	case host == "localhost":
		return "指向本机"
	case !public(host):
		return "指向内网地址"
	}
	return ""
}

// public reports a host that is no address, or one of the public internet.
func public(host string) bool {
	a, err := netip.ParseAddr(host)
	return err != nil || weburl.Public(a)
}

// outside is the domain that a reference leads to, where that is neither the cluster's nor the government's; empty else.
func (s *subject) outside(href string) string {
	u, err := s.page.Resolve(href)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || s.registry.Of(u) != nil {
		return ""
	}
	host := strings.ToLower(u.Hostname())
	if host == "gov.cn" || strings.HasSuffix(host, ".gov.cn") || !strings.Contains(host, ".") {
		return ""
	}
	domain := domainOf(host)
	if s.own[domain] {
		return ""
	}
	return domain
}

// domainOf is what somebody registered of a host's name: the address itself of one without a name.
func domainOf(host string) string {
	if net.ParseIP(host) != nil {
		return host
	}
	domain, err := publicsuffix.EffectiveTLDPlusOne(host)
	if err != nil {
		return host
	}
	return domain
}

// ownDomains are the domains that the cluster's hosts are of.
func ownDomains(r *site.Registry) map[string]bool {
	out := map[string]bool{}
	for _, s := range r.Cluster().Sites {
		for _, h := range s.Hosts {
			u := url.URL{Host: strings.TrimPrefix(h, "*.")}
			out[domainOf(u.Hostname())] = true
		}
	}
	return out
}

// outbound sees a link to a domain that is not on the list, or of which nothing is known where there is no list.
func (s *subject) outbound(domain, href string, n *html.Node) {
	x := sight{rule: Outbound, subject: domain, severity: Hint, evidence: href + " " + described(n)}
	if s.domains == nil {
		x.novel = novelDomain
	} else if listed(s.domains, domain) {
		return
	}
	s.see(x)
}

// listed reports a domain that is one of a list or below one of it, or above: a list names hosts, too.
func listed(list []string, domain string) bool {
	for _, d := range list {
		if d == domain || strings.HasSuffix(domain, "."+d) || strings.HasSuffix(d, "."+domain) {
			return true
		}
	}
	return false
}
