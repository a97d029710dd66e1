package audit

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"terrace/dict"
	"terrace/segment"
)

// A Vocabulary is a dictionary with the frequencies of its words. It never changes.
type Vocabulary struct {
	dictionary *segment.Dictionary
	words      []string // in the order of the list
	freq       map[string]float64
	total      float64
}

// LoadVocabulary reads lines "word frequency", as segment.LoadDictionary does.
func LoadVocabulary(r io.Reader) (*Vocabulary, error) {
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, fmt.Errorf("read dictionary: %w", err)
	}
	v := &Vocabulary{freq: map[string]float64{}}
	if v.dictionary, err = segment.LoadDictionary(bytes.NewReader(text)); err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		word, number, _ := strings.Cut(lines.Text(), " ")
		f, _ := strconv.ParseFloat(number, 64) // LoadDictionary has read it
		v.words = append(v.words, word)
		v.freq[word] = f
		v.total += f
	}
	return v, nil
}

// EmbeddedVocabulary is the general dictionary of package dict. It takes about a second and 200 MB.
func EmbeddedVocabulary() (*Vocabulary, error) {
	r, err := dict.Words()
	if err != nil {
		return nil, err
	}
	return LoadVocabulary(r)
}

// share is the part of running text's words that a word makes up; 0 for one that is not in the dictionary.
func (v *Vocabulary) share(word string) float64 { return v.freq[word] / max(v.total, 1) }

// known is the frequency from which a word of the dictionary is evidence: that of one word in five million. Below it are accidents of the corpus that it
// was counted in (in gse's list of 58 million words, those seen eleven times or less; two thirds of its words).
func (v *Vocabulary) known() float64 { return v.total * 2e-7 }

// inside cuts a word of at most 63 characters as if it were not in the dictionary: bit i of the result is set where a part begins at character i, or the
// word ends there.
func (v *Vocabulary) inside(word string) uint64 {
	off := offsets(word)
	n := len(off) - 1
	best, next := make([]float64, n+1), make([]int, n)
	for i := n - 1; i >= 0; i-- {
		best[i] = math.Inf(1)
		for j := i + 1; j <= n; j++ {
			f := v.freq[word[off[i]:off[j]]]
			if f == 0 && j > i+1 || j-i == n && n > 1 {
				continue
			}
			if cost := math.Log(v.total/max(f, 1)) + best[j]; cost < best[i] {
				best[i], next[i] = cost, j
			}
		}
	}
	bounds := uint64(1) << n
	for i := 0; i < n; i = next[i] {
		bounds |= 1 << i
	}
	return bounds
}

// offsets are where the characters of a text begin, and its end, in bytes.
func offsets(s string) []int {
	out := make([]int, 0, utf8.RuneCountInString(s)+1)
	for i := range s {
		out = append(out, i)
	}
	return append(out, len(s))
}

// stopwords are those of package dict, which say nothing about what is looked for.
var stopwords = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for line := range strings.Lines(dict.Stopwords()) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			m[line] = true
		}
	}
	return m
})
