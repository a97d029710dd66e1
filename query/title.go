package query

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/analysis"
	"terrace/index"
	"terrace/segment"
)

// A titleRanker says how much of a title a query holds, and of the query a title. It looks for no words in the title, so that a hundred titles
// are read in the time that ten are cut in.
type titleRanker struct {
	seg    *segment.Segmenter
	units  []analysis.Unit
	at     map[string]int    // unit by text
	begins sieve             // their first characters
	weight []index.Weighting // of each unit
	idf    []float64         // of each unit that is a pair or Latin, in the body; 0 for the others
	all    float64           // Σ idf

	words  []longWord
	counts []float32 // of each unit in the title at hand
	pairs  []pair    // of the title at hand
}

// A longWord is a unit of three or more characters and the units of its pairs.
type longWord struct {
	unit  int
	pairs []int
}

// A pair is two neighbouring Han characters and the byte of the title that they begin at.
type pair struct {
	characters uint64
	at         int
	asked      bool
}

func newTitleRanker(seg *segment.Segmenter, terms analysis.Terms, unitIDF []float64, res *index.Result) *titleRanker {
	w := &titleRanker{seg: seg, units: terms.Units, at: map[string]int{}, counts: make([]float32, len(terms.Units))}
	for i, u := range terms.Units {
		w.at[u.Text] = i
		first, _ := utf8.DecodeRuneInString(u.Text)
		w.begins.add(first)
		df := res.DocFreq[index.TermKey{Field: index.Title, Text: u.Text}]
		w.weight = append(w.weight, index.NewWeighting(index.Title, u.Weight, df, res.Documents, res.AverageLength[index.Title]))
		idf := 0.0
		if u.Latin || utf8.RuneCountInString(u.Text) == 2 {
			idf = unitIDF[i]
		}
		w.idf, w.all = append(w.idf, idf), w.all+idf
	}
	for i, u := range terms.Units {
		if u.Latin || utf8.RuneCountInString(u.Text) < 3 {
			continue
		}
		word := longWord{unit: i}
		for _, p := range analysis.Bigrams(seg, u.Text) {
			word.pairs = append(word.pairs, w.at[p])
		}
		w.words = append(w.words, word)
	}
	return w
}

type titleMatch struct {
	score float64 // as the engine scores the title
	held  float64 // share of the title's distinct pairs that the query holds
	holds float64 // idf share of the query's pairs and Latin words that the title holds
}

func (w *titleRanker) match(h *index.Hit) (m titleMatch) {
	title := h.Document.Title
	w.read(title)
	var score float32
	for i, n := range w.counts {
		if n > 0 {
			score += w.weight[i].Add(n, float32(h.TitleLength))
			m.holds += w.idf[i]
		}
	}
	m.score = float64(score)
	m.holds /= max(w.all, 1e-9)
	m.held = w.held(title)
	return m
}

// read counts the units in a title. A long word counts wherever it stands; the index counts it where the title is cut so.
func (w *titleRanker) read(title string) {
	clear(w.counts)
	w.pairs = w.pairs[:0]
	w.seg.Pairs(title, func(t segment.Token) {
		asked := false
		if first, _ := utf8.DecodeRune(t.Text); w.begins.has(first) {
			var i int
			if i, asked = w.at[string(t.Text)]; asked {
				w.counts[i]++
			}
		}
		if t.Kind == segment.Bigram {
			w.pairs = append(w.pairs, pair{characters: characters(t.Text), at: t.Start, asked: asked})
		}
	})
	folded := ""
	for _, word := range w.words {
		if slices.ContainsFunc(word.pairs, func(i int) bool { return w.counts[i] == 0 }) {
			continue
		}
		if folded == "" {
			folded = segment.Normalize(title)
		}
		w.counts[word.unit] = float32(strings.Count(folded, w.units[word.unit].Text))
	}
}

// characters are two characters as one number.
func characters(text []byte) uint64 {
	a, n := utf8.DecodeRune(text)
	b, _ := utf8.DecodeRune(text[n:])
	return uint64(a)<<32 | uint64(b)
}

// held is the share of the distinct pairs that were asked for: of the part of the title in 《》 where that has three or more, else of all.
func (w *titleRanker) held(title string) float64 {
	pairs := w.pairs
	if before, rest, ok := strings.Cut(title, "《"); ok {
		if name, _, ok := strings.Cut(rest, "》"); ok {
			from := len(before) + len("《")
			outside := func(p pair) bool { return p.at < from || p.at >= from+len(name) }
			if inside := slices.DeleteFunc(slices.Clone(pairs), outside); len(inside) >= 3 {
				pairs = inside
			}
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Compare(a.characters, b.characters) })
	distinct := slices.CompactFunc(pairs, func(a, b pair) bool { return a.characters == b.characters })
	n := 0
	for _, p := range distinct {
		if p.asked {
			n++
		}
	}
	return float64(n) / float64(max(len(distinct), 1))
}
