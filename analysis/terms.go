package analysis

import (
	"strings"
	"sync"

	"terrace/dict"
	"terrace/segment"
)

// Weights of the terms of a query (measured on ten sets: nDCG@10 rises by .005 to .03 over bigrams alone).
const (
	bigramWeight = 1
	wordWeight   = 1 // added to a bigram that is a word, or given to a longer word
	latinWeight  = 2
)

// Terms are what a piece of a query asks for.
type Terms struct {
	Units   []Unit // distinct, in order of first sight; they admit and rank
	Singles []rune // distinct Han characters; they only add to a score
	Words   []Word // content words, in order
}

// A Unit is one term.
type Unit struct {
	Text   string
	Weight float32
	Prefix bool // a lone Han character: every bigram that begins with it
	Latin  bool
}

// A Word is a content word of the query: on the best path, no stop word, of two or more Han characters or Latin.
type Word struct {
	Text       string // normalised
	Terms      []string
	Start, End int // bytes of the query
}

// Query gives the terms of a piece of a query.
func Query(s *segment.Segmenter, text string) Terms {
	b := builder{at: map[string]int{}, singles: map[rune]bool{}}
	s.Each(text, b.add)
	return b.Terms
}

// Phrase gives the terms whose conjunction every text holds that contains the phrase. Empty where the phrase has nothing that is indexed.
func Phrase(s *segment.Segmenter, text string) []string {
	var out []string
	s.Bigrams(text, func(t segment.Token) { out = append(out, string(t.Text)) })
	return out
}

// Bigrams gives the pairs of neighbouring Han characters of a text, in order, repeats included.
func Bigrams(s *segment.Segmenter, text string) []string {
	var out []string
	s.Bigrams(text, func(t segment.Token) {
		if t.Kind == segment.Bigram {
			out = append(out, string(t.Text))
		}
	})
	return out
}

type builder struct {
	Terms
	at      map[string]int // unit by text
	singles map[rune]bool
	end     int // of the last bigram
}

func (b *builder) add(t segment.Token) {
	switch t.Kind {
	case segment.Bigram:
		b.unit(string(t.Text), bigramWeight)
		b.end = t.End
	case segment.Last:
		if t.End != b.end { // a run of one character
			b.unit(strings.TrimSuffix(string(t.Text), segment.EndMark), bigramWeight).Prefix = true
		}
	case segment.Latin:
		text := string(t.Text)
		b.unit(text, latinWeight).Latin = true
		b.Words = append(b.Words, Word{text, []string{text}, t.Start, t.End})
	case segment.Single:
		if r := []rune(string(t.Text))[0]; !b.singles[r] {
			b.singles[r] = true
			b.Singles = append(b.Singles, r)
		}
	case segment.Word:
		b.word(string(t.Text), t)
	}
}

func (b *builder) word(text string, t segment.Token) {
	if t.Runes < 2 || stopwords()[text] {
		return
	}
	b.unit(text, wordWeight)
	b.Words = append(b.Words, Word{text, Pairs(text), t.Start, t.End})
}

func (b *builder) unit(text string, weight float32) *Unit {
	i, ok := b.at[text]
	if !ok {
		i = len(b.Units)
		b.at[text] = i
		b.Units = append(b.Units, Unit{Text: text})
	}
	b.Units[i].Weight += weight
	return &b.Units[i]
}

// Pairs gives the pairs of neighbouring characters of a normalised run of Han characters, or the run where it is one character.
func Pairs(word string) []string {
	r := []rune(word)
	out := make([]string, 0, len(r))
	for i := range len(r) - 1 {
		out = append(out, string(r[i:i+2]))
	}
	return out
}

var stopwords = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(dict.Stopwords()) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			m[line] = true
		}
	}
	return m
})
