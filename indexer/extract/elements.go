package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// labelElement are elements that may be a label beside their value. Paragraphs are read as lines.
var labelElement = map[atom.Atom]bool{atom.Dt: true, atom.Div: true, atom.Span: true, atom.Li: true, atom.Label: true, atom.B: true, atom.Strong: true, atom.Font: true,
	atom.Em: true, atom.I: true, atom.A: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true}

// element reads a label that is an element, and what stands beside it.
func (l *listener) element(n *html.Node, p place) {
	label := l.labelAt(n)
	if label == nil {
		return
	}
	var value []*html.Node
	switch {
	case n.DataAtom == atom.Dt:
		value = l.definitions(n)
	case headlineLevel[n.DataAtom] != 0:
		if next := nextElement(n); next != nil && container[next.DataAtom] && l.labelAt(next) == nil {
			value = []*html.Node{next}
		}
	case block[n.DataAtom]:
		if next := l.pastPairs(nextContent(n)); next != nil && l.labelAt(next) == nil {
			value = []*html.Node{next}
		}
	default:
		value = l.inline(n)
	}
	for _, v := range value {
		p.concealed = p.concealed || concealed(v)
	}
	l.say(p.saying(label, flowOf(&l.left, value...), beside))
}

// definitions are the dd after a dt, up to the next dt.
func (l *listener) definitions(dt *html.Node) (out []*html.Node) {
	for s := dt.NextSibling; s != nil && s.DataAtom != atom.Dt; s = s.NextSibling {
		if s.DataAtom == atom.Dd {
			out = append(out, s)
		}
	}
	return out
}

// inline is what follows a label within a line of elements: up to the next label, or the one block beside it.
func (l *listener) inline(n *html.Node) (out []*html.Node) {
	filled := false
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		switch {
		case l.labelAt(s) != nil, len(splitSayings(shortText(s, labelsWithin))) > 0:
			return out
		case s.Type == html.ElementNode && block[s.DataAtom]:
			if !filled {
				out = append(out, s)
			}
			return out
		}
		filled = filled || s.Type == html.TextNode && strings.Trim(s.Data, ":： \u00a0\u3000\t\r\n") != "" || s.Type == html.ElementNode && s.DataAtom != atom.Br
		out = append(out, s)
	}
	return out
}

// pastPairs passes over a table of labels and values, such as who answered and when between 「答复内容」 and the answer, if more comes after it.
func (l *listener) pastPairs(n *html.Node) *html.Node {
	if n == nil || n.DataAtom != atom.Table {
		return n
	}
	for tr := range n.Descendants() {
		if tr.DataAtom != atom.Tr {
			continue
		}
		cells := cellsOf(tr)
		for i, c := range cells {
			if len(cells)%2 != 0 || (l.labelAt(c) != nil) != (i%2 == 0) {
				return n
			}
		}
	}
	if next := nextContent(n); next != nil && l.labelAt(next) == nil {
		return next
	}
	return n
}

// container are elements that hold what a headline is over, all of it.
var container = map[atom.Atom]bool{atom.Div: true, atom.Ul: true, atom.Ol: true, atom.Table: true, atom.Dl: true, atom.Section: true}

func nextElement(n *html.Node) *html.Node {
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		if s.Type == html.ElementNode && !unseen(s) {
			return s
		}
	}
	return nil
}

// nextContent is the element or text after an element.
func nextContent(n *html.Node) *html.Node {
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		if s.Type == html.ElementNode && !unseen(s) && s.DataAtom != atom.Br || s.Type == html.TextNode && strings.TrimSpace(s.Data) != "" {
			return s
		}
	}
	return nil
}

// Heads of tabs.
const (
	mostTabs = 20
	tabsUp   = 3 // elements between the heads and what holds the panels
)

// tabs reads heads of tabs of which two neighbours are labels, and the panels below them, be they hidden.
func (l *listener) tabs(n *html.Node, p place) {
	heads := children(n, mostTabs)
	if len(heads) < 2 || n.DataAtom == atom.Tr || n.DataAtom == atom.Dl {
		return
	}
	labels := make([]*label, len(heads))
	neighbours := false
	for i, h := range heads {
		labels[i] = l.labelAt(h)
		if labels[i] == nil && clean(shortText(h, aloneRunes)) == "" {
			return
		}
		neighbours = neighbours || i > 0 && labels[i] != nil && labels[i-1] != nil
	}
	if !neighbours {
		return
	}
	l.heads[n] = true
	panels := l.panels(n, heads)
	for i, panel := range panels {
		if labels[i] == nil || panel == nil {
			continue
		}
		at := p
		at.concealed = at.concealed || concealed(panel)
		value := flowOf(&l.left, panel)
		if first, rest, _ := strings.Cut(value, "\n"); findLabel(first) == labels[i] {
			value = rest // the head again
		}
		l.say(at.saying(labels[i], value, beside))
	}
}

// panels are what heads of tabs open: what they name by id, or as many elements after them.
func (l *listener) panels(n *html.Node, heads []*html.Node) []*html.Node {
	named, out := 0, make([]*html.Node, len(heads))
	for i, h := range heads {
		if out[i] = l.target(h); out[i] != nil {
			named++
		}
	}
	if named > 1 {
		return out
	}
	for at, up := n, 0; at.Parent != nil && up < tabsUp; at, up = at.Parent, up+1 {
		next := nextElement(at)
		if next == nil {
			continue
		}
		if within := children(next, mostTabs); len(within) == len(heads) {
			return within
		}
		following := []*html.Node{next}
		for s := nextElement(next); s != nil && len(following) < len(heads) && s.DataAtom == next.DataAtom; s = nextElement(s) {
			following = append(following, s)
		}
		if len(following) == len(heads) {
			return following
		}
	}
	return nil
}

// target is the element that a head of a tab, or a link in it, names: href="#flow", data-target="#flow".
func (l *listener) target(head *html.Node) *html.Node {
	if id := targetOf(head); id != "" {
		return l.byID(id)
	}
	for c := head.FirstChild; c != nil; c = c.NextSibling {
		if id := targetOf(c); id != "" {
			return l.byID(id)
		}
	}
	return nil
}

func targetOf(n *html.Node) string {
	for _, name := range []string{"href", "data-target", "data-id", "data-for"} {
		if v := strings.TrimSpace(attr(n, name)); v != "" && (v[0] == '#' || name != "href") {
			return strings.TrimPrefix(v, "#")
		}
	}
	return ""
}

func (l *listener) byID(id string) *html.Node {
	if l.ids == nil {
		l.ids = map[string]*html.Node{}
		for n := range l.root.Descendants() {
			if id := attr(n, "id"); id != "" && l.ids[id] == nil {
				l.ids[id] = n
			}
		}
	}
	return l.ids[id]
}

// children are the elements in an element that show something, nothing where they are more than most or text stands between them.
func children(n *html.Node, most int) (out []*html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode && strings.Trim(c.Data, " \t\r\n|\u00a0\u3000") != "":
			return nil
		case c.Type != html.ElementNode || unseen(c):
			continue
		}
		if out = append(out, c); len(out) > most {
			return nil
		}
	}
	return out
}
