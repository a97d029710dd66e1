package indexer

import (
	"context"
	"net/url"
	"time"

	"terrace/index"
	"terrace/moves"
)

// A Proposing tells how far ProposeMoves has come, and at its end what it came to.
type Proposing struct {
	Done, Total int // old pages
	Known       int // of these, those whose new home is known
	Proposed    int // single pages
	Sure        int // of the proposed
	Ambiguous   int // pages that several may be
	Homeless    int // pages that nothing is like
	Prefixes    int // proposed
	Accepted    int
}

// ProposeMoves looks for the new homes of old pages, those of the list and those that the index holds of closed sites, and proposes them in place of its earlier proposals. With
// accept, what is sure is in force at once. told is called now and then, and at the end. ErrBusy while it runs already.
//
// It holds what it knows of the pages of now in memory, about 300 bytes each.
func (x *Indexer) ProposeMoves(ctx context.Context, accept bool, by string, told func(Proposing) error) (Proposing, error) {
	by, err := signedBy(by)
	if err != nil {
		return Proposing{}, err
	}
	if !x.proposing.TryLock() {
		return Proposing{}, ErrBusy
	}
	defer x.proposing.Unlock()
	j := &proposal{x: x, accept: accept, by: by, told: told, began: time.Now(), matcher: moves.NewMatcher(), rewritings: moves.NewRewritings()}
	if err := j.run(ctx); err != nil {
		return j.Proposing, err
	}
	return j.Proposing, told(j.Proposing)
}

// A proposal is one run of ProposeMoves.
type proposal struct {
	Proposing
	x          *Indexer
	accept     bool
	by         string
	told       func(Proposing) error
	began      time.Time
	matcher    *moves.Matcher
	rewritings *moves.Rewritings
	kept       []moves.Page // that the index holds of closed sites
	found      []moves.Move // that are not stored yet
	accepted   []moves.Old
}

func (j *proposal) run(ctx context.Context) error {
	if err := j.survey(ctx); err != nil {
		return err
	}
	if err := j.x.eachOldPage(ctx, j.kept, func(_ string, p moves.Page) error { j.Total++; j.matcher.Count(p); return nil }); err != nil {
		return err
	}
	if err := j.x.eachOldPage(ctx, j.kept, func(key string, p moves.Page) error { return j.one(ctx, key, p) }); err != nil {
		return err
	}
	for _, m := range j.rewritings.Found() {
		m.At = time.Now()
		j.Prefixes++
		j.found = append(j.found, m)
	}
	if err := j.store(ctx); err != nil {
		return err
	}
	if err := j.x.moves.Forget(ctx, j.began); err != nil {
		return err
	}
	return j.x.followMoves(ctx, j.accepted)
}

// survey reads the index: pages of now, and those of closed sites. A text that both publish is a pair already.
func (j *proposal) survey(ctx context.Context) error {
	return j.x.eachDocument(ctx, func(d *index.Document) error {
		now, closed := j.x.placeOf(d)
		if now.URL != "" {
			j.matcher.Add(pageAt(d, now))
		}
		for _, c := range closed {
			if now.URL == "" {
				j.kept = append(j.kept, pageAt(d, c))
				continue
			}
			if old, err := moves.ParseOld(c.URL); err == nil {
				j.Total++
				j.Done++
				if err := j.propose(ctx, old, moves.Move{New: now.URL, State: moves.Proposal, Sure: true, Evidence: "正文相同"}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// one looks for the new home of a page.
func (j *proposal) one(ctx context.Context, key string, p moves.Page) error {
	if j.Done++; j.Done%1000 == 0 {
		if err := j.told(j.Proposing); err != nil {
			return err
		}
	}
	old, err := moves.ParseOld(p.URL)
	if err != nil || old.Prefix {
		return nil
	}
	u, err := url.Parse(old.Text)
	if err != nil {
		return nil
	}
	h, err := j.x.home(ctx, u)
	if err != nil {
		return err
	}
	if h.live || h.old && h.listed {
		j.Known++
		if h.old {
			j.rewritings.Add(key, h.url)
		}
		return nil
	}
	return j.propose(ctx, old, j.matcher.Match(p))
}

// propose takes down what was found for an old page.
func (j *proposal) propose(ctx context.Context, old moves.Old, m moves.Move) error {
	switch m.State {
	case moves.Proposal:
		j.Proposed++
		j.rewritings.Add(old.Key, m.New)
		if m.Sure {
			j.Sure++
		}
	case moves.Ambiguous:
		j.Ambiguous++
	default:
		j.Homeless++
		return nil
	}
	m.Old, m.Origin, m.At = old, moves.Proposed, time.Now()
	j.found = append(j.found, m)
	if len(j.found) < moves.MaxBatch {
		return nil
	}
	return j.store(ctx)
}

// store writes down what was found and puts in force what is sure, where that is wanted.
func (j *proposal) store(ctx context.Context) error {
	if err := j.x.moves.Propose(ctx, j.found); err != nil {
		return err
	}
	var sure []moves.Old
	for _, m := range j.found {
		if m.Sure && j.accept {
			sure = append(sure, m.Old)
		}
	}
	j.found = nil
	if len(sure) == 0 {
		return nil
	}
	done, err := j.x.moves.Decide(ctx, moves.Accept, sure, j.by, time.Now())
	j.Accepted += len(done)
	j.accepted = append(j.accepted, done...)
	return err
}
