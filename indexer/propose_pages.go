package indexer

import (
	"context"

	"terrace/index"
	"terrace/moves"
)

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
				if err := j.pair(ctx, old, moves.Move{New: now.URL, State: moves.Proposal, Sure: true, Evidence: "正文相同"}); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// eachPage gives the old pages that are no attachments or lists and that survey has not found a home for.
func (j *proposal) eachPage(ctx context.Context, do func(key string, p moves.Page) error) error {
	return j.x.eachOldPage(ctx, j.kept, func(key string, p moves.Page) error {
		if _, ok, err := j.earlier(ctx, key); ok || err != nil {
			return err
		}
		return do(key, p)
	})
}

// pages looks for the new homes of pages.
func (j *proposal) pages(ctx context.Context) error {
	return j.eachPage(ctx, func(key string, p moves.Page) error { return j.page(ctx, key, p) })
}

func (j *proposal) page(ctx context.Context, key string, p moves.Page) error {
	if err := j.looked(); err != nil {
		return err
	}
	old, err := moves.ParseOld(p.URL)
	if err != nil || old.Prefix {
		return nil
	}
	h, err := j.x.homeOf(ctx, old.Text)
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
	return j.pair(ctx, old, j.matcher.Match(p))
}

// pair takes down what was found for a page, as an example of what becomes of its folder too.
func (j *proposal) pair(ctx context.Context, old moves.Old, m moves.Move) error {
	if m.State == moves.Proposal {
		j.rewritings.Add(old.Key, m.New)
	}
	return j.propose(ctx, old, m)
}
