package indexer

import (
	"context"
	"errors"
	"fmt"
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
		if home, err := j.atHome(ctx, old); home || err != nil {
			return err
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

// entriesLookedAt is how many entries of a list are looked at, evenly: more tell nothing new.
const entriesLookedAt = 500

func (j *proposal) list(ctx context.Context, p archive.Page) (m moves.Move, err error) {
	all, err := j.x.archive.CountEntries(ctx, j.generation, p.ID)
	if err != nil {
		return m, err
	}
	step := max(1, (all+entriesLookedAt-1)/entriesLookedAt)
	n, entries, homes := 0, 0, 0
	held := map[string]int{} // by lists of now: how many homes they hold
	err = j.eachEntry(ctx, p.ID, func(u string) error {
		if n++; n%step != 0 {
			return nil
		}
		entries++
		now, err := j.entryHome(ctx, u)
		if err != nil || now == "" {
			return err
		}
		homes++
		holding, err := j.holding(ctx, now)
		for _, id := range holding {
			held[id]++
		}
		return err
	})
	if err != nil {
		return m, err
	}
	columns, err := j.columns(ctx, held, homes)
	for i := range columns {
		columns[i].Size /= step
	}
	m = moves.MatchList(p.Anchor, entries, homes, columns)
	if step > 1 && m.State == moves.Proposal {
		m.Evidence = fmt.Sprintf("每 %d 条看一条，", step) + m.Evidence
	}
	return m, err
}

// eachEntry gives the URLs of a list's entries.
func (j *proposal) eachEntry(ctx context.Context, list string, do func(u string) error) error {
	for after := int64(0); ; {
		urls, next, err := j.x.archive.EntryURLs(ctx, j.generation, list, after, moves.MaxBatch)
		if err != nil {
			return err
		}
		for _, u := range urls {
			if err := do(u); err != nil {
				return err
			}
		}
		if after = next; next == 0 {
			return nil
		}
	}
}

// mostPlaces is how many places of a text are looked for in lists.
const mostPlaces = 20

// holding are the ids of the lists that hold a page, or another page that publishes its text, each once.
func (j *proposal) holding(ctx context.Context, u string) (ids []string, err error) {
	places, err := j.placesOf(ctx, u)
	if err != nil {
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

// placesOf are the URLs of the pages that publish the text of one, it first.
func (j *proposal) placesOf(ctx context.Context, u string) ([]string, error) {
	urls := []string{u}
	p, err := j.x.archive.Page(ctx, u)
	if err != nil {
		return urls, unlessUnknown(err)
	}
	all, err := j.x.relations.Relations(ctx, j.generation, []string{p.ID})
	if err != nil {
		return nil, err
	}
	r := all[p.ID]
	if original := r.Original; original != "" {
		if p, err = j.x.archive.Page(ctx, original); err != nil {
			return urls, unlessUnknown(err)
		}
		urls = append(urls, p.URL)
		if all, err = j.x.relations.Relations(ctx, j.generation, []string{original}); err != nil {
			return nil, err
		}
		r = all[original]
	}
	for _, c := range r.Copies {
		urls = append(urls, c.URL)
	}
	return urls, nil
}

// unlessUnknown is an error but that of a page that the archive does not know.
func unlessUnknown(err error) error {
	if errors.Is(err, archive.ErrUnknown) {
		return nil
	}
	return err
}

// entryHome is where an entry of an old list is now; empty where that is neither known nor sure.
func (j *proposal) entryHome(ctx context.Context, entry string) (string, error) {
	if entry == "" { // of an import
		return "", nil
	}
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
