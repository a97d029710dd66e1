package bluge

import (
	"cmp"
	"context"
	"math"
	"slices"
	"unsafe"

	"terrace/index"
)

// A candidate is a document of Match that meets the filter, or all of it but one field that is counted.
type candidate struct {
	doc    uint32
	score  float32
	date   int32
	level  int32
	exact  bool // has one of Query.Keys
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
	keyed    []uint32 // documents with one of Keys, ascending
	analyzer index.Analyzer
	inexact  bool
}

// scored is a document with its score.
type scored struct {
	doc   uint32
	score float32
}

// matched returns Match less what fails the conditions, in order of document numbers but for those of All and Keys, which follow. above are
// the documents that score at least floor, and perhaps others. What was returned before is overwritten.
func (s *search) matched(ctx context.Context, above []scored, floor float32) ([]candidate, error) {
	out := s.scratch.candidates[:0]
	for some := range slices.Chunk(above, stride) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, x := range some {
			if x.score >= floor {
				out = s.add(out, x.doc, x.score)
			}
		}
	}
	others := s.all
	if !s.OnlyAll && len(s.keyed) > 0 {
		others = slices.Compact(slices.Sorted(slices.Values(slices.Concat(s.all, s.keyed))))
	}
	out = slices.Grow(out, len(others))
	for some := range slices.Chunk(others, stride) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for _, d := range some {
			if x := s.scratch.scores[d]; s.OnlyAll || isNone(x) || x < floor {
				out = s.add(out, d, x)
			}
		}
	}
	s.scratch.candidates = out
	return s.verified(ctx, out)
}

// stride is how many documents are looked at between two looks at the context: some two milliseconds.
const stride = 1 << 15

// add appends a document of Match that meets the conditions, as far as that is known without its text.
func (s *search) add(out []candidate, doc uint32, score float32) []candidate {
	p, d := s.part(doc)
	failed, ok := s.filter.pass(p, d)
	if !ok {
		return out
	}
	verify, ok := s.phrases.pass(doc)
	if !ok {
		return out
	}
	_, exact := slices.BinarySearch(s.keyed, doc)
	if isNone(score) {
		score = 0
	}
	c := candidate{doc: doc, score: score, exact: exact, verify: verify, failed: failed}
	if exact || s.Sort == index.ByDate {
		c.date, c.level = p.date[d], p.level[d]
	}
	return append(out, c)
}

// above returns the tenth highest score of all candidates, 0 where there are fewer than ten, and in the scratch the documents that score at
// least share of it, perhaps with others.
func (s *search) above(ctx context.Context, share float32) (tenth float32, out []scored, err error) {
	share = max(0, min(share, 1))
	var top lowest
	least := float32(0)
	out = s.scratch.scored[:0]
	for i := range s.parts {
		p := &s.parts[i]
		at := 0
		for some := range slices.Chunk(s.scratch.scores[p.first:][:p.size], stride) {
			if err := ctx.Err(); err != nil {
				return 0, nil, err
			}
			for len(some) > 0 {
				low := below(some, least)
				at += low
				some = some[low:]
				n := min(block, len(some))
				for i, x := range some[:n] {
					d := uint32(at + i)
					if x < least || isNone(x) || p.isDeleted(d) {
						continue
					}
					out = append(out, scored{p.first + d, x})
					if top.add(x) {
						least = share * top.tenth()
					}
				}
				some, at = some[n:], at+n
			}
		}
	}
	s.scratch.scored = out
	return top.tenth(), out, nil
}

// block is how many scores are looked at together, for most are too low.
const block = 16

// below is how many scores at the beginning, whole blocks of them and one before these where they do not begin at a word, are below least, which is not negative. Two are looked at in one word, for numbers that are not negative order
// as their bits do: with the sign bit set and least subtracted, that bit stays where one reaches it, and nothing is borrowed from the other. The sign bit of none is set already.
func below(scores []float32, least float32) int {
	const signs = 1<<63 | 1<<31
	l := uint64(math.Float32bits(least))
	l |= l << 32
	n := 0
	if len(scores) > 0 && uintptr(unsafe.Pointer(&scores[0]))%8 != 0 {
		if scores[0] >= least {
			return 0
		}
		n = 1
	}
	if len(scores)-n < block {
		return n
	}
	pairs := unsafe.Slice((*uint64)(unsafe.Pointer(&scores[n])), (len(scores)-n)/2)
	for ; len(pairs) >= block/2; pairs = pairs[block/2:] {
		x := (*[block / 2]uint64)(pairs)
		if (((x[0]|signs)-l)|((x[1]|signs)-l)|((x[2]|signs)-l)|((x[3]|signs)-l)|((x[4]|signs)-l)|((x[5]|signs)-l)|((x[6]|signs)-l)|((x[7]|signs)-l))&signs != 0 {
			return n
		}
		n += block
	}
	return n
}

// tenthInside is the tenth highest score of the candidates that meet the conditions, beside all that meet them as far as that is known without their text, or all but
// one field that is counted. They are verified best first, and only as many as it takes.
func (s *search) tenthInside(ctx context.Context) (tenth float32, all []scored, err error) {
	all, inside := s.scratch.scored[:0], s.scratch.candidates[:0]
	for i := range s.parts {
		p := &s.parts[i]
		for d, x := range s.scratch.scores[p.first:][:p.size] {
			if d%stride == 0 && ctx.Err() != nil {
				return 0, nil, ctx.Err()
			}
			if isNone(x) || p.isDeleted(uint32(d)) {
				continue
			}
			before := len(inside)
			if inside = s.add(inside, p.first+uint32(d), x); len(inside) > before {
				all = append(all, scored{p.first + uint32(d), x})
			}
		}
	}
	s.scratch.scored, s.scratch.candidates = all, inside
	inside = slices.DeleteFunc(inside, func(c candidate) bool { return c.failed != 0 })
	if !slices.ContainsFunc(inside, func(c candidate) bool { return c.verify }) {
		var top lowest
		for i := range inside {
			top.add(inside[i].score)
		}
		return top.tenth(), all, nil
	}
	tenth, err = s.tenthVerified(ctx, inside)
	return tenth, all, err
}

// tenthVerified is the tenth highest score of those that hold what is to be verified in their text.
func (s *search) tenthVerified(ctx context.Context, inside []candidate) (tenth float32, err error) {
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
}

// add keeps x where it is high enough, and reports whether it is.
func (l *lowest) add(x float32) bool {
	full := len(l.kept) == window
	if full && x <= l.kept[window-1] {
		return false
	}
	if full {
		l.kept = l.kept[:window-1]
	}
	at, _ := slices.BinarySearchFunc(l.kept, x, func(have, x float32) int { return cmp.Compare(x, have) })
	l.kept = slices.Insert(l.kept, at, x)
	return true
}

// tenth is 0 where there are fewer than ten.
func (l *lowest) tenth() float32 {
	if len(l.kept) < window {
		return 0
	}
	return l.kept[window-1]
}
