package opensearch

import (
	"cmp"
	"context"
	"fmt"
	"hash/fnv"
	"slices"

	"terrace/index"
)

// ordered is how many documents, the best by the cluster's scores, are put into order here.
const ordered = 100

// A search is one query on one generation.
type search struct {
	*index.Query
	g          *generation
	preference string
	statistics
	*scorer

	score    object      // Score as the cluster computes it; nil where no term of it is there
	first    *response   // the best candidates, where they were asked for at once
	few      []*document // every candidate, scored exactly; nil where there are more than a few
	holdsAll object      // the documents of All; nil where All asks for none
	inexact  bool

	loaded   map[string]*document
	budget   int // bytes of text that may still be analysed
	verifier verifier
}

// analysedBytes bounds the text that one search analyses to score it.
const analysedBytes = 16 << 20

// search answers a query in the order of package index: score, Match, conditions, order, facets.
func (g *generation) search(ctx context.Context, q *index.Query) (*index.Result, error) {
	s := &search{Query: q, g: g, loaded: map[string]*document{}, budget: analysedBytes}
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	p, relaxed, err := s.run(ctx)
	if err != nil {
		return nil, err
	}
	hits, err := s.hits(ctx, p)
	if err != nil {
		return nil, err
	}
	r := &index.Result{
		Total: p.total, TotalIsExact: !s.inexact, Relaxed: relaxed, Hits: hits,
		DocFreq: map[index.TermKey]int{}, Documents: s.documents,
		AverageLength: map[index.Field]float64{index.Body: s.average[index.Body], index.Title: s.average[index.Title]},
	}
	for k, n := range s.docFreq {
		if s.scorer.has(k) {
			r.DocFreq[k.TermKey] = n
		}
	}
	r.Facets, err = s.facets(ctx, p)
	return r, err
}

// prepare asks for the statistics and decides by which terms the cluster scores. Where that needs no statistics, the best candidates are
// asked for at once.
func (s *search) prepare(ctx context.Context) error {
	keys := distinct(s.Score)
	asked := keys
	if n := allTerms(s.All); len(n) > maxAll {
		asked = append(slices.Clone(keys), n...)
	}
	var more []object
	if !s.OnlyAll && len(keys) <= maxScored && !slices.ContainsFunc(keys, key.isLong) {
		s.scoreBy(keys)
		if s.score != nil {
			more = []object{candidates(s.score)}
		}
	}
	rs, err := s.statistics.read(ctx, s.g, asked, s.preference, more...)
	if err != nil {
		return err
	}
	s.scorer = newScorer(s.Query, keys, &s.statistics)
	if len(rs) > 0 {
		s.first = &rs[0]
	} else {
		s.scoreBy(s.weightiest(keys))
	}
	s.holdsAll = s.all()
	s.verifier.prepare(s.Query)
	s.inexact = s.inexact || s.verifier.cut
	return nil
}

// scoreBy makes the cluster score by some terms of Score.
func (s *search) scoreBy(keys []key) {
	left := make(map[key]bool, len(keys))
	for _, k := range keys {
		left[k] = true
	}
	if s.score = scoring(s.Query, left, &s.statistics); s.score != nil {
		h := fnv.New64a()
		h.Write(toJSON(s.score))
		s.preference = fmt.Sprintf("q%x", h.Sum64())
	}
}

// weightiest are the terms that are there, or the maxScored of them that weigh most.
func (s *search) weightiest(keys []key) []key {
	keys = slices.DeleteFunc(slices.Clone(keys), func(k key) bool { return s.docFreq[k] == 0 })
	if len(keys) > maxScored {
		s.inexact = true
		slices.SortStableFunc(keys, func(a, b key) int { return cmp.Compare(s.scorer.worth(b), s.scorer.worth(a)) })
		keys = keys[:maxScored]
	}
	return keys
}

// all is the documents of All.
func (s *search) all() object {
	if len(s.All) == 0 {
		if s.OnlyAll {
			return everything
		}
		return nil
	}
	terms := allTerms(s.All)
	if len(terms) > maxAll {
		slices.SortStableFunc(terms, func(a, b key) int { return cmp.Compare(s.docFreq[a], s.docFreq[b]) })
		if s.docFreq[terms[0]] == 0 {
			return nothing
		}
		s.inexact = true
		terms = terms[:maxAll]
	}
	var clauses []object
	for _, k := range terms {
		clauses = append(clauses, plain(k))
	}
	return every(clauses...)
}

