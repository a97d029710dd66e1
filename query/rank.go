package query

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"terrace/index"
	"terrace/segment"
)

// The weights of the score, found on ten retrieval sets; docs/ranking.md tells what each is for.
const (
	titleShare   = .5  // of the title's score beside the body's, in the engine, times √D
	titleHeld    = .7  // weight of the share of the title that the query holds, in the window, times √D
	queryHeld    = .35 // weight of the share of the query that the title holds, in the window, times √D
	singleWeight = .3  // of a single character, beside a bigram's 1
	pairWeight   = .6  // of two neighbouring words of the query that are neighbours in the text, and once more in the title, times √D
	nearShare    = .6  // of that, where they are only near each other
	wholeWeight  = .5  // of the query's own weight, where the title holds it whole, times √D
	leadShare    = .15 // of a score, for the share of the query that is covered by title and lead
	leadRunes    = 200 // of a text, about: what it is about stands there
	coverBase    = .75 // of a score, where nothing of the query is covered
	coverShare   = .25 // of a score, for the share of the query that is covered
	windowBytes  = 2 << 20
)

// rerank puts the first ranks in order by what only the stored text tells: single characters, neighbouring words, coverage, and how much of
// the title and the query are each other; and then by the factors. It looks at window hits and windowBytes of their text at most.
func (s *view) rerank(ctx context.Context, p *parsed, q index.Query, res *index.Result) ([]ranking, error) {
	hits := res.Hits[:min(window, len(res.Hits))]
	var rankers []*ranker
	for _, v := range s.variants(p) {
		rankers = append(rankers, newRanker(s.seg, v, q.TitleWeights, res))
	}
	factors := s.factorsOf(p)
	out := make([]ranking, len(hits))
	left := windowBytes
	for i := range hits {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		h := &hits[i]
		body := head(h.Document.Body, left/(len(hits)-i))
		left -= len(body)
		out[i] = rank(rankers, h, body)
		out[i].factors = factors.of(&h.Document)
		h.Score = float32(out[i].score())
		out[i].hit = *h
	}
	slices.SortStableFunc(out, func(a, b ranking) int {
		switch {
		case a.hit.Exact && b.hit.Exact: // as the engine has them: by level and date
			return 0
		case a.hit.Exact:
			return -1
		case b.hit.Exact:
			return 1
		}
		return cmp.Or(cmp.Compare(b.hit.Score, a.hit.Score), strings.Compare(a.hit.Document.ID, b.hit.Document.ID))
	})
	if !s.off[FactorValidity] {
		putBehindSuccessors(out)
	}
	for i := range out {
		hits[i] = out[i].hit
	}
	return out, nil
}

// putBehindSuccessors moves what was repealed behind what repealed it, but for what was asked for by its very name where that was not.
func putBehindSuccessors(out []ranking) {
	at := func(id string) int {
		return slices.IndexFunc(out, func(r ranking) bool { return r.hit.Document.ID == id })
	}
	for i := len(out) - 1; i >= 0; i-- {
		last := i
		for _, l := range out[i].hit.Document.Links {
			if l.Kind == index.RepealedBy {
				if j := at(l.ID); j > last && (out[j].hit.Exact || !out[i].hit.Exact) {
					last = j
				}
			}
		}
		if last > i {
			moved := out[i]
			moved.behind = true
			copy(out[i:last], out[i+1:last+1])
			out[last] = moved
		}
	}
}

// A ranking is what the score of a hit is made of.
type ranking struct {
	hit     index.Hit
	variant *ranker // that serves the hit best
	words   float64 // of the engine's score, what is not the title's
	title   float64
	whole   float64 // for a title that holds the whole query
	singles float64
	pairs   float64
	cover   float64 // the sum of these is multiplied by cover + lead
	lead    float64
	factors []factor
	behind  bool // it stands behind its successor, which scores less
}

func (r *ranking) sum() float64 { return r.words + r.title + r.whole + r.singles + r.pairs }

// ofText is the score before the factors.
func (r *ranking) ofText() float64 { return r.sum() * (r.cover + r.lead) }

func (r *ranking) score() float64 {
	score := r.ofText()
	for _, f := range r.factors {
		score *= f.value
	}
	return score
}

// rank takes of the variants of the query the one that the hit scores most by. The engine's score holds that of the title by the best of them.
func rank(variants []*ranker, h *index.Hit, body string) (best ranking) {
	titles := make([]titleMatch, len(variants))
	engine := 0.0
	for i, v := range variants {
		titles[i] = v.title.match(h)
		engine = max(engine, titles[i].score)
	}
	for i, v := range variants {
		r := v.rank(h, body, titles[i], engine)
		if best.variant == nil || r.ofText() > best.ofText() {
			best = r
		}
	}
	return best
}

