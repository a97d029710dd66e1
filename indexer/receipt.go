package indexer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/withdraw"
)

// A Receipt tells an administrator what a withdrawal, or its end, has done.
type Receipt struct {
	withdraw.Entry
	Pages     []withdraw.Page // the first of those that answer no more, without a Title where one was no document; or of the documents that answer again
	Elsewhere []withdraw.Page // pages not withdrawn that say the same: equal bytes, places that publish the text, where a redirect leads
	Purged    []string        // what was erased, Chinese
	Remains   []string        // what is still where, Chinese
}

const (
	receiptPages   = 100 // that a Receipt names
	elsewhereOf    = 200 // pages whose like are looked for
	elsewhereShown = 50
)

// elsewhere finds pages that say the same as some and are not withdrawn.
func (x *Indexer) elsewhere(ctx context.Context, ids []string) (out []withdraw.Page, err error) {
	seen := map[string]bool{}
	add := func(id, url string) {
		if _, withdrawn := x.withdrawn.Of(id, url); withdrawn || seen[cmp.Or(url, id)] || slices.Contains(ids, id) || len(out) == elsewhereShown {
			return
		}
		seen[cmp.Or(url, id)] = true
		out = append(out, withdraw.Page{ID: id, URL: url})
	}
	for _, id := range ids[:min(len(ids), elsewhereOf)] {
		p, err := x.itself(ctx, id)
		if err != nil {
			return nil, err
		}
		same, err := x.archive.SameContent(ctx, p, elsewhereShown)
		if err != nil {
			return nil, err
		}
		for _, o := range same {
			add(o.ID, o.URL)
		}
		if to, err := x.archive.Page(ctx, p.MovedTo); p.MovedTo != "" && err == nil {
			add(to.ID, to.URL)
		}
		if err := x.places(ctx, id, add); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// places gives the pages that a page is one document with.
func (x *Indexer) places(ctx context.Context, id string, add func(id, url string)) error {
	r, err := x.related(ctx, id)
	if err != nil {
		return err
	}
	if r.Original != "" {
		o, err := x.itself(ctx, r.Original)
		if err != nil {
			return err
		}
		add(o.ID, o.URL)
		if r, err = x.related(ctx, r.Original); err != nil {
			return err
		}
	}
	for _, c := range r.Copies {
		p, err := x.archive.Page(ctx, c.URL)
		if err != nil && !errors.Is(err, archive.ErrUnknown) {
			return err
		}
		add(cmp.Or(p.ID, c.URL), c.URL)
	}
	return nil
}

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
	if err := x.archive.ResequencePages(ctx, ids...); err != nil { // generations being built, or kept, meet them again
		return err
	}
	if err := x.applyEverywhere(ctx, e, ids); err != nil {
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
		r.Remains = append(r.Remains, fmt.Sprintf("%d 份内容与没有撤回的网页完全相同，随那些网页留着（见“另有相同内容”）", gone.Shared))
	}
	if !gone.Clean {
		r.Remains = append(r.Remains, "数据库日志（*.db-wal）正被读取，腾出的部分随下一次检查点抹去")
	}
	return nil
}

// remains says what is still where.
func (x *Indexer) remains(ctx context.Context, e withdraw.Entry, r *Receipt) error {
	if !e.InForce() {
		x.remainsUndone(e, r)
		return nil
	}
	if e.Purge {
		r.Remains = append(r.Remains, "索引和关系库的文件：删去的内容要等段合并、页重用才从磁盘上消失；要立刻抹去，运行 terrace reindex，完成后 terrace index drop 旧的一代")
	} else {
		r.Remains = append(r.Remains, "存档里的原文和访问记录（要清除：再撤回一次，加 --purge）")
	}
	infos, err := x.ix.Generations(ctx)
	if errors.Is(err, index.ErrUnavailable) {
		err = nil
	}
	for _, i := range infos {
		if !i.Live && !e.Purge {
			r.Remains = append(r.Remains, "备用的索引 "+i.Name+"（切换时先除去）")
		}
	}
	if backups := x.backupNames(); len(backups) > 0 {
		r.Remains = append(r.Remains, "撤回以前做的索引备份："+strings.Join(backups, "、")+"（恢复、切换时先除去；要清除就删去备份的文件夹）")
	}
	return err
}

func (x *Indexer) remainsUndone(e withdraw.Entry, r *Receipt) {
	still := map[string]bool{}
	r.Pages = slices.DeleteFunc(r.Pages, func(p withdraw.Page) bool {
		other, on := x.withdrawn.Of(p.ID, p.URL)
		if on {
			still[other.ID] = true
		}
		return on || p.Title == ""
	})
	for id := range still {
		r.Remains = append(r.Remains, "有的网页还被撤回 "+id+" 挡着")
	}
	slices.Sort(r.Remains)
	if e.Purge {
		r.Remains = append(r.Remains, "清除掉的不能找回：采集的网页已排上，取回后才能搜到；导入的要重新导入")
	}
}
