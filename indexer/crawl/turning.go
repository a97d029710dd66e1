package crawl

import (
	"slices"

	"terrace/indexer/archive"
	"terrace/indexer/listing"
	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

// A list that does not say how many pages it has is gone through from each page to the next. Some servers answer for pages beyond the last one with the
// last one again, and lead on from there without end. Where several new pages in a row of a list show no entry that none before them showed, the last
// of them leads to no other.
const (
	maxInPlace    = 3
	maxTurnings   = 1000 // lists of a site that are gone through at the same time; each takes 8 KB
	turnedInPlace = "the list's pages go on without anything new"
)

// A turning is what is remembered of the pages of a list until its end.
type turning struct {
	seen  *memory // addresses
	stale int     // pages in a row without a new one
}

// turnsInPlace notes the entries of a list's page that is seen for the first time, and reports that the list goes on without anything new.
func (a *actor) turnsInPlace(p archive.Page, page *markup.Page, list listing.Listing) bool {
	if list.Pages > 0 || p.Head == "" {
		return false
	}
	if len(list.Next) == 0 {
		delete(a.turnings, p.Head)
		return false
	}
	t := a.turnings[p.Head]
	if t == nil {
		if len(a.turnings) >= maxTurnings {
			return false
		}
		t = &turning{seen: newMemory()}
		a.turnings[p.Head] = t
	}
	fresh := false
	for address := range entriesOf(page, list, pagesOf(list)) {
		fresh = t.seen.add([]byte(address)) || fresh
	}
	if t.stale++; fresh {
		t.stale = 0
	}
	return t.stale >= maxInPlace
}

// stop leaves out the links to the list's other pages.
func stop(page *markup.Page, list *listing.Listing) {
	paging := pagesOf(*list)
	list.Next = nil
	page.Links = slices.DeleteFunc(page.Links, func(l markup.Link) bool { return paging[weburl.Canonical(l.URL)] })
}

// pagesOf are the canonical URLs of the other pages that a list's page leads to.
func pagesOf(list listing.Listing) map[string]bool {
	paging := make(map[string]bool, len(list.Next))
	for _, r := range list.Next {
		paging[r.Canonical()] = true
	}
	return paging
}
