package indexer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/moves"
	"terrace/withdraw"
)

// A Receipt tells an administrator what a withdrawal, or its end, has done.
type Receipt struct {
	withdraw.Entry
	Pages     []withdraw.Page // the first of those that answer no more, without a Title where one was no document; or of the documents that answer again
	Elsewhere []withdraw.Page // pages not withdrawn that say the same: equal bytes, places that publish the text, where a redirect leads, old pages of closed sites and their new ones
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
		if err := x.formerly(ctx, p, add); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// formerly gives the pages of closed sites that lead to a page, and the page that one of them leads to.
func (x *Indexer) formerly(ctx context.Context, p archive.Page, add func(id, url string)) error {
	if p.URL == "" {
		return nil
	}
	if x.registry.Closed(p.Site) {
		h, err := x.homeOf(ctx, p.URL)
		if h.old && h.live {
			add(h.page.ID, h.page.URL)
		}
		return err
	}
	olds, err := x.moves.To(ctx, p.URL)
	if err != nil {
		return err
	}
	for _, o := range olds {
		u, err := moves.Parse(o.Text)
		if err != nil {
			continue
		}
		found, err := x.archive.PagesNamed(ctx, moves.Twins(u))
		if err != nil {
			return err
		}
		for _, p := range found {
			if p.Content != "" && x.registry.Closed(p.Site) {
				add(p.ID, p.URL)
			}
		}
	}
	return nil
}

// filesLeft names the attached files of pages that are withdrawn without them: the archive keeps them, and other pages may offer them.
func (x *Indexer) filesLeft(ctx context.Context, ids []string, r *Receipt) error {
	var left []string
	for _, id := range ids[:min(len(ids), elsewhereOf)] {
		files, err := x.archive.Attachments(ctx, id)
		if err != nil {
			return err
		}
		for _, f := range files {
			if _, withdrawn := x.withdrawn.Of(f.ID, f.URL); !withdrawn && !slices.Contains(left, f.URL) {
				left = append(left, f.URL)
			}
		}
	}
	if n := len(left); n > 0 {
		r.Remains = append(r.Remains, fmt.Sprintf("附件 %d 个没有撤回，在存档里，别的网页也有的照样搜得到；要一并撤回，逐个再运行：%s", n, strings.Join(left[:min(n, elsewhereShown)], " ")))
	}
	return nil
}

// partsLeft names the further pages of articles that are withdrawn without them.
func (x *Indexer) partsLeft(ctx context.Context, ids []string, r *Receipt) error {
	var left []string
	for _, id := range ids[:min(len(ids), elsewhereOf)] {
		p, err := x.itself(ctx, id)
		if err != nil {
			return err
		}
		if p.Role != archive.Article {
			continue
		}
		linked, err := x.archive.LinksUnder(ctx, id, strings.TrimSuffix(p.URL, path.Ext(p.URL)))
		if err != nil {
			return err
		}
		for _, o := range linked {
			if _, withdrawn := x.withdrawn.Of(o.ID, o.URL); !withdrawn && o.Content != "" && o.Role == archive.Article && continues(p.URL, o.URL) && !slices.Contains(left, o.URL) {
				left = append(left, o.URL)
			}
		}
	}
	if n := len(left); n > 0 {
		r.Remains = append(r.Remains, fmt.Sprintf("文章的后续各页 %d 个没有撤回，照样搜得到；要一并撤回，逐个再运行：%s", n, strings.Join(left[:min(n, elsewhereShown)], " ")))
	}
	return nil
}

// continues reports that a URL is written as that of a further page of an article: /t1_2.html of /t1.html, /show?id=1&page=2 of /show?id=1.
func continues(first, other string) bool {
	if rest, ok := strings.CutPrefix(other, first); ok && nextQuery.MatchString(rest) {
		return true
	}
	ext := path.Ext(first)
	rest, ok := strings.CutPrefix(other, strings.TrimSuffix(first, ext))
	number, whole := strings.CutSuffix(rest, ext)
	return ok && whole && !strings.Contains(ext, "?") && nextName.MatchString(number)
}

var (
	nextName  = regexp.MustCompile(`^[_-]\d{1,3}$`)
	nextQuery = regexp.MustCompile(`^[?&]\w+=\d{1,3}$`)
)

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
