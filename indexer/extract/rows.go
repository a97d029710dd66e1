package extract

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const cellSpan = 60 // rows of one value

// row reads a table row: labels and values in turn, a row of labels, the last cell or the numbering of rows among them, over rows of values, a label over the rows below it, or beside several rows.
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
	case known > 1 && known == len(cells), known > 0 && len(cells) > 2 && (labels[len(cells)-1] != nil || serial.MatchString(key(shortText(cells[0], aloneRunes)))):
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

// serial heads the column that numbers a table's rows.
var serial = regexp.MustCompile(`^(?:序号|编号|项次)$`)

// columns reads the values in the rows below a row of labels.
func (l *listener) columns(labels []*label, tr *html.Node, p place) {
	values, rows := make([][]string, len(labels)), 0
	for ; tr != nil && rows < cellSpan; tr = nextRow(tr) {
		cells := cellsOf(tr)
		if len(cells) != len(labels) {
			break
		}
		rows++
		for i, c := range cells {
			if labels[i] != nil && l.labelAt(c) == nil {
				values[i] = append(values[i], flowOf(&l.left, c))
			}
		}
	}
	for i, label := range labels {
		if label != nil {
			s := p.saying(label, strings.Join(values[i], "\n"), beside)
			s.many = rows > 1
			l.say(s)
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
