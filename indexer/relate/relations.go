package relate

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"

	"terrace/index"
)

// Relations tells what is to be made of pages. Ids that the generation does not hold are left out.
func (s *Store) Relations(ctx context.Context, generation string, ids []string) (map[string]Relations, error) {
	out := make(map[string]Relations, len(ids))
	err := s.db.View(ctx, func(sqlTx *sql.Tx) (err error) {
		t := &tx{ctx: ctx, Tx: sqlTx}
		if t.gen, err = t.number(`SELECT n FROM generation WHERE name = ?`, generation); err != nil || t.gen == 0 {
			return err
		}
		for _, id := range ids {
			p, err := t.page(`generation = ? AND id = ?`, t.gen, id)
			if err != nil {
				return err
			}
			if p == nil {
				continue
			}
			if out[id], err = t.relations(p); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("relations of %s: %w", generation, err)
	}
	return out, nil
}

func (t *tx) relations(p *row) (r Relations, err error) {
	doc, err := t.doc(p)
	if err != nil {
		return r, err
	}
	if doc != p.n {
		o, err := t.page(`n = ?`, doc)
		if err != nil || o == nil {
			return r, fmt.Errorf("page %s is a copy of none: %w", p.id, cmp.Or(err, sql.ErrNoRows))
		}
		return Relations{Original: o.id}, nil
	}
	group, err := t.group(p, &r)
	if err != nil {
		return r, err
	}
	links, err := t.links(group)
	if err != nil {
		return r, err
	}
	own := make([]string, len(group))
	for i, m := range group {
		own[i] = m.status
	}
	r.Validity = validity(own, links)
	r.Linked = len(links)
	for _, l := range links[:min(len(links), MaxLinks)] {
		r.Links = append(r.Links, index.Link{Kind: l.kind, ID: l.page.id, URL: l.page.copy.URL, Title: l.page.title})
	}
	return r, nil
}

// group is an original and the copies of it that are looked at; it notes them.
func (t *tx) group(p *row, r *Relations) ([]*row, error) {
	group := []*row{p}
	if p.class == 0 {
		return group, nil
	}
	n, err := t.number(`SELECT count(*) FROM page WHERE class IN (SELECT n FROM class WHERE doc = ?) AND class > 0`, p.n)
	if err != nil || n == 1 {
		return group, err
	}
	r.Copied = int(n) - 1
	copies, err := t.pages(`class IN (SELECT n FROM class WHERE doc = ?) AND class > 0 AND n <> ? ORDER BY date, level, url, id LIMIT ?`, p.n, p.n, MaxCopies)
	for _, c := range copies {
		r.Copies, r.Twins = append(r.Copies, c.copy), append(r.Twins, c.id)
	}
	return append(group, copies...), err
}

// links are the links of a document, each related document once: successors first, then policies and interpretations, each the latest first.
func (t *tx) links(group []*row) (out []related, err error) {
	var all []related
	for _, m := range group {
		if m.flags&interprets != 0 {
			policies, err := t.explained(m)
			if err != nil {
				return nil, err
			}
			for _, p := range policies {
				all = append(all, related{index.Explains, p})
			}
		}
		more, err := t.successors(m)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	seen := map[int64]bool{group[0].n: true}
	slices.SortStableFunc(all, compareLinks)
	for _, l := range all {
		doc, err := t.doc(l.page)
		if err != nil {
			return nil, err
		}
		if seen[doc] {
			continue
		}
		seen[doc] = true
		if doc != l.page.n {
			if l.page, err = t.page(`n = ?`, doc); err != nil {
				return nil, err
			}
		}
		out = append(out, l)
	}
	slices.SortStableFunc(out, compareLinks)
	return out, nil
}

func compareLinks(a, b related) int {
	order := map[string]int{index.RepealedBy: 0, index.AmendedBy: 1, index.Explains: 2, index.ExplainedBy: 3}
	return cmp.Or(cmp.Compare(order[a.kind], order[b.kind]), cmp.Compare(b.page.day, a.page.day), cmp.Compare(a.page.id, b.page.id))
}
