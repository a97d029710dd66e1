package bluge

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"terrace/index"
)

// search answers a query as package index says: score, Match, conditions, order, facets.
func (v *view) search(ctx context.Context, q *index.Query, a index.Analyzer) (_ *index.Result, err error) {
	defer recoverDamage(&err)
	scratch := scratches.Get().(*scratch)
	plan, err := newPlan(ctx, v, q)
	if err != nil {
		return nil, err
	}
	if err := v.score(ctx, plan, q, scratch); err != nil {
		return nil, err
	}
	s := &search{Query: q, view: v, scratch: scratch, analyzer: a}
	if err := s.lookUp(ctx); err != nil {
		return nil, err
	}
	cs, relaxed, err := s.run(ctx)
	if err != nil {
		return nil, err
	}
	r := &index.Result{
		Total:         results(cs),
		TotalIsExact:  !s.inexact,
		Relaxed:       relaxed,
		DocFreq:       plan.docFreq,
		Documents:     v.docs,
		AverageLength: maps.Clone(v.average),
	}
	if r.Facets, err = s.facets(ctx, cs); err != nil {
		return nil, err
	}
	best, err := s.best(ctx, cs, q.Offset+q.Limit)
	if err != nil {
		return nil, err
	}
	if r.Hits, err = s.hits(ctx, best); err != nil {
		return nil, err
	}
	scratches.Put(scratch) // one that an error left half used is not used again
	return r, nil
}

func (s *search) lookUp(ctx context.Context) (err error) {
	if s.filter, err = newFilter(ctx, s.view, s.Query); err != nil {
		return err
	}
	if s.phrases, err = newPhrases(ctx, s.view, s.Query); err != nil {
		return err
	}
	if s.OnlyAll && len(s.All) == 0 {
		s.all = s.everything()
	} else if s.all, err = s.conjunction(ctx, s.All); err != nil {
		return err
	}
	for i := range s.parts {
		p := &s.parts[i]
		for _, k := range s.Keys {
			at, err := p.find(fieldKey, k)
			if err != nil {
				return err
			}
			for _, d := range p.keep(p.docs(at, nil)) {
				s.keyed = append(s.keyed, p.first+d)
			}
		}
	}
	slices.Sort(s.keyed)
	s.keyed = slices.Compact(s.keyed)
	return nil
}

// run returns what matches, with s10 taken inside the conditions where they leave nothing of Match.
func (s *search) run(ctx context.Context) (cs []candidate, relaxed bool, err error) {
	var tenth float32
	var above []scored
	if !s.OnlyAll {
		if tenth, above, err = s.above(ctx, s.Floor); err != nil {
			return nil, false, err
		}
	}
	if cs, err = s.matched(ctx, above, s.Floor*tenth); err != nil {
		return nil, false, err
	}
	if results(cs) > 0 || s.OnlyAll || !s.conditional() {
		return cs, false, nil
	}
	if tenth, above, err = s.tenthInside(ctx); err != nil {
		return nil, false, err
	}
	cs, err = s.matched(ctx, above, s.Floor*tenth)
	return cs, true, err
}

func (s *search) conditional() bool {
	return len(s.Filter.Values) > 0 || s.filter.dated || len(s.Require) > 0 || len(s.Exclude) > 0
}

func results(cs []candidate) int {
	n := 0
	for i := range cs {
		if cs[i].failed == 0 {
			n++
		}
	}
	return n
}

// hits reads the documents from Offset on.
func (s *search) hits(ctx context.Context, best []candidate) ([]index.Hit, error) {
	best = best[min(s.Offset, len(best)):]
	if len(best) == 0 {
		return nil, nil
	}
	out := make([]index.Hit, len(best))
	for i, c := range best {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d, err := s.document(c.doc)
		if err != nil {
			return nil, fmt.Errorf("hit %d: %w", s.Offset+i, err)
		}
		p, doc := s.part(c.doc)
		out[i] = index.Hit{Document: d, Score: c.score, Exact: c.exact, TitleLength: int(p.titleLength[doc])}
	}
	return out, nil
}
