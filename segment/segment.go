// Package segment turns Chinese text into tokens with byte offsets: words by the best path over gse's dictionary, all bigrams, single
// characters, and Latin words and numbers whole.
//
// Texts are normalised on the way, a character at a time, so that every token points to the bytes it came from. Everything is linear in the length of
// the text; there is no hidden Markov model (it costs accuracy in search, and time without bound on rare characters).
package segment

import (
	"math"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Kind tells what a token is.
type Kind uint8

const (
	Bigram Kind = iota // two neighbouring Han characters
	Last               // the last Han character of a run and EndMark
	Single             // one Han character
	Inner              // a dictionary word of three or more characters inside a Word
	Word               // a word on the best path, of any length
	Latin              // a word or number of other letters and digits
)

// EndMark closes a run of Han characters in a Last token, so that every character begins some bigram and a prefix finds it.
const EndMark = "\x03"

// A Token is one term and where it stands.
type Token struct {
	Kind       Kind
	Text       []byte // normalised; good only during the call that hands it out
	Start, End int    // bytes of the original
	Runes      int    // Han characters; 0 for Latin
}

// MaxLatin is how many bytes of a Latin token are looked at.
const MaxLatin = 64

const maxRun = 4096 // runes cut at once; a longer run goes on with its last character repeated

// A Segmenter cuts texts by a dictionary and user words laid over it. It never changes and may be used by several goroutines.
type Segmenter struct {
	base, user *Dictionary
	plain      *Segmenter // without the user words
	scanners   sync.Pool
}

// New makes a Segmenter. User words are kept whole where the text holds them; ones that are not Han characters throughout, or of one
// character, are no words to it.
func New(base *Dictionary, userWords ...string) *Segmenter {
	s := &Segmenter{base: base, user: overlay(base, userWords)}
	s.scanners.New = func() any { return &scanner{cutter: newCutter(s.base, s.user), characters: NewCharacters()} }
	if s.plain = s; s.user.longest > 0 {
		s.plain = New(base)
	}
	return s
}

// Base is the Segmenter without the user words: s itself where it has none.
func (s *Segmenter) Base() *Segmenter { return s.plain }

// With is a Segmenter over the same dictionary with these user words in place of its own.
func (s *Segmenter) With(userWords ...string) *Segmenter { return New(s.base, userWords...) }

// Fingerprint changes with the dictionary and the user words.
func (s *Segmenter) Fingerprint() string { return s.base.print + "+" + s.user.print }

// Each calls f with every token of a text, run by run: of a Han run its bigrams, singles and last, then its words with their inner words.
func (s *Segmenter) Each(text string, f func(Token)) { s.scan(text, f, everything) }

// Pairs calls f with all tokens of a text that need no dictionary: bigrams, singles, last, and Latin. It costs a fifth of Each.
func (s *Segmenter) Pairs(text string, f func(Token)) { s.scan(text, f, wordless) }

// Bigrams calls f with the bigrams and Latin tokens of a text, in half the time of Pairs.
func (s *Segmenter) Bigrams(text string, f func(Token)) { s.scan(text, f, bigramsOnly) }

// An extent is which tokens are wanted.
type extent uint8

const (
	everything  extent = iota
	wordless           // no words
	bigramsOnly        // and Latin
)

func (s *Segmenter) scan(text string, f func(Token), wanted extent) {
	sc := s.scanners.Get().(*scanner)
	defer s.scanners.Put(sc)
	sc.emit, sc.wanted = f, wanted
	sc.scan(text)
	sc.emit = nil
}

// Words calls f with the Latin tokens and the best-path words of a text, in order.
func (s *Segmenter) Words(text string, f func(Token)) {
	s.Each(text, func(t Token) {
		if t.Kind == Word || t.Kind == Latin {
			f(t)
		}
	})
}

// A scanner holds the buffers for one text at a time.
type scanner struct {
	*cutter
	characters Characters
	emit       func(Token)
	wanted     extent
	at         []int // byte in the text of each rune of the Han run
	end        int   // of the run so far
	latin      []byte
	from       int // where the Latin token begins
	prev       rune
	number     []formed // read last
	mark       []byte   // the text of a Last token
}

func (s *scanner) scan(text string) {
	s.prev = -1
	after := 0 // the number read last
	for i, was := range text {
		if i < after {
			continue
		}
		r, class := s.characters.Of(was)
		if class == Removed {
			continue
		}
		n := utf8.RuneLen(was)
		if was == utf8.RuneError {
			_, n = utf8.DecodeRuneInString(text[i:])
		}
		if MaybeNumber(r, s.prev) {
			if s.number, after = number(s.number[:0], text, i, s.prev); after > i {
				s.addNumber(after)
				continue
			}
		}
		if zero(r) && (numeral(s.prev) || numeral(next(text[i+n:]))) {
			r, class = '〇', Han
		}
		s.character(r, class, i, i+n)
	}
	s.flushLatin()
	s.flushHan(false)
}

// addNumber goes on with the characters of number, whose bytes in the text go up to end.
func (s *scanner) addNumber(end int) {
	for i, c := range s.number {
		to := end
		if i+1 < len(s.number) {
			to = s.number[i+1].at
		}
		s.character(c.r, classOf(c.r), c.at, to)
	}
}

// character goes on with a character and its bytes in the text.
func (s *scanner) character(r rune, class Class, start, end int) {
	s.prev = r
	switch {
	case class == Han:
		s.flushLatin()
		s.han(r, start, end)
	case class == Letter || len(s.latin) > 0 && unicode.IsMark(r):
		s.flushHan(false)
		if len(s.latin) == 0 {
			s.from = start
		}
		if len(s.latin) < MaxLatin {
			s.latin = utf8.AppendRune(s.latin, r)
		}
		s.end = end
	default:
		s.flushLatin()
		s.flushHan(false)
	}
}

func isLetter(r rune) bool {
	if r < 0x80 {
		return r >= 'a' && r <= 'z' || r >= '0' && r <= '9'
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r)
}

func (s *scanner) flushLatin() {
	if len(s.latin) > 0 {
		s.emit(Token{Latin, s.latin, s.from, s.end, 0})
		s.latin = s.latin[:0]
	}
}

func (s *scanner) han(r rune, start, end int) {
	if len(s.at) == 0 {
		s.reset()
	}
	s.add(r)
	s.at = append(s.at, start)
	s.end = end
	if len(s.at) == maxRun {
		s.flushHan(true)
		s.reset()
		s.add(r)
		s.at = append(s.at, start)
	}
}

// flushHan emits the tokens of the run; more says that it goes on with its last character.
func (s *scanner) flushHan(more bool) {
	if len(s.at) == 0 {
		return
	}
	n := s.close()
	s.at = append(s.at, s.end)
	for i := range n {
		switch {
		case i+1 < n:
			s.token(Bigram, i, i+2)
		case more || s.wanted == bigramsOnly:
			continue
		default:
			s.last(i)
		}
		if s.wanted != bigramsOnly {
			s.token(Single, i, i+1)
		}
	}
	if s.wanted == everything {
		s.cut(n)
		s.words(n)
	}
	s.at = s.at[:0]
}

func (s *scanner) last(i int) {
	s.mark = append(append(s.mark[:0], s.text(i, i+1)...), EndMark...)
	s.emit(Token{Last, s.mark, s.at[i], s.at[i+1], 1})
}

func (s *scanner) words(n int) {
	for i := 0; i < n; i = s.next[i] {
		j := s.next[i]
		s.token(Word, i, j)
		if j-i <= 3 {
			continue
		}
		for k := i; k < j; k++ {
			for _, e := range s.edges[s.first[k]:s.first[k+1]] {
				if e.runes >= 3 && e.runes < j-i && k+e.runes <= j {
					s.token(Inner, k, k+e.runes)
				}
			}
		}
	}
}

func (s *scanner) token(k Kind, i, j int) {
	s.emit(Token{k, s.text(i, j), s.at[i], s.at[j], j - i})
}

// CharacterIDF estimates the inverse document frequency of a Han character in documents of the given length in characters, from how frequent the
// dictionary has it: characters are spread so evenly that an index need not count them.
func (s *Segmenter) CharacterIDF(r rune, length float64) float64 {
	return -math.Log(-math.Expm1(-s.base.share(r) * length))
}

// HasSearchable reports whether a text holds any letter, digit or Han character.
func HasSearchable(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}
