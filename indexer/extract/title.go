package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// titleName are ids and classes under which headlines stand.
var titleName = regexp.MustCompile(`(?i)^(?:(?:art(?:icle)?|news|zw|xl|con(?:tent)?|detail|main|page|info|big|ucap|xxgk|doc|text)?[-_]?(?:title|tit|bt|biaoti|headline)\d?|btxx|article-?title|title-?con|tith1|b14c|zwbt|nr_title)$`)

// siteSuffix parts a page's <title> from what the site adds to it.
var siteSuffix = regexp.MustCompile(`\s*(?:[-_|—–·»]|--|——)+\s*`)

// title chooses among what the tags, the headline, <title> and the anchor say. What two sources agree on wins over the order.
func (r *reader) title() string {
	var candidates []string
	add := func(s string) {
		if s = clean(s); plausibleTitle(s) && !strings.Contains(r.said[siteName], s) && s != r.said[column] {
			candidates = append(candidates, s)
		}
	}
	for _, f := range r.fields {
		if f.Name == title_ && f.From == "tag" {
			add(f.Value)
		}
	}
	add(above(r.page.Root, labelled))
	heads := headlines(r.page.Root)
	for _, h := range heads {
		add(h)
	}
	for _, f := range r.fields {
		if f.Name == title_ && f.From == "label" {
			add(f.Value)
		}
	}
	pageTitle := r.page.Title
	add(withoutSite(pageTitle, r.siteNames()))
	add(r.in.Anchor)
	add(above(r.page.Root, dayLine.MatchString))
	for i, c := range candidates {
		for j, other := range candidates {
			if i != j && key(c) == key(other) {
				return c
			}
		}
		if strings.Contains(key(pageTitle), key(c)) && utf8.RuneCountInString(c) >= 6 && !officeName.MatchString(pageTitle) {
			return c
		}
	}
	if len(candidates) > 0 {
		return candidates[0]
	}
	return ""
}

func (r *reader) siteNames() []string {
	names := []string{r.said[siteName], r.said[column]}
	if r.in.Site != nil {
		names = append(names, r.in.Site.Name)
	}
	return names
}

// emptyTitle is what a template says in place of a headline.
var emptyTitle = regexp.MustCompile(`^(?:正文|内容|内容页|详情|详情页|详细页|(?:详细|信息|文章|新闻)(?:内容|信息|详情)|无标题(?:文档)?|(?i:untitled(?: document)?))$`)

// dayLine is a line that ends with a day, and a time perhaps, and says little before it.
var dayLine = regexp.MustCompile(`^(?:.{0,15}\s)?(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?$`)

func plausibleTitle(s string) bool {
	n := utf8.RuneCountInString(s)
	return n >= 2 && n <= 200 && !emptyTitle.MatchString(s) && !strings.HasSuffix(s, "首页") && !strings.Contains(s, "当前位置")
}

// withoutSite takes what a site adds off the end, or the front, of <title>: the part that names it, or the shorter ones after a bar.
func withoutSite(title string, names []string) string {
	parts := siteSuffix.FindAllStringIndex(title, -1)
	if len(parts) == 0 {
		return title
	}
	for _, n := range names {
		if n == "" {
			continue
		}
		if rest, ok := strings.CutPrefix(title, n); ok && rest != "" {
			title = strings.TrimLeft(rest, "-_|—–·» ")
		}
		if rest, ok := strings.CutSuffix(title, n); ok && rest != "" {
			title = strings.TrimRight(rest, "-_|—–·» ")
		}
	}
	parts = siteSuffix.FindAllStringIndex(title, -1)
	for i := len(parts) - 1; i >= 0; i-- {
		front, back := title[:parts[i][0]], title[parts[i][1]:]
		if !officeName.MatchString(back) {
			break
		}
		title = front
	}
	return title
}

// officeName are names of sites and columns that follow a headline.
var officeName = regexp.MustCompile(`(?:人民政府|政府|局|委员会|委|厅|部|办公室|中心|网|网站|门户|院|学校|中学|小学|大学|通知公告|新闻|动态|公开|政策\S{0,4}|文件)$`)

// headlines are the texts of elements that look like the page's headline, the surest first: by name, then h1 to h3, within or before the body.
func headlines(root *html.Node) []string {
	var named, h []string
	level := map[atom.Atom]bool{atom.H1: true, atom.H2: true, atom.H3: true}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if hidden(n) || n.DataAtom == atom.A || n.DataAtom == atom.Li || n.DataAtom == atom.Nav {
			return
		}
		if n.Type == html.ElementNode {
			t := ""
			isNamed := titleName.MatchString(attr(n, "id"))
			for _, c := range strings.Fields(attr(n, "class")) {
				isNamed = isNamed || titleName.MatchString(c)
			}
			if isNamed || level[n.DataAtom] {
				t = clean(shortText(n, 150))
			}
			switch {
			case t == "":
			case isNamed && level[n.DataAtom]:
				named = append([]string{t}, named...)
			case isNamed:
				named = append(named, t)
			default:
				h = append(h, t)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return append(named, h...)
}

// above is the text that stands right above the first line of a sort, such as 「来源：…　发布时间：…」, outside links and lists.
func above(root *html.Node, line func(string) bool) string {
	last, before, found := "", "", ""
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if found != "" || hidden(n) || toolbar(n) || n.DataAtom == atom.A || n.DataAtom == atom.Li {
			return
		}
		if n.Type == html.ElementNode {
			text := clean(shortText(n, 150))
			switch {
			case text == "":
			case line(text):
				found = last
				return
			case leaf(n):
				if _, label := labelAlone(before); !label && !dayLine.MatchString(text) {
					last = text
				}
				before = text
				return
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	if trail.MatchString(found) || len(splitLabels(found)) > 0 {
		return ""
	}
	return found
}

// byLine is a label other than a date's or a source's that the line below a headline may begin with.
var byLine = regexp.MustCompile(`^(?:作者|撰稿|供稿|责任编辑|责编|编辑|点击|浏览|阅读|字体|字号)`)

// labelled reports a line about the article that begins with a label and holds a date's or a source's.
func labelled(text string) bool {
	pairs := splitLabels(text)
	if len(pairs) == 0 || !strings.HasPrefix(text, pairs[0].name) {
		return false
	}
	for _, p := range pairs {
		name := labelNames[key(p.name)]
		if name == published || name == source {
			return true
		}
		if !byLine.MatchString(p.name) {
			return false
		}
	}
	return false
}

// leaf reports an element that no block divides.
func leaf(n *html.Node) bool {
	for c := range n.Descendants() {
		if block[c.DataAtom] || c.DataAtom == atom.Td {
			return false
		}
	}
	return true
}
