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
	live, _, err := j.x.liveInfo(ctx)
	if err != nil {
		return err
	}
	j.generation = live.Name
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
		urls, next, err := j.x.archive.EntryURLs(ctx, j.generation, p.ID, after, moves.MaxBatch)
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
			holding, err := j.holding(ctx, now)
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

// mostPlaces is how many places of a text are looked for in lists.
const mostPlaces = 20

// holding are the ids of the lists that hold a page, or another page that publishes its text, each once.
func (j *proposal) holding(ctx context.Context, u string) (ids []string, err error) {
	places := []string{u}
	p, err := j.x.archive.Page(ctx, u)
	if err == nil {
		err = j.x.places(ctx, p.ID, func(_, at string) { places = append(places, at) })
	}
	if err != nil && !errors.Is(err, archive.ErrUnknown) {
		return nil, err
	}
	for _, at := range places[:min(len(places), mostPlaces)] {
		some, err := j.x.archive.ListsHolding(ctx, j.generation, at)
		if err != nil {
			return nil, err
		}
		ids = append(ids, some...)
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
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
		size, err := j.x.archive.CountEntries(ctx, j.generation, id)
		if err != nil {
			return nil, err
		}
		out = append(out, moves.Column{URL: p.URL, Name: p.Anchor, Hash: p.Content, Held: held[id], Size: size})
	}
	return out, nil
}