func allTerms(all []index.Phrase) (out []key) {
	seen := map[key]bool{}
	for _, p := range all {
		for _, t := range p.Terms {
			if k := (key{TermKey: index.TermKey{Field: p.Field, Text: t}}); !seen[k] {
				seen[k] = true
				out = append(out, k)
			}
		}
	}
	return out
}

// run returns the page asked for, with s10 taken inside the conditions where they leave nothing of Match.
func (s *search) run(ctx context.Context) (p *page, relaxed bool, err error) {
	match, err := s.matchAll(ctx)
	if err != nil {
		return nil, false, err
	}
	if p, err = s.conditioned(ctx, match); err != nil {
		return nil, false, err
	}
	if p.total > 0 || s.OnlyAll || !s.conditional() {
		return p, false, nil
	}
	if match, err = s.matchInside(ctx); err != nil {
		return nil, false, err
	}
	p, err = s.conditioned(ctx, match)
	return p, true, err
}

func (s *search) conditional() bool {
	return len(s.Filter.Values) > 0 || s.Filter.From != 0 || s.Filter.To != 0 || len(s.Require) > 0 || len(s.Exclude) > 0
}

func (s *search) conditioned(ctx context.Context, match object) (*page, error) {
	all, err := s.verify(ctx, match)
	if err != nil {
		return nil, err
	}
	s.inexact = s.inexact || !all
	return s.page(ctx, match)
}

// matchAll is Match by the tenth of all candidates.
func (s *search) matchAll(ctx context.Context) (object, error) {
	if s.OnlyAll || s.score == nil {
		return s.match(0), nil
	}
	r := s.first
	if r == nil {
		var err error
		if r, err = s.best(ctx, s.score); err != nil {
			return nil, err
		}
	}
	if r.Hits.Total.Value > s.g.ix.options.small || s.inexact {
		return s.match(s.clusterFloor(r)), nil
	}
	few := s.found(r.Hits.Hits)
	if err := s.load(ctx, few); err != nil {
		return nil, err
	}
	if s.rate(ctx, few) {
		s.few = few
		return s.match(float64(s.Floor * tenth(few))), ctx.Err()
	}
	return s.match(s.clusterFloor(r)), ctx.Err()
}

// matchInside is Match by the tenth of the candidates that meet the conditions.
func (s *search) matchInside(ctx context.Context) (object, error) {
	if s.score == nil {
		return s.match(0), nil
	}
	if _, err := s.verify(ctx, s.score); err != nil {
		return nil, err
	}
	r, err := s.best(ctx, object{"bool": object{"must": s.score, "filter": s.where(everything, nil)}})
	if err != nil {
		return nil, err
	}
	if s.few == nil {
		return s.match(s.clusterFloor(r)), nil
	}
	return s.match(float64(s.Floor * tenth(s.found(r.Hits.Hits)))), nil
}

// best asks for the first of some documents by the cluster's scores.
func (s *search) best(ctx context.Context, query object) (*response, error) {
	rs, err := s.g.ask(ctx, s.preference, candidates(query))
	if err != nil {
		return nil, err
	}
	return &rs[0], nil
}

func candidates(query object) object {
	return object{
		"query": query, "size": ordered, "track_total_hits": ordered + 1, "_source": false, "docvalue_fields": columns, "sort": byScore,
	}
}

var byScore = []object{{"_score": "desc"}, {fieldID: "asc"}}

// clusterFloor is what a result scores at least, by the cluster's scores.
func (s *search) clusterFloor(r *response) float64 {
	if len(r.Hits.Hits) < 10 {
		return 0
	}
	return finite(float64(s.Floor) * float64(r.Hits.Hits[9].Score))
}

// tenth is the tenth highest score, 0 where there are fewer than ten.
func tenth(ds []*document) float32 {
	if len(ds) < 10 {
		return 0
	}
	scores := make([]float32, len(ds))
	for i, d := range ds {
		scores[i] = d.score
	}
	slices.Sort(scores)
	return scores[len(scores)-10]
}

// match is what counts as a result before any condition: what scores at least floor, holds All, or has one of Keys.
func (s *search) match(floor float64) object {
	var out []object
	if s.holdsAll != nil {
		out = append(out, s.holdsAll)
	}
	switch {
	case s.OnlyAll:
	case s.few != nil:
		var ids []string
		for _, d := range s.few {
			if float64(d.score) >= floor {
				ids = append(ids, d.id)
			}
		}
		out = append(out, idsOf(ids))
	case s.score != nil:
		out = append(out, above(s.score, floor))
	}
	if len(s.Keys) > 0 && !s.OnlyAll {
		out = append(out, s.keyed())
	}
	if len(out) == 0 {
		return nothing
	}
	return some(out...)
}
