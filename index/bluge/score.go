package bluge

import (
	"context"
	"math"
	"sync"

	"terrace/index"
)

// A scratch holds the buffers of one search.
type scratch struct {
	scores      []float32 // by document
	alternative sparse
	group       sparse
	list        list
	docs        []uint32
}

// sparse are sums by document of a part, and the documents that have one.
type sparse struct {
	sums []float32
	docs []uint32
}

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// none marks a document that holds no term: minus zero, to which adding is the same as to zero.
var none = math.Float32frombits(1 << 31)

func isNone(x float32) bool { return math.Float32bits(x) == 1<<31 }

// emptySums returns n sums without a term, in the memory of old where it suffices. What lies behind len(old) is not looked at.
func emptySums(old []float32, n int) []float32 {
	if cap(old) < n {
		old = make([]float32, n)
	}
	old = old[:n]
	for i := range old {
		old[i] = none
	}
	return old
}

// score fills scratch.scores: the score of every document that holds a term of Score, none for the others.
func (v *view) score(ctx context.Context, plan *plan, q *index.Query, scratch *scratch) error {
	scratch.scores = emptySums(scratch.scores, v.size)
	for i := range v.parts {
		p := &v.parts[i]
		r := rater{part: p, number: i, scratch: scratch, scores: scratch.scores[p.first:][:p.size], titles: p.titleWeights(q.TitleWeights)}
		for _, g := range plan.groups {
			if err := r.group(ctx, g, plan.negative); err != nil {
				return err
			}
		}
	}
	return nil
}

// titleWeights are the title weights by 1 + index into the part's sites; nil where all are 1.
func (p *part) titleWeights(bySite map[string]float32) []float32 {
	if len(bySite) == 0 {
		return nil
	}
	out := make([]float32, len(p.site.values)+1)
	for i := range out {
		site := ""
		if i > 0 {
			site = p.site.values[i-1]
		}
		w, ok := bySite[site]
		if !ok {
			w = 1
		}
		out[i] = w
	}
	return out
}

// A rater scores the documents of one part.
type rater struct {
	*part
	number  int
	scratch *scratch
	scores  []float32
	titles  []float32 // see titleWeights
	begun   bool      // scores holds something
}

// group adds the best alternative of a group. The sum of an alternative must stand by itself before it is added, for float32 is not
// associative; only a single term, or the first thing ever added, goes into the scores at once.
func (r *rater) group(ctx context.Context, g [][]scoredTerm, negative bool) error {
	if len(g) == 1 && (len(g[0]) == 1 || !r.begun) && !negative {
		for _, t := range g[0] {
			if err := r.add(ctx, t, r.scores, nil); err != nil {
				return err
			}
		}
		return nil
	}
	alternative, group := &r.scratch.alternative, &r.scratch.group
	for _, a := range g {
		r.prepare(alternative)
		for _, t := range a {
			if err := r.add(ctx, t, alternative.sums[:r.size], &alternative.docs); err != nil {
				return err
			}
		}
		if len(g) == 1 {
			group = alternative
			break
		}
		r.prepare(group)
		for _, d := range alternative.docs {
			r.raise(group, d, alternative.sums[d])
			alternative.sums[d] = none
		}
		alternative.docs = alternative.docs[:0]
	}
	for _, d := range group.docs {
		r.scores[d] += max(0, group.sums[d])
		group.sums[d] = none
	}
	group.docs = group.docs[:0]
	r.begun = true
	return nil
}

// prepare makes room for the part. The sums are empty between uses.
func (r *rater) prepare(s *sparse) {
	if len(s.sums) < r.size {
		s.sums = emptySums(nil, r.size)
	}
}

func (r *rater) raise(s *sparse, d uint32, sum float32) {
	if have := s.sums[d]; isNone(have) {
		s.docs = append(s.docs, d)
		s.sums[d] = max(0, sum)
	} else {
		s.sums[d] = max(have, sum)
	}
}

// add adds a term to sums, and notes in touched which documents had none.
func (r *rater) add(ctx context.Context, t scoredTerm, sums []float32, touched *[]uint32) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	l := &r.scratch.list
	if t.merged != nil {
		l = &t.merged[r.number]
	} else {
		r.decode(t.at[r.number], l)
	}
	if len(l.docs) == 0 {
		return nil
	}
	if touched != nil {
		docs := *touched
		for _, d := range l.docs {
			if isNone(sums[d]) {
				docs = append(docs, d)
			}
		}
		*touched = docs
	} else {
		r.begun = true
	}
	switch {
	case t.field == index.Body:
		addList(sums, l, r.bodyLength, t.Weighting)
	case r.titles == nil:
		addList(sums, l, r.titleLength, t.Weighting)
	default:
		r.addTitle(sums, l, t.Weighting)
	}
	return nil
}

func addList(sums []float32, l *list, lengths []float32, w index.Weighting) {
	counts := l.counts[:len(l.docs)]
	lengths = lengths[:len(sums)]
	for i, d := range l.docs {
		sums[d] += w.Add(counts[i], lengths[d])
	}
}

// addTitle is addList with the site's title weight. The conversion keeps a processor from fusing the multiplication with the sum.
func (r *rater) addTitle(sums []float32, l *list, w index.Weighting) {
	for i, d := range l.docs {
		site := uint32(0)
		if len(r.site.first) > 0 {
			site = r.site.first[d]
		}
		sums[d] += float32(w.Add(l.counts[i], r.titleLength[d]) * r.titles[site])
	}
}
