package query

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"terrace/querylog"
	"terrace/suggest"
)

// Queries know what readers asked for before; *querylog.Log is one.
type Queries interface {
	Phrases(ctx context.Context, n int) ([]querylog.Word, error) // the n that were asked for most and may be shown to others
	Hides(title string) bool                                     // whether a title is not to be proposed
}

// askedFor are the past queries that are completed.
type askedFor struct {
	at        time.Time
	version   uint64          // of the withdrawals
	documents int             // there were when they were counted
	words     []querylog.Word // as they were given
	results   map[string]int  // documents by text, of those that find something
	phrases   *suggest.Index
}

const (
	askAgain  = 10 * time.Minute
	mostAsked = 10_000
)

// learnAsked takes over what readers asked for, after askAgain or where the documents have been learned anew. What was counted among the same
// documents is not counted again.
func (s *view) learnAsked(ctx context.Context) error {
	l, have := s.learned.Load(), s.asked.Load()
	switch {
	case s.queries == nil:
		return nil
	case have == nil || have.documents != l.documents || have.version != l.version:
		have = &askedFor{}
	case s.now().Sub(have.at) < askAgain:
		return nil
	}
	words, err := s.queries.Phrases(ctx, mostAsked)
	if err != nil {
		return fmt.Errorf("learn past queries: %w", err)
	}
	now := askedFor{s.now(), l.version, l.documents, words, have.results, have.phrases}
	if now.phrases == nil || !slices.Equal(words, have.words) {
		if err := s.countAsked(ctx, &now); err != nil {
			return fmt.Errorf("count past queries: %w", err)
		}
	}
	s.asked.Store(&now)
	return nil
}

// countAsked makes phrases of the words that find something. Those with operators are left out: few readers know them; so are those that hold a withdrawn title.
func (s *view) countAsked(ctx context.Context, a *askedFor) error {
	counted := a.results
	a.results = make(map[string]int, len(a.words))
	phrases := make([]suggest.Phrase, 0, len(a.words))
	for _, w := range a.words {
		if s.list.Hides(w.Text) {
			continue
		}
		n, known := counted[w.Text]
		if p := s.parse(w.Text, true); !known && p.searchable() && len(p.require)+len(p.exclude)+len(p.sites) == 0 {
			var err error
			if n, err = s.holders(ctx, p); err != nil {
				return err
			}
		}
		if n > 0 {
			a.results[w.Text] = n
			phrases = append(phrases, suggest.Phrase{Text: w.Text, Kind: suggest.Query, Weight: askedWeight(w.Readers), Results: n})
		}
	}
	a.phrases = suggest.New(phrases)
	return nil
}

// What the favourite of all readers weighs: it goes before an office, but not before a term that matches better.
const mostAskedWeight = 8

// askedWeight is what a past query weighs beside other phrases (officeWeight): six readers, the fewest there are, make it weigh a little more than a
// service, 64 as much as a term, 1,024 as much as an office.
func askedWeight(readers int) float64 {
	return min(math.Log2(float64(max(readers, 1)))/2, mostAskedWeight)
}
