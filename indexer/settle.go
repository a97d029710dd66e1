package indexer

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/withdraw"
)

// SettleWithdrawals follows the withdrawals that a crash, or an index that was away, kept the index from following.
func (x *Indexer) SettleWithdrawals(ctx context.Context) error {
	x.settling.Lock()
	defer x.settling.Unlock()
	left, err := x.withdrawn.Unsettled(ctx)
	for _, e := range left {
		if err := x.followEntry(ctx, e, &Receipt{}); err != nil {
			return fmt.Errorf("follow withdrawal %s: %w", e.ID, err)
		}
	}
	return err
}

// settle follows an entry and writes the receipt. That the index is away is no error.
func (x *Indexer) settle(ctx context.Context, e withdraw.Entry, r *Receipt) error {
	err := x.followEntry(ctx, e, r)
	if errors.Is(err, index.ErrUnavailable) {
		x.log.Error("the index is not available, a withdrawal waits", "withdrawal", e.ID, "error", err)
		r.Remains = append(r.Remains, "索引暂时连不上：它里面的等恢复后自动删去，在此之前按名单从每个答案里滤去")
		err = nil
	}
	if err != nil {
		return fmt.Errorf("follow withdrawal %s: %w", e.ID, err)
	}
	return x.remains(ctx, e, r)
}

// followEntry makes the index, and where it purges the archive, follow one entry or its end. Doing it twice changes nothing. The caller holds settling.
func (x *Indexer) followEntry(ctx context.Context, e withdraw.Entry, r *Receipt) error {
	ids, err := x.pagesOf(ctx, e)
	if err != nil {
		return err
	}
	all, err := x.withOffering(ctx, ids)
	if err != nil {
		return err
	}
	if err := x.archive.ResequencePages(ctx, all...); err != nil { // generations being built, or kept, meet them again
		return err
	}
	if err := x.applyEverywhere(ctx, e, all); err != nil {
		return err
	}
	x.Wake()
	if r.Pages, err = x.titles(ctx, ids); err != nil {
		return err
	}
	if e.InForce() {
		err = x.bury(ctx, e, ids, r)
	} else if e.Purge {
		for _, id := range ids {
			if _, err := x.archive.Recrawl(ctx, archive.Scope{URL: id}, e.UndoneAt); err != nil && !errors.Is(err, archive.ErrUnknown) {
				return err
			}
		}
	}
	if err != nil {
		return err
	}
	r.Settled = true
	r.Pages = r.Pages[:min(len(r.Pages), receiptPages)]
	return x.withdrawn.Settle(ctx, e)
}

