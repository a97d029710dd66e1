package suggest

import (
	"cmp"
	"math"
	"slices"
)

// A match is how input matches a phrase, the best first.
type match int

const (
	begins   match = iota // the phrase begins with it, sign by sign
	sounds                // the phrase's pinyin begins with it
	contains              // it stands inside the phrase
	initials              // the phrase's initials begin with it
	mixed                 // each character is typed itself, by its pinyin, or by its initial
	matches
)

func (m match) worth() float64 {
	return [matches]float64{begins: 1, sounds: 1. / 2, contains: 1. / 4, initials: 1. / 4, mixed: 1. / 8}[m]
}

// finds are the heaviest phrases of each match.
type finds [matches]heaviest

func newFinds(n int) *finds {
	f := &finds{}
	for m := range f {
		f[m] = heaviest{room: n, below: math.MaxInt}
	}
	return f
}

// spelled adds phrases that begin with characters of which s says what they stand for, if that is the whole input. It returns what makes a better
// match of some of them yet, when more of their characters are looked at: initials, for they take fewer letters a character than anything else.
func (f *finds) spelled(places []place, input string, s spelled) spelled {
	end := uint64(1) << len(input)
	switch {
	case s.whole&end != 0:
		f[sounds].addAll(places)
		return spelled{}
	case s.initials&end != 0:
		f[initials].addAll(places)
		return spelled{}
	case s.mixed&end != 0:
		f[mixed].addAll(places)
		return spelled{initials: s.initials, mixed: s.initials}
	}
	return s
}

// heaviest keeps the least numbers, which are those of the heaviest phrases, in order and each once.
type heaviest struct {
	numbers []int
	room    int
	below   int // once there is no room, what is not below the greatest number kept is not kept
}

func (h *heaviest) addAll(places []place) {
	for _, p := range places {
		h.add(p.number())
	}
}

func (h *heaviest) add(number int) {
	if number < h.below {
		h.insert(number)
	}
}

func (h *heaviest) insert(number int) {
	i, known := slices.BinarySearch(h.numbers, number)
	if known {
		return
	}
	if len(h.numbers) == h.room {
		h.numbers = h.numbers[:h.room-1]
	}
	h.numbers = slices.Insert(h.numbers, i, number)
	if len(h.numbers) == h.room {
		h.below = h.numbers[h.room-1]
	}
}

// A find is a phrase with how well it answers.
type find struct {
	score float64
	match match
	keyed
}

func better(a, b find) int {
	return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.match, b.match), heavier(a.keyed, b.keyed))
}

// best are the n best phrases found in x, best first.
func (f *finds) best(x *Index, n int) []find {
	var all []find
	known := map[int]bool{}
	for m := range f {
		for _, number := range f[m].numbers { // a better match of a phrase comes first
			if !known[number] {
				known[number] = true
				p := x.phrases[number]
				all = append(all, find{match(m).worth() * p.Weight, match(m), keyed{x.keys.get(number), p}})
			}
		}
	}
	slices.SortFunc(all, better)
	return all[:min(n, len(all))]
}

// merge gives the n best phrases of several Indexes' finds, each title key once.
func merge(all []find, n int) []Phrase {
	slices.SortFunc(all, better)
	out := make([]Phrase, 0, min(n, len(all)))
	at := map[string]int{}
	for _, f := range all {
		if i, known := at[f.key]; known {
			out[i].Results = max(out[i].Results, f.Results)
		} else if len(out) < n {
			at[f.key] = len(out)
			out = append(out, f.Phrase)
		}
	}
	return out
}
