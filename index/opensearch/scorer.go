package opensearch

import (
	"context"
	"runtime"
	"strings"
	"sync"

	"terrace/index"
)

// A scorer computes the exact score of a document from its analysis.
type scorer struct {
	query    *index.Query
	attached index.Saturation
	slots    map[key]int
	prefixes []key
	groups   [][][]slotTerm
}

// A slotTerm is a term of Score: which count it takes and what that is worth.
type slotTerm struct {
	slot int
	index.Weighting
	field index.Field
}

func newScorer(q *index.Query, keys []key, s *statistics) *scorer {
	out := &scorer{query: q, attached: index.NewSaturation(index.Attached, s.average[index.Attached]), slots: make(map[key]int, len(keys))}
	for i, k := range keys {
		out.slots[k] = i
		if k.prefix {
			out.prefixes = append(out.prefixes, k)
		}
	}
	for _, g := range q.Score {
		group := make([][]slotTerm, len(g))
		for i, a := range g {
			for _, t := range a {
				k := keyOf(t)
				if s.docFreq[k] == 0 {
					continue // no document was cut so: a word of a dictionary activated since
				}
				w := index.NewWeighting(t.Field, t.Weight, s.docFreq[k], s.documents, s.average[t.Field])
				group[i] = append(group[i], slotTerm{out.slots[k], w, t.Field})
			}
		}
		out.groups = append(out.groups, group)
	}
	return out
}

func (s *scorer) has(k key) bool {
	_, ok := s.slots[k]
	return ok
}

// worth is the most that a term stands for in Score, in a text of average length.
func (s *scorer) worth(k key) (most float32) {
	slot := s.slots[k]
	for _, g := range s.groups {
		for _, a := range g {
			for _, t := range a {
				if t.slot == slot {
					most = max(most, t.Add(1, 1))
				}
			}
		}
	}
	return most
}

// score follows index.Weighting to the last bit. The conversion keeps a processor from fusing the multiplication with the sum.
func (s *scorer) score(d *index.Document, a *index.Analysis) (score float32) {
	counts, attached := make([]int, len(s.slots)), make([]int, len(s.slots))
	s.count(index.Body, &a.Body, counts)
	s.count(index.Title, &a.Title, counts)
	s.count(index.Body, &a.Attached, attached)
	site := ""
	if len(d.Copies) > 0 {
		site = d.Copies[0].Site
	}
	titleWeight, ok := s.query.TitleWeights[site]
	if !ok {
		titleWeight = 1
	}
	add := func(sum float32, alternative []slotTerm) float32 {
		for _, t := range alternative {
			switch n, in := float32(counts[t.slot]), float32(attached[t.slot]); {
			case n == 0 && in == 0:
			case t.field == index.Title:
				sum += float32(t.Add(n, float32(a.Title.Length)) * titleWeight)
			default:
				sum += t.Times(index.WithAttached(t.Of(n, float32(a.Body.Length)), s.attached.Of(in, float32(a.Attached.Length))))
			}
		}
		return sum
	}
	for _, g := range s.groups {
		if len(g) == 1 {
			score = add(score, g[0])
			continue
		}
		var best float32
		for _, alternative := range g {
			best = max(best, add(0, alternative))
		}
		score += best
	}
	return score
}

func (s *scorer) count(f index.Field, c *index.TermCounts, counts []int) {
	k := key{TermKey: index.TermKey{Field: f}}
	for _, t := range c.Terms {
		if len(t.Text) == 0 || t.Count <= 0 {
			continue
		}
		k.Text = t.Text
		if slot, ok := s.slots[k]; ok {
			counts[slot] += t.Count
		}
		for _, p := range s.prefixes {
			if p.Field == f && strings.HasPrefix(t.Text, p.Text) {
				counts[s.slots[p]] += t.Count
			}
		}
	}
}

// rate scores documents that are loaded exactly, on all processors, as far as the budget goes. It reports whether all are.
func (s *search) rate(ctx context.Context, ds []*document) (all bool) {
	var todo []*document
	all = true
	for _, d := range ds {
		switch size := textBytes(&d.document); {
		case d.exact || !d.loaded:
		case size > s.budget:
			all = false
		default:
			s.budget -= size
			todo = append(todo, d)
		}
	}
	next := make(chan *document)
	var working sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(todo)) {
		working.Go(func() {
			for d := range next {
				a := s.g.ix.analyzer.Analyze(&d.document)
				d.score, d.exact = s.scorer.score(&d.document, &a), true
			}
		})
	}
	for _, d := range todo {
		if ctx.Err() != nil {
			all = false
			break
		}
		next <- d
	}
	close(next)
	working.Wait()
	return all
}