// pagesOf are the ids of the pages that an entry is about: those it was about when it was ordered, and others that came until it was in force.
func (x *Indexer) pagesOf(ctx context.Context, e withdraw.Entry) (ids []string, err error) {
	switch {
	case e.Pattern != "":
		ids, _, err = x.matching(ctx, e.Pattern)
	case withdraw.IsURL(e.Page):
		if ids, err = x.at(ctx, e.Page); errors.Is(err, archive.ErrUnknown) {
			err = nil
		}
	}
	if err != nil {
		return nil, err
	}
	pages, err := x.withdrawn.PagesOf(ctx, e.ID)
	for _, p := range pages {
		ids = append(ids, p.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// applyEverywhere brings the live generation up to an entry; where that purges, the others too.
func (x *Indexer) applyEverywhere(ctx context.Context, e withdraw.Entry, ids []string) error {
	x.applying.Lock()
	defer x.applying.Unlock()
	live, err := x.liveNow(ctx)
	if err != nil {
		return err
	}
	if err := x.applyTo(ctx, live, ids); err != nil || !e.Purge || !e.InForce() {
		return err
	}
	infos, err := x.ix.Generations(ctx)
	if err != nil {
		return err
	}
	for _, info := range infos {
		if info.Live || info.Err != nil {
			continue
		}
		g, err := x.ix.Open(ctx, info.Name)
		if err == nil {
			err = x.applyTo(ctx, g, ids)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// withOffering are the ids of pages, and of those that offer one of them as an attachment.
func (x *Indexer) withOffering(ctx context.Context, ids []string) ([]string, error) {
	all := slices.Clone(ids)
	for _, id := range ids {
		p, err := x.itself(ctx, id)
		if err != nil {
			return nil, err
		}
		if p.Role != archive.Attachment {
			continue
		}
		from, err := x.archive.Offering(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, o := range from {
			all = append(all, o.ID)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// titles reads the first pages that are documents, or would be.
func (x *Indexer) titles(ctx context.Context, ids []string) (out []withdraw.Page, err error) {
	for _, id := range ids[:min(len(ids), titled)] {
		p, err := x.itself(ctx, id)
		if err != nil {
			return nil, err
		}
		m, err := x.read(ctx, p)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil { // it has changed meanwhile, or its bytes are damaged: no reason to let it be found
			x.log.Warn("a withdrawn page cannot be read for its title", "id", id, "error", err)
		}
		out = append(out, withdraw.Page{ID: id, URL: p.URL, Title: m.document.Title})
	}
	return out, nil
}

// bury notes the titles of pages, so that words like them are not shown, and erases what is to be purged.
func (x *Indexer) bury(ctx context.Context, e withdraw.Entry, ids []string, r *Receipt) error {
	known := slices.DeleteFunc(slices.Clone(r.Pages), func(p withdraw.Page) bool { return p.Title == "" })
	if err := x.withdrawn.SetTitles(ctx, e.ID, known); err != nil {
		return err
	}
	if !e.Purge {
		return nil
	}
	gone, err := x.archive.Erase(ctx, ids...)
	if err != nil {
		return err
	}
	r.Purged = append(r.Purged, fmt.Sprintf("存档：%d 份内容（包括历次的）、%d 条访问记录、链接文字、校验值", gone.Contents, gone.Visits), "各代索引里的文档、关系库里的记录")
	if gone.Shared > 0 {
		r.Remains = append(r.Remains, fmt.Sprintf("%d 份内容与没有清除的网页完全相同，随那些网页留着（其中没有撤回的见“另有相同内容”）", gone.Shared))
	}
	if !gone.Clean {
		r.Remains = append(r.Remains, "数据库日志（*.db-wal）正被读取，腾出的部分随下一次检查点抹去")
	}
	return nil
}

// itself is the page of an id that is no name of another by now; where that is gone, a tombstone.
func (x *Indexer) itself(ctx context.Context, id string) (archive.Page, error) {
	p, err := x.archive.Page(ctx, id)
	if errors.Is(err, archive.ErrUnknown) || err == nil && p.ID != id {
		return archive.Page{ID: id, Deleted: true}, nil
	}
	return p, err
}

// applyTo brings what a generation holds of some pages up to the archive and the list, whatever its cursor. The caller holds applying.
func (x *Indexer) applyTo(ctx context.Context, g index.Generation, ids []string) error {
	for some := range slices.Chunk(ids, syncBatch) {
		var pages []archive.Page
		for _, id := range some {
			p, err := x.itself(ctx, id)
			if err != nil {
				return err
			}
			pages = append(pages, p)
		}
		if _, err := x.applyNow(ctx, g, pages); err != nil {
			return err
		}
	}
	return nil
}

// promote makes a generation live without what is withdrawn.
func (x *Indexer) promote(ctx context.Context, name string) error {
	x.applying.Lock()
	defer x.applying.Unlock()
	return x.promoteNow(ctx, name)
}

// promoteNow is promote for a caller that holds applying.
func (x *Indexer) promoteNow(ctx context.Context, name string) error {
	g, err := x.ix.Open(ctx, name)
	if err != nil {
		return err
	}
	ids, err := x.withdrawnIDs(ctx)
	if err == nil {
		ids, err = x.withOffering(ctx, ids)
	}
	if err != nil {
		return err
	}
	if err := x.applyTo(ctx, g, ids); err != nil {
		return fmt.Errorf("take what is withdrawn out of %s: %w", name, err)
	}
	return x.ix.Promote(ctx, name)
}

// withdrawnIDs are all pages that are on the list, those that the archive has forgotten too.
func (x *Indexer) withdrawnIDs(ctx context.Context) ([]string, error) {
	if x.withdrawn.Empty() {
		return nil, nil
	}
	pages, err := x.withdrawn.Withdrawn(ctx)
	if err != nil {
		return nil, err
	}
	ids, _, _, err := x.archive.Matching(ctx, func(url string) bool { _, on := x.withdrawn.Of("", url); return on })
	for _, p := range pages {
		ids = append(ids, p.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}
