package bluge

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"terrace/index"
)

// compare orders two results as the query asks: exact titles first where the score decides, ties by id.
func (s *search) compare(a, b *candidate) int {
	switch {
	case s.Sort == index.ByDate:
		return s.tie(cmp.Compare(b.date, a.date), a, b)
	case a.exact != b.exact:
		if a.exact {
			return -1
		}
		return 1
	case a.exact:
		return s.tie(cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(b.date, a.date), cmp.Compare(b.score, a.score)), a, b)
	}
	return s.tie(cmp.Compare(b.score, a.score), a, b)
}

func (s *search) tie(order int, a, b *candidate) int {
	if order != 0 {
		return order
	}
	return bytes.Compare(s.id(a.doc), s.id(b.doc))
}

// best returns the first n results in order, in the memory of cs.
func (s *search) best(ctx context.Context, cs []candidate, n int) ([]candidate, error) {
	cs = slices.DeleteFunc(cs, func(c candidate) bool { return c.failed != 0 })
	order := func(a, b candidate) int { return s.compare(&a, &b) }
	if n == 0 {
		return nil, nil
	}
	if len(cs) > 2*n {
		if err := s.choose(ctx, cs, n); err != nil {
			return nil, err
		}
		cs = cs[:n]
	}
	slices.SortFunc(cs, order)
	return cs[:min(n, len(cs))], nil
}

// choose moves the n best to the front: a heap with the worst of them at its root, against which the others are held.
func (s *search) choose(ctx context.Context, cs []candidate, n int) error {
	heap := cs[:n]
	for i := n/2 - 1; i >= 0; i-- {
		s.sink(heap, i)
	}
	for some := range slices.Chunk(cs[n:], stride) {
		if err := ctx.Err(); err != nil {
			return err
		}
		for i := range some {
			if s.compare(&some[i], &heap[0]) < 0 {
				heap[0] = some[i]
				s.sink(heap, 0)
			}
		}
	}
	return nil
}

func (s *search) sink(heap []candidate, i int) {
	for {
		child := 2*i + 1
		if child >= len(heap) {
			return
		}
		if child+1 < len(heap) && s.compare(&heap[child+1], &heap[child]) > 0 {
			child++
		}
		if s.compare(&heap[child], &heap[i]) <= 0 {
			return
		}
		heap[i], heap[child] = heap[child], heap[i]
		i = child
	}
}

// facets counts the values of the candidates, each field among those that fail no other.
func (s *search) facets(ctx context.Context, cs []candidate) (map[index.Field][]index.Count, error) {
	out := map[index.Field][]index.Count{}
	for _, f := range s.Facets {
		counts, err := s.countValues(ctx, f.Field, cs)
		if err != nil {
			return nil, err
		}
		out[f.Field] = s.mostFrequent(f, counts)
	}
	return out, nil
}

// countValues counts, by part and 1 + index into the part's values, the candidates that fail no other field than f.
func (s *search) countValues(ctx context.Context, f index.Field, cs []candidate) ([][]int, error) {
	own := int8(slices.Index(s.filter.fields, f) + 1)
	counts := make([][]int, len(s.parts))
	for i := range s.parts {
		counts[i] = make([]int, len(s.parts[i].keywords[f].values)+1)
	}
	at := 0
	for some := range slices.Chunk(cs, stride) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i := range some {
			c := &some[i]
			if c.failed != 0 && c.failed != own {
				continue
			}
			if p := &s.parts[at]; c.doc < p.first || c.doc-p.first >= uint32(p.size) {
				at = s.partIndex(c.doc)
			}
			n := counts[at]
			s.parts[at].keywords[f].each(c.doc-s.parts[at].first, func(v uint32) { n[v]++ })
		}
	}
	return counts, nil
}

func (s *search) mostFrequent(f index.Facet, counts [][]int) []index.Count {
	sums := map[string]int{}
	for i := range counts {
		for v, n := range counts[i] {
			if n > 0 {
				sums[s.parts[i].keywords[f.Field].values[v-1]] += n
			}
		}
	}
	var out []index.Count
	for v, n := range sums {
		out = append(out, index.Count{Value: v, Count: n})
	}
	slices.SortFunc(out, func(a, b index.Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return out[:min(max(f.Size, 0), len(out))]
}
