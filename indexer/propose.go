package indexer

import (
	"context"
	"errors"
	"time"

	"terrace/indexer/archive"
	"terrace/moves"
)

// A Proposing tells how far ProposeMoves has come, and at its end what it came to.
type Proposing struct {
	Done, Total int // old pages, attachments and lists among them
	Files       int // of these, attachments
	Lists       int // of these, lists
	Known       int // of all, those whose new home is known
	Proposed    int // single pages
	Sure        int // of the proposed
	ToPage      int // of the proposed, attachments that lead to the new home of their page
	Ambiguous   int // pages that several may be
	Homeless    int // pages that nothing is like
	Prefixes    int // proposed
	Accepted    int
}

// ErrProposing says that new homes are being looked for already.
var ErrProposing = errors.New("正在为旧网页找新网页：等它做完再来")

// ProposeMoves looks for the new homes of old pages, those of the list and those that the index holds of closed sites, then of the attachments and lists that the archive keeps of these, and proposes
// them in place of its earlier proposals. With accept, what is sure is in force at once. told is called now and then, and at the end. ErrProposing while it runs already.
//
// It holds what it knows of the pages of now in memory, about 300 bytes each; attachments and entries of lists are read one after the other.
func (x *Indexer) ProposeMoves(ctx context.Context, accept bool, by string, told func(Proposing) error) (Proposing, error) {
	by, err := signedBy(by)
	if err != nil {
		return Proposing{}, err
	}
	if !x.proposing.TryLock() {
		return Proposing{}, ErrProposing
	}
	defer x.proposing.Unlock()
	j := &proposal{x: x, accept: accept, by: by, told: told, began: time.Now().Truncate(time.Millisecond), matcher: moves.NewMatcher(), rewritings: moves.NewRewritings()}
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
	began      time.Time // as exact as the list keeps times
	matcher    *moves.Matcher
	rewritings *moves.Rewritings
	generation string       // the live one, which tells short lists
	kept       []moves.Page // that the index holds of closed sites
	unlike     []unlike     // lists that no list of now is like by its entries
	found      []moves.Move // that are not stored yet
	accepted   []moves.Old
}

// run looks for homes and follows what is in force by then, however it ends.
func (j *proposal) run(ctx context.Context) error {
	err := j.look(ctx)
	return errors.Join(err, j.x.followMoves(ctx, j.accepted))
}

// look does one kind of old pages after the other: what was found of one is asked for the next.
func (j *proposal) look(ctx context.Context) error {
	for _, do := range []func(context.Context) error{j.survey, j.store, j.count, j.pages, j.store, j.files, j.store, j.lists, j.namesakes, j.prefixes, j.store} {
		if err := do(ctx); err != nil {
			return err
		}
	}
	return j.x.moves.Forget(ctx, j.began)
}

// count counts what is to be looked at.
func (j *proposal) count(ctx context.Context) error {
	err := j.eachPage(ctx, func(_ string, p moves.Page) error { j.Total++; j.matcher.Count(p); return nil })
	if err != nil {
		return err
	}
	if err := j.eachFile(ctx, func(moves.Old, archive.Page) error { j.Total++; j.Files++; return nil }); err != nil {
		return err
	}
	return j.x.eachOldList(ctx, func(moves.Old, archive.Page) error { j.Total++; j.Lists++; return nil })
}

// atHome notes that a file or list was looked at, and reports whether it has a home already, which is counted.
func (j *proposal) atHome(ctx context.Context, old moves.Old) (bool, error) {
	if err := j.looked(); err != nil {
		return false, err
	}
	h, err := j.x.homeOf(ctx, old.Text)
	home := err == nil && (h.live || h.old && h.listed)
	if home {
		j.Known++
	}
	return home, err
}

// looked notes that one more was looked at.
func (j *proposal) looked() error {
	if j.Done++; j.Done%100 != 0 {
		return nil
	}
	return j.told(j.Proposing)
}

// earlier is what this run has found of an old page and stored; false where that is nothing.
func (j *proposal) earlier(ctx context.Context, key string) (moves.Move, bool, error) {
	m, ok, err := j.x.moves.Entry(ctx, key)
	return m, ok && m.Origin == moves.Proposed && !m.At.Before(j.began), err
}

// propose takes down what was found for an old page.
func (j *proposal) propose(ctx context.Context, old moves.Old, m moves.Move) error {
	switch m.State {
	case moves.Proposal:
		j.Proposed++
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

// prefixes proposes what the pairs of this run, and those known before, have in common.
func (j *proposal) prefixes(context.Context) error {
	for _, m := range j.rewritings.Found() {
		m.At = time.Now()
		j.Prefixes++
		j.found = append(j.found, m)
	}
	return nil
}

// store writes down what was found and puts in force what is sure, where that is wanted.
func (j *proposal) store(ctx context.Context) error {
	if len(j.found) == 0 {
		return nil
	}
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
