package query

import (
	"context"
	"fmt"
	"slices"

	"terrace/lexicon"
	"terrace/segment"
)

// A view is a Searcher with the words of a moment: a search takes it once at its beginning and uses it to its end. It never changes; when no search uses
// it any more, it is garbage.
type view struct {
	*Searcher
	seg          *segment.Segmenter
	base         *segment.Segmenter // seg without the user words
	understander *understander
}

// with is the view with other words and the same knowledge of the cluster. seg must be over the same dictionary; nil synonyms are those of package dict.
func (s *view) with(seg *segment.Segmenter, synonyms *lexicon.Lexicon) *view {
	if synonyms == nil {
		synonyms = lexicon.With()
	}
	return &view{s.Searcher, seg, seg.Base(), s.understander.with(synonyms)}
}

// Activate lets the searches that begin from now on use other user words and synonyms; those under way end with what they began with. The segmenter must be
// over the dictionary that the Searcher was made with; nil synonyms are those of package dict. What was learned follows at the next Learn.
func (s *Searcher) Activate(seg *segment.Segmenter, synonyms *lexicon.Lexicon) {
	s.active.Store(s.active.Load().with(seg, synonyms))
}

// A Difference is what other words would change of the answer to a query.
type Difference struct {
	Query         string
	Before, After int   // documents found
	Came          []Hit // among the first ten that were not, in their new order
	Left          []Hit // that are among the first ten no more, in their former order
	First         *Hit  // that is first now, where another was or none; else nil
}

// Compare answers queries as they are answered now and as they would be after Activate, and gives those whose number of documents, first hit or first ten
// hits would differ, in the order of the queries. It touches nothing that is live and takes its turn among searches. What the index was not cut with, user
// words of three and more characters, ranks only after a rebuild. Errors are those of Search and the context's.
func (s *Searcher) Compare(ctx context.Context, seg *segment.Segmenter, synonyms *lexicon.Lexicon, queries []string) ([]Difference, error) {
	present := s.active.Load()
	proposed := present.with(seg, synonyms)
	var out []Difference
	for _, q := range queries {
		before, err := present.search(ctx, Request{Text: q})
		if err != nil {
			return nil, fmt.Errorf("compare %q: %w", q, err)
		}
		after, err := proposed.search(ctx, Request{Text: q})
		if err != nil {
			return nil, fmt.Errorf("compare %q: %w", q, err)
		}
		if d := difference(q, before, after); d.Before != d.After || len(d.Came) > 0 || len(d.Left) > 0 || d.First != nil {
			out = append(out, d)
		}
	}
	return out, nil
}

func difference(query string, before, after *Response) Difference {
	d := Difference{Query: query, Before: before.Total, After: after.Total, Came: lacking(after.Hits, before.Hits), Left: lacking(before.Hits, after.Hits)}
	if len(after.Hits) > 0 && (len(before.Hits) == 0 || before.Hits[0].ID != after.Hits[0].ID) {
		d.First = &after.Hits[0]
	}
	return d
}

// lacking are the hits that others lack.
func lacking(hits, others []Hit) (out []Hit) {
	for _, h := range hits {
		if !slices.ContainsFunc(others, func(o Hit) bool { return o.ID == h.ID }) {
			out = append(out, h)
		}
	}
	return out
}
