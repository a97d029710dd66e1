package judge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// Depth is how many hits of a query are looked at.
const Depth = 100

// A Source answers what has to be asked. Its errors are for editors to read, but for ErrUnknown.
type Source struct {
	// Search gives the first Depth hits by relevance, of titles alone where inTitles is set.
	Search func(ctx context.Context, text string, inTitles bool) ([]Hit, error)
	// Explain gives the first hits of Search in all of the text, a number of them, with Score and Parts. Where it is nil or fails, causes name no parts.
	Explain func(ctx context.Context, text string, hits int) ([]Hit, error)
	// Inspect gives what terrace inspect prints of a page, by canonical URL or id. Where it fails Judge goes on, and tells so as a cause.
	Inspect func(ctx context.Context, page string) (string, error)
}

// Judge asks each query and finds where the wanted documents stand, and why the best of them is not first.
func Judge(ctx context.Context, queries []Query, k Keys, s Source) ([]Outcome, error) {
	var out []Outcome
	for _, q := range queries {
		hits, err := s.Search(ctx, q.Text, false)
		if err != nil {
			return nil, fmt.Errorf("第 %d 行的“%s”没有搜成：%w", q.Line, q.Text, err)
		}
		a := asked{Source: s, keys: k, found: k.found(hits)}
		o := Outcome{Query: q}
		for _, w := range q.Wanted {
			rank, err := a.rank(ctx, w)
			if err != nil {
				return nil, err
			}
			o.Ranks = append(o.Ranks, rank)
		}
		if o.Cause, err = a.cause(ctx, &o); err != nil {
			return nil, fmt.Errorf("第 %d 行的“%s”查不出原因：%w", q.Line, q.Text, err)
		}
		out = append(out, o)
	}
	return out, nil
}

// asked is a query that was asked.
type asked struct {
	Source
	keys  Keys
	found found
}

// rank finds a wanted document: as it is written, or, where that is a former URL or id, redirects or is one of several copies, by the document
// it leads to.
func (a *asked) rank(ctx context.Context, w Wanted) (int, error) {
	if rank := a.found.rank(w.key); rank > 0 || w.key.path != "" {
		return rank, nil
	}
	chain, err := a.inspect(ctx, cmp.Or(w.key.url, w.key.id))
	if err != nil {
		return 0, ctx.Err() // why it is not known is told as a cause
	}
	for _, p := range chain {
		if i := slices.IndexFunc(a.found.hits, func(h Hit) bool { return h.ID == p.id }); i >= 0 {
			return i + 1, nil
		}
	}
	return 0, nil
}

// cause says why the best wanted document is not first; nil where it is.
func (a *asked) cause(ctx context.Context, o *Outcome) (*Cause, error) {
	best, rank := o.Best()
	if rank == 1 {
		return nil, nil
	}
	if rank > 1 {
		return a.outranked(ctx, rank, o), nil
	}
	if best.key.path != "" {
		return &Cause{Unclear, fmt.Sprintf("不在前 %d 条里；只写了路径，查不了它的抓取情况：写完整的网址可以查", Depth)}, nil
	}
	chain, err := a.inspect(ctx, cmp.Or(best.key.url, best.key.id))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err == nil:
		return a.missingPage(ctx, best, chain[len(chain)-1], o)
	case best.key.url == "":
		return a.missingTitle(ctx, best, o)
	case errors.Is(err, ErrUnknown):
		return &Cause{Unknown, "没有抓取（不在台账中）"}, nil
	}
	return &Cause{Unclear, "查不了台账：" + err.Error()}, nil
}
