package bluge

import (
	"context"

	"terrace/index"
)

// A source is a term of Score in a view: how many documents hold it and where its postings are in each part.
type source struct {
	docFreq int
	at      []postings
	merged  []list // by part, for a prefix: the sum of its terms
}

// A scored term is a term of Score with its weighting.
type scoredTerm struct {
	*source
	index.Weighting
	field index.Field
}

// A plan is Score with its terms looked up.
type plan struct {
	groups   [][][]scoredTerm
	docFreq  map[index.TermKey]int
	negative bool // a weight below zero: an alternative below zero is not added
}

func newPlan(ctx context.Context, v *view, q *index.Query, scratch *scratch) (*plan, error) {
	p := &plan{docFreq: map[index.TermKey]int{}}
	type key struct {
		index.TermKey
		prefix bool
	}
	sources := map[key]*source{}
	for _, w := range q.TitleWeights {
		p.negative = p.negative || !(w >= 0)
	}
	for _, g := range q.Score {
		group := make([][]scoredTerm, len(g))
		for i, alternative := range g {
			for _, t := range alternative {
				k := key{index.TermKey{Field: t.Field, Text: t.Text}, t.Prefix}
				src := sources[k]
				if src == nil {
					if err := ctx.Err(); err != nil {
						return nil, err
					}
					var err error
					if src, err = v.lookUp(t, scratch); err != nil {
						return nil, err
					}
					sources[k] = src
				}
				w := index.NewWeighting(t.Field, t.Weight, src.docFreq, v.docs, v.average[t.Field])
				group[i] = append(group[i], scoredTerm{src, w, t.Field})
				p.docFreq[k.TermKey] = src.docFreq
				p.negative = p.negative || !(t.Weight >= 0)
			}
		}
		p.groups = append(p.groups, group)
	}
	return p, nil
}

func (v *view) lookUp(t index.Term, scratch *scratch) (*source, error) {
	src := &source{}
	if t.Prefix {
		src.merged = make([]list, len(v.parts))
	} else {
		src.at = make([]postings, len(v.parts))
	}
	for i := range v.parts {
		p := &v.parts[i]
		if t.Prefix {
			l, err := p.mergePrefix(t, scratch)
			if err != nil {
				return nil, err
			}
			src.merged[i] = l
			src.docFreq += len(l.docs)
			continue
		}
		at, err := p.find(string(t.Field), t.Text)
		if err != nil {
			return nil, err
		}
		src.at[i] = at
		src.docFreq += p.liveCount(at, scratch)
	}
	return src, nil
}

func (p *part) liveCount(at postings, scratch *scratch) int {
	if p.bits == nil {
		return p.count(at)
	}
	scratch.docs = p.keep(p.docs(at, scratch.docs[:0]))
	return len(scratch.docs)
}

// mergePrefix adds up the terms that begin with t. Deleted documents are left out.
func (p *part) mergePrefix(t index.Term, scratch *scratch) (out list, err error) {
	counts := make([]float32, p.size)
	err = p.each(string(t.Field), t.Text, func(_ []byte, at postings) {
		p.decode(at, &scratch.list)
		for i, d := range scratch.list.docs {
			counts[d] += scratch.list.counts[i]
		}
	})
	for d, n := range counts {
		if n > 0 && !p.isDeleted(uint32(d)) {
			out.docs = append(out.docs, uint32(d))
			out.counts = append(out.counts, n)
		}
	}
	return out, err
}
