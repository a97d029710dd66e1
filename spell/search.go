package spell

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// A search looks for the edit that gains most in the runs of a query.
type search struct {
	corrector  *Corrector
	ctx        context.Context
	everywhere bool // else at unknown bigrams alone
	pair       bool // of slips beside each other, where one does not do

	unknown int               // unknown bigrams of the runs
	found   map[place]float64 // gains, as logarithms of odds against what was typed
	top     float64           // of found
}

// A place is an edit of a run.
type place struct {
	run  *run
	edit edit
}

// A gain that is spread below the best is no more than a thousandth of what may have been meant.
const spread = 7

// foreign is what each unknown bigram that stands after an edit takes from its gain, a tenth of the odds: such a query speaks of what the texts do not, and what they
// have instead is not what was meant.
const foreign = 2.3

func count(b []bool) (n int) {
	for _, x := range b {
		if x {
			n++
		}
	}
	return n
}

// looks is how many characters of a query are looked at, and how many gaps, those first that the model finds strangest.
const looks = 12

// best gives the edit that gains most, if any is worthwhile.
func (s *search) best(runs []*run) (place, bool) {
	s.found, s.top, s.unknown = map[place]float64{}, worthwhile, 0
	for _, r := range runs {
		s.unknown += count(r.unknown)
	}
	spots := s.spots(runs)
	for _, spot := range spots {
		if s.ctx.Err() != nil {
			return place{}, false
		}
		spot.try(s)
	}
	for _, r := range runs {
		s.closedWords(r)
	}
	best, ok := s.choose()
	if !ok && s.pair {
		for _, r := range runs {
			s.pairs(r)
		}
		best, ok = s.choose()
	}
	return best, ok
}

func (s *search) choose() (place, bool) {
	var best place
	gain, ok := worthwhile, false
	for p, g := range s.found {
		if g > gain || g == gain && ok && p.before(best) {
			best, gain, ok = p, g, true
		}
	}
	return best, ok
}

// before orders edits of equal gain, so that the same query has the same correction.
func (p place) before(q place) bool {
	a, b := p.edit, q.edit
	return cmp.Or(cmp.Compare(p.run.from[0], q.run.from[0]), a.from-b.from, a.to-b.to, a.n-b.n, int(a.with[0]-b.with[0]), int(a.with[1]-b.with[1])) < 0
}

// confidence is the share of a place found in all that were and the query as it is.
func (s *search) confidence(p place) float64 {
	all := 1.0
	for _, gain := range s.found {
		all += math.Exp(gain)
	}
	return math.Exp(s.found[p]) / all
}

// keep notes an edit of a run whose characters were as likely as was, by a slip, with what else speaks for it.
func (s *search) keep(r *run, e edit, kind slip, was, bonus float64) {
	if !s.allowed(r, e) {
		return
	}
	cost := kind.cost() + foreign*float64(s.unknown-count(r.unknown[e.from:e.to+1]))
	least := was + cost + s.top - spread - bonus
	gain := s.corrector.score(r.han, e.from, e.to, e.text(), least) - was - cost + bonus
	p := place{r, e}
	if gain < s.top-spread {
		return
	}
	seen, unseen := s.joined(r, e)
	gain -= foreign * float64(unseen)
	if old, ok := s.found[p]; seen == 0 || gain < s.top-spread || ok && old >= gain {
		return
	}
	s.found[p] = gain
	s.top = max(s.top, gain)
}

// allowed tells whether an edit may be: it changes nothing that stands fast, and it takes an unknown bigram away where only these are looked at.
func (s *search) allowed(r *run, e edit) bool {
	if e.from == e.to && r.closed[e.from] || slices.Contains(r.fixed[e.from:e.to], true) {
		return false
	}
	return s.everywhere || slices.Contains(r.unknown[e.from:e.to+1], true)
}

// joined counts the bigrams that the edit makes, those that texts have and those they have not. Where there is none that they have the edit is no
// better than what was typed, only shorter.
func (s *search) joined(r *run, e edit) (seen, unseen int) {
	first, last := e.from, e.from+e.n
	if e.n == 0 { // what it leaves
		first, last = first-1, last+1
	}
	for i := max(first, 1); i <= last && i < len(r.han)-(e.to-e.from)+e.n; i++ {
		a, b := at(r.han, i-1, e.from, e.to, e.text()), at(r.han, i, e.from, e.to, e.text())
		if s.corrector.model.Bigram(a, b) > 0 || s.corrector.words.holds(a, b) {
			seen++
		} else {
			unseen++
		}
	}
	return seen, unseen
}

