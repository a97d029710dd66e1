package archive

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
