package bluge

import (
	"context"

	"terrace/index"
)

// A source is a term of Score in a view: how many documents hold it and where in each part.
type source struct {
	docFreq int
	lists   []list
}

// A scored term is a term of Score with its weighting.
type scoredTerm struct {
	*source
	index.Weighting
	field index.Field
}

// A plan is Score with its terms looked up.
type plan struct {
	groups  [][][]scoredTerm
	docFreq map[index.TermKey]int
}

func newPlan(ctx context.Context, v *view, q *index.Query) (*plan, error) {
	p := &plan{docFreq: map[index.TermKey]int{}}
	type key struct {
		index.TermKey
		prefix bool
	}
	sources := map[key]*source{}
	for _, g := range q.Score {
		group := make([][]scoredTerm, len(g))
		for i, alternative := range g {
			for _, t := range alternative {
				k := key{index.TermKey{Field: t.Field, Text: t.Text}, t.Prefix}
				src := sources[k]
				if src == nil {
					var err error
					if src, err = v.lookUp(ctx, t); err != nil {
						return nil, err
					}
					sources[k] = src
				}
				w := index.NewWeighting(t.Field, t.Weight, src.docFreq, v.docs, v.average[t.Field])
				group[i] = append(group[i], scoredTerm{src, w, t.Field})
				p.docFreq[k.TermKey] = src.docFreq
			}
		}
		p.groups = append(p.groups, group)
	}
	return p, nil
}

func (v *view) lookUp(ctx context.Context, t index.Term) (*source, error) {
	src := &source{lists: make([]list, len(v.parts))}
	for i := range v.parts {
		p := &v.parts[i]
		l, err := v.list(ctx, p, t.Field, t.Text, t.Prefix)
		if err != nil {
			return nil, err
		}
		src.lists[i] = l
		src.docFreq += p.liveCount(l.docs)
	}
	return src, nil
}
