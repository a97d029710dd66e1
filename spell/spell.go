// Package spell proposes what was meant by a misspelled Chinese query: what one slip of the hand or the ear makes of a likelier text, another
// character of the same sound, of a near sound or of a like shape, a character left out, typed twice or in the wrong order. How likely a text
// is it asks a model of the cluster's own texts; what stands there is no misspelling.
package spell

import (
	"context"
	"slices"
	"strings"

	"terrace/lm"
)

// A Corrector proposes what was meant. It never changes and may be used by several goroutines.
type Corrector struct {
	model *lm.Model
	words *vocabulary
	slips slips
}

// New makes a corrector of a model and of a closed vocabulary (departments, places, official terms, service items): a query or part of it that
// is one slip away from one of the words is that first, and one of three characters or more that stands in a query stays.
func New(m *lm.Model, words []string) *Corrector {
	v := newVocabulary(words)
	return &Corrector{model: m, words: v, slips: newSlips(m, v)}
}

// A Correction is a proposed query.
type Correction struct {
	Text       string
	Confidence float64 // in [0, 1]: the share of the proposal in all that may have been meant, the query as it is among them
	Changes    []Change
}

// A Change is one slip, or two beside each other. Start and End are bytes of the query; where a character was left out they are equal and
// From is empty.
type Change struct {
	Start, End int
	From, To   string
}

const (
	// worthwhile is the least gain of a proposal, as the logarithm of odds: one that is needed and missing costs the reader the results, one
	// that is not needed is a line to pass over. Three of these are taken for one of those.
	worthwhile = -1.1
	// short queries have one slip at most: where half of what was typed may be wrong, anything may have been meant.
	short = 8
	// long texts are looked at around their rare bigrams alone, and those beyond the longest not at all: they were pasted, not typed.
	long    = 40
	longest = 200
)

// Correct proposes the likeliest other form of a query, or false where it is best left alone. known tells in how many documents of the index a
// bigram stands (nil: the model's counts serve). A bigram that the model has not seen is rare; a query that has rare bigrams, all of which are
// known there or stand in a word of general Chinese, is left alone, and where some do not, these are what is changed. A query without a rare bigram is changed where its characters
// hardly stand in such a row, and another row is far likelier.
//
// Only Han characters are changed, and none of document numbers; all else stays byte for byte. Correct ends early, with false, when ctx does.
func (c *Corrector) Correct(ctx context.Context, query string, known func(bigram string) int) (Correction, bool) {
	runs := readRuns(query)
	characters := 0
	for _, r := range runs {
		characters += len(r.han)
		c.words.protect(r)
	}
	if characters > longest {
		return Correction{}, false
	}
	rare, unknown := c.mark(runs, known)
	if rare && !unknown || !rare && characters > long {
		return Correction{}, false
	}
	out := Correction{Confidence: 1}
	for range rounds(characters) {
		s := search{corrector: c, ctx: ctx, everywhere: !rare, pair: characters >= short}
		p, ok := s.best(runs)
		if !ok {
			break
		}
		out.Changes = append(out.Changes, p.run.apply(p.edit, query))
		out.Confidence *= s.confidence(p)
		if _, unknown = c.mark(runs, known); !unknown {
			break
		}
	}
	if len(out.Changes) == 0 || ctx.Err() != nil {
		return Correction{}, false
	}
	out.Text = changed(query, out.Changes)
	return out, true
}

func rounds(characters int) int {
	if characters < short {
		return 1
	}
	return 2
}

// changed sorts the changes and makes them.
func changed(query string, changes []Change) string {
	slices.SortFunc(changes, func(a, b Change) int { return a.Start - b.Start })
	var b strings.Builder
	at := 0
	for _, c := range changes {
		b.WriteString(query[at:c.Start])
		b.WriteString(c.To)
		at = c.End
	}
	b.WriteString(query[at:])
	return b.String()
}

// mark notes in the runs which bigrams are neither in the model nor in a word nor known, and tells whether there are any that are not in the
// model, and any that it noted.
func (c *Corrector) mark(runs []*run, known func(string) int) (rare, unknown bool) {
	for _, r := range runs {
		inWord := make([]bool, len(r.han)+1)
		c.words.generalWords(r.han, func(from, to int) {
			for i := from + 1; i < to; i++ {
				inWord[i] = true
			}
		})
		r.unknown = make([]bool, len(r.han)+1)
		for i := 1; i < len(r.han); i++ {
			if c.model.Bigram(r.han[i-1], r.han[i]) > 0 || c.words.holds(r.han[i-1], r.han[i]) {
				continue
			}
			rare = true
			if !inWord[i] && (known == nil || known(string(r.han[i-1:i+1])) == 0) {
				r.unknown[i] = true
				unknown = true
			}
		}
	}
	return rare, unknown
}
