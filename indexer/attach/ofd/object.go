package ofd

import (
	"math"
	"strconv"
	"strings"

	"terrace/indexer/attach/pack"
)

// An object is a graphic unit of a page (8.5) that holds text, a picture, or a composite unit.
type object struct {
	matrix  matrix  // to the page
	size    float64 // of characters
	hscale  float64 // their width to the usual one
	codes   []code
	unit    string
	picture bool
}

// A code is a run of characters with the place of the first and the steps to the others (11.3).
type code struct {
	x, y   float64
	dx, dy []float64
	text   string
}

// A matrix maps x, y to a·x + c·y + e, b·x + d·y + f.
type matrix struct{ a, b, c, d, e, f float64 }

var identity = matrix{a: 1, d: 1}

func (m matrix) at(x, y float64) (float64, float64) { return m.a*x + m.c*y + m.e, m.b*x + m.d*y + m.f }

// then is m followed by n.
func (m matrix) then(n matrix) matrix {
	e, f := n.at(m.e, m.f)
	return matrix{n.a*m.a + n.c*m.b, n.b*m.a + n.d*m.b, n.a*m.c + n.c*m.d, n.b*m.c + n.d*m.d, e, f}
}

// within is an object of a composite unit where another object puts it.
func (o object) within(place object) object {
	o.matrix = o.matrix.then(place.matrix)
	return o
}

// A reader collects the objects of a layer.
type reader struct {
	x       *pack.Scanner
	objects []object
}

func (r *reader) element(name string) {
	if r.x.Attr("Visible") == "false" {
		return
	}
	switch name {
	case "TextObject":
		r.text()
	case "ImageObject":
		r.objects = append(r.objects, object{picture: true})
	case "CompositeObject":
		o := r.object()
		o.unit = r.x.Attr("ResourceID")
		r.objects = append(r.objects, o)
	case "PathObject", "FillColor", "StrokeColor", "Clips", "Actions":
	default:
		r.x.Each(r.element)
	}
}

// object reads the attributes that all graphic units have: a box on the page, and a matrix within it.
func (r *reader) object() object {
	m := identity
	if n := numbers(r.x.Attr("CTM"), 6); len(n) == 6 {
		m = matrix{n[0], n[1], n[2], n[3], n[4], n[5]}
	}
	if n := numbers(r.x.Attr("Boundary"), 4); len(n) >= 2 {
		m.e, m.f = m.e+n[0], m.f+n[1]
	}
	return object{matrix: m}
}

func (r *reader) text() {
	o := r.object()
	o.size, o.hscale = number(r.x.Attr("Size"), 0), number(r.x.Attr("HScale"), 1)
	last := code{}
	r.x.Each(func(name string) {
		if name != "TextCode" {
			return
		}
		// A place that is not given is that of the code before.
		c := code{x: number(r.x.Attr("X"), last.x), y: number(r.x.Attr("Y"), last.y)}
		dx, dy := r.x.Attr("DeltaX"), r.x.Attr("DeltaY")
		if c.text = r.x.Text(); strings.ContainsRune(c.text, '\n') { // of the XML's own layout
			c.text = strings.TrimSpace(c.text)
		}
		most := min(len(c.text), maxSteps)
		c.dx, c.dy = steps(dx, most), steps(dy, most)
		o.codes = append(o.codes, c)
		last = c
	})
	r.objects = append(r.objects, o)
}

// maxSteps is how many characters of a code are put where they stand; others follow side by side.
const maxSteps = 1 << 16

// number reads a number, or is the other where there is none or one that no page has.
func number(s string, other float64) float64 {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(v) || math.Abs(v) > 1e9 {
		return other
	}
	return v
}

// numbers reads at most so many numbers parted by blanks; none where one is no number.
func numbers(s string, most int) (all []float64) {
	for field := range strings.FieldsSeq(s) {
		v := number(field, math.NaN())
		if math.IsNaN(v) {
			return nil
		}
		if all = append(all, v); len(all) == most {
			break
		}
	}
	return all
}

// steps reads at most so many steps; "g 3 2.5" is 2.5 three times (11.3).
func steps(s string, most int) (all []float64) {
	repeat, counting := 1, false
	for field := range strings.FieldsSeq(s) {
		if len(all) >= most {
			break
		}
		switch {
		case field == "g" || field == "G":
			counting = true
		case counting:
			repeat, counting = int(number(field, 1)), false
		default:
			v := number(field, 0)
			for range min(repeat, most-len(all)) {
				all = append(all, v)
			}
			repeat = 1
		}
	}
	return all
}
