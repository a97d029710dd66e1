package relate

import (
	"slices"

	"terrace/index"
	"terrace/segment"
)

const (
	maxNamesakes = 20  // policies that may bear one title; a title that more bear tells none
	maxCiting    = 200 // pages that cite one key which are looked at
)

// doc is the number of the page that a page is folded under, itself where under none.
func (t *tx) doc(p *row) (int64, error) {
	if p.class == 0 {
		return p.n, nil
	}
	return t.number(`SELECT doc FROM class WHERE n = ?`, p.class)
}

// bearers are the pages that bear a key.
func (t *tx) bearers(key int64) ([]*row, error) {
	if key == 0 {
		return nil, nil
	}
	return t.pages(`n IN (SELECT page FROM name WHERE key = ? ORDER BY page LIMIT ?) ORDER BY id`, key, maxNamesakes+1)
}

// targets are the pages that a citation means: by number, else by its title, else by its title without the office, of the same owner.
func (t *tx) targets(from *row, c citation) ([]*row, error) {
	for i, key := range [...]int64{c.docNo, c.title, c.bare} {
		all, err := t.bearers(key)
		if err != nil {
			return nil, err
		}
		if i > 0 && len(all) > maxNamesakes {
			continue
		}
		all = slices.DeleteFunc(all, func(to *row) bool {
			switch {
			case to.n == from.n || from.class != 0 && to.class == from.class:
				return true
			case i > 0 && c.docNo != 0 && to.region != 0:
				return true // its number is another
			case i == 2 && !sameOwner(from, to):
				return true
			case i == 2 && c.title != 0 && placed.MatchString(segment.Normalize(to.title)):
				return true // its office is another
			}
			return c.act != explaining && !follows(from, to)
		})
		if len(all) > 0 {
			return all, nil
		}
	}
	return nil, nil
}

// follows reports that a text may be later than another. Texts of one name need their dates for it: a 办法 of 2015 and its successor of 2020.
func follows(from, to *row) bool {
	if from.day != 0 && to.day != 0 {
		return from.day > to.day || from.day == to.day && !shareName(from, to)
	}
	return !shareName(from, to)
}

func shareName(a, b *row) bool {
	return slices.ContainsFunc(a.names, func(k int64) bool { return slices.Contains(b.names, k) })
}

// sameOwner reports that two pages may be of one office.
func sameOwner(a, b *row) bool {
	if a.region != 0 && b.region != 0 && a.region != b.region {
		return false
	}
	return a.copy.Site == b.copy.Site || a.copy.Department != "" && a.copy.Department == b.copy.Department || a.owner != "" && a.owner == b.owner
}

// explained are the pages an interpretation is about: those that its surest words lead to.
func (t *tx) explained(from *row) (out []*row, err error) {
	level := 0
	for _, c := range from.cites {
		if c.act != explaining || len(out) > 0 && c.level > level {
			continue
		}
		level = c.level
		to, err := t.targets(from, c)
		if err != nil {
			return nil, err
		}
		out = append(out, to...)
	}
	return out, nil
}

// A related page is one end of a link.
type related struct {
	kind string
	page *row
}

// successors are the pages that repeal, amend or explain a page, which may be folded.
func (t *tx) successors(p *row) (out []related, err error) {
	seen := map[int64]bool{}
	for _, k := range p.names {
		citing, err := t.pages(`n IN (SELECT page FROM cite WHERE key = ? ORDER BY page LIMIT ?) ORDER BY id`, k, maxCiting)
		if err != nil {
			return nil, err
		}
		for _, from := range citing {
			if seen[from.n] {
				continue
			}
			seen[from.n] = true
			kind, err := t.means(from, p)
			if err != nil {
				return nil, err
			}
			if kind != "" {
				out = append(out, related{kind, from})
			}
		}
	}
	return out, nil
}

// means tells how a page is related to one that it cites some key of; empty: it means others.
func (t *tx) means(from, to *row) (string, error) {
	if from.flags&interprets != 0 {
		all, err := t.explained(from)
		if err != nil || !slices.ContainsFunc(all, func(p *row) bool { return p.n == to.n }) {
			return "", err
		}
		return index.ExplainedBy, nil
	}
	kind := ""
	for _, c := range from.cites {
		if !slices.ContainsFunc(c.keys(), func(k int64) bool { return slices.Contains(to.names, k) }) {
			continue
		}
		all, err := t.targets(from, c)
		if err != nil {
			return "", err
		}
		if !slices.ContainsFunc(all, func(p *row) bool { return p.n == to.n }) {
			continue
		}
		if c.act == repeals {
			return index.RepealedBy, nil
		}
		kind = index.AmendedBy
	}
	return kind, nil
}

// validity is what a document's own words and its successors come to.
func validity(own []string, links []related) string {
	out := ""
	rank := map[string]int{index.Valid: 1, index.Amended: 2, index.Repealed: 3}
	note := func(v string) {
		if rank[v] > rank[out] {
			out = v
		}
	}
	for _, v := range own {
		note(v)
	}
	for _, l := range links {
		switch l.kind {
		case index.RepealedBy:
			note(index.Repealed)
		case index.AmendedBy:
			note(index.Amended)
		}
	}
	return out
}
