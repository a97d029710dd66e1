package indexer

import (
	"context"
	"errors"
	"maps"
	"slices"

	"terrace/indexer/archive"
	"terrace/moves"
)

// lists looks for the new lists of old ones among those that hold the homes of their entries. Homes that are known or sure count.
func (j *proposal) lists(ctx context.Context) error {
	return j.x.eachOldList(ctx, func(old moves.Old, p archive.Page) error {
		if err := j.looked(); err != nil {
			return err
		}
		h, err := j.x.homeOf(ctx, old.Text)
		if err != nil {
			return err
		}
		if h.live || h.old && h.listed {
			j.Known++
			return nil
		}
		m, err := j.list(ctx, p)
		if err != nil {
			return err
		}
		if m.State == "" {
			j.unlike = append(j.unlike, unlike{old, p})
			return nil
		}
		return j.propose(ctx, old, m)
	})
}

func (j *proposal) list(ctx context.Context, p archive.Page) (m moves.Move, err error) {
	entries, homes := 0, 0
	held := map[string]int{} // by lists of now: how many homes they hold
	for after := int64(0); ; {
		urls, next, err := j.x.archive.EntryURLs(ctx, p.ID, after, moves.MaxBatch)
		if err != nil {
			return m, err
		}
		for _, u := range urls {
			now, err := j.entryHome(ctx, u)
			if err != nil {
				return m, err
			}
			entries++
			if now == "" {
				continue
			}
			homes++
			holding, err := j.x.archive.ListsHolding(ctx, now)
			if err != nil {
				return m, err
			}
			for _, id := range holding {
				held[id]++
			}
		}
		if after = next; next == 0 {
			break
		}
	}
	columns, err := j.columns(ctx, held, homes)
	return moves.MatchList(p.Anchor, entries, homes, columns), err
}

// entryHome is where an entry of an old list is now; empty where that is neither known nor sure.
func (j *proposal) entryHome(ctx context.Context, entry string) (string, error) {
	h, err := j.x.homeOf(ctx, entry)
	if err != nil || h.live || h.old && h.listed {
		return h.url, err
	}
	old, err := moves.ParseOld(entry)
	if err != nil {
		return "", nil
	}
	m, ok, err := j.earlier(ctx, old.Key)
	if !ok || !m.Sure || m.State != moves.Proposal {
		return "", err
	}
	return m.New, err
}

// columns are those lists of now, by how many of some homes they hold, that hold most.
func (j *proposal) columns(ctx context.Context, held map[string]int, homes int) (out []moves.Column, err error) {
	for _, id := range slices.Sorted(maps.Keys(held)) {
		if 2*held[id] <= homes {
			continue
		}
		p, err := j.x.archive.Page(ctx, id)
		if errors.Is(err, archive.ErrUnknown) || err == nil && !j.x.served(p) {
			continue
		}
		if err != nil {
			return nil, err
		}
		size, err := j.x.archive.CountEntries(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, moves.Column{URL: p.URL, Name: p.Anchor, Held: held[id], Size: size})
	}
	return out, nil
}
