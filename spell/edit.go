package spell

// An edit puts other characters in the place of the characters [from, to) of a run.
type edit struct {
	from, to int
	with     [2]rune
	n        int // characters of with
	slip     slip
	gain     float64 // log of how much likelier the edited run is
}

func (e *edit) text() []rune { return e.with[:e.n] }

// A run is Han characters that stand beside each other, in their normal form.
type run []rune

// at is a character of the run with other characters in the place of [from, to); 0 beyond its edges.
func (r run) at(i, from, to int, with []rune) rune {
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

// score is the log probability of the characters with, in the place of [from, to), and of the two after them, which see them.
func (c *Corrector) score(r run, from, to int, with []rune) float64 {
	end := min(from+len(with)+2, len(r)-(to-from)+len(with)+1)
	sum := 0.0
	a, b := r.at(from-2, from, to, with), r.at(from-1, from, to, with)
	for i := from; i < end; i++ {
		x := r.at(i, from, to, with)
		sum += c.model.Score(a, b, x)
		a, b = b, x
	}
	return sum
}

// edits are the single slips that may have made the run, at the places that look wrong.
func (c *Corrector) edits(r run, wrong func(i int) bool, keep func(edit)) {
	try := func(e edit) {
		was := c.score(r, e.from, e.to, r[e.from:e.to])
		e.gain = c.score(r, e.from, e.to, e.text()) - was
		keep(e)
	}
	for i := range r {
		if wrong(i-1) || wrong(i) {
			was := c.score(r, i, i+1, r[i:i+1])
			seen := map[rune]bool{r[i]: true}
			for _, m := range c.slips.meant(r[i]) {
				seen[m.meant] = true
				e := edit{from: i, to: i + 1, with: [2]rune{m.meant}, n: 1, slip: m.slip}
				e.gain = c.score(r, i, i+1, e.text()) - was
				keep(e)
			}
			for m := range c.model.Between(r.at(i-1, len(r), len(r), nil), r.at(i+1, len(r), len(r), nil)) {
				if seen[m] {
					continue
				}
				e := edit{from: i, to: i + 1, with: [2]rune{m}, n: 1, slip: other}
				e.gain = c.score(r, i, i+1, e.text()) - was
				keep(e)
			}
		}
		if i > 0 && r[i] == r[i-1] {
			try(edit{from: i, to: i + 1, slip: doubled})
		}
		if i+1 < len(r) && r[i] != r[i+1] && (wrong(i-1) || wrong(i) || wrong(i+1)) {
			try(edit{from: i, to: i + 2, with: [2]rune{r[i+1], r[i]}, n: 2, slip: swapped})
		}
	}
	for i := -1; i < len(r); i++ {
		if !wrong(i) {
			continue
		}
		was := c.score(r, i+1, i+1, nil)
		a, b := r.at(i, len(r), len(r), nil), r.at(i+1, len(r), len(r), nil)
		for m := range c.model.Between(a, b) {
			e := edit{from: i + 1, to: i + 1, with: [2]rune{m}, n: 1, slip: dropped}
			e.gain = c.score(r, i+1, i+1, e.text()) - was
			keep(e)
		}
	}
}
