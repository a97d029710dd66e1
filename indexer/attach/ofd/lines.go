package ofd

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// What makes a line and a paragraph, in sizes of the characters.
const (
	sameLine   = .6  // how far the base lines of its pieces may be apart
	wordGap    = .25 // between Latin words
	cellGap    = 1.5 // between what does not belong together
	fullLine   = 1.5 // a line that ends so near the edge goes on in the next
	leastWidth = 12  // of a line that can go on in the next
	pageWidth  = 24  // of a line that is full though no other ends there
)

// leader fills a line of a table of contents up to its page.
const leader = "....."

// A line is what stands on one base line.
type line struct {
	u, v, end, em float64
	cells         []string
	rows          int
	last          rune
}

// paragraphs puts pieces in the order they are read: lines from above, in a line from the left. A line is a list of cells. Lines that run on are
// one; what reads in another direction follows.
func paragraphs(pieces []piece) (all [][]string) {
	var frames [skew + 1][]piece
	for _, p := range pieces {
		frames[p.frame] = append(frames[p.frame], p)
	}
	for frame, pieces := range frames {
		lines := group(pieces, frame == skew)
		edges := rightEdges(lines)
		for from := 0; from < len(lines); {
			to := from + 1
			for to < len(lines) && goesOn(&lines[to-1], &lines[to], edges[sizeOf(&lines[to])]) {
				to++
			}
			all = append(all, merged(lines[from:to]))
			from = to
		}
	}
	return all
}

// merged is what lines say of which each goes on in the next.
func merged(lines []line) []string {
	if len(lines) == 1 {
		return lines[0].cells
	}
	var text strings.Builder
	for i := range lines {
		l := &lines[i]
		if i > 0 && latin(lines[i-1].last) && latin(first(l.cells[0])) {
			text.WriteByte(' ')
		}
		text.WriteString(l.cells[0])
	}
	return []string{text.String()}
}

// group makes lines of pieces; each is one of its own where they are askew.
func group(pieces []piece, alone bool) (lines []line) {
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Compare(a.v, b.v) })
	from, base, em := 0, 0.0, 0.0
	for i, p := range pieces {
		if i > from && (alone || p.v-base > sameLine*min(em, p.em)) {
			lines = append(lines, join(pieces[from:i]))
			from = i
		}
		if i == from || p.em > em {
			base, em = p.v, p.em
		}
	}
	if from < len(pieces) {
		lines = append(lines, join(pieces[from:]))
	}
	return lines
}

// join makes a line of its pieces. One that is drawn twice for weight is said once.
func join(pieces []piece) line {
	slices.SortStableFunc(pieces, func(a, b piece) int { return cmp.Compare(a.u, b.u) })
	prev := pieces[0]
	l := line{u: prev.u, v: prev.v, end: prev.end, em: prev.em, rows: prev.rows}
	cell := []byte(prev.text)
	for _, p := range pieces[1:] {
		if p.text == prev.text && p.u-prev.u < .3*p.em {
			continue
		}
		em, gap := max(p.em, prev.em), p.u-l.end
		switch both := latin(last(prev.text)) && latin(first(p.text)); {
		case gap > cellGap*em:
			l.cells = append(l.cells, string(cell))
			cell = cell[:0]
		case both && (gap > wordGap*em || p.before || prev.after):
			cell = append(cell, ' ')
		}
		cell = append(cell, p.text...)
		l.end, l.em, l.v, l.rows = max(l.end, p.end), max(l.em, p.em), max(l.v, p.v), max(l.rows, p.rows)
		prev = p
	}
	l.cells = append(l.cells, string(cell))
	l.last = last(prev.text)
	return l
}

// rightEdges is where the lines of a size end, by sizeOf, if at least two end there or one is as wide as a page: else nothing tells that a line is full.
func rightEdges(lines []line) map[int]float64 {
	edges, full := map[int]float64{}, map[int]int{}
	for i := range lines {
		l := &lines[i]
		if edge, known := edges[sizeOf(l)]; !known || l.end > edge {
			edges[sizeOf(l)] = l.end
		}
	}
	for i := range lines {
		if l := &lines[i]; l.end >= edges[sizeOf(l)]-fullLine*l.em {
			full[sizeOf(l)]++
			if l.end-l.u >= pageWidth*l.em {
				full[sizeOf(l)]++
			}
		}
	}
	for size := range edges {
		if full[size] < 2 {
			edges[size] = math.Inf(1)
		}
	}
	return edges
}

// sizeOf is the size of a line's characters in fifths of a millimetre.
func sizeOf(l *line) int { return int(math.Round(min(l.em, 1e6) * 5)) }

// goesOn reports whether a line is full and the next goes on with it: right below, of the same size, not indented.
func goesOn(l, next *line, edge float64) bool {
	down := (next.v - l.v) / l.em
	indent := (next.u - l.u) / l.em
	switch {
	case len(l.cells) > 1 || len(next.cells) > 1 || l.rows > 1 || next.rows > 1 || sizeOf(l) != sizeOf(next):
		return false
	case strings.Contains(l.cells[0], leader):
		return false
	case down < .9 || down > 2.6 || indent > .6 || indent < -2.6:
		return false
	}
	return l.end-l.u >= leastWidth*l.em && l.end >= edge-fullLine*l.em
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

func last(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}
