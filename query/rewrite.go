package query

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"terrace/analysis"
	"terrace/index"
	"terrace/lexicon"
)

// Kinds of Rewriting.
const (
	BySpelling = "spelling"
	ByPinyin   = "pinyin"
)

const (
	readings    = 3 // of a Latin word
	longestWord = 64
)

// readingWeights are what the readings of a Latin word are worth beside the word itself, the likeliest first.
var readingWeights = [readings]float64{.9, .6, .5}

// addReadings lets Chinese stand for the Latin words that no document holds: gongjijin and gjj for 公积金. It gives the query in its likeliest reading,
// nil where there is none.
func (s *view) addReadings(ctx context.Context, p *parsed) (*Rewriting, error) {
	l := s.known()
	if l == nil {
		return nil, nil
	}
	words, err := s.unknownLatin(ctx, p)
	if err != nil || len(words) == 0 {
		return nil, err
	}
	text, from := "", 0
	for _, w := range words {
		found := l.decoder.Decode(w.Text, readings)
		if len(found) == 0 {
			continue
		}
		typed := analysis.Query(s.seg, p.text[w.Start:w.End]).Units
		p.words.Units = without(p.words.Units, &typed)
		g := group{Range{w.Start, w.End}, []alternative{{lexicon.Expansion{Text: w.Text, Weight: 1}, typed}}}
		likeliest := analysis.Query(s.seg, found[0].Text).Units // what the letters weigh, for as such they weigh too little
		for i, c := range found {
			g.alternatives = append(g.alternatives, s.alternative(lexicon.Expansion{Text: c.Text, Weight: readingWeights[i], Source: "拼音"}, likeliest))
		}
		p.groups = append(p.groups, g)
		text += p.text[from:w.Start] + found[0].Text
		from = w.End
	}
	if from == 0 {
		return nil, nil
	}
	return &Rewriting{Text: strings.TrimSpace(text + p.text[from:]), Kind: ByPinyin, Applied: true}, nil
}

// unknownLatin are the words of Latin letters in a query that no document holds.
func (s *view) unknownLatin(ctx context.Context, p *parsed) ([]analysis.Word, error) {
	var words []analysis.Word
	var asked index.Alternative
	for _, w := range p.words.Words {
		if len(w.Text) < 2 || len(w.Text) > longestWord || strings.IndexFunc(w.Text, func(r rune) bool { return (r < 'a' || r > 'z') && r != 'ü' }) >= 0 {
			continue
		}
		words = append(words, w)
		asked = append(asked, index.Term{Field: index.Body, Text: w.Text, Weight: 1})
	}
	if len(words) == 0 {
		return nil, nil
	}
	res, err := s.ix.Search(ctx, index.Query{Score: []index.Group{{asked}}})
	if err != nil {
		return nil, fmt.Errorf("look up Latin words: %w", err)
	}
	var out []analysis.Word
	for _, w := range words {
		if res.DocFreq[index.TermKey{Field: index.Body, Text: w.Text}] == 0 {
			out = append(out, w)
		}
	}
	return out, nil
}

// respell proposes what was meant by a query that looks misspelt, and answers that where the query itself found nothing.
func (s *view) respell(ctx context.Context, r Request, was answer) (*Response, error) {
	l := s.known()
	if l == nil || r.TitleOnly || was.isRight(r.Text) {
		return was.Response, nil
	}
	known := func(bigram string) int { return was.result.DocFreq[index.TermKey{Field: index.Body, Text: bigram}] }
	c, ok := l.corrector.Correct(ctx, r.Text, known)
	if !ok {
		return was.Response, ctx.Err()
	}
	r.Text, r.Page = c.Text, 1
	now, err := s.answer(ctx, r, s.parse(r.Text, r.PlainDays))
	switch {
	case err != nil:
		return nil, err
	case now.Total == 0:
		return was.Response, nil
	case was.Total == 0:
		now.Rewriting = &Rewriting{Text: c.Text, Kind: BySpelling, Applied: true}
		return now.Response, nil
	}
	was.Rewriting = &Rewriting{Text: c.Text, Kind: BySpelling}
	return was.Response, nil
}

// How short a query is looked at for slips where it finds something and all its pairs of characters stand in some document, and how little of a query the first
// documents hold: to look costs as much as the search, and a slip in a long query mostly makes a pair that stands nowhere.
const (
	longestRespelled = 6 // runes
	coveredEnough    = .8
)

// isRight reports whether a query is hardly misspelled: it is the title of a document, or one of the first documents holds most of its pairs of characters.
func (a *answer) isRight(text string) bool {
	if a.Total > 0 && utf8.RuneCountInString(text) > longestRespelled && !a.strange() {
		return true
	}
	for i := range a.rankings[:min(len(a.rankings), 10)] {
		if k := &a.rankings[i]; k.hit.Exact || k.cover > coverBase+coverShare*coveredEnough {
			return true
		}
	}
	return a.rankings == nil && a.Total > 0
}

// strange reports whether the query has a pair of Han characters that no document holds.
func (a *answer) strange() bool {
	for t, n := range a.result.DocFreq {
		if n > 0 || t.Field != index.Body || utf8.RuneCountInString(t.Text) != 2 {
			continue
		}
		if r, _ := utf8.DecodeRuneInString(t.Text); unicode.Is(unicode.Han, r) {
			return true
		}
	}
	return false
}
