package ofd

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A piece is the text of one code, in the frame in which it reads from left to right and from above: u along the line, v down to its base line.
type piece struct {
	frame  int // quarter turns of the page to the frame; skew for other angles
	u, v   float64
	end    float64 // u behind the last character
	em     float64 // size of characters
	text   string
	rows   int  // lines of the code itself
	before bool // a blank stands before the text
	after  bool // and after it
}

const skew = 4

// usualSize is taken for characters without size, in millimetres: 10.5 points.
const usualSize = 3.7

// pieces are the texts of an object where they stand on the page.
func (o object) pieces() (all []piece) {
	m := o.matrix
	along, across := math.Hypot(m.a, m.b), math.Hypot(m.c, m.d)
	if o.size <= 0 || across == 0 || along == 0 {
		o.size, along, across = usualSize, 1, 1
	}
	frame := skew
	turn := math.Atan2(m.b, m.a) / (math.Pi / 2)
	if near := math.Round(turn); math.Abs(turn-near) < .1 {
		frame = (int(near) + 4) % 4
	}
	for _, c := range o.codes {
		w := c.walk(o.size, o.hscale)
		if w.text.Len() == 0 {
			continue
		}
		p := piece{frame: frame, em: o.size * across, text: w.text.String(), rows: w.rows, before: w.before, after: w.blank}
		p.u, p.v = turned(frame)(m.at(w.x0, w.y0))
		p.end = p.u + (w.most-w.x0)*along
		all = append(all, p)
	}
	return all
}

// turned maps a point of the page to a frame.
func turned(frame int) func(x, y float64) (u, v float64) {
	switch frame {
	case 1:
		return func(x, y float64) (float64, float64) { return y, -x }
	case 2:
		return func(x, y float64) (float64, float64) { return -x, -y }
	case 3:
		return func(x, y float64) (float64, float64) { return -y, x }
	}
	return func(x, y float64) (float64, float64) { return x, y }
}

// A walk goes along the characters of a code.
type walk struct {
	text   strings.Builder
	x0, y0 float64 // of the first character that is no blank
	most   float64 // furthest end of a character
	end    float64 // end of the last one
	rows   int
	before bool
	blank  bool // since the last character
	last   rune
}

// walk puts the characters of a code together. A code may be a whole column: a step back and down begins a row, which goes on with the text where the
// row before was full. A step down alone is vertical writing.
func (c code) walk(size, hscale float64) *walk {
	w := &walk{rows: 1}
	em := size * hscale
	apart := c.apart(em)
	x, y, i := c.x, c.y, 0
	for _, r := range c.text {
		if unicode.IsSpace(r) {
			w.blank = true
		} else {
			w.put(r, x, y, x+width(r)*em)
		}
		sx, sy := c.step(i, width(r)*em)
		i++
		switch {
		case sx < 0 && math.Abs(sy) > size/2:
			w.row(size)
		case latin(r) && sx-width(r)*em > apart:
			w.blank = true
		}
		x, y = x+sx, y+sy
	}
	return w
}

func (w *walk) put(r rune, x, y, end float64) {
	switch {
	case w.text.Len() == 0:
		w.x0, w.y0, w.most, w.before = x, y, end, w.blank
	case w.blank:
		w.text.WriteByte(' ')
	}
	w.text.WriteRune(r)
	w.blank, w.last, w.end = false, r, end
	w.most = max(w.most, end)
}

// row ends a row: the paragraph too where it is shorter than others.
func (w *walk) row(size float64) {
	if w.text.Len() == 0 {
		return
	}
	w.rows++
	if w.end < w.most-2*size {
		w.text.WriteByte('\n')
		w.blank = false
		return
	}
	w.blank = w.blank || latin(w.last)
}

// step is how far it is from a character to the next. Without any steps characters stand side by side; with steps of one kind only they do not move in
// the other direction.
func (c code) step(i int, width float64) (dx, dy float64) {
	switch {
	case i < len(c.dx):
		dx = c.dx[i]
	case len(c.dx) > 0 || len(c.dy) == 0:
		dx = width
	}
	if i < len(c.dy) {
		dy = c.dy[i]
	}
	return dx, dy
}

// apart is the gap behind a Latin character from which a word ends there: more than most characters of the code have, for letters may be spaced. Without
// a step for each character the steps are those of ligatures, and tell of no gap.
func (c code) apart(em float64) float64 {
	sum, n, i := 0.0, 0, 0
	for _, r := range c.text {
		if i >= len(c.dx) {
			break
		}
		if latin(r) && !unicode.IsSpace(r) {
			sum += max(-.3*em, min(c.dx[i]-width(r)*em, em))
			n++
		}
		i++
	}
	mean := sum / float64(max(n, 1))
	switch {
	case n < 2 || len(c.dx)+1 < utf8.RuneCountInString(c.text):
		return math.Inf(1)
	case mean > .2*em:
		return mean + .4*em
	}
	return max(.2*em, mean+.15*em)
}

// width is about how wide a character is, in ems.
func width(r rune) float64 {
	switch {
	case !latin(r):
		return 1
	case strings.ContainsRune("ijlftI.,:;'|!()[] ", r):
		return .33
	case unicode.IsUpper(r), r == 'm', r == 'w', r == '%', r == '@':
		return .7
	}
	return .5
}

// latin reports a character of scripts that put blanks between words.
func latin(r rune) bool { return r < 0x2E80 && !('\u2010' <= r && r <= '\u2027') }
