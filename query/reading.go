package query

import (
	"slices"
	"sync"
	"unicode/utf8"

	"terrace/analysis"
	"terrace/segment"
)

// A reading is what a text holds of a query.
type reading struct {
	length  int         // Han characters and Latin words
	singles []int       // how often each single character stands in it
	units   []bool      // which units stand in it
	pairs   []closeness // of each content word and the next
}

type closeness uint8

const (
	apart    closeness = iota
	near               // within nearby characters
	adjacent           // in order, with nothing between
)

const nearby = 8

// A reader looks for one query in many texts. It passes once over a text and looks closer only where characters of the query stand.
type reader struct {
	characters segment.Characters

	low    *symbols // of the query's: the index of a single and 1
	common *[hanCount]bool
	begins [256][]sequence  // by first symbol
	latin  map[string][]int // Latin word → its words
	latins map[string]int   // Latin word → its unit

	reading
	run  []uint8 // symbols of the run at hand
	pos  int     // characters read
	ends []int   // per content word: where it was last seen to end; -1: not yet
}

// symbols are those of Han characters, by the two bytes of their number; without one it is 0. Characters beyond the Basic Multilingual Plane have none.
type symbols [256]*[256]uint8

var noSymbols [256]uint8

func newSymbols(singles []rune) *symbols {
	var s symbols
	for i := range s {
		s[i] = &noSymbols
	}
	for i, c := range singles {
		if c >= 0x10000 {
			continue
		}
		if s[c>>8] == &noSymbols {
			s[c>>8] = new([256]uint8)
		}
		s[c>>8][c&0xff] = uint8(i + 1)
	}
	return &s
}

// of is for a character of the plane.
func (s *symbols) of(c rune) uint8 { return s[uint8(c>>8)][uint8(c)] }

// The basic block of Han characters, which holds nearly all that are written.
const (
	firstHan = 0x4e00
	hanCount = 0x9fff - firstHan + 1
)

// commonHan tells of the characters of the basic block whether they are their own normal form and begin no number.
var commonHan = sync.OnceValue(func() *[hanCount]bool {
	var out [hanCount]bool
	characters := segment.NewCharacters()
	for i := range out {
		c := rune(firstHan + i)
		normal, class := characters.Of(c)
		out[i] = normal == c && class == segment.Han && !segment.MaybeNumber(c, -1)
	}
	return &out
})

// A sequence is a unit or a content word as symbols.
type sequence struct {
	symbols []uint8
	unit    int // or -1
	words   []int
}

func newReader(t analysis.Terms) *reader {
	r := &reader{characters: segment.NewCharacters(), low: newSymbols(t.Singles[:min(len(t.Singles), 255)]), common: commonHan(), latin: map[string][]int{}, latins: map[string]int{}}
	at := map[string]*sequence{}
	var order []string
	sequenceOf := func(text string) *sequence {
		s := at[text]
		if s == nil {
			s = &sequence{symbols: r.symbols(text), unit: -1}
			at[text] = s
			order = append(order, text)
		}
		return s
	}
	for i, u := range t.Units {
		if u.Latin {
			r.latins[u.Text] = i
		} else {
			sequenceOf(u.Text).unit = i
		}
	}
	for i, w := range t.Words {
		if _, ok := r.latins[w.Text]; ok {
			r.latin[w.Text] = append(r.latin[w.Text], i)
		} else {
			s := sequenceOf(w.Text)
			s.words = append(s.words, i)
		}
	}
	for _, text := range order {
		if s := at[text]; len(s.symbols) > 0 && !slices.Contains(s.symbols, 0) {
			r.begins[s.symbols[0]] = append(r.begins[s.symbols[0]], *s)
		}
	}
	r.reading = reading{singles: make([]int, len(t.Singles)), units: make([]bool, len(t.Units)), pairs: make([]closeness, max(len(t.Words)-1, 0))}
	r.ends = make([]int, len(t.Words))
	return r
}

func (r *reader) symbols(text string) []uint8 {
	var out []uint8
	for _, c := range text {
		if c >= 0x10000 {
			return nil
		}
		out = append(out, r.low.of(c))
	}
	return out
}

// begin forgets what was read.
func (r *reader) begin() {
	r.length, r.pos = 0, 0
	clear(r.singles)
	clear(r.units)
	clear(r.pairs)
	for i := range r.ends {
		r.ends[i] = -1
	}
}

// read looks at a text that stands apart from what was read before. The reading is of all that was read since begin.
func (r *reader) read(text string) {
	r.pos += nearby + 1
	r.scan(text)
}