// head is at most n bytes of a text, whole characters.
func head(s string, n int) string {
	if n >= len(s) {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}

// A ranker knows what each part of a variant of the query is worth in the generation that was asked.
type ranker struct {
	variant
	titleWeights map[string]float32
	title        *titleRanker
	unitIDF      []float64 // of each unit in the body
	wordIDF      []float64 // of each content word
	singleIDF    []float64 // of each single character, weighted
	all          float64   // Σ weight · idf of the units
	characters   float64   // of an average document
	reader       *reader
}

// termsPerCharacter is how many terms the scheme makes of a character of Han text: a bigram and, one time in four, a word.
const termsPerCharacter = 1.25

func newRanker(seg *segment.Segmenter, v variant, titleWeights map[string]float32, res *index.Result) *ranker {
	terms := v.terms
	w := &ranker{variant: v, titleWeights: titleWeights, reader: newReader(terms)}
	for _, u := range terms.Units {
		idf := bodyIDF(res, u.Text)
		w.unitIDF = append(w.unitIDF, idf)
		w.all += float64(u.Weight) * idf
	}
	w.title = newTitleRanker(seg, terms, w.unitIDF, res)
	for _, word := range terms.Words {
		least := math.Inf(1)
		for _, t := range word.Terms {
			least = min(least, bodyIDF(res, t))
		}
		w.wordIDF = append(w.wordIDF, least)
	}
	w.characters = max(res.AverageLength[index.Body]/termsPerCharacter, 1)
	for _, r := range terms.Singles {
		w.singleIDF = append(w.singleIDF, singleWeight*seg.CharacterIDF(r, w.characters))
	}
	return w
}

func bodyIDF(res *index.Result, term string) float64 {
	df := float64(res.DocFreq[index.TermKey{Field: index.Body, Text: term}])
	return math.Log(1 + (float64(res.Documents)-df+.5)/(df+.5))
}

// rank is what a hit scores by the variant. engine is what its title has in the engine's score.
func (w *ranker) rank(h *index.Hit, body string, title titleMatch, engine float64) ranking {
	titleWeight := 1.0
	if len(h.Document.Copies) > 0 {
		if x, ok := w.titleWeights[h.Document.Copies[0].Site]; ok {
			titleWeight = float64(x)
		}
	}
	r := ranking{
		variant: w,
		words:   float64(h.Score) - titleWeight*titleShare*engine,
		title:   titleWeight * (titleHeld*title.held + queryHeld*title.holds) * title.score,
	}
	if title.holds > .9 && w.inTitle(h.Document.Title) {
		r.whole = titleWeight * w.Weight * wholeWeight * w.all
	}
	w.reader.begin()
	w.reader.read(h.Document.Title)
	r.pairs = w.Weight * pairWeight * titleWeight * w.pairs()
	lead := leadOf(body)
	w.reader.read(body[:lead])
	r.lead = leadShare * w.coverage()
	w.reader.scan(body[lead:])
	w.reader.read(h.Document.DocNo)
	r.singles = w.Weight * w.singles()
	r.pairs += w.Weight * pairWeight * w.pairs()
	r.cover = coverBase + coverShare*w.coverage()
	return r
}

// inTitle reports whether a title holds the whole of a query of four characters or more.
func (w *ranker) inTitle(title string) bool {
	return utf8.RuneCountInString(w.key) >= 4 && strings.Contains(segment.TitleKey(title), w.key)
}

// leadOf is where the lead of a text ends: at the first sign after leadRunes.
func leadOf(body string) int {
	n := 0
	for i, r := range body {
		if n++; n > leadRunes && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return i
		}
	}
	return len(body)
}

func (w *ranker) singles() float64 {
	text := &w.reader.reading
	const k1, b = 1.2, .75
	k := k1 * (1 - b + b*float64(text.length)/w.characters)
	score := 0.0
	for i, idf := range w.singleIDF {
		tf := float64(text.singles[i])
		score += idf * (k1 + 1) * tf / (tf + k)
	}
	return score
}

func (w *ranker) pairs() float64 {
	score := 0.0
	for i, p := range w.reader.pairs {
		worth := min(w.wordIDF[i], w.wordIDF[i+1])
		switch p {
		case adjacent:
			score += worth
		case near:
			score += worth * nearShare
		}
	}
	return score
}

func (w *ranker) coverage() float64 {
	got := 0.0
	for i, u := range w.terms.Units {
		if w.reader.units[i] {
			got += float64(u.Weight) * w.unitIDF[i]
		}
	}
	return got / max(w.all, 1e-9)
}
