package extract

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

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
