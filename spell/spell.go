// Package spell proposes what was meant by a misspelled Chinese query. It looks only where two characters stand beside each other that no text
// of the cluster has so, and proposes what one slip of the hand or the ear makes of a likelier text: another character of the same sound, of a
// near sound or of a like shape, a character left out, typed twice, or in the wrong order.
package spell

import (
	"context"

	"terrace/lm"
)

// A Corrector proposes what was meant. It never changes and may be used by several goroutines.
type Corrector struct {
	model *lm.Model
	words vocabulary
	slips slips
}

// New makes a corrector of a model and of a closed vocabulary (departments, places, official terms, service items): a query or part of it that
// is one slip away from one of the words is that first.
func New(m *lm.Model, words []string) *Corrector {
	return &Corrector{model: m, words: newVocabulary(words), slips: newSlips(m)}
}

// A Correction is a proposed query.
type Correction struct {
	Text       string
	Confidence float64 // in [0, 1]: the share of this proposal among all that could have been meant, the query as it is among them
	Changes    []Change
}

// A Change is one slip. Start and End are bytes of the query; where a character was left out they are equal and From is empty.
type Change struct {
	Start, End int
	From, To   string
}

// Correct proposes the likeliest other form of a query, or false where it is best left alone. known tells in how many documents of the index a
// bigram stands (nil: the model's counts serve): a query all of whose bigrams that are rare in the model are known there is left alone.
//
// Only Han characters are changed, and none of document numbers; all else stays byte for byte. It ends early, with false, when ctx does.
func (c *Corrector) Correct(ctx context.Context, query string, known func(bigram string) int) (Correction, bool) {
	return Correction{}, false
}
