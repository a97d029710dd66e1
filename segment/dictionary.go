package segment

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/go-ego/gse"

	"terrace/dict"
)

// A Dictionary is a set of words with their costs, negative logarithms of their probabilities. It never changes.
type Dictionary struct {
	trie    *gse.Dictionary
	longest int     // runes
	unknown float32 // cost of a character that is no word
	print   string
	shares  map[rune]float64 // of each character in running text
}

// MaxWord is the length in runes beyond which a word is not used: no index holds terms that nobody types.
const MaxWord = 16

// LoadDictionary reads lines "word frequency". Words that are not Han throughout, and lines without a frequency above 0, are an error.
func LoadDictionary(r io.Reader) (*Dictionary, error) {
	var text strings.Builder
	sum := sha256.New()
	if _, err := io.Copy(&text, io.TeeReader(r, sum)); err != nil {
		return nil, fmt.Errorf("read dictionary: %w", err)
	}
	total, lines := 0.0, 0
	for line := range strings.Lines(text.String()) {
		lines++
		word, freq, err := entry(line)
		if err != nil || freq <= 0 || !allHan(word) {
			return nil, fmt.Errorf("dictionary line %d: %q: want a word of Han characters and its frequency", lines, strings.TrimSpace(line))
		}
		total += freq
	}
	d := newDictionary(float32(math.Log(max(total, 1))))
	d.trie.Tokens = make([]gse.Token, 0, lines)
	characters := 0.0
	for line := range strings.Lines(text.String()) {
		word, freq, _ := entry(line)
		d.add(word, float32(math.Log(total/freq)))
		for _, r := range word {
			d.shares[r] += freq
			characters += freq
		}
	}
	for r := range d.shares {
		d.shares[r] /= characters
	}
	d.print = hex.EncodeToString(sum.Sum(nil)[:8])
	return d, nil
}

// entry takes a line of a dictionary apart.
func entry(line string) (word string, freq float64, err error) {
	word, number, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
	freq, err = strconv.ParseFloat(number, 64)
	return word, freq, err
}

// EmbeddedDictionary is the general dictionary of package dict. It takes about a second.
func EmbeddedDictionary() (*Dictionary, error) {
	r, err := dict.Words()
	if err != nil {
		return nil, err
	}
	return LoadDictionary(r)
}

func newDictionary(unknown float32) *Dictionary {
	return &Dictionary{trie: gse.NewDict(), unknown: unknown, shares: map[rune]float64{}}
}

// share is the part of running text that a character makes up; one that is in no word is as rare as a character can be.
func (d *Dictionary) share(r rune) float64 { return max(d.shares[r], math.Exp(-float64(d.unknown))) }

// gse keeps one number a word and hands it back by pointer; here it carries the length in runes and the cost, which is always below costRange.
const costRange = 512

func (d *Dictionary) add(word string, cost float32) {
	n := utf8.RuneCountInString(word)
	if n > MaxWord {
		return
	}
	g := gse.Segmenter{Dict: d.trie, SkipLog: true}
	known := len(d.trie.Tokens)
	if g.AddToken(word, float64(n)*costRange+float64(cost)) != nil {
		return
	}
	d.longest = max(d.longest, n)
	// The text that gse keeps of a word, beside the trie which holds it already, would be most of the memory and of what the collector has to walk.
	for i := known; i < len(d.trie.Tokens); i++ {
		d.trie.Tokens[i] = g.ToToken("", d.trie.Tokens[i].Freq())
	}
}

func unpack(t *gse.Token) (runes int, cost float32) {
	n := math.Floor(t.Freq() / costRange)
	return int(n), float32(t.Freq() - n*costRange)
}

func allHan(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !isHan(r) }) < 0
}

func isHan(r rune) bool {
	return r >= 0x4e00 && r <= 0x9fff || r == '〇' || r > 0x2e7f && unicode.Is(unicode.Han, r)
}

// overlay makes a small dictionary of words that each cost a little less than their best cut by base, so that they stay whole.
func overlay(base *Dictionary, words []string) *Dictionary {
	d := newDictionary(base.unknown)
	c := newCutter(base, nil)
	sum := sha256.New()
	for _, w := range words {
		w = Normalize(strings.TrimSpace(w))
		if utf8.RuneCountInString(w) < 2 || !allHan(w) {
			continue
		}
		fmt.Fprintln(sum, w)
		d.add(w, max(c.costOf(w)*.99, 1))
	}
	d.print = hex.EncodeToString(sum.Sum(nil)[:4])
	return d
}
