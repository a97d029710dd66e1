package indextest

import (
	"cmp"
	"context"
	"slices"

	"terrace/index"
)

// search answers a query in the order of the contract: score, Match, conditions, order, window, facets.
func (g *generation) search(ctx context.Context, q index.Query) (*index.Result, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	docs := g.byID()
	s := newScorer(q, docs)
	all := make([]*rated, 0, len(docs))
	for _, d := range docs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		all = append(all, s.rate(d))
	}
	c := conditions{q}
	m := matcher{Query: q, floor: q.Floor * tenth(all)}
	matched := keep(keep(all, m.matches), c.meets)
	relaxed := len(matched) == 0 && c.any() && !q.OnlyAll
	if relaxed {
		m.floor = q.Floor * tenth(keep(all, c.meets))
		matched = keep(keep(all, m.matches), c.meets)
	}
	return &index.Result{
		Total:        len(matched),
		TotalIsExact: true,
		Relaxed:      relaxed,
		Hits:         window(matched, q),
		Facets:       facets(keep(all, m.matches), c),
		DocFreq:      s.docFreq,
		Documents:    len(docs),
		AverageLength: map[index.Field]float64{
			index.Body: averageLength(index.Body, docs), index.Title: averageLength(index.Title, docs),
		},
	}, nil
}

// rated is a document and its worth to a query.
type rated struct {
	*document
	score     float32
	candidate bool // holds at least one term of Score
	exact     bool // has one of Query.Keys
}

func keep(docs []*rated, ok func(*rated) bool) []*rated {
	var out []*rated
	for _, r := range docs {
		if ok(r) {
			out = append(out, r)
		}
	}
	return out
}

// tenth is the tenth highest score of the candidates among docs, 0 where there are fewer than ten.
func tenth(docs []*rated) float32 {
	var scores []float32
	for _, r := range docs {
		if r.candidate {
			scores = append(scores, r.score)
		}
	}
	if len(scores) < 10 {
		return 0
	}
	slices.SortFunc(scores, func(a, b float32) int { return cmp.Compare(b, a) })
	return scores[9]
}

// matcher is Match: what counts as a result, before any condition. An empty All adds nothing to Match; alone it is every document.
type matcher struct {
	index.Query
	floor float32
}

func (m matcher) matches(r *rated) bool {
	if m.holdsAll(r) {
		return true
	}
	return !m.OnlyAll && (r.exact || r.candidate && r.score >= m.floor)
}

func (m matcher) holdsAll(r *rated) bool {
	for _, p := range m.All {
		if !r.holdsTerms(p) {
			return false
		}
	}
	return m.OnlyAll || len(m.All) > 0
}

// conditions are the sets outside the score: Filter, Require and Exclude.
type conditions struct{ index.Query }

func (c conditions) any() bool {
	return len(c.Filter.Values) > 0 || c.Filter.From != 0 || c.Filter.To != 0 || len(c.Require) > 0 || len(c.Exclude) > 0
}

func (c conditions) meets(r *rated) bool { return c.meetsBut("", r) }

// meetsBut leaves out the filter on one field.
func (c conditions) meetsBut(out index.Field, r *rated) bool {
	for f, values := range c.Filter.Values {
		if f != out && !r.holdsOneOf(f, values) {
			return false
		}
	}
	holds := func(p index.Phrase) bool { return r.holds(p) }
	lacks := func(p index.Phrase) bool { return !r.holds(p) }
	return c.inDays(r) && !slices.ContainsFunc(c.Require, lacks) && !slices.ContainsFunc(c.Exclude, holds)
}

func (c conditions) inDays(r *rated) bool {
	d, from, to := r.Date(), c.Filter.From, c.Filter.To
	if from == 0 && to == 0 || slices.ContainsFunc(c.Filter.Dated, r.holdsTerms) {
		return true
	}
	return d != 0 && d >= from && (to == 0 || d <= to)
}

// window sorts the matched documents and cuts the hits asked for.
func window(matched []*rated, q index.Query) []index.Hit {
	slices.SortFunc(matched, func(a, b *rated) int { return order(a, b, q.Sort) })
	matched = matched[min(q.Offset, len(matched)):]
	matched = matched[:min(q.Limit, len(matched))]
	var out []index.Hit
	for _, r := range matched {
		out = append(out, index.Hit{Document: clone(r.Document), Score: r.score, Exact: r.exact, TitleLength: r.fields[index.Title].length})
	}
	return out
}

// order puts exact titles first where the score decides; a reader who asked for the latest gets the latest.
func order(a, b *rated, s index.Sort) int {
	later, higher, id := cmp.Compare(b.Date(), a.Date()), cmp.Compare(b.score, a.score), cmp.Compare(a.ID, b.ID)
	switch {
	case s == index.ByDate:
		return cmp.Or(later, id)
	case a.exact && b.exact:
		return cmp.Or(cmp.Compare(a.Level, b.Level), later, higher, id)
	case a.exact:
		return -1
	case b.exact:
		return 1
	}
	return cmp.Or(higher, id)
}

// facets counts the values among the documents of Match, each field without the filter on itself.
func facets(matched []*rated, c conditions) map[index.Field][]index.Count {
	out := map[index.Field][]index.Count{}
	for _, f := range c.Facets {
		counts := map[string]int{}
		for _, r := range matched {
			if !c.meetsBut(f.Field, r) {
				continue
			}
			for _, v := range r.Values(f.Field) {
				counts[v]++
			}
		}
		out[f.Field] = mostFrequent(counts, f.Size)
	}
	return out
}

func mostFrequent(counts map[string]int, size int) []index.Count {
	var out []index.Count
	for v, n := range counts {
		out = append(out, index.Count{Value: v, Count: n})
	}
	slices.SortFunc(out, func(a, b index.Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return out[:min(max(size, 0), len(out))]
}
