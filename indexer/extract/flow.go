package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A flow is the text of a part of a page as lines, that of hidden tabs included: what is shown after a click is said, too.
type flow struct {
	lines []flowLine
	line  strings.Builder         // a spanEnd stands behind each span
	left  *int                    // nodes that may still be visited, over all flows of a page
	skip  func(n *html.Node) bool // elements to leave out; nil: none
	mark  map[*html.Node]bool     // elements of the main text
	cells int
	at    flowLine // what is true of the line at hand
}

// A flowLine is one line. Level is that of the headline element it stands in, 1 to 6, or 0.
type flowLine struct {
	text  string
	level int
	shown bool // it stands in the main text
	cells int  // of a table's row that end in it

	parted string // the text with a blank behind each span, which may be a pair of its own
}

// flowOf is the text of nodes, at most as much as a detail may be worth reading.
func flowOf(left *int, nodes ...*html.Node) string {
	f := flow{left: left}
	for _, n := range nodes {
		f.node(n)
	}
	f.end()
	lines := make([]string, len(f.lines))
	for i, l := range f.lines {
		lines[i] = l.text
	}
	return strings.Join(lines, "\n")
}

func (f *flow) node(n *html.Node) {
	if *f.left--; *f.left < 0 || unseen(n) || f.skip != nil && f.skip(n) {
		return
	}
	if n.Type == html.TextNode {
		plain(&f.line, strings.ReplaceAll(n.Data, string(spanEnd), " "))
		return
	}
	if n.DataAtom == atom.Br {
		f.end()
	}
	own, before := block[n.DataAtom], f.at
	if own {
		f.end()
	}
	f.at.shown = (f.at.shown || f.mark[n]) && !concealed(n)
	if level := headlineLevel[n.DataAtom]; level != 0 {
		f.at.level = level
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		f.node(c)
	}
	if n.DataAtom == atom.Span {
		f.line.WriteByte(spanEnd)
	}
	if n.DataAtom == atom.Td || n.DataAtom == atom.Th {
		f.line.WriteByte(' ')
		f.cells++
	}
	if own {
		f.end()
	}
	f.at = before
}

func (f *flow) end() {
	line := f.at
	said := f.line.String()
	line.text, line.cells = strings.Join(strings.Fields(strings.ReplaceAll(said, string(spanEnd), "")), " "), f.cells
	line.parted = strings.Join(strings.Fields(strings.ReplaceAll(said, string(spanEnd), " ")), " ")
	f.line.Reset()
	f.cells = 0
	if line.text != "" && !chrome(line.text) && (!hostLine.MatchString(line.text) || strings.HasPrefix(line.text, "承办")) {
		f.lines = append(f.lines, line)
	}
}

// spanEnd is a character that no page shows.
const spanEnd = '\x1f'

var headlineLevel = map[atom.Atom]int{atom.H1: 1, atom.H2: 2, atom.H3: 3, atom.H4: 4, atom.H5: 5, atom.H6: 6}
