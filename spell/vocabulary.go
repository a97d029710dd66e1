package spell

import (
	"cmp"
	"slices"

	"terrace/segment"
)

// A vocabulary is words that are asked for more often than they stand in texts. One that is a slip away from what was typed is found by what is
// left of both without the character they differ in.
type vocabulary struct {
	words   [][]rune
	bigrams map[[2]rune]bool
	whole   map[uint64]int32 // words by hash
	holes   []hole           // by hash
	longest int              // characters of a word
	general []uint64         // lexicon
}

// A hole is a word without one character.
type hole struct {
	hash     uint64
	word, at int32
}

const (
	// asked is the share of queries that name a word of the closed vocabulary.
	asked = .1
	// standing is from how many characters on a word that stands in a query stays; two may have come together by a slip.
	standing = 3
	// longestWord is in characters; longer words are not in the vocabulary.
	longestWord = 24
)

func newVocabulary(words []string) *vocabulary {
	v := &vocabulary{bigrams: map[[2]rune]bool{}, whole: map[uint64]int32{}, general: lexicon()}
	for _, w := range words {
		for _, r := range readRuns(segment.NormalizeCharacters(w)) {
			v.add(r.han)
		}
	}
	slices.SortStableFunc(v.holes, func(a, b hole) int { return cmp.Compare(a.hash, b.hash) })
	return v
}

func (v *vocabulary) add(word []rune) {
	if len(word) < 2 || len(word) > longestWord || v.has(word, -1) != nil {
		return
	}
	n := int32(len(v.words))
	v.words, v.whole[hash(word, -1)], v.longest = append(v.words, word), n, max(v.longest, len(word))
	for i := range word {
		v.holes = append(v.holes, hole{hash(word, i), n, int32(i)})
		if i > 0 {
			v.bigrams[[2]rune{word[i-1], word[i]}] = true
		}
	}
}

func (v *vocabulary) holds(a, b rune) bool { return v.bigrams[[2]rune{a, b}] }

// hash is FNV-1a of a text without one of its characters; of all of it where that is -1.
func hash(text []rune, without int) uint64 {
	h := uint64(14695981039346656037)
	for i, r := range text {
		if i != without {
			h = (h ^ uint64(r)) * 1099511628211
		}
	}
	return h
}

// has gives the word that a text without one of its characters is, or nil.
func (v *vocabulary) has(text []rune, without int) []rune {
	n, ok := v.whole[hash(text, without)]
	if !ok || !same(text, without, v.words[n], -1) {
		return nil
	}
	return v.words[n]
}

// near gives the words that a text without one of its characters is when they lack one too.
func (v *vocabulary) near(text []rune, without int) []hole {
	h := hash(text, without)
	from, _ := slices.BinarySearchFunc(v.holes, h, func(a hole, h uint64) int { return cmp.Compare(a.hash, h) })
	to := from
	for to < len(v.holes) && v.holes[to].hash == h {
		to++
	}
	return v.holes[from:to]
}

// characters are those of the words.
func (v *vocabulary) characters(yield func(rune) bool) {
	for _, w := range v.words {
		for _, r := range w {
			if !yield(r) {
				return
			}
		}
	}
}

// same tells whether two texts, each without one of its characters, are equal.
func same(a []rune, withoutA int, b []rune, withoutB int) bool {
	rest := func(s []rune, without int) []rune {
		if without < 0 {
			return s
		}
		return slices.Delete(slices.Clone(s), without, without+1)
	}
	return slices.Equal(rest(a, withoutA), rest(b, withoutB))
}

// protect fixes the words that stand in a run, those of general Chinese too.
func (v *vocabulary) protect(r *run) {
	v.generalWords(r.han, r.fix)
	for i := range r.han {
		for n := standing; n <= min(v.longest, len(r.han)-i); n++ {
			if v.has(r.han[i:i+n], -1) != nil {
				r.fix(i, i+n)
			}
		}
	}
}

// fix keeps a word as it is, if it is long enough to be no accident.
func (r *run) fix(from, to int) {
	for k := from; k < to && to-from >= standing; k++ {
		r.fixed[k] = true
		r.closed[k] = r.closed[k] || k > from
	}
}
