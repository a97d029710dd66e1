package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// How surely a value is its label's: it stands in the next cell or element, in lines below it, or behind it in the same line.
type sureness int

const (
	behind sureness = iota
	under
	beside
)

// A saying is a label of the page and its value.
type saying struct {
	*label
	value string
	how   sureness
	in    bool // it stands in the article's box, not somewhere on the page
	shown bool // it stands in the main text
	many  bool // several rows of a table below it
}

// A listener gathers what a page says of itself.
type listener struct {
	article
	root    *html.Node
	title   string // by its key; no label is read from it
	said    []saying
	left    int                   // nodes that values may still be read from
	blocks  int                   // blocks that may still be read as a line
	heads   map[*html.Node]bool   // heads of tabs, whose values are known
	ids     map[string]*html.Node // elements by id; made when asked for
	stopped bool
}

const (
	mostNodes  = 1 << 20
	lineBlocks = 4000
)

// listen also returns the lines of the article.
func listen(root *html.Node, title string, a article) ([]saying, []flowLine) {
	l := &listener{article: a, root: root, title: key(title), left: mostNodes, blocks: lineBlocks, heads: map[*html.Node]bool{}}
	l.walk(root, place{in: a.box == root})
	lines := l.lines()
	l.sections(lines)
	return l.said, lines
}

// A place is where an element stands.
type place struct{ in, part, concealed bool }

func (p place) saying(l *label, value string, how sureness) saying {
	return saying{l, strings.TrimLeft(value, ":： \n"), how, p.in, p.part && !p.concealed, false}
}

func (l *listener) walk(n *html.Node, p place) {
	if l.stopped || unseen(n) || leads(n) {
		return
	}
	if l.stopped = n == l.foot; l.stopped {
		return
	}
	p.in, p.part, p.concealed = p.in || n == l.box, p.part || l.parts[n], p.concealed || concealed(n)
	if n.Type == html.ElementNode {
		l.tabs(n, p)
		if toolbar(n) && !l.heads[n] && n != l.box && !l.parts[n] && !saysOfPaper(n) {
			return
		}
		switch {
		case n.DataAtom == atom.Tr:
			l.row(n, p)
		case labelElement[n.DataAtom] && !l.heads[n.Parent]:
			l.element(n, p)
		}
		if block[n.DataAtom] || n.DataAtom == atom.Td || n.DataAtom == atom.Th {
			l.line(n, p)
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		l.walk(c, p)
	}
}

func (l *listener) say(s saying) {
	if s.value != "" && findLabel(s.value) == nil {
		l.said = append(l.said, s)
	}
}

// labelAt is the label that an element is and nothing else. A link to another page is none.
func (l *listener) labelAt(n *html.Node) *label {
	found := findLabel(shortText(n, aloneRunes))
	if found == nil {
		return nil
	}
	for c := range n.Descendants() {
		if leads(c) {
			return nil
		}
	}
	return found
}

// line reads labels and values that stand in one line of a block that no other divides.
func (l *listener) line(n *html.Node, p place) {
	if l.blocks <= 0 || !leaf(n) {
		return
	}
	l.blocks--
	left, runes := labelsWithin*nodesPerRune, 0
	f := flow{left: &left}
	f.node(n)
	f.end()
	for _, line := range f.lines {
		if runes += utf8.RuneCountInString(line.text); runes > labelsWithin {
			return
		}
		if key(line.text) == l.title {
			continue
		}
		for _, m := range splitSayings(line.parted) {
			l.say(p.saying(m.label, m.value, behind))
		}
		if p.in {
			l.paperLine(line.text, p)
		}
	}
}

// sayingStart finds what may be labels in a line: they end in a colon and stand at the start, or after a blank or a sign.
var sayingStart = regexp.MustCompile(`(?:^[（(]?|[\s　|｜\[【;；])(\p{Han}[\p{Han}/、]{0,13}|\p{Han}(?:[\s　]+\p{Han}){1,5})[】\]]?[\s　]*[:：]`)

// daySpan is the days of a week, or the part of a day or year, that hours are told for: 周一至周五：9:00—17:00.
var daySpan = regexp.MustCompile(`^(?:周|星期|礼拜|上午|下午|冬季|夏季|春季|秋季|工作日|节假日|夏令时|冬令时)`)

// A lineSaying is a label and its value, which ends with its line or at what looks like the next label.
type lineSaying struct {
	*label
	value string
	at    int // byte of its line, without numbering, that it begins at
}

func splitSayings(text string) (out []lineSaying) {
	for line := range strings.Lines(text) {
		_, line = numbered(strings.TrimSpace(line))
		at := slices.DeleteFunc(sayingStart.FindAllStringSubmatchIndex(line, 20), func(m []int) bool { return daySpan.MatchString(line[m[2]:m[3]]) })
		for i, m := range at {
			end := len(line)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			value := clean(strings.Trim(line[m[1]:end], "|｜[]【】;；，, \t\r"))
			if l := findLabel(line[m[2]:m[3]]); l != nil && value != "" {
				out = append(out, lineSaying{l, value, m[0]})
			}
		}
	}
	return out
}
