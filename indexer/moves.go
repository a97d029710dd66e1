package indexer

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"
	"unicode/utf8"

	"terrace/indexer/archive"
	"terrace/moves"
)

// ErrMoves says what is wrong with an order about moves.
var ErrMoves = errors.New("关于新旧网址的命令有误")

// A MoveReport is what became of rows that were put.
type MoveReport struct {
	Moves, Pages int // taken
	Bad          []moves.BadRow
}

// PutMoves takes in rows: moves, in force at once, and old pages. ErrMoves where there are more than moves.MaxBatch.
func (x *Indexer) PutMoves(ctx context.Context, rows []moves.Row, o moves.Origin, by string) (MoveReport, error) {
	if len(rows) > moves.MaxBatch {
		return MoveReport{}, fmt.Errorf("%w：一次最多 %d 行", ErrMoves, moves.MaxBatch)
	}
	by, err := signedBy(by)
	if err != nil {
		return MoveReport{}, err
	}
	t := moves.Take(rows, o, by, time.Now())
	if err := x.moves.Put(ctx, t.Moves, t.Pages, t.Keys); err != nil {
		return MoveReport{}, err
	}
	var olds []moves.Old
	for _, m := range t.Moves {
		olds = append(olds, m.Old)
	}
	return MoveReport{len(t.Moves), len(t.Pages), t.Bad}, x.followMoves(ctx, olds)
}

func signedBy(by string) (string, error) {
	by, err := signed(by)
	if err != nil {
		return "", fmt.Errorf("%w：经手人应是至多 %d 个字的 UTF-8 文字", ErrMoves, maxBy)
	}
	return by, nil
}

// DecideMoves carries out a decision on moves, which are named by their old URLs, and tells those that it cannot be carried out on.
func (x *Indexer) DecideMoves(ctx context.Context, d moves.Decision, named []string, by string) (done int, unknown []string, err error) {
	switch {
	case d != moves.Accept && d != moves.Reject && d != moves.Remove:
		return 0, nil, fmt.Errorf("%w：决定“%s”应为 accept、reject 或 remove", ErrMoves, d)
	case len(named) > moves.MaxBatch:
		return 0, nil, fmt.Errorf("%w：一次最多 %d 个网址", ErrMoves, moves.MaxBatch)
	}
	if by, err = signedBy(by); err != nil {
		return 0, nil, err
	}
	var olds []moves.Old
	for _, text := range named {
		o, err := moves.ParseOld(text)
		if err != nil {
			return 0, nil, err
		}
		olds = append(olds, o)
	}
	carried, err := x.moves.Decide(ctx, d, olds, by, time.Now())
	if err != nil {
		return 0, nil, err
	}
	did := map[string]bool{}
	for _, o := range carried {
		did[o.Key] = true
	}
	for i, o := range olds {
		if !did[o.Key] {
			unknown = append(unknown, named[i])
		}
	}
	if d == moves.Reject {
		return len(carried), unknown, nil
	}
	return len(carried), unknown, x.followMoves(ctx, carried)
}

// Moves lists moves of a state, or of all where it is empty, with how many there are of each; token is where the last answer ended.
func (x *Indexer) Moves(ctx context.Context, s moves.State, token string, n int) (list []moves.Move, next string, counts map[moves.State]int, err error) {
	switch s {
	case "", moves.InForce, moves.Proposal, moves.Ambiguous, moves.Rejected:
	default:
		return nil, "", nil, fmt.Errorf("%w：状态“%s”应为 in_force、proposed、ambiguous 或 rejected", ErrMoves, s)
	}
	if !utf8.ValidString(token) {
		return nil, "", nil, fmt.Errorf("%w：page_token 不是上一次回答的 next_page_token", ErrMoves)
	}
	if list, err = x.moves.Entries(ctx, s, token, n); err != nil {
		return nil, "", nil, err
	}
	if len(list) == n {
		next = list[n-1].Old.Key
	}
	counts, err = x.moves.Counts(ctx)
	return list, next, counts, err
}

// EachMove gives every move that is in force, every one that the archive has learned and those of the later pages of lists: pages first, then the prefixes, the longest of them first.
func (x *Indexer) EachMove(ctx context.Context, do func(moves.Move) error) error {
	for after := ""; ; {
		some, err := x.moves.Entries(ctx, moves.InForce, after, moves.MaxBatch)
		if err != nil {
			return err
		}
		for _, m := range some {
			after = m.Old.Key
			if m.Old.Prefix || x.hidden("", m.New) {
				continue
			}
			if err := do(m); err != nil {
				return err
			}
		}
		if len(some) < moves.MaxBatch {
			break
		}
	}
	if err := x.eachLearned(ctx, do); err != nil {
		return err
	}
	if err := x.eachImplied(ctx, do); err != nil {
		return err
	}
	for _, m := range x.moves.Prefixes() {
		if err := do(m); err != nil {
			return err
		}
	}
	return nil
}

// eachLearned gives the moves that the archive has learned and the list does not overrule.
func (x *Indexer) eachLearned(ctx context.Context, do func(moves.Move) error) error {
	for after := ""; ; {
		some, err := x.archive.Formers(ctx, after, moves.MaxBatch)
		if err != nil {
			return err
		}
		for _, f := range some {
			after = f.URL
			old, err := moves.ParseOld(f.URL)
			now, wrong := url.Parse(f.Now)
			if err != nil || wrong != nil || old.Prefix || moves.Key(now) == old.Key || x.hidden("", f.URL) || x.hidden("", f.Now) {
				continue
			}
			if _, listed, err := x.moves.Exact(ctx, old.Key); listed || err != nil {
				if err != nil {
					return err
				}
				continue
			}
			m := moves.Move{Old: old, New: f.Now, Origin: moves.Learned, State: moves.InForce, Evidence: "旧网址永久跳转到这里"}
			if err := do(m); err != nil {
				return err
			}
		}
		if len(some) < moves.MaxBatch {
			return nil
		}
	}
}

// eachImplied gives the moves of the later pages of closed lists, which go where the first page has gone.
func (x *Indexer) eachImplied(ctx context.Context, do func(moves.Move) error) error {
	return x.eachOld(ctx, x.laterOf, func(old moves.Old, p archive.Page) error {
		u, err := url.Parse(old.Text)
		if err != nil {
			return nil
		}
		_, listed, err := x.moves.Exact(ctx, old.Key)
		if listed || err != nil {
			return err
		}
		if _, led, err := x.leading(ctx, u, p); !led || err != nil {
			return err
		}
		h, err := x.home(ctx, u)
		if err != nil || !h.old || x.hidden(h.page.ID, h.url) {
			return err
		}
		return do(moves.Move{Old: old, New: h.url, Origin: moves.Implied, State: moves.InForce, Evidence: "列表的第一页到了这里"})
	})
}
