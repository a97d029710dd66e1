package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// block elements begin and end a line.
var block = map[atom.Atom]bool{atom.P: true, atom.Div: true, atom.Tr: true, atom.Table: true, atom.Li: true, atom.Ul: true, atom.Ol: true, atom.H1: true, atom.H2: true,
	atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Section: true, atom.Article: true, atom.Blockquote: true, atom.Pre: true, atom.Dl: true,
	atom.Dt: true, atom.Dd: true, atom.Center: true, atom.Form: true, atom.Hr: true, atom.Fieldset: true, atom.Legend: true, atom.Header: true, atom.Footer: true, atom.Caption: true}

// silent elements show no text of their own.
var silent = map[atom.Atom]bool{atom.Script: true, atom.Style: true, atom.Noscript: true, atom.Iframe: true, atom.Object: true, atom.Embed: true, atom.Select: true,
	atom.Button: true, atom.Textarea: true, atom.Input: true, atom.Template: true, atom.Svg: true, atom.Head: true, atom.Title: true, atom.Video: true, atom.Audio: true}

// hidden reports elements that show nothing, or stand for the page around the text.
func hidden(n *html.Node) bool { return unseen(n) || concealed(n) }

// unseen reports what has no text to show.
func unseen(n *html.Node) bool {
	return n.Type == html.CommentNode || n.Type == html.ElementNode && silent[n.DataAtom]
}

// concealed reports elements whose text does not show, or not yet: it may stand in a tab.
func concealed(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	for _, a := range n.Attr {
		if a.Key == "hidden" || a.Key == "style" && hides(a.Val) {
			return true
		}
	}
	return false
}

// hides reports a style of what does not show.
func hides(style string) bool {
	lower := strings.ToLower(style)
	return declares(lower, "display", "none") || declares(lower, "visibility", "hidden")
}

