package pinyin

import (
	"cmp"
	"slices"
	"strings"
)

// Costs and gains are in nats. Twice the width finds under 1 % more of service items and keywords, half of it 2 % less of departments. Names of
// townships that the model had not seen, before other words, were found in 20 % without listed and perRune, in 90 % with them; with listed at 0
// general words push the model aside.
const (
	width     = 32 // hypotheses that live at a place
	perState  = 4  // of these with the same last two characters
	reach     = 8. // how much less likely than the best of its place a hypothesis may be
	lessUsual = 1. // cost of a reading for each more usual one of its character
	asLoose   = 2. // cost of u for ü
	asShort   = 6. // cost of initials for syllables, beside letters that can be whole syllables
	listed    = 4. // cost of a word that the vocabulary alone speaks for
	perRune   = .5 // gain of a vocabulary's word for each character
)

// A hypothesis is a way to read the letters up to a place.
type hypothesis struct {
	step
	a, b  rune // its last characters, 0 before the beginning
	score float64
	hash  uint64 // of its text
}

// A step is a character or word and where to find those before it.
type step struct {
	before int32
	char   rune
	word   int32 // when char is 0
}

// A beam finds the likeliest texts of a lattice by keeping the best hypotheses at each place.
type beam struct {
	d     *Decoder
	steps []step
	at    [maxLetters + 1][]hypothesis
	floor [maxLetters + 1]float64 // what a hypothesis must reach once a place is full
	full  [maxLetters + 1]bool
}

func (d *Decoder) best(l *lattice, end, n int) []Candidate {
	b := &beam{d: d}
	b.at[0] = []hypothesis{{step: step{before: -1}}}
	for at := range end {
		b.prune(at)
		for _, h := range b.at[at] {
			if h.score < b.at[at][0].score-reach {
				break
			}
			b.steps = append(b.steps, h.step)
			for _, e := range l[at] {
				b.extend(h, int32(len(b.steps)-1), e)
			}
		}
		b.at[at] = nil
	}
	for i, h := range b.at[end] {
		b.at[end][i].score += d.logP(h.a, h.b, 0)
	}
	b.prune(end)
	var out []Candidate
	for _, h := range b.at[end][:min(n, len(b.at[end]))] {
		out = append(out, Candidate{b.text(h), h.score})
	}
	return out
}

// extend adds what follows a hypothesis by an edge.
func (b *beam) extend(h hypothesis, before int32, e edge) {
	if e.loose {
		h.score -= asLoose
	}
	if e.words == nil {
		b.characters(h, before, e)
		return
	}
	for _, w := range e.words {
		b.word(h, before, e.to, w)
	}
}

func (b *beam) characters(h hypothesis, before int32, e edge) {
	if b.d.score == nil {
		return
	}
	for _, s := range b.d.sounds[e.id] {
		score := h.score - s.cost
		if b.full[e.to] && score <= b.floor[e.to] {
			continue
		}
		score += b.d.score(h.a, h.b, s.char)
		b.keep(e.to, hypothesis{step{before, s.char, 0}, h.b, s.char, score, mix(h.hash, s.char)})
	}
}

// word adds a vocabulary's word. It is as likely as the model says or as the vocabulary does, whichever is more.
func (b *beam) word(h hypothesis, before int32, to int, e entry) {
	next := hypothesis{step: step{before: before, word: e.word}, a: h.a, b: h.b, hash: h.hash}
	logP := 0.
	for _, c := range b.d.vocabulary.words[e.word].Text {
		logP += b.d.logP(next.a, next.b, c)
		next.a, next.b, next.hash = next.b, c, mix(next.hash, c)
	}
	if own := b.d.vocabulary.logP(e) - listed; b.d.score == nil || own > logP {
		logP = own
	}
	next.score = h.score + logP + perRune*float64(e.length)
	b.keep(to, next)
}

func mix(hash uint64, c rune) uint64 { return (hash ^ uint64(c)) * 0x100000001b3 }

func (b *beam) keep(at int, h hypothesis) {
	if b.full[at] && h.score <= b.floor[at] {
		return
	}
	b.at[at] = append(b.at[at], h)
	if len(b.at[at]) >= 8*width {
		b.prune(at)
	}
}

// prune keeps the best at a place, of the same text one and of the same last two characters few.
func (b *beam) prune(at int) {
	all := b.at[at]
	slices.SortFunc(all, func(x, y hypothesis) int { return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.hash, y.hash)) })
	texts := make(map[uint64]bool, width)
	states := make(map[[2]rune]int, width)
	kept := all[:0]
	for _, h := range all {
		state := [2]rune{h.a, h.b}
		if texts[h.hash] || states[state] == perState {
			continue
		}
		texts[h.hash] = true
		states[state]++
		if kept = append(kept, h); len(kept) == width {
			b.floor[at], b.full[at] = h.score, true
			break
		}
	}
	b.at[at] = kept
}

// text goes back along the steps of a hypothesis.
func (b *beam) text(h hypothesis) string {
	var parts []string
	for s := h.step; s.before >= 0; s = b.steps[s.before] {
		if s.char != 0 {
			parts = append(parts, string(s.char))
		} else {
			parts = append(parts, b.d.vocabulary.words[s.word].Text)
		}
	}
	slices.Reverse(parts)
	return strings.Join(parts, "")
}
