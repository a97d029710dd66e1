// Package lm knows which Han characters follow each other in a cluster's own texts. Spelling and pinyin ask it which of several readings is
// the likelier one.
package lm

import (
	"iter"
	"math"
	"slices"
	"unsafe"
)

// A Model is how likely Han characters follow each other, counted in texts. It never changes and may be used by several goroutines.
//
// It is a character trigram model with interpolated Kneser-Ney smoothing (Ney, Essen and Kneser 1994; one discount an order, estimated from
// the counts of counts).
type Model struct {
	slot       [1 << 16]uint16 // of each character in first, 0 where it is in no text
	first      []followers     // [0] is empty; [1] is what begins a run
	characters int
	discount   [3]float64 // of characters, bigrams, trigrams
	contexts   float64    // bigrams there are: what the continuations of all characters add up to
}

// edge stands before and after a run; beyond stands for all characters beyond the Basic Multilingual Plane, where no Chinese surface form that
// people search for has its frequent characters.
const (
	edge   = 0
	beyond = 1
)

// followers are the bigrams and trigrams that begin with one character. The arrays hold no pointers, so that the garbage collector passes
// over them.
type followers struct {
	times     uint32   // the character stands in the texts
	before    []uint16 // different characters it follows, ascending
	continued uint32   // sum of ways
	second    []uint16
	count     []uint32 // of each bigram
	ways      []uint16 // different characters before each bigram
	start     []uint32 // of each bigram in third, and the end
	third     []uint16
	tripled   []uint32 // count of each trigram
}

func code(r rune) uint16 {
	if r >= 1<<16 || r < 0 {
		return beyond
	}
	return uint16(r)
}

func (m *Model) after(c uint16) *followers { return &m.first[m.slot[c]] }

func (f *followers) find(second uint16) (int, bool) { return slices.BinarySearch(f.second, second) }

// Characters is how many characters the model was trained on.
func (m *Model) Characters() int { return m.characters }

// Character is how often a character stands in the texts.
func (m *Model) Character(r rune) int {
	if r == edge {
		return 0
	}
	return int(m.after(code(r)).times)
}

// Bigram is how often two characters stand beside each other in the texts. 0 for one of them stands for the edge of a run.
func (m *Model) Bigram(a, b rune) int {
	f := m.after(code(a))
	i, ok := f.find(code(b))
	if !ok {
		return 0
	}
	return int(f.count[i])
}

// Between gives the characters that follow a and that b follows, 0 standing for the edges of a run, in the order of their code points.
func (m *Model) Between(a, b rune) iter.Seq[rune] {
	return func(yield func(rune) bool) {
		c, d := m.after(code(a)).second, m.after(code(b)).before
		for len(c) > 0 && len(d) > 0 {
			switch {
			case c[0] < d[0]:
				c = c[1:]
			case c[0] > d[0]:
				d = d[1:]
			case c[0] > beyond && !yield(rune(c[0])):
				return
			default:
				c, d = c[1:], d[1:]
			}
		}
	}
}

// Score is log P(c | a b); 0 for a or b stands for the beginning of a run, 0 for c for its end. It is finite for any characters.
func (m *Model) Score(a, b, c rune) float64 {
	return math.Log(m.trigram(code(a), code(b), code(c)))
}

func (m *Model) trigram(a, b, c uint16) float64 {
	lower := m.bigram(b, c)
	f := m.after(a)
	i, ok := f.find(b)
	if !ok || b == edge {
		return lower
	}
	third := f.third[f.start[i]:f.start[i+1]]
	count := 0.0
	if j, ok := slices.BinarySearch(third, c); ok {
		count = float64(f.tripled[int(f.start[i])+j])
	}
	return interpolate(count, float64(f.count[i]), float64(len(third)), m.discount[2], lower)
}

// bigram counts the different characters before b c, not how often they stand there, but for what begins a run: nothing is before that.
func (m *Model) bigram(b, c uint16) float64 {
	lower := m.unigram(c)
	f := m.after(b)
	if f.continued == 0 {
		return lower
	}
	count := 0.0
	if i, ok := f.find(c); ok {
		count = float64(f.ways[i])
		if b == edge {
			count = float64(f.count[i])
		}
	}
	return interpolate(count, float64(f.continued), float64(len(f.second)), m.discount[1], lower)
}

// inventory is the number of characters there could be: the Unicode block of CJK Unified Ideographs.
const inventory = 20992

func (m *Model) unigram(c uint16) float64 {
	if m.contexts == 0 {
		return 1.0 / inventory
	}
	seen := float64(len(m.first) - 1)
	return interpolate(float64(len(m.after(c).before)), m.contexts, seen, m.discount[0], 1.0/inventory)
}

// interpolate takes discount from every continuation of a context that was seen total times with kinds different ones, and gives what was
// taken to the shorter context's probability.
func interpolate(count, total, kinds, discount, lower float64) float64 {
	return (max(count-discount, 0) + discount*kinds*lower) / total
}

// Bytes is the memory the model takes.
func (m *Model) Bytes() int {
	n := int(unsafe.Sizeof(*m)) + cap(m.first)*int(unsafe.Sizeof(followers{}))
	for i := range m.first {
		f := &m.first[i]
		n += 2*(cap(f.before)+cap(f.second)+cap(f.ways)+cap(f.third)) + 4*(cap(f.count)+cap(f.start)+cap(f.tripled))
	}
	return n
}

// All gives the characters that stand in the texts, in the order of their code points.
func (m *Model) All() iter.Seq[rune] {
	return func(yield func(rune) bool) {
		for c, slot := range m.slot {
			if c > beyond && slot != 0 && !yield(rune(c)) {
				return
			}
		}
	}
}
