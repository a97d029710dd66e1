package extract

import (
	"regexp"
	"slices"
	"strconv"
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
	cellSpan   = 60 // rows of one value
)

func listen(root *html.Node, title string, a article) []saying {
	l := &listener{article: a, root: root, title: key(title), left: mostNodes, blocks: lineBlocks, heads: map[*html.Node]bool{}}
	l.walk(root, place{in: a.box == root})
	l.sections()
	return l.said
}

// A place is where an element stands.
type place struct{ in, part, concealed bool }

func (p place) saying(l *label, value string, how sureness) saying {
	return saying{l, strings.TrimLeft(value, ":： \n"), how, p.in, p.part && !p.concealed}
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
		if toolbar(n) && !l.heads[n] && n != l.box && !l.parts[n] {
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

// row reads a table row: labels and values in turn, a row of labels over a row of values, a label over the rows below it, or beside several rows.
func (l *listener) row(tr *html.Node, p place) {
	cells := cellsOf(tr)
	labels := make([]*label, len(cells))
	known := 0
	for i, c := range cells {
		if labels[i] = l.labelAt(c); labels[i] != nil {
			known++
		}
	}
	switch {
	case known == 0:
	case known == len(cells) && known > 1:
		l.columns(labels, nextRow(tr), p)
	case known == 1 && len(cells) == 1:
		l.say(p.saying(labels[0], flowOf(&l.left, l.rowsBelow(tr)...), beside))
	default:
		for i, label := range labels {
			if label != nil && i+1 < len(cells) && labels[i+1] == nil {
				l.say(p.saying(label, l.beside(tr, cells, i), beside))
			}
		}
	}
}

// columns reads the values below a row of labels.
func (l *listener) columns(labels []*label, tr *html.Node, p place) {
	if tr == nil {
		return
	}
	cells := cellsOf(tr)
	if len(cells) != len(labels) {
		return
	}
	for i, c := range cells {
		if l.labelAt(c) == nil {
			l.say(p.saying(labels[i], flowOf(&l.left, c), beside))
		}
	}
}

// beside is the value of the label in cell i: the next cell, and where the label spans rows, those that the value fills with it.
func (l *listener) beside(tr *html.Node, cells []*html.Node, i int) string {
	next, rest := cells[i+1], cells[i+1:]
	value := flowOf(&l.left, next)
	if strings.Trim(value, ":： ") == "" && len(rest) > 1 && l.labelAt(rest[1]) == nil {
		value = flowOf(&l.left, rest[1])
	}
	rows := span(cells[i])
	if span(next) >= rows || slices.ContainsFunc(rest, func(c *html.Node) bool { return l.labelAt(c) != nil }) {
		return value
	}
	value = strings.Join(strings.Fields(flowOf(&l.left, rest...)), " ")
	for tr = nextRow(tr); tr != nil && rows > 1; tr, rows = nextRow(tr), rows-1 {
		more := cellsOf(tr)
		if len(more) == 0 || l.labelAt(more[0]) != nil {
			break
		}
		value += "\n" + flowOf(&l.left, tr)
	}
	return value
}

func span(cell *html.Node) int {
	n, _ := strconv.Atoi(strings.TrimSpace(attr(cell, "rowspan")))
	return min(max(n, 1), cellSpan)
}

// rowsBelow are the rows up to the next that begins with a label.
func (l *listener) rowsBelow(tr *html.Node) (out []*html.Node) {
	for tr = nextRow(tr); tr != nil && len(out) < cellSpan; tr = nextRow(tr) {
		if cells := cellsOf(tr); len(cells) > 0 && l.labelAt(cells[0]) != nil && (len(out) > 0 || len(cells) == 1) {
			break
		}
		out = append(out, tr)
	}
	return out
}

// cellsOf are the cells of a row, if there is one.
func cellsOf(tr *html.Node) (out []*html.Node) {
	if tr == nil {
		return nil
	}
	for c := tr.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Td || c.DataAtom == atom.Th {
			out = append(out, c)
		}
	}
	return out
}

// nextRow is the row after one, be it in the next part of the table.
func nextRow(tr *html.Node) *html.Node {
	for s := tr.NextSibling; s != nil; s = s.NextSibling {
		if s.DataAtom == atom.Tr {
			return s
		}
	}
	if tr.Parent == nil || tr.Parent.DataAtom == atom.Table {
		return nil
	}
	for part := tr.Parent.NextSibling; part != nil; part = part.NextSibling {
		for s := part.FirstChild; s != nil; s = s.NextSibling {
			if s.DataAtom == atom.Tr {
				return s
			}
		}
	}
	return nil
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
	}
}

// sayingStart finds what may be labels in a line: they end in a colon and stand at the start, or after a blank or a sign.
var sayingStart = regexp.MustCompile(`(?:^[（(]?|[\s　|｜\[【;；])(\p{Han}[\p{Han}/、]{0,13}|\p{Han}(?:[\s　]+\p{Han}){1,5})[】\]]?[\s　]*[:：]`)

// A lineSaying is a label and its value, which ends with its line or at what looks like the next label.
type lineSaying struct {
	*label
	value string
}

func splitSayings(text string) (out []lineSaying) {
	for line := range strings.Lines(text) {
		_, line = numbered(strings.TrimSpace(line))
		at := sayingStart.FindAllStringSubmatchIndex(line, 20)
		for i, m := range at {
			end := len(line)
			if i+1 < len(at) {
				end = at[i+1][0]
			}
			value := clean(strings.Trim(line[m[1]:end], "|｜[]【】;；，, \t\r"))
			if l := findLabel(line[m[2]:m[3]]); l != nil && value != "" {
				out = append(out, lineSaying{l, value})
			}
		}
	}
	return out
}
