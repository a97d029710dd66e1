package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// titleName are ids and classes under which headlines stand.
var titleName = regexp.MustCompile(`(?i)^(?:(?:art(?:icle)?|news|zw|xl|con(?:tent)?|detail|main|page|info|big|ucap|xxgk|doc|text|letter|mail|item)?[-_]?(?:title|tit|bt|biaoti|headline)\d?|btxx|article-?title|title-?con|tith1|b14c|zwbt|nr_title)$`)

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
			if (isNamed || level[n.DataAtom]) && !labelCell(n) {
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

// labelCell reports a cell that names what the next one says.
func labelCell(n *html.Node) bool {
	if n.DataAtom != atom.Td && n.DataAtom != atom.Th {
		return false
	}
	for c := n.NextSibling; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && shortText(c, 150) != "" {
			return true
		}
	}
	return false
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
				if _, label := labelAlone(before); !label && !dated(text) {
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
var byLine = regexp.MustCompile(`^(?:作者|发布人|发布者|录入|上传|撰稿|供稿|责任编辑|责编|编辑|点击|浏览|阅读|字体|字号)`)

// labelled reports a line about the article that begins with a label and holds a date's or a source's.
func labelled(text string) bool {
	text = strings.TrimLeft(text, "【[（(")
	pairs := splitLabels(text)
	if len(pairs) == 0 || !strings.HasPrefix(text, pairs[0].name) {
		return false
	}
	for _, p := range pairs {
		name := labelNames[key(p.name)]
		if name == published || name == source || strings.HasSuffix(key(p.name), "发布时间") {
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

// moment is a day, and the time perhaps.
const moment = `(?:19|20)\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}[:：]\d{2}(?:[:：]\d{2})?)?`

// dayLine is a line that ends with a day, and a time perhaps, and says little before it.
var dayLine = regexp.MustCompile(`^(?:.{0,15}\s)?` + moment + `$`)

// leadingDay is the day, and the time, that a line begins with.
var leadingDay = regexp.MustCompile(`^` + moment + `[\s|]*`)

// dated reports a line about the article that has its day unlabelled: at the end, or before its source, author or readers.
func dated(text string) bool {
	if dayLine.MatchString(text) {
		return true
	}
	rest := text[len(leadingDay.FindString(text)):]
	return rest != text && (byLine.MatchString(rest) || labelled(rest))
}
