package bluge

import (
	"cmp"
	"context"
	"math"
	"slices"

	"terrace/index"
)

// A candidate is a document of Match that meets the filter, or all of it but one field that is counted.
type candidate struct {
	doc    uint32
	score  float32
	date   int32
	level  int32
	exact  bool // has Query.TitleKey
	verify bool // a phrase is to be looked up in its text
	failed int8 // 1 + index into filter.fields of the one that it fails; 0 for a result
}

// A search is one query on one view.
type search struct {
	*index.Query
	*view
	scratch  *scratch
	filter   *filter
	phrases  *phrases
	all      []uint32 // documents that hold every phrase of All, ascending
	titled   []uint32 // documents with TitleKey, ascending
	analyzer index.Analyzer
	inexact  bool
}

// matched returns Match less what fails the conditions, in order of document numbers but for those of All and TitleKey, which follow.
func (s *search) matched(ctx context.Context, floor float32) ([]candidate, error) {
	var out []candidate
	if !s.OnlyAll {
		for i := range s.parts {
			var err error
			if out, err = s.above(ctx, &s.parts[i], floor, out); err != nil {
				return nil, err
			}
		}
	}
	others := s.all
	if !s.OnlyAll && len(s.titled) > 0 {
		others = slices.Compact(slices.Sorted(slices.Values(slices.Concat(s.all, s.titled))))
	}
	out = slices.Grow(out, len(others))
	for some := range slices.Chunk(others, stride) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, d := range some {
			x := s.scratch.scores[d]
			if !s.OnlyAll && !isNone(x) && x >= floor {
				continue
			}
			if c, ok := s.candidate(d, x); ok {
				out = append(out, c)
			}
		}
	}
	return s.verified(ctx, out)
}

// stride is how many documents are looked at between two looks at the context: some two milliseconds.
const stride = 1 << 15

// above appends the documents of a part that score at least floor.
func (s *search) above(ctx context.Context, p *part, floor float32, out []candidate) ([]candidate, error) {
	first := uint32(0)
	for some := range slices.Chunk(s.scratch.scores[p.first:][:p.size], stride) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for i, x := range some {
			d := first + uint32(i)
			if x < floor || isNone(x) || p.isDeleted(d) {
				continue
			}
			if c, ok := s.candidate(p.first+d, x); ok {
				out = append(out, c)
			}
		}
		first += uint32(len(some))
	}
	return out, nil
}

// candidate reports whether a document of Match meets the conditions, as far as that is known without its text.
func (s *search) candidate(doc uint32, score float32) (c candidate, ok bool) {
	p, d := s.part(doc)
	failed, ok := s.filter.pass(p, doc, d)
	if !ok {
		return c, false
	}
	verify, ok := s.phrases.pass(doc)
	if !ok {
		return c, false
	}
	_, exact := slices.BinarySearch(s.titled, doc)
	if isNone(score) {
		score = 0
	}
	return candidate{doc: doc, score: score, date: p.date[d], level: p.level[d], exact: exact, verify: verify, failed: failed}, true
}

// tenthOf is the tenth highest score of all candidates, 0 where there are fewer than ten.
func (s *search) tenthOf(ctx context.Context) (float32, error) {
	top := lowest{low: float32(math.Inf(-1))}
	for i := range s.parts {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		p, low := &s.parts[i], top.low
		for d, x := range s.scratch.scores[p.first:][:p.size] {
			if x > low && !isNone(x) && !p.isDeleted(uint32(d)) {
				low = top.add(x)
			}
		}
	}
	return top.tenth(), nil
}

// tenthInside is the tenth highest score of the candidates that meet the conditions. Candidates are verified best first, and only as
// many as it takes.
func (s *search) tenthInside(ctx context.Context) (float32, error) {
	var inside []candidate
	for i := range s.parts {
		var err error
		if inside, err = s.above(ctx, &s.parts[i], float32(math.Inf(-1)), inside); err != nil {
			return 0, err
		}
	}
	inside = slices.DeleteFunc(inside, func(c candidate) bool { return c.failed != 0 })
	slices.SortFunc(inside, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	found, looked := 0, 0
	for i := range inside {
		if inside[i].verify && looked < index.MaxVerified {
			looked++
			holds, err := s.holds(ctx, inside[i].doc)
			if err != nil {
				return 0, err
			}
			if !holds {
				continue
			}
		}
		if found++; found == window {
			return inside[i].score, nil
		}
	}
	return 0, nil
}

// window is the number of documents that s10 is taken from.
const window = 10

// lowest keeps the ten highest numbers.
type lowest struct {
	kept []float32 // descending
	low  float32   // what a number must exceed to be kept
}

// add keeps x, and returns what the next must exceed.
func (l *lowest) add(x float32) float32 {
	at, _ := slices.BinarySearchFunc(l.kept, x, func(have, x float32) int { return cmp.Compare(x, have) })
	l.kept = slices.Insert(l.kept, at, x)
	if len(l.kept) > window {
		l.kept = l.kept[:window]
	}
	if len(l.kept) == window {
		l.low = l.kept[window-1]
	}
	return l.low
}

func (l *lowest) tenth() float32 {
	if len(l.kept) < window {
		return 0
	}
	return l.kept[window-1]
}
