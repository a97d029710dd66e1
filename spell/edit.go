package spell

import "slices"

// An edit puts up to two characters in the place of the characters [from, to) of a run.
type edit struct {
	from, to int
	with     [2]rune
	n        int // characters of with
}

func (e *edit) text() []rune { return e.with[:e.n] }

// apply makes an edit in the run and gives the change of the query that it is. What was changed is not changed again.
func (r *run) apply(e edit, query string) Change {
	start := 0
	if e.from < len(r.han) {
		start = r.from[e.from]
	} else {
		start = r.to[e.from-1]
	}
	end := start
	if e.to > e.from {
		end = r.to[e.to-1]
	}
	c := Change{Start: start, End: end, From: query[start:end], To: string(e.text())}
	if e.n == 2 && e.to == e.from+2 && e.with == [2]rune{r.han[e.from+1], r.han[e.from]} {
		middle := r.from[e.from+1]
		c.To = query[middle:end] + query[start:middle] // as they were typed, traditional or not
	}
	r.han = slices.Replace(slices.Clone(r.han), e.from, e.to, e.text()...)
	r.from = slices.Replace(r.from, e.from, e.to, slices.Repeat([]int{start}, e.n)...)
	r.to = slices.Replace(r.to, e.from, e.to, slices.Repeat([]int{end}, e.n)...)
	r.fixed = slices.Replace(r.fixed, e.from, e.to, slices.Repeat([]bool{true}, e.n)...)
	r.closed = slices.Replace(r.closed, e.from, e.to+1, slices.Repeat([]bool{true}, e.n+1)...)
	return c
}

// in gives the characters, which stand at start in the run, after the edit.
func (e *edit) in(characters []rune, start int) []rune {
	return slices.Replace(slices.Clone(characters), e.from-start, e.to-start, e.text()...)
}

// at is a character of a run with other characters in the place of [from, to); 0 beyond its edges.
func at(r []rune, i, from, to int, with []rune) rune {
	switch {
	case i < 0:
		return 0
	case i < from:
		return r[i]
	case i < from+len(with):
		return with[i-from]
	}
	if i += to - from - len(with); i < len(r) {
		return r[i]
	}
	return 0
}

// score is the log probability of the characters with, in the place of [from, to), and of the two after them, which see them. It gives up where
// the sum falls below least.
func (c *Corrector) score(r []rune, from, to int, with []rune, least float64) float64 {
	end := min(from+len(with)+2, len(r)-(to-from)+len(with)+1)
	sum := 0.0
	x, y := at(r, from-2, from, to, with), at(r, from-1, from, to, with)
	for i := from; i < end && sum >= least; i++ {
		z := at(r, i, from, to, with)
		sum += c.model.Score(x, y, z)
		x, y = y, z
	}
	return sum
}
