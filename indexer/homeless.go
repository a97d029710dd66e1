package indexer

import (
	"context"
	"net/url"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/moves"
	"terrace/withdraw"
)

// eachDocument gives the documents of the live generation that are not withdrawn; none where there is no generation yet.
func (x *Indexer) eachDocument(ctx context.Context, do func(*index.Document) error) error {
	_, ok, err := x.liveInfo(ctx)
	if err != nil || !ok {
		return err
	}
	return withdraw.Over(x.ix, x.withdrawn).Each(ctx, do)
}

// eachOldPage gives the old pages of the list, and those of closed sites that the index holds and the list does not, with their keys. What is withdrawn, and what the archive keeps as an
// attachment or a list, is left out.
func (x *Indexer) eachOldPage(ctx context.Context, kept []moves.Page, do func(key string, p moves.Page) error) error {
	whole := do
	do = func(key string, p moves.Page) error {
		if apart, err := x.apart(ctx, key, p.URL); apart || err != nil {
			return err
		}
		return whole(key, p)
	}
	for after := ""; ; {
		keys, pages, err := x.moves.Pages(ctx, after, moves.MaxBatch)
		if err != nil {
			return err
		}
		for i, p := range pages {
			after = keys[i]
			if x.hidden("", p.URL) || x.withdrawn.Hides(p.Title) {
				continue
			}
			if err := do(keys[i], p); err != nil {
				return err
			}
		}
		if len(keys) < moves.MaxBatch {
			break
		}
	}
	for _, p := range kept {
		old, err := moves.ParseOld(p.URL)
		if err != nil || old.Prefix {
			continue
		}
		if _, listed, err := x.moves.Page(ctx, old.Key); listed || err != nil {
			if err != nil {
				return err
			}
			continue
		}
		if err := do(old.Key, p); err != nil {
			return err
		}
	}
	return nil
}

// pageAt is what a document says of itself at one of its places.
func pageAt(d *index.Document, c index.Copy) moves.Page {
	return moves.Page{URL: c.URL, Title: d.Title, Date: c.Date.String(), DocNo: d.DocNo}
}

// A HomelessPage is an old page that has no new home, and why.
type HomelessPage struct {
	moves.Page
	Why string // Chinese
}

// HomelessPages gives the old pages that have no new home in force, attachments, lists, and pages that were never documents, behind the others: proposals that wait do not count.
func (x *Indexer) HomelessPages(ctx context.Context, do func(HomelessPage) error) error {
	var kept []moves.Page
	same := map[string]string{} // old URL: the page of now that publishes the same text
	if x.registry.AnyClosed() {
		err := x.eachDocument(ctx, func(d *index.Document) error {
			now, closed := x.placeOf(d)
			for _, c := range closed {
				kept = append(kept, pageAt(d, c))
				if now.URL != "" {
					same[c.URL] = now.URL
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	tell := func(key string, p moves.Page, none string) error {
		why, err := x.whyHomeless(ctx, key, p, none)
		if err != nil || why == "" {
			return err
		}
		return do(HomelessPage{p, why})
	}
	err := x.eachOldPage(ctx, kept, func(key string, p moves.Page) error {
		if now, ok := same[p.URL]; ok {
			return tell(key, p, "正文与 "+now+" 相同，还没有提出")
		}
		return tell(key, p, "没有找到新网页")
	})
	if err != nil {
		return err
	}
	apart := func(none string) func(old moves.Old, p archive.Page) error {
		return func(old moves.Old, p archive.Page) error {
			known, err := x.knownOf(ctx, old, p)
			if err != nil || x.withdrawn.Hides(known.Title) {
				return err
			}
			return tell(old.Key, known, none)
		}
	}
	if err := x.eachOldFile(ctx, apart("没有找到新附件")); err != nil {
		return err
	}
	if err := x.eachOldList(ctx, apart("没有找到新列表")); err != nil {
		return err
	}
	return x.eachOldWordless(ctx, apart("没有正文可比对，请指定新网页"))
}

// whyHomeless is why an old page has no new home; empty where it has one. none is what is said where nothing is like it.
func (x *Indexer) whyHomeless(ctx context.Context, key string, p moves.Page, none string) (string, error) {
	u, err := moves.Parse(p.URL)
	if err != nil {
		return "", nil
	}
	h, err := x.home(ctx, u)
	switch {
	case err != nil:
		return "", err
	case h.live:
		return "", nil
	case h.old && x.outside(h.url):
		return "", nil // nobody here can tell
	case h.old:
		return "新网址不在存档里，请核对：" + h.url, nil
	}
	m, ok, err := x.moves.Entry(ctx, key)
	switch {
	case err != nil:
		return "", err
	case ok && m.State == moves.Proposal:
		return "已提出新网址，等管理员认可：" + m.New, nil
	case ok && m.State == moves.Ambiguous:
		return "可能是其中一个，要人看：" + m.Evidence, nil
	case ok && m.State == moves.Rejected:
		return "提出的新网址被否决", nil
	}
	return none, nil
}

// outside reports a URL that is none of the cluster's open sites.
func (x *Indexer) outside(to string) bool {
	u, err := url.Parse(to)
	return err != nil || x.registry.Open(u) == nil
}
