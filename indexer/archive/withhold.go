package archive

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// Withhold says which pages are withdrawn, and of which of these no bytes are kept from now on; nil: of none, and of all they are. What is kept already stays until Erase. What
// a visit says of the end or move of a withdrawn page takes effect at once: there is nothing to guard, and its new address is to be known for its own. It waits for visits being recorded.
func (a *Archive) Withhold(withdrawn, bytes func(id, url string) bool) {
	a.storing.Lock()
	defer a.storing.Unlock()
	a.withdrawn, a.withheld = withdrawn, bytes
}

// Withholds tells whether nothing is to be kept of a page.
func (a *Archive) Withholds(p Page) bool {
	a.storing.RLock()
	defer a.storing.RUnlock()
	return a.withheld != nil && a.withheld(p.ID, p.URL)
}

// withholds are the ids of visits whose pages no bytes are kept of. The caller holds storing.
func (a *Archive) withholds(ctx context.Context, visits []Visit) (map[string]bool, error) {
	if a.withheld == nil {
		return nil, nil
	}
	out := map[string]bool{}
	for _, v := range visits {
		found, err := a.pages(ctx, "SELECT "+columns+" FROM page WHERE id = ?", v.ID)
		if err != nil {
			return nil, err
		}
		if len(found) > 0 && a.withheld(v.ID, found[0].URL) {
			out[v.ID] = true
		}
	}
	return out, nil
}

// withheldReason is why a page that was visited has no content.
const withheldReason = "withdrawn and purged: nothing is kept"

// PagesAt returns the pages whose own URL is one of some: those that are crawled there, and imports that name them. For a URL without such a page it is the one that has it as a
// former name. It passes over the whole archive.
func (a *Archive) PagesAt(ctx context.Context, urls ...string) ([]Page, error) {
	at := make([]any, len(urls))
	for i, u := range urls {
		at[i] = u
	}
	found, err := a.pages(ctx, "SELECT "+columns+" FROM page WHERE url IN ("+marks(len(urls))+") ORDER BY id", at...)
	if err != nil {
		return nil, fmt.Errorf("pages at %s: %w", urls[0], err)
	}
	named, err := a.PagesNamed(ctx, slices.DeleteFunc(slices.Clone(urls), func(u string) bool {
		return slices.ContainsFunc(found, func(p Page) bool { return p.URL == u })
	}))
	for _, p := range named {
		if !slices.ContainsFunc(found, func(o Page) bool { return o.ID == p.ID }) {
			found = append(found, p)
		}
	}
	return found, err
}

// Matching returns the ids of pages that have a URL for which match holds, in order, and counts for each site the pages that have content: those that match, and all.
func (a *Archive) Matching(ctx context.Context, match func(url string) bool) (ids []string, matched, all map[string]int, err error) {
	type place struct {
		id, site, url string
		live          bool
	}
	matched, all = map[string]int{}, map[string]int{}
	for last := ""; ; {
		var some []place
		err := a.state.View(ctx, func(tx *sql.Tx) error {
			rows, err := tx.QueryContext(ctx, "SELECT id, site, url, content <> '' FROM page WHERE id > ? ORDER BY id LIMIT ?", last, 20*chunk)
			if err != nil {
				return err
			}
			some, err = collect(rows, func(p *place) []any { return []any{&p.id, &p.site, &p.url, &p.live} })
			return err
		})
		if err != nil {
			return nil, nil, nil, fmt.Errorf("look for pages by their URLs: %w", err)
		}
		if len(some) == 0 {
			return ids, matched, all, nil
		}
		for _, p := range some {
			in := p.url != "" && match(p.url)
			if in {
				ids = append(ids, p.id)
			}
			if p.live {
				all[p.site]++
				if in {
					matched[p.site]++
				}
			}
		}
		last = some[len(some)-1].id
	}
}

// ResequencePages gives those of some pages that have content or are tombstones new change numbers. Ids that are not known are ignored.
func (a *Archive) ResequencePages(ctx context.Context, ids ...string) error {
	for some := range slices.Chunk(ids, chunk) {
		err := a.update(ctx, func(b *batch) error {
			for _, id := range some {
				r, err := b.byID(id)
				if err != nil {
					return err
				}
				if r == nil {
					continue
				}
				r.changed = true
				if err := b.save(r); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("resequence %d pages: %w", len(some), err)
		}
	}
	return nil
}

// SameContent returns other pages that have the very bytes of a page now, in order of id, at most limit.
func (a *Archive) SameContent(ctx context.Context, p Page, limit int) ([]Page, error) {
	if p.Content == "" {
		return nil, nil
	}
	return a.pages(ctx, "SELECT "+columns+" FROM page WHERE content = ? AND content <> '' AND id <> ? ORDER BY id LIMIT ?", p.Content, p.ID, limit)
}
