// Package suggest completes what a reader is typing: from the beginning of a phrase, from its inside, from its full pinyin, from the initials
// of its syllables, and from a mixture of these.
//
// It promises that what it gives finds something, that equal input gives equal answers in equal order, and that an answer takes well under 5 ms
// with MaxPhrases phrases, whatever is typed.
package suggest

import (
	"cmp"
	"slices"

	"terrace/segment"
)

// Kind tells where a phrase comes from. Of phrases of one weight the lesser kind goes first.
type Kind uint8

const (
	Query      Kind = iota // readers have asked for it
	Term                   // official term
	Department             // name of a department or site
	Service                // service item (办事事项)
	Title                  // title of a document
)

// A Phrase is something a reader may be about to type.
type Phrase struct {
	Text    string
	Kind    Kind
	Weight  float64 // how likely it is asked for, on one scale for all kinds; below 0 counts as 0
	Results int     // how many documents it finds; 0 leaves it out
}

// MaxPhrases is how many phrases an Index holds: those of more weight where there are more.
const MaxPhrases = 200_000

// An Index holds phrases ready for completion. It never changes and may be used by several goroutines.
type Index struct {
	phrases []Phrase // heaviest first; a phrase's number is its place here
	leftOut int
	keys    texts   // title keys of the phrases, by number
	inside  []place // where a key, or something inside it, begins, in the order of what stands there
	sounds  *sounding
}

// New makes an Index. Phrases that find nothing, or hold neither letter nor digit, are left out. Of phrases with the same title key
// (segment.TitleKey) the heaviest stays, with the greatest Results of them.
func New(phrases []Phrase) *Index {
	chosen, leftOut := choose(phrases)
	x := &Index{phrases: make([]Phrase, len(chosen)), leftOut: leftOut}
	for i, c := range chosen {
		x.phrases[i] = c.Phrase
		x.keys.add(c.key)
	}
	x.inside = beginnings(&x.keys)
	x.sounds = soundsOf(&x.keys)
	return x
}

// Len is how many phrases the Index holds.
func (x *Index) Len() int { return len(x.phrases) }

// LeftOut is how many phrases found no room beside MaxPhrases heavier ones.
func (x *Index) LeftOut() int { return x.leftOut }

// A keyed phrase is one with its title key.
type keyed struct {
	key string
	Phrase
}

// choose folds equal phrases and keeps the heaviest, in order.
func choose(phrases []Phrase) (kept []keyed, leftOut int) {
	all := make([]keyed, 0, len(phrases))
	for _, p := range phrases {
		key := segment.TitleKey(p.Text)
		if p.Results <= 0 || key == "" {
			continue
		}
		if !(p.Weight > 0) {
			p.Weight = 0 // one that is not a number, too
		}
		all = append(all, keyed{key, p})
	}
	slices.SortFunc(all, func(a, b keyed) int { return cmp.Or(cmp.Compare(a.key, b.key), heavier(a, b)) })
	kept = all[:0]
	for _, k := range all {
		if last := len(kept) - 1; last >= 0 && kept[last].key == k.key {
			kept[last].Results = max(kept[last].Results, k.Results)
			continue
		}
		kept = append(kept, k)
	}
	slices.SortFunc(kept, heavier)
	n := min(len(kept), MaxPhrases)
	return kept[:n], len(kept) - n
}

// heavier puts phrases in order: weight, kind, shorter ones, text.
func heavier(a, b keyed) int {
	return cmp.Or(cmp.Compare(b.Weight, a.Weight), cmp.Compare(a.Kind, b.Kind), cmp.Compare(len(a.key), len(b.key)), cmp.Compare(a.key, b.key),
		cmp.Compare(a.Text, b.Text))
}
