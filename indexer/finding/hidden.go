package finding

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/markup"
)

// hiddenLevels is how many elements above a link are asked whether they hide it.
const hiddenLevels = 8

// hiddenBy says how a link is kept from being seen, in Chinese; empty: it is not. A box that is only closed, such as a menu's or a tab's, which has a name by which a
// script opens it, hides nothing, unless what it leads to is called by a word for gambling or the like.
func (s *subject) hiddenBy(n *html.Node) string {
	for at, up := n, 0; at != nil && at.Type == html.ElementNode && at.DataAtom != atom.Body && up < hiddenLevels; at, up = at.Parent, up+1 {
		style := squeezed(markup.Attr(at, "style"))
		if how := outOfSight(at, style); how != "" {
			return how
		}
		how := closed(at, style)
		if how == "" && writtenClosed(at) {
			how = "脚本写出的隐藏层"
		}
		if how == "" {
			continue
		}
		if len(names(at)) == 0 || badWord(textOf(n)) != "" {
			return how
		}
		return ""
	}
	return ""
}

// hiddenLinks are a page's, by how they are hidden.
type hiddenLinks map[string]*hiddenLink

type hiddenLink struct {
	domains []string
	first   *html.Node
}

func (h hiddenLinks) add(how, domain string, n *html.Node) {
	if h[how] == nil {
		h[how] = &hiddenLink{first: n}
	}
	if !slices.Contains(h[how].domains, domain) {
		h[how].domains = append(h[how].domains, domain)
	}
}

const domainsNamed = 8

// sight is one for all links that are hidden in one way: who puts links into a page puts many.
func (h *hiddenLink) sight(how string) sight {
	named := strings.Join(h.domains[:min(len(h.domains), domainsNamed)], "、")
	if len(h.domains) > domainsNamed {
		named += "…"
	}
	return sight{rule: HiddenLink, subject: how, group: how, severity: Serious, evidence: fmt.Sprintf("%d 个域名：%s；第一条 %s", len(h.domains), named, described(h.first))}
}

func squeezed(style string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if r <= ' ' {
			return -1
		}
		return r
	}, style))
}

// closed says that an element does not show, or not yet.
func closed(n *html.Node, style string) string {
	switch {
	case strings.Contains(style, "display:none"):
		return "display:none"
	case strings.Contains(style, "visibility:hidden"):
		return "visibility:hidden"
	}
	for _, a := range n.Attr {
		if a.Key == "hidden" {
			return "hidden 属性"
		}
	}
	return ""
}

// writtenClosed reports an element inside a box that the script before it writes closed.
func writtenClosed(n *html.Node) bool {
	for b, left := n.PrevSibling, 3; b != nil && left > 0; b = b.PrevSibling {
		if b.Type != html.ElementNode {
			continue
		}
		left--
		if b.DataAtom == atom.Script && b.FirstChild != nil {
			text := squeezed(b.FirstChild.Data)
			return strings.Contains(text, "document.write") && strings.Contains(text, "display:none") && !strings.Contains(text, "</div>")
		}
	}
	return false
}

var (
	fontZero  = regexp.MustCompile(`(?:^|;)font-size:0(?:px|pt|em|%)?(?:;|!|$)`)
	pushed    = regexp.MustCompile(`(?:^|;)(text-indent|left|top|right|bottom|margin-left|margin-top|margin):-(\d+)(px|em|%|pt)?`)
	tiny      = regexp.MustCompile(`(?:^|;)(?:height|width|max-height|max-width):[01](?:px)?(?:;|!|$)`)
	colour    = regexp.MustCompile(`(?:^|;)color:([^;!]+)`)
	behind    = regexp.MustCompile(`(?:^|;)background(?:-color)?:([^;!]+)`)
	seeThough = regexp.MustCompile(`(?:^|;)opacity:0(?:\.0+)?(?:;|!|$)`)
)

// outOfSight says how an element is put where nobody sees it.
func outOfSight(n *html.Node, style string) string {
	if n.DataAtom == atom.Marquee && slight(n) {
		return "极小的滚动条（marquee）"
	}
	if style == "" {
		return ""
	}
	if m := pushed.FindStringSubmatch(style); m != nil {
		far, _ := strconv.Atoi(m[2])
		if m[3] == "em" {
			far *= 16
		}
		if far >= 200 && (m[1] == "text-indent" || strings.HasPrefix(m[1], "margin") || strings.Contains(style, "position:")) {
			return "移出屏幕（" + m[1] + "）"
		}
	}
	c, b := colour.FindStringSubmatch(style), behind.FindStringSubmatch(style)
	switch {
	case fontZero.MatchString(style) && n.DataAtom != atom.Ul && n.DataAtom != atom.Div && n.DataAtom != atom.Td:
		return "字号为 0"
	case tiny.MatchString(style) && strings.Contains(style, "overflow:hidden"):
		return "高或宽不到 1 像素"
	case seeThough.MatchString(style):
		return "透明"
	case c != nil && b != nil && c[1] == b[1]:
		return "文字与背景同色"
	}
	return ""
}

// slight reports a marquee that is too small or too quick to be read.
func slight(n *html.Node) bool {
	small := func(name string, most int) bool {
		v, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(markup.Attr(n, name)), "px"))
		return err == nil && v <= most
	}
	amount, _ := strconv.Atoi(strings.TrimSpace(markup.Attr(n, "scrollamount")))
	return small("height", 5) || small("width", 10) || amount >= 500
}
