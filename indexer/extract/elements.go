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
		if next := nextElement(n); next != nil && container[next.DataAtom] && !l.labelled(next) {
			value = []*html.Node{next}
		}
	case block[n.DataAtom]:
		if next := l.pastPairs(nextContent(n)); next != nil && !l.labelled(next) {
			value = []*html.Node{next}
			if after := nextContent(next); after != nil && label.names[letter] == detail.Answer && dayAlone.MatchString(shortText(next, aloneRunes)) {
				value = append(value, after)
			}
		}
	default:
		value = l.inline(n, label.long())
	}
	if text := shortText(n, aloneRunes); label.names[letter] == detail.Answer {
		l.say(p.saying(detailLabels()[detail.Answered], day.FindString(text), beside))
		l.say(p.saying(detailLabels()[detail.Answerer], officeAnswers(labelKey(text)), beside))
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

// labelled reports an element that is a label, or begins with one of its own.
func (l *listener) labelled(n *html.Node) bool {
	if l.labelAt(n) != nil {
		return true
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && !unseen(c) {
			return l.labelAt(c) != nil
		}
	}
	return false
}

// endsWith reports an element that is all there is below its label: nothing stands after it, or the next label. Other paragraphs are read as lines.
func (l *listener) endsWith(n *html.Node) bool {
	next := nextElement(n)
	return next == nil || l.labelAt(next) != nil
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
