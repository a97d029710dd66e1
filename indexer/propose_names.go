package indexer

import (
	"context"
	"errors"

	"terrace/indexer/archive"
	"terrace/moves"
)

// An unlike list is an old one that no list of now is like by its entries.
type unlike struct {
	old  moves.Old
	page archive.Page
}

// A namesake is a list of now that has the name of an old one.
type namesake struct {
	page       archive.Page
	department string // of its entries
	read       bool   // these are known
}

// namesakes proposes, for lists that none is like by its entries, those of the same name and department.
func (j *proposal) namesakes(ctx context.Context) error {
	byName := map[string][]namesake{}
	for _, l := range j.unlike {
		if key := moves.ColumnKey(l.page.Anchor); key != "" {
			byName[key] = nil
		}
	}
	for _, s := range j.x.registry.Cluster().Sites {
		if s.Closed || len(byName) == 0 {
			continue
		}
		err := j.x.listsOf(ctx, s.ID, func(p archive.Page) error {
			key := moves.ColumnKey(p.Anchor)
			if all, asked := byName[key]; asked && j.x.served(p) {
				byName[key] = append(all, namesake{page: p})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for _, l := range j.unlike {
		m, err := j.named(ctx, l.page, byName[moves.ColumnKey(l.page.Anchor)])
		if err == nil {
			err = j.propose(ctx, l.old, m)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// named is what is proposed for an old list by those of now that have its name.
func (j *proposal) named(ctx context.Context, p archive.Page, same []namesake) (m moves.Move, err error) {
	if len(same) == 0 {
		return m, nil
	}
	department := j.departmentOfSite(p)
	if department == "" {
		department, err = j.departmentOfEntries(ctx, p)
	}
	if err != nil || department == "" {
		return m, err
	}
	var urls []string
	for i := range same {
		s := &same[i]
		own := j.departmentOfSite(s.page) == department
		if !own && !s.read {
			if s.department, err = j.departmentOfEntries(ctx, s.page); err != nil {
				return m, err
			}
			s.read = true
		}
		if own || s.department == department {
			urls = append(urls, s.page.URL)
		}
	}
	return moves.MatchColumn(p.Anchor, j.x.registry.DepartmentName(department), urls), nil
}

// departmentOfSite is the department that a page's site belongs to; empty where that is none.
func (j *proposal) departmentOfSite(p archive.Page) string {
	if s := j.x.registry.Site(p.Site); s != nil {
		return s.Department
	}
	return ""
}

// sampled is how many entries of a list are read to see whose it is.
const sampled = 5

// departmentOfEntries is the department of most of some entries of a list; empty where that is none.
func (j *proposal) departmentOfEntries(ctx context.Context, p archive.Page) (string, error) {
	entries, _, err := j.x.archive.EntryURLs(ctx, j.generation, p.ID, 0, sampled)
	if err != nil {
		return "", err
	}
	votes := map[string]int{}
	for _, e := range entries {
		e, err := j.x.archive.Page(ctx, e)
		if errors.Is(err, archive.ErrUnknown) {
			continue
		}
		if err != nil {
			return "", err
		}
		m, err := j.x.read(ctx, e)
		if err != nil {
			return "", err
		}
		if len(m.document.Copies) > 0 {
			votes[m.document.Copies[0].Department]++
		}
	}
	for department, n := range votes {
		if 2*n > len(entries) {
			return department, nil
		}
	}
	return "", nil
}
