package bluge

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"terrace/index"
)

// phrases are Require and Exclude, looked up in a view.
type phrases struct {
	require, exclude []phrase
}

// A phrase is the documents that hold its terms, and what is to be verified there.
type phrase struct {
	index.Phrase
	docs bitset
}

func newPhrases(ctx context.Context, v *view, q *index.Query) (out *phrases, err error) {
	out = &phrases{}
	if out.require, err = v.phrases(ctx, q.Require); err != nil {
		return nil, err
	}
	out.exclude, err = v.phrases(ctx, q.Exclude)
	return out, err
}

func (v *view) phrases(ctx context.Context, in []index.Phrase) (out []phrase, err error) {
	for _, p := range in {
		docs, err := v.conjunction(ctx, []index.Phrase{p})
		if err != nil {
			return nil, err
		}
		set := newBitset(v.size)
		set.add(0, docs)
		out = append(out, phrase{p, set})
	}
	return out, nil
}

// pass reports whether a document may meet the phrases, and whether its text must be looked at to know.
func (p *phrases) pass(doc uint32) (verify, ok bool) {
	for i := range p.require {
		if !p.require[i].docs.has(doc) {
			return false, false
		}
		verify = verify || p.require[i].Text != ""
	}
	for i := range p.exclude {
		if !p.exclude[i].docs.has(doc) {
			continue
		}
		if p.exclude[i].Text == "" {
			return false, false
		}
		verify = true
	}
	return verify, true
}

// conjunction returns the live documents that hold every term of every phrase, ascending. There are none for no phrase.
func (v *view) conjunction(ctx context.Context, ps []index.Phrase) (out []uint32, err error) {
	var kept []uint32
	for i := range v.parts {
		p := &v.parts[i]
		lists, err := v.listsOf(ctx, p, ps)
		if err != nil {
			return nil, err
		}
		if len(lists) == 0 {
			continue
		}
		slices.SortFunc(lists, func(a, b []uint32) int { return cmp.Compare(len(a), len(b)) })
		kept = p.keep(append(kept[:0], lists[0]...))
		for _, l := range lists[1:] {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			kept = intersect(kept, l)
		}
		for _, d := range kept {
			out = append(out, p.first+d)
		}
	}
	return out, nil
}

// everything returns the live documents, ascending.
func (v *view) everything() []uint32 {
	out := make([]uint32, 0, v.docs)
	for i := range v.parts {
		p := &v.parts[i]
		for d := range uint32(p.size) {
			if !p.isDeleted(d) {
				out = append(out, p.first+d)
			}
		}
	}
	return out
}

// listsOf gives the documents of each term of phrases. It returns nothing where one of them is not there.
func (v *view) listsOf(ctx context.Context, p *part, ps []index.Phrase) (out [][]uint32, err error) {
	for _, phrase := range ps {
		for _, t := range phrase.Terms {
			l, err := v.list(ctx, p, phrase.Field, t, false)
			if err != nil || len(l.docs) == 0 {
				return nil, err
			}
			out = append(out, l.docs)
		}
	}
	return out, nil
}

// intersect keeps in a, which is the shorter, what is in b. Both ascend.
func intersect(a, b []uint32) []uint32 {
	out := a[:0]
	for _, d := range a {
		at, found := gallop(b, d)
		if b = b[at:]; found {
			out = append(out, d)
		}
	}
	return out
}

// gallop finds the place of d in b, which ascends, in steps that double.
func gallop(b []uint32, d uint32) (at int, found bool) {
	step := 1
	for step < len(b) && b[step] < d {
		step *= 2
	}
	from, to := step/2, min(step+1, len(b))
	at, found = slices.BinarySearch(b[from:to], d)
	return from + at, found
}

// verified drops the candidates that do not meet a phrase in their text. The best are looked at first, results before documents that are
// only counted; a candidate behind index.MaxVerified stays as it is.
func (s *search) verified(ctx context.Context, cs []candidate) ([]candidate, error) {
	if !slices.ContainsFunc(cs, func(c candidate) bool { return c.verify }) {
		return cs, nil
	}
	slices.SortFunc(cs, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(min(a.failed, 1), min(b.failed, 1)), s.compare(&a, &b))
	})
	looked := 0
	out := cs[:0]
	for _, c := range cs {
		switch {
		case c.verify && looked == index.MaxVerified:
			s.inexact = s.inexact || c.failed == 0
		case c.verify:
			looked++
			holds, err := s.holds(ctx, c.doc)
			if err != nil {
				return nil, err
			}
			if !holds {
				continue
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// holds reports whether a document that holds the terms meets Require and Exclude in its text.
func (s *search) holds(ctx context.Context, doc uint32) (ok bool, err error) {
	if err := ctx.Err(); err != nil {
		return false, err
	}
	err = s.stored(doc, func(b []byte) error {
		d, err := decodeDocument(b)
		if err != nil {
			return err
		}
		ok, err = s.textHolds(ctx, doc, &d)
		return err
	})
	return ok, err
}

func (s *search) textHolds(ctx context.Context, doc uint32, d *index.Document) (bool, error) {
	texts := map[index.Field][]string{}
	holds := func(p phrase) (bool, error) {
		if p.Text == "" {
			return true, nil
		}
		if texts[p.Field] == nil {
			var err error
			if texts[p.Field], err = s.paragraphs(ctx, d.PhraseText(p.Field)); err != nil {
				return false, err
			}
		}
		return slices.ContainsFunc(texts[p.Field], p.Holds), nil
	}
	for _, p := range s.phrases.require {
		if ok, err := holds(p); !ok || err != nil {
			return false, err
		}
	}
	for _, p := range s.phrases.exclude {
		if !p.docs.has(doc) {
			continue
		}
		if ok, err := holds(p); ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// paragraphs are the normalised lines of a text, looking at the context between them. No phrase holds a line break.
func (s *search) paragraphs(ctx context.Context, text string) (out []string, err error) {
	for line := range strings.SplitSeq(text, "\n") {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out = append(out, s.analyzer.Normalize(line))
	}
	return out, nil
}