// A spot is a character or a gap that may have come of a slip.
type spot struct {
	run *run
	at  int
	gap bool    // before the character at
	was float64 // log probability of what stands there
}

// spots are the strangest characters and gaps of the runs.
func (s *search) spots(runs []*run) []spot {
	var characters, gaps []spot
	for _, r := range runs {
		for i := range len(r.han) + 1 {
			if len(r.han) > 1 && s.allowed(r, edit{from: i, to: i}) {
				gaps = append(gaps, spot{r, i, true, s.corrector.score(r.han, i, i, nil, math.Inf(-1))})
			}
			if i < len(r.han) && len(r.han) > 1 && s.allowed(r, edit{from: i, to: i + 1}) {
				characters = append(characters, spot{r, i, false, s.corrector.score(r.han, i, i+1, r.han[i:i+1], math.Inf(-1))})
			}
		}
	}
	strangest := func(a, b spot) int { return cmp.Compare(a.was, b.was) }
	slices.SortStableFunc(characters, strangest)
	slices.SortStableFunc(gaps, strangest)
	return append(characters[:min(looks, len(characters))], gaps[:min(looks, len(gaps))]...)
}

func (p spot) try(s *search) {
	if p.gap {
		p.fill(s)
		return
	}
	p.replace(s)
	p.repeat(s)
	p.swap(s)
}

// hopeless tells whether no edit by a kind of slip can be worthwhile here, since no text is likelier than certain.
func (p spot) hopeless(s *search, kind slip) bool { return -p.was-kind.cost() < s.top-spread }

func (p spot) fill(s *search) {
	if p.hopeless(s, dropped) {
		return
	}
	h := p.run.han
	for c := range s.corrector.model.Between(at(h, p.at-1, 0, 0, nil), at(h, p.at, 0, 0, nil)) {
		s.keep(p.run, edit{from: p.at, to: p.at, with: [2]rune{c}, n: 1}, dropped, p.was, 0)
	}
}

func (p spot) replace(s *search) {
	if p.hopeless(s, sameSound) {
		return
	}
	h := p.run.han
	seen := map[rune]bool{h[p.at]: true}
	for _, c := range s.corrector.slips.meant(h[p.at]) {
		seen[c.meant] = true
		s.keep(p.run, edit{from: p.at, to: p.at + 1, with: [2]rune{c.meant}, n: 1}, c.slip, p.was, 0)
	}
	if p.hopeless(s, other) {
		return
	}
	for c := range s.corrector.model.Between(at(h, p.at-1, 0, 0, nil), at(h, p.at+1, 0, 0, nil)) {
		if !seen[c] {
			s.keep(p.run, edit{from: p.at, to: p.at + 1, with: [2]rune{c}, n: 1}, other, p.was, 0)
		}
	}
}

// repeat takes out a character that was typed twice: the second, or the first where the second belongs to a word that stays.
func (p spot) repeat(s *search) {
	h := p.run.han
	twice := p.at > 0 && h[p.at] == h[p.at-1] || p.at+1 < len(h) && h[p.at] == h[p.at+1] && p.run.fixed[p.at+1]
	if twice {
		s.keep(p.run, edit{from: p.at, to: p.at + 1}, doubled, p.was, 0)
	}
}

// swap exchanges a character with the one after it.
func (p spot) swap(s *search) {
	h := p.run.han
	if p.at+1 >= len(h) || h[p.at] == h[p.at+1] {
		return
	}
	was := s.corrector.score(h, p.at, p.at+2, h[p.at:p.at+2], math.Inf(-1))
	s.keep(p.run, edit{from: p.at, to: p.at + 2, with: [2]rune{h[p.at+1], h[p.at]}, n: 2}, swapped, was, 0)
}

// pairs replaces both characters of an unknown bigram by characters of the same or a near sound that do stand beside each other.
func (s *search) pairs(r *run) {
	c := s.corrector
	done := 0
	for i := 1; i < len(r.han) && done < looks/4; i++ {
		if !r.unknown[i] {
			continue
		}
		done++
		was := c.score(r.han, i-1, i+1, r.han[i-1:i+1], math.Inf(-1))
		seconds := c.slips.meant(r.han[i])
		for _, a := range c.slips.meant(r.han[i-1]) {
			for _, b := range seconds {
				if a.slip > nearSound || b.slip > nearSound || c.model.Bigram(a.meant, b.meant) == 0 {
					continue
				}
				s.keep(r, edit{from: i - 1, to: i + 1, with: [2]rune{a.meant, b.meant}, n: 2}, a.slip, was, -b.slip.cost())
			}
		}
	}
}
