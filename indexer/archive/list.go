package archive

import "time"

// continues notes that two pages are of one list. The page that is not known to belong to a list yet joins the list of the other: a page that the crawl
// meets by a pager goes on with that list, and a second address of a first page goes on with the list whose pages it leads to. Where each has
// a list, as where a sitemap named a page in the middle, the two lists become one.
func (b *batch) continues(from, to *row) error {
	if from.Role != List || to.Role != List || from.Site != to.Site || from.first() == to.first() {
		return nil
	}
	alone, err := b.alone(to)
	if err != nil {
		return err
	}
	if alone {
		to.Head = from.first()
		return b.save(to)
	}
	if alone, err = b.alone(from); err != nil || alone {
		from.Head = to.first()
		return err
	}
	return b.join(to.first(), from.first())
}

// first is the id of the first page of the list that a list page is of.
func (r *row) first() string {
	if r.Head != "" {
		return r.Head
	}
	return r.ID
}

// alone reports that a page is the only one known of its list.
func (b *batch) alone(r *row) (bool, error) {
	if r.Head != "" {
		return false, nil
	}
	members, err := b.numbers("SELECT n FROM page WHERE head = ? AND head <> '' LIMIT 1", r.ID)
	return len(members) == 0, err
}

// join makes the list that begins with one page part of that which begins with another.
func (b *batch) join(one, other string) error {
	for _, r := range b.rows {
		if r.first() == one {
			r.Head = other
		}
	}
	return b.exec("UPDATE page SET head = ?1 WHERE id = ?2 OR head = ?2 AND head <> ''", other, one)
}

// behead lets the pages that go on with a list whose first page has moved go on with the page it moved to.
func (b *batch) behead(r, to *row) error {
	if to.Head == r.ID { // it was one of them
		to.Head = ""
	}
	for _, other := range b.rows {
		if other.Head == r.ID {
			other.Head = to.first()
		}
	}
	return b.exec("UPDATE page SET head = CASE id WHEN ?1 THEN '' ELSE ?2 END WHERE head = ?3 AND head <> ''", to.ID, to.first(), r.ID)
}

// passOn makes entries that new ones have pushed off a page of a list entries of the page that was first seen after it, which is where they are to be found
// until that is read again. Those pushed off the last page are the list's no more.
func (b *batch) passOn(from *row, entries []int64) error {
	if from.Role != List || len(entries) == 0 {
		return nil
	}
	next, err := b.numbers("SELECT n FROM page WHERE head = ? AND head <> '' AND n > ? AND content <> '' ORDER BY n LIMIT 1", from.first(), from.n)
	if err != nil || len(next) == 0 {
		return err
	}
	for _, n := range entries {
		if err := b.exec(`INSERT INTO link (source, target, entry) VALUES (?, ?, 1)
			ON CONFLICT (source, target) DO UPDATE SET entry = 1`, next[0], n); err != nil {
			return err
		}
	}
	return nil
}

// allNew tells of the first page of a list that all its entries have come since it was last read: then more of them stand on its other pages.
func (r *row) allNew(entries, fresh int) bool {
	return r.Role == List && r.Head == "" && !r.LastVerified.IsZero() && entries > 0 && fresh == entries
}

// turnPages makes the other pages of a list due.
func (b *batch) turnPages(first *row, at time.Time) error {
	pages, err := b.numbers("SELECT n FROM page WHERE head = ? AND head <> ''", first.ID)
	if err != nil {
		return err
	}
	for _, n := range pages {
		r, err := b.at(n)
		if err != nil {
			return err
		}
		if r.NextAt.After(at) {
			r.NextAt = at
			if err := b.save(r); err != nil {
				return err
			}
		}
	}
	return nil
}