// scan looks at a text that goes on with what was read before.
func (r *reader) scan(text string) {
	rest, latin := r.scanToNumber(text)
	for rest != "" {
		text = rest
		rest, latin = r.scanToNumber(text)
	}
	r.pos++
	r.endRun()
	r.endLatin(text, latin, len(text))
}

// scanToNumber ends with the text, and gives where its last Latin word begins, or at a number that has another form than it is written in, and gives the normal form
// of the rest.
func (r *reader) scanToNumber(text string) (rest string, latin int) {
	latin = -1 // where the Latin word at hand begins
	prev := rune(-1)
	for i, size := 0, 0; i < len(text); i += size {
		if latin < 0 {
			if size, prev = r.scanCommon(text[i:], prev); size > 0 {
				continue
			}
		}
		var c rune
		c, size = utf8.DecodeRuneInString(text[i:])
		c, class := r.characters.Of(c)
		if class == segment.Removed {
			continue
		}
		if segment.MaybeNumber(c, prev) {
			if rest, ok := segment.FromNumber(text, i, prev); ok {
				return rest, -1
			}
		}
		prev = c
		r.pos++
		switch class {
		case segment.Han:
			if latin >= 0 {
				latin = r.endLatin(text, latin, i)
			}
			r.length++
			if symbol := r.low.of(c); symbol > 0 && c < 0x10000 {
				r.singles[symbol-1]++
				r.run = append(r.run, symbol)
			} else if len(r.run) > 0 {
				r.endRun()
			}
		case segment.Letter:
			r.endRun()
			if latin < 0 {
				latin = i
			}
		case segment.Sign:
			r.endRun()
			latin = r.endLatin(text, latin, i)
		}
	}
	return "", latin
}

// scanCommon passes over the common characters that a text begins with. It gives how many bytes those are, and the last of them, or prev where there is none.
func (r *reader) scanCommon(text string, prev rune) (size int, last rune) {
	for len(text)-size >= 3 {
		b := text[size : size+3]
		if b[0] < 0xe4 || b[0] > 0xe9 || b[1]&0xc0 != 0x80 || b[2]&0xc0 != 0x80 {
			break
		}
		c := rune(b[0]&0x0f)<<12 | rune(b[1]&0x3f)<<6 | rune(b[2]&0x3f)
		if c < firstHan || !r.common[c-firstHan] {
			break
		}
		size, prev = size+3, c
		r.pos++
		r.length++
		if symbol := r.low.of(c); symbol > 0 {
			r.singles[symbol-1]++
			r.run = append(r.run, symbol)
		} else if len(r.run) > 0 {
			r.endRun()
		}
	}
	return size, prev
}

func (r *reader) endLatin(text string, from, to int) int {
	if from < 0 {
		return -1
	}
	r.length++
	if len(r.latins) > 0 && to-from <= 4*utf8.UTFMax*segment.MaxLatin {
		word := segment.Normalize(text[from:to])
		if u, ok := r.latins[word]; ok {
			r.units[u] = true
			for _, w := range r.latin[word] {
				r.word(w, r.pos-1-utf8.RuneCountInString(word), r.pos-1)
			}
		}
	}
	return -1
}

// endRun finds the sequences in the run that ends before the character just read.
func (r *reader) endRun() {
	if len(r.run) == 0 {
		return
	}
	start := r.pos - 1 - len(r.run)
	for i, first := range r.run {
		for _, s := range r.begins[first] {
			n := len(s.symbols)
			if i+n > len(r.run) || !slices.Equal(r.run[i:i+n], s.symbols) {
				continue
			}
			if s.unit >= 0 {
				r.units[s.unit] = true
			}
			for _, w := range s.words {
				r.word(w, start+i, start+i+n)
			}
		}
	}
	r.run = r.run[:0]
}

// word notes that a content word stands at [from, to) and how close its neighbours in the query are.
func (r *reader) word(w, from, to int) {
	if w > 0 && r.ends[w-1] >= 0 {
		r.close(w-1, from-r.ends[w-1], true)
	}
	if w+1 < len(r.ends) && r.ends[w+1] >= 0 {
		r.close(w, from-r.ends[w+1], false)
	}
	r.ends[w] = to
}

func (r *reader) close(pair, gap int, inOrder bool) {
	switch {
	case inOrder && gap == 0:
		r.pairs[pair] = adjacent
	case gap <= nearby && r.pairs[pair] == apart:
		r.pairs[pair] = near
	}
}
