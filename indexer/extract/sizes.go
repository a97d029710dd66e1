package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A size is how much text a block holds, blanks left out. The names of attachments are text of the article.
type size struct{ own, linked, links int }

// list reports a block that is mostly links.
func (s size) list() bool { return s.links >= 3 && s.linked > s.own }

// elsewhere heads links to other pages, few as they may be.
var elsewhere = regexp.MustCompile(`^(?:相关(?:链接|阅读|文章|新闻|信息|资讯|报道|解读|稿件)|(?:最新|热门|热点|推荐|最近)(?:更新|文章|新闻|信息|资讯|推荐|阅读|点击|排行))[：:]?\s*[>＞»]*$`)

// leadsAway reports a block of links to other pages: mostly links, or some of them below a line that says so.
func (known sizes) leadsAway(n *html.Node) bool {
	s := known.of(n)
	if s.list() {
		return true
	}
	if s.links == 0 || !elsewhere.MatchString(firstWords(n)) {
		return false
	}
	top, _, _ := strings.Cut(strings.TrimSpace(shortLines(n, elsewhereRunes)), "\n")
	top = strings.TrimSpace(top)
	return elsewhere.MatchString(top) && s.linked > s.own-utf8.RuneCountInString(top)
}

const elsewhereRunes = 500 // that such a block holds at most

// firstWords is the first text in a node that shows.
func firstWords(n *html.Node) string {
	if hidden(n) {
		return ""
	}
	if n.Type == html.TextNode {
		return strings.Join(strings.Fields(n.Data), " ")
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if words := firstWords(c); words != "" {
			return words
		}
	}
	return ""
}

// sizes remembers what was measured, for boxes within boxes are asked for again.
type sizes map[*html.Node]size

func (known sizes) of(n *html.Node) (s size) {
	if hidden(n) {
		return s
	}
	if n.Type == html.TextNode {
		return size{own: utf8.RuneCountInString(key(n.Data))}
	}
	if s, ok := known[n]; ok {
		return s
	}
	defer func() { known[n] = s }()
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		x := known.of(c)
		s.own, s.linked, s.links = s.own+x.own, s.linked+x.linked, s.links+x.links
	}
	if n.DataAtom == atom.A && !namesAttachment(n) {
		return size{linked: s.own + s.linked, links: 1}
	}
	return s
}
