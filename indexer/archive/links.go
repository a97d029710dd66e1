package archive

import (
	"maps"
	"slices"
	"time"
)

// link writes down where a page leads, and what its links tell of the pages there.
func (b *batch) link(from *row, v Visit) error {
	targets := map[int64]bool{} // and whether they are entries
	entries, fresh := 0, 0
	for _, l := range v.Links {
		to, err := b.meet(l, v.At, from)
		if err != nil {
			return err
		}
		if to == from {
			continue
		}
		news := hasten(to, l.Modified, v.At)
		targets[to.n] = targets[to.n] || l.Entry
		if l.Entry {
			entries++
			if to.FirstSeen.After(from.LastVerified) {
				fresh++
			}
		}
		if l.Continues {
			if err := b.continues(from, to); err != nil {
				return err
			}
		}
		if b.withheld == nil || !b.withheld(to.ID, to.URL) { // the text of a link is mostly a title
			news = learn(to, from, l) || news
		}
		if news {
			if err := b.reoffer(to); err != nil {
				return err
			}
			if err := b.save(to); err != nil {
				return err
			}
		}
	}
	if from.allNew(entries, fresh) {
		if err := b.turnPages(from, v.At); err != nil {
			return err
		}
	}
	return b.replaceLinks(from, targets)
}

// hasten makes a page that was well due once it has been changed, where it was last verified before that, and reports whether it was to be later.
func hasten(r *row, modified, now time.Time) bool {
	due := now
	if modified.After(now) {
		due = modified
	}
	if r.State != OK || !r.LastVerified.Before(modified) || !r.NextAt.After(due) {
		return false
	}
	r.NextAt = due
	return true
}

// replaceLinks makes targets all that a page leads to, and notes which of them are entries of its list.
func (b *batch) replaceLinks(from *row, targets map[int64]bool) error {
	before, err := b.numbers("SELECT target * 2 + entry FROM link WHERE source = ?", from.n)
	if err != nil {
		return err
	}
	var fallen []int64 // entries that the page shows no more
	for _, n := range before {
		target, was := n/2, n%2 == 1
		entry, stays := targets[target]
		if was && !entry {
			fallen = append(fallen, target)
		}
		switch {
		case !stays:
			err = b.exec("DELETE FROM link WHERE source = ? AND target = ?", from.n, target)
			if err == nil {
				err = b.offered(from, target)
			}
		case entry != was:
			err = b.exec("UPDATE link SET entry = ? WHERE source = ? AND target = ?", entry, from.n, target)
		}
		if err != nil {
			return err
		}
		delete(targets, target)
	}
	gained := 0
	for _, n := range slices.Sorted(maps.Keys(targets)) {
		if targets[n] {
			gained++
		}
		if err := b.exec("INSERT INTO link (source, target, entry) VALUES (?, ?, ?)", from.n, n, targets[n]); err != nil {
			return err
		}
		if err := b.offered(from, n); err != nil {
			return err
		}
	}
	if gained == 0 {
		return nil
	}
	return b.passOn(from, fallen)
}

// offered looks again at a file that a page begins or ceases to offer, for it is a document of its own only where no page offers it.
func (b *batch) offered(from *row, n int64) error {
	if !from.Role.Offers() {
		return nil
	}
	to, err := b.at(n)
	if err != nil || to == nil || to.Role != Attachment || !to.live() {
		return err
	}
	to.changed, from.changed = true, true
	return b.save(to)
}

// meet finds the page of a link and creates it at first sight.
func (b *batch) meet(l Link, at time.Time, from *row) (*row, error) {
	due := l.DueAt
	if due.IsZero() {
		due = at
	}
	r, err := b.named(l.URL)
	if err != nil {
		return nil, err
	}
	if r == nil {
		first := row{Page: Page{ID: IDOf(l.URL), Site: l.Site, URL: l.URL, Role: l.Role, State: New, NextAt: due, FirstSeen: at}}
		if from != nil {
			first.Referrer = from.ID
			learn(&first, from, l)
		}
		if r, _, err = b.create(first.Page); err != nil {
			return nil, err
		}
		return r, b.call(l.URL, r)
	}
	if r.Imported && r.visits == 0 && r.NextAt.IsZero() { // from now on the crawl's
		r.Site, r.NextAt, r.changed = l.Site, due, r.Site != l.Site
		return r, b.save(r)
	}
	return r, nil
}

// learn takes from a link what it tells of its target, and reports whether that was anything new. The longest text and the first date
// stay. Navigation and texts inside articles name things in passing, except attachments, which have no better name.
func learn(to, from *row, l Link) bool {
	if to.Imported {
		return false
	}
	list := from.Role == List || from.Role == Home || from.Role == Unknown
	news := false
	if text := telling(l.Text); (list || to.Role == Attachment) && len([]rune(text)) > len([]rune(to.Anchor)) {
		to.Anchor, news = text, true
	}
	if list && to.ListDate == "" && l.Date != "" {
		to.ListDate, news = l.Date, true
	}
	to.changed = to.changed || news && to.live()
	return news
}
