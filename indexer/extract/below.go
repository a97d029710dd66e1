package extract

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// enough is how many runes below a headline are taken for the text, so that nothing further away is looked at.
const enough = 60

// below is what stands below the page's headline: the blocks after it, and after the boxes it stands in, up to a list of links or the page's
// foot. Tools and lines about the article are passed over.
func below(root *html.Node, title string) body {
	head := headlineOf(root, title)
	if head == nil {
		return body{}
	}
	g := gathering{sizes: sizes{}}
	for at := head; at.Parent != nil && at.DataAtom != atom.Body && g.runes < enough && !g.ended; at = at.Parent {
		if g.runes > 0 && g.besideMenus(at) {
			break // what follows is the page's, not the article's
		}
		for s := at.NextSibling; s != nil && !g.ended; s = s.NextSibling {
			g.take(s)
		}
	}
	text := strings.Join(withoutTail(g.lines), "\n")
	return body{text: first(afterHeadline(text, title), text), media: g.media, node: head, parts: g.parts}
}

// besideMenus reports a box that stands below a menu of the page.
func (g *gathering) besideMenus(n *html.Node) bool {
	for s := n.PrevSibling; s != nil; s = s.PrevSibling {
		if g.sizes.of(s).list() {
			return true
		}
	}
	return false
}

// A gathering is the text below a headline as far as it was met.
type gathering struct {
	sizes sizes
	lines []string
	runes int
	media int
	ended bool
	parts []*html.Node
}

func (g *gathering) take(n *html.Node) {
	if n.Type != html.ElementNode && n.Type != html.TextNode || leftOut(n) || toolbar(n) || g.runes == 0 && n.DataAtom == atom.A && !namesAttachment(n) {
		return // a link beside the headline is a button
	}
	if foot(n) && !holdsEvent(n) {
		if n.FirstChild == nil || leaf(n) && !broken(n) {
			g.ended = g.runes > 0 || footMark.MatchString(shortText(n, footSize))
			return
		}
		for c := n.FirstChild; c != nil && !g.ended; c = c.NextSibling {
			g.take(c) // the text may stand in one box with the foot
		}
		return
	}
	if g.sizes.leadsAway(n) {
		g.ended = g.runes > 0
		return
	}
	g.parts = append(g.parts, n)
	w := renderAround(n, g.sizes)
	g.media += w.media
	for _, line := range w.lines {
		if g.runes > 0 && !g.behindSubtitle(line) || g.runes == 0 && !about(line) {
			g.lines = append(g.lines, line)
			g.runes += utf8.RuneCountInString(line)
		}
	}
}

// behindSubtitle reports a line with the article's day or source that stands below one more headline.
func (g *gathering) behindSubtitle(line string) bool {
	return len(g.lines) == 1 && g.runes <= subtitleRunes && !prose(g.lines[0]) && labelled(line)
}

const subtitleRunes = 60 // that a second headline has at most

// broken reports an element with line breaks in it.
func broken(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.DataAtom == atom.Br {
			return true
		}
	}
	return false
}

// headlineOf is the first element outside links and the trail of links that says the title and nothing else.
func headlineOf(root *html.Node, title string) *html.Node {
	want := key(title)
	var found *html.Node
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if found != nil || hidden(n) || n.DataAtom == atom.A || n.DataAtom == atom.Li || toolbar(n) && !headBox(n) {
			return
		}
		if n.Type == html.ElementNode && key(clean(shortText(n, 2*utf8.RuneCountInString(title)+20))) == want {
			around := shortText(n.Parent, 300)
			if !trail.MatchString(around) || block[n.DataAtom] && !strings.HasSuffix(key(around), want) {
				found = n
			}
			return
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	if want != "" {
		walk(root)
	}
	return found
}

// headBox reports a box named for being a head: the article's as often as the page's.
func headBox(n *html.Node) bool {
	return headName.MatchString(attr(n, "class")) || headName.MatchString(attr(n, "id"))
}

var headName = regexp.MustCompile(`(?i)header(?:$|[-_ ])`)

// trail begins the line that says where in the site a page stands.
var trail = regexp.MustCompile(`^(?:您|你)?(?:的)?(?:当前|现在|所在)[^：:]{0,8}位置|^首页\s*[>»]`)

// about reports a line that is about the article: its date and source, a row of its metadata, or tools.
func about(text string) bool {
	if utf8.RuneCountInString(text) > 120 || strings.ContainsAny(text, "。；") {
		return false
	}
	if h, ok := headed(text); ok && h.colon && !h.weak && h.names[paper] != "" || noValue.MatchString(text) {
		return true
	}
	for _, p := range splitLabels(text) {
		if labelNames[key(p.name)] != "" || byLine.MatchString(p.name) {
			return true
		}
	}
	sentence := strings.ContainsRune(text, '，') || strings.HasSuffix(text, "：")
	return !sentence && day.MatchString(toNarrow(text)) && utf8.RuneCountInString(text) <= 40
}

// footText is what stands at the foot of a page and hardly elsewhere, footMark what stands nowhere else.
var (
	footText = regexp.MustCompile(footMark.String() + `|(?:主办|承办)(?:单位)?[：:]`)
	footMark = regexp.MustCompile(`版权所有|ICP备|ICP证|公网安备|网站标识码`)
)

// holdsEvent reports a line that says who holds an event rather than who runs the site: the text goes on after it.
func holdsEvent(n *html.Node) bool {
	if !hostLine.MatchString(key(shortText(n, 70))) || footMark.MatchString(shortText(n, 70)) {
		return false
	}
	for s, left := n.NextSibling, eventNodes; s != nil && left > 0; s, left = s.NextSibling, left-1 {
		switch text := shortText(s, eventRunes); {
		case footMark.MatchString(text):
			return false
		case prose(text):
			return true
		}
	}
	return false
}

const (
	eventNodes = 100  // after a line that the text may go on in
	eventRunes = 4000 // of one of them
)

const footSize = 600 // runes outside links that a foot has at most

func foot(n *html.Node) bool {
	found, left, nodes := false, footSize, footSize*nodesPerRune
	var walk func(*html.Node, bool)
	walk = func(n *html.Node, link bool) {
		if nodes--; nodes < 0 {
			left = -1
		}
		if left < 0 || hidden(n) {
			return
		}
		if n.Type == html.TextNode {
			found = found || footText.MatchString(n.Data)
			if !link {
				left -= utf8.RuneCountInString(key(n.Data))
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, link || n.DataAtom == atom.A)
		}
	}
	walk(n, false)
	return found && left >= 0
}

// headLines is how many lines a headline may stand below the top of a text, and how many about the article may follow it.
const headLines = 30

// afterHeadline leaves out what stands above a headline within a text, if that is no prose, and the lines about the article below it.
func afterHeadline(text, title string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines[:min(len(lines), headLines)] {
		if key(line) == key(title) {
			lines = lines[i+1:]
			break
		}
		if prose(line) {
			break
		}
	}
	for i := 0; i < headLines && len(lines) > 0 && about(lines[0]); i++ {
		lines = lines[1:]
	}
	return strings.Join(lines, "\n")
}

// renderAround renders a block without the lists of links in it.
func renderAround(n *html.Node, known sizes) *writer {
	w := &writer{around: known}
	w.node(n)
	w.end()
	return w
}