// declares reports a style in which a property has a value. An expression would take a fifth of the time of a page: each element is asked several times.
func declares(style, property, value string) bool {
	for {
		_, after, found := strings.Cut(style, property)
		if !found {
			return false
		}
		said, declared := strings.CutPrefix(strings.TrimLeft(after, " \t\r\n\f"), ":")
		if declared && strings.HasPrefix(strings.TrimLeft(said, " \t\r\n\f"), value) {
			return true
		}
		style = after
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// shortText is the visible text of a node, blanks kept as one; empty where it is longer than most runes.
func shortText(n *html.Node, most int) string { return oneLine(shortLines(n, most), most) }

func oneLine(text string, most int) string {
	var b strings.Builder
	b.Grow(min(len(text), utf8.UTFMax*most))
	runes, blank := 0, false
	for _, r := range text {
		if unicode.IsSpace(r) {
			blank = b.Len() > 0
			continue
		}
		if blank {
			b.WriteByte(' ')
			runes++
			blank = false
		}
		b.WriteRune(r)
		if runes++; runes > most {
			return ""
		}
	}
	return b.String()
}

// nodesPerRune is how many elements a short text may be spread over, a rune.
const nodesPerRune = 20

// shortLines is the visible text of a node with a line break around each block; empty where it is much longer than most runes.
func shortLines(n *html.Node, most int) string {
	var b strings.Builder
	left := nodesPerRune * most
	var walk func(*html.Node) bool
	walk = func(n *html.Node) bool {
		if left--; left < 0 {
			return false
		}
		if hidden(n) {
			return true
		}
		if n.Type == html.TextNode {
			plainBlanks(&b, n.Data)
			return b.Len() <= 12*most
		}
		if block[n.DataAtom] {
			b.WriteByte('\n')
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			if !walk(c) {
				return false
			}
		}
		switch {
		case block[n.DataAtom]:
			b.WriteByte('\n')
		case n.DataAtom == atom.Td || n.DataAtom == atom.Span:
			b.WriteByte(' ')
		}
		return true
	}
	if !walk(n) {
		return ""
	}
	return b.String()
}

// plainBlanks writes a text with one kind of those blanks that end no line.
func plainBlanks(to *strings.Builder, text string) {
	const wide = "\u00a0"
	from := 0
	for i := 0; i < len(text); i++ {
		size := 1
		switch {
		case text[i] == '\n', text[i] == '\r':
		case text[i] == wide[0] && strings.HasPrefix(text[i:], wide):
			size = len(wide)
		default:
			continue
		}
		to.WriteString(text[from:i])
		to.WriteByte(' ')
		from = i + size
	}
	to.WriteString(text[from:])
}

// A writer renders a tree as lines: paragraphs and rows one a line, cells parted by a blank.
type writer struct {
	lines  []string
	line   strings.Builder
	media  int   // pictures and attachments
	around sizes // where given, lists of links are left out
}

func render(n *html.Node) *writer {
	w := &writer{}
	w.node(n)
	w.end()
	return w
}

func (w *writer) node(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		w.text(n.Data)
		return
	case leftOut(n) || toolbar(n) || w.around != nil && block[n.DataAtom] && w.around.leadsAway(n), len(w.lines) == 0 && metadataTable(n):
		return
	case n.DataAtom == atom.Br:
		w.end()
	case n.DataAtom == atom.Img:
		w.media++
	case n.DataAtom == atom.A:
		w.media++
	}
	own := block[n.DataAtom]
	if own {
		w.end()
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
	if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
		w.line.WriteByte(' ')
	}
	if own {
		w.end()
	}
}

func (w *writer) text(s string) { plain(&w.line, s) }

// plain writes a text with one kind of blank and without characters of no width.
func plain(b *strings.Builder, s string) {
	for _, r := range s {
		switch r {
		case '\u00a0', '\u3000', '\t', '\n', '\r', '\u2002', '\u2003':
			r = ' '
		case '\u200b', '\ufeff', '\u200c', '\u200d':
			continue
		}
		b.WriteRune(r)
	}
}

func (w *writer) end() {
	line := strings.Join(strings.Fields(w.line.String()), " ")
	w.line.Reset()
	if line != "" && !chrome(line) {
		w.lines = append(w.lines, line)
	}
}

func (w *writer) String() string { return strings.Join(withoutTail(w.lines), "\n") }

// hostLine is what an event says within its notice, and a page at its foot; contactLine may follow there. tailLine is what a template prints below a text:
// where it is from, and a head of attachments that are none.
var (
	hostLine    = regexp.MustCompile(`^(?:主办|承办|协办)(?:单位)?[：:].{0,60}$`)
	contactLine = regexp.MustCompile(`^(?:地址|邮编|邮政编码|电话|联系电话|传真|备案|网站)`)
	tailLine    = regexp.MustCompile(`^(?:信息来源[：:].{0,40}|(?:(?:相关)?附件|(?:附件|文件)下载|(?:相关|关联)(?:文件|文档))[：:]?\s*[>＞»]*)$`)
)

// withoutTail leaves out who runs the site and what a template prints where nothing but such lines and how to reach them follows.
func withoutTail(lines []string) []string {
	for i := len(lines) - 1; i >= 0; i-- {
		switch {
		case hostLine.MatchString(lines[i]), tailLine.MatchString(lines[i]):
			lines = slices.Delete(lines, i, i+1)
		case !contactLine.MatchString(lines[i]):
			return lines
		}
	}
	return lines
}

// toolName are words in the class or id of elements around a text that are never of it.
var toolName = regexp.MustCompile(`(?i)(?:^|[-_ ])(?:share|bdshare\w*|jiathis\w*|social-share|print|toolbar|breadcrumb|crumbs?|position|footer|foot|header|nav|navbar|menu|sidebar|related|pagination|pager|qrcode|ewm|copyright|comment|fontsize)(?:$|[-_ ])`)

func toolbar(n *html.Node) bool {
	if n.Type != html.ElementNode {
		return false
	}
	switch n.DataAtom {
	case atom.Nav, atom.Footer, atom.Aside:
		return true
	}
	return toolName.MatchString(attr(n, "class")) || toolName.MatchString(attr(n, "id"))
}

// toolWord is what a button around a text says.
const toolWord = `(?:大|中|小|(?:字体|字号)(?:大小)?(?:[：:]?(?:\s*(?:放大|正常|默认|缩小))+)?|打印(?:本页|此页|本文)?|关闭(?:窗口|本页|此页|页面|当前(?:窗口|页面))?|返回(?:顶部|首页|列表)?|收藏(?:本页)?|我要纠错|分享(?:[到至])?)`

// chromeLine are lines that tools and templates leave in a text.
var chromeLine = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`[【\[]?(?:字体|字号)[：:]?[】\]]?.{0,24}`,
	`[【\[（(]?` + toolWord + `(?:[\s【】\[\]（）()|：:]*` + toolWord + `)*[\s】\]）)：:]*`, `[【\[]?分享到.{0,12}[】\]]?`,
	`(?:上一篇|下一篇|上一条|下一条|上篇|下篇|前一篇|后一篇)\s*[：:]?.{0,80}`,
	`(?:浏览|点击|阅读|访问)(?:次数|量|数|率)?[：:]?\s*\d*\s*次?`,
	`[【\[]?(?:我要|网站|在线)(?:纠错|推荐|打印|评论|收藏)[】\]]?(?:\s*[【\[|]?\s*(?:我要|网站|在线)(?:纠错|推荐|打印|评论|收藏)[】\]]?)*`,
	`扫一扫.{0,20}`, `您?(?:当前|现在|所在)的?位置[：:]?.{0,80}`, `相关(?:链接|阅读|文章|新闻|信息|解读|稿件)[：:]?\s*[>＞»]*`,
	`[（(【\[]?(?:责任编辑|编辑|审核|校对)[：:].{0,20}`,
	`(?:主管|维护|运维)(?:单位)?[：:].{0,60}`,
}, "|") + `)$`)

// chromeWithin are those that are known by a word anywhere in them, one of chromeWords, in small letters.
var (
	chromeWithin = regexp.MustCompile(`^(?:.{0,10}扫描二维码.{0,20}|.{0,120}(?:版权所有|icp备|icp证|公网安备|网站标识码|技术支持[：:]|copyright|all rights reserved|网站地图|加入收藏|设为首页|rss订阅).{0,160}|.{0,6}建议使用.{0,50}(?:分辨率|浏览器).{0,30})$`)
	chromeWords  = []string{"扫描二维码", "版权所有", "icp", "公网安备", "网站标识码", "技术支持", "copyright", "all rights reserved", "网站地图", "加入收藏", "设为首页", "rss订阅", "建议使用"}
)

func chrome(line string) bool {
	if len(line) >= 300 {
		return false
	}
	if chromeLine.MatchString(line) {
		return true
	}
	lower := strings.ToLower(line)
	return slices.ContainsFunc(chromeWords, func(w string) bool { return strings.Contains(lower, w) }) && chromeWithin.MatchString(lower)
}
