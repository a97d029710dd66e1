package pinyin

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"unicode"
)

// A vocabulary holds words in the order of their syllables, which is a trie without nodes: those that go on in one way stand together.
type vocabulary struct {
	words   []Word
	entries []entry
	keys    []id // of all entries
	total   float64
}

// An entry is one way to read a word.
type entry struct {
	word   int32
	key    int32 // where its syllables begin in keys
	length uint8
	second bool // one character is read otherwise than in Of
	plain  bool // the text is the characters of the syllables, no more
}

const (
	maxWord     = 40 // characters of a word that are worth a look-up
	maxReadings = 3  // of one word
)

func newVocabulary(words []Word) *vocabulary {
	v := &vocabulary{words: words}
	for i, w := range words {
		if w.Weight > 0 && !math.IsInf(w.Weight, 1) {
			v.total += w.Weight
			v.add(int32(i))
		}
	}
	slices.SortFunc(v.entries, func(a, b entry) int {
		return cmp.Or(slices.Compare(v.key(a), v.key(b)), cmp.Compare(words[b.word].Weight, words[a.word].Weight))
	})
	return v
}

func (v *vocabulary) key(e entry) []id { return v.keys[e.key : e.key+int32(e.length)] }

// logP is a word's share of all weight.
func (v *vocabulary) logP(e entry) float64 { return math.Log(v.words[e.word].Weight / v.total) }

// add enters a word as Of reads it and, where no phrase decided, once with each other reading. Signs and digits are not typed. A word with a
// character of unknown reading is left out.
func (v *vocabulary) add(word int32) {
	var key []id
	var others [][2]id // place and syllable
	plain := true
	text := v.words[word].Text
	syl, decided := tables().of(text)
	for i, r := range []rune(text) {
		switch {
		case syl[i] != "":
			if !decided[i] {
				for _, other := range Readings(r)[1:] {
					others = append(others, [2]id{id(len(key)), syllables().id(other)})
				}
			}
			key = append(key, syllables().id(syl[i]))
		case r < unicode.MaxASCII && unicode.IsLetter(r):
			plain = false
			key = append(key, syllables().id(string(unicode.ToLower(r))))
		case unicode.IsLetter(r):
			return
		default:
			plain = false
		}
	}
	if len(key) == 0 || len(key) > maxWord {
		return
	}
	e := entry{word: word, key: int32(len(v.keys)), length: uint8(len(key)), plain: plain}
	v.keys = append(v.keys, key...)
	v.entries = append(v.entries, e)
	for _, o := range others[:min(len(others), maxReadings-1)] {
		e.key, e.second = int32(len(v.keys)), true
		v.keys = append(v.keys, key...)
		v.keys[int(e.key)+int(o[0])] = o[1]
		v.entries = append(v.entries, e)
	}
}

// A span is entries that begin with the same syllables.
type span struct{ from, to, depth int }

func (v *vocabulary) all() span { return span{0, len(v.entries), 0} }

// ended gives the entries of a span that have no further syllable.
func (v *vocabulary) ended(s span) []entry {
	n := s.from
	for n < s.to && int(v.entries[n].length) == s.depth {
		n++
	}
	return v.entries[s.from:n]
}

// next gives the entries of a span whose next syllable is at least from and less than to.
func (v *vocabulary) next(s span, from, to id) span {
	at := func(bound id) int {
		return s.from + sort.Search(s.to-s.from, func(i int) bool {
			e := v.entries[s.from+i]
			return int(e.length) > s.depth && v.keys[int(e.key)+s.depth] >= bound
		})
	}
	return span{at(from), at(to), s.depth + 1}
}

// each calls f for every syllable that spans of next hold, with the entries that have it.
func (v *vocabulary) each(s span, f func(id, span)) {
	for s.from < s.to {
		e := v.entries[s.from]
		first := v.keys[int(e.key)+s.depth-1]
		end := s.from + sort.Search(s.to-s.from, func(i int) bool {
			return v.keys[int(v.entries[s.from+i].key)+s.depth-1] > first
		})
		f(first, span{s.from, end, s.depth})
		s.from = end
	}
}
