package office

import (
	"strings"

	"terrace/indexer/attach/pack"
	"terrace/indexer/attach/plain"
)

// maxAside is the most text of a box or header that is set aside until its place comes, in bytes.
const maxAside = 1 << 20

// A writer puts paragraphs and tables into a text. In a cell of a table with several columns paragraphs are parted by blanks, so that a row stays a
// line.
type writer struct {
	out    *plain.Text
	inCell int // such cells around
	told   int // texts and pictures so far
}

func (w *writer) write(s string) {
	if strings.TrimSpace(s) != "" {
		w.told++
	}
	w.out.Write(s)
}

func (w *writer) picture() {
	w.told++
	w.out.Picture()
}

// end ends a paragraph, row or line.
func (w *writer) end() {
	if w.inCell > 0 {
		w.out.Write(" ")
		return
	}
	w.out.End()
}

// cell reads a cell of a table of so many columns.
func (w *writer) cell(columns int, read func()) {
	if columns > 1 {
		w.inCell++
		read()
		w.inCell--
	} else {
		read()
	}
	if w.inCell > 0 {
		w.out.Write(" ")
		return
	}
	w.out.Cell()
}

// pour writes text that was set aside.
func (w *writer) pour(text string) {
	for line := range strings.Lines(text) {
		for cell := range strings.SplitSeq(line, "\t") {
			w.write(strings.TrimSuffix(cell, "\n"))
			if w.inCell == 0 {
				w.out.Cell()
			}
		}
		w.end()
	}
}

// alternate reads the first of the alternatives of mc:AlternateContent that says anything: they are one content for programs of several ages
// (ECMA-376 part 3, 9.3).
func (w *writer) alternate(x *pack.Scanner, element func(string)) {
	before := w.told
	x.Each(func(string) {
		if w.told == before {
			x.Each(element)
		}
	})
}
