package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/index/detail"
)

// labelElement are elements that may be a label beside their value.
var labelElement = map[atom.Atom]bool{atom.P: true, atom.Legend: true, atom.Dt: true, atom.Div: true, atom.Span: true, atom.Li: true, atom.Label: true, atom.B: true, atom.Strong: true, atom.Font: true,
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
	case n.DataAtom == atom.Legend:
		for s := n.NextSibling; s != nil; s = s.NextSibling {
			value = append(value, s)
		}
		if h, ok := headed(firstLine(flowOf(&l.left, value...))); ok && h.colon {
			return // a head of labels
		}
	case n.DataAtom == atom.P:
		if next := nextElement(n); next != nil && container[next.DataAtom] && l.labelAt(next) == nil && l.endsWith(next) {
			value = []*html.Node{next}
		}
	case headlineLevel[n.DataAtom] != 0:
		if next := nextElement(n); next != nil && container[next.DataAtom] && l.labelAt(next) == nil {
			value = []*html.Node{next}
		}
	case block[n.DataAtom]:
		if next := nextContent(n); next != nil && l.labelAt(next) == nil {
			value = []*html.Node{next}
			if after := nextContent(next); after != nil && label.names[letter] == detail.Answer && dayAlone.MatchString(shortText(next, aloneRunes)) {
				value = append(value, after)
			}
		}
	default:
		value = l.inline(n, label.long())
	}
	if label.names[letter] == detail.Answer {
		l.say(p.saying(detailLabels()[detail.Answered], day.FindString(shortText(n, aloneRunes)), beside))
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

// inline is what follows a label within a line of elements: up to the next label, or the one block beside it, of a text all paragraphs.
func (l *listener) inline(n *html.Node, long bool) (out []*html.Node) {
	filled := false
	for s := n.NextSibling; s != nil; s = s.NextSibling {
		switch {
		case l.labelAt(s) != nil, len(splitSayings(firstLine(strings.TrimSpace(shortLines(s, labelsWithin))))) > 0:
			return out
		case s.Type == html.ElementNode && block[s.DataAtom]:
			for ; s != nil && !filled && l.labelAt(s) == nil; s = nextElement(s) {
				out = append(out, s)
				if !long || s.DataAtom != atom.P {
					break
				}
			}
			return out
		}
		filled = filled || s.Type == html.TextNode && strings.Trim(s.Data, ":： \u00a0\u3000\t\r\n") != "" || s.Type == html.ElementNode && s.DataAtom != atom.Br
		out = append(out, s)
	}
	return out
}

// endsWith reports an element that is all there is below its label: nothing stands after it, or the next label. Other paragraphs are read as lines.
func (l *listener) endsWith(n *html.Node) bool {
	next := nextElement(n)
	return next == nil || l.labelAt(next) != nil
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
