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
	prefix      sparse
	scored      []scored
	candidates  []candidate
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

var manyNone = func() (out [4096]float32) {
	for i := range out {
		out[i] = none
	}
	return out
}()

// emptySums returns n sums without a term, in the memory of old where it suffices. What lies behind len(old) is not looked at.
func emptySums(old []float32, n int) []float32 {
	if cap(old) < n {
		old = make([]float32, n)
	}
	old = old[:n]
	for rest := old; len(rest) > 0; {
		rest = rest[copy(rest, manyNone[:]):]
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
			if err := r.group(ctx, g); err != nil {
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
}

// group adds the terms of its only alternative, or the sum of the best of several.
func (r *rater) group(ctx context.Context, g [][]scoredTerm) error {
	if len(g) == 1 {
		return r.alternative(ctx, g[0], r.scores, nil)
	}
	alternative, group := &r.scratch.alternative, &r.scratch.group
	alternative.prepare(r.size)
	group.prepare(r.size)
	for _, a := range g {
		if err := r.alternative(ctx, a, alternative.sums[:r.size], &alternative.docs); err != nil {
			return err
		}
		for _, d := range alternative.docs {
			if isNone(group.sums[d]) {
				group.docs = append(group.docs, d)
			}
			group.sums[d] = max(group.sums[d], alternative.sums[d])
			alternative.sums[d] = none
		}
		alternative.docs = alternative.docs[:0]
	}
	for _, d := range group.docs {
		r.scores[d] += group.sums[d]
		group.sums[d] = none
	}
	group.docs = group.docs[:0]
	return nil
}

// prepare makes room for the documents of a part. The sums are empty between uses.
func (s *sparse) prepare(size int) {
	if len(s.sums) < size {
		s.sums = emptySums(nil, size)
	}
}

// alternative adds its terms to sums, and notes in touched which documents had none.
func (r *rater) alternative(ctx context.Context, a []scoredTerm, sums []float32, touched *[]uint32) error {
	for _, t := range a {
		if err := ctx.Err(); err != nil {
			return err
		}
		l := t.lists[r.number]
		if touched != nil {
			docs := *touched
			for _, d := range l.docs {
				if isNone(sums[d]) {
					docs = append(docs, d)
				}
			}
			*touched = docs
		}
		if t.field == index.Title && r.titles != nil {
			r.addTitle(sums, l, t.Weighting)
			continue
		}
		saturations := l.saturations[:len(l.docs)]
		for i, d := range l.docs {
			sums[d] += t.Times(saturations[i])
		}
	}
	return nil
}

// addTitle adds a term of the title, with the site's title weight. The conversion keeps a processor from fusing the multiplication with the sum.
func (r *rater) addTitle(sums []float32, l list, w index.Weighting) {
	for i, d := range l.docs {
		site := uint32(0)
		if len(r.site.first) > 0 {
			site = r.site.first[d]
		}
		sums[d] += float32(w.Times(l.saturations[i]) * r.titles[site])
	}
}
