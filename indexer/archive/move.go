package archive

import (
	"errors"
	"fmt"
	"time"
)

// Redirects followed from row to row; MovedTo leads to a page that is none, so there is seldom more than one.
const maxHops = 10

// MovedHere begins the reason of a page that was called by a new URL and has not been visited there.
const MovedHere = "moved here for good from "

// redirect turns the row into what a visit came to that led elsewhere.
func (b *batch) redirect(r *row, v Visit) error {
	if v.MovedTo == "" {
		return errors.New("a redirect without a target")
	}
	if v.MovedTo == r.URL {
		return b.quarantine(r, v.At, "redirects to itself")
	}
	to, err := b.named(v.MovedTo)
	switch {
	case err != nil:
		return err
	case to == nil && v.Permanent && r.live():
		r.Reason = MovedHere + r.URL
		r.State, r.NextAt, r.ETag, r.LastModified = Retry, v.At, "", "" // the validators were the old URL's
		r.former, r.formerSite = r.URL, r.Site
		return errors.Join(b.rename(r, v), b.stay(r))
	case to == nil:
		if to, err = b.target(r, v); err != nil {
			return err
		}
	case to == r:
		return b.backAgain(r, v)
	}
	end, err := b.follow(to)
	if err != nil {
		return err
	}
	if end == nil || end == r {
		return b.loop(r, to, v)
	}
	v.Permanent = v.Permanent && (end.live() || !r.Imported) // an import stays until something is in its place
	return b.moved(r, end, v)
}

// canonical acts on the URL that a page, just fetched, says it belongs to.
func (b *batch) canonical(r *row, v Visit) error {
	to, err := b.named(v.MovedTo)
	switch {
	case err != nil || to == r:
		return err
	case to == nil && v.Permanent:
		return b.rename(r, v)
	case to == nil:
		_, err := b.target(r, v)
		return err
	}
	end, err := b.follow(to)
	if err != nil || end == nil || end == r || !end.live() && !v.Permanent {
		return err
	}
	r.State = Redirect
	return b.moved(r, end, v)
}

// target creates the page that a visit led to.
func (b *batch) target(r *row, v Visit) (*row, error) {
	l := movedLink(r, v)
	to, _, err := b.create(Page{ID: IDOf(l.URL), Site: l.Site, URL: l.URL, Role: l.Role, State: New,
		NextAt: v.At, FirstSeen: v.At, Referrer: r.ID, Anchor: r.Anchor, ListDate: r.ListDate})
	if err != nil {
		return nil, err
	}
	return to, b.call(l.URL, to)
}

// movedLink tells of the URL a visit led to what its Links tell; without one the page there is like the one here.
func movedLink(r *row, v Visit) Link {
	for _, l := range v.Links {
		if l.URL == v.MovedTo {
			if l.Role == Unknown {
				l.Role = r.Role
			}
			return l
		}
	}
	return Link{URL: v.MovedTo, Site: r.Site, Role: r.Role}
}

// rename calls a page by its new URL. The old one stays one of its names.
func (b *batch) rename(r *row, v Visit) error {
	r.URL, r.Site, r.changed = v.MovedTo, movedLink(r, v).Site, true
	return b.call(r.URL, r)
}

// follow goes to where a page's redirects end; nil where they do not.
func (b *batch) follow(r *row) (*row, error) {
	for range maxHops {
		if r.State != Redirect || r.MovedTo == "" {
			return r, nil
		}
		next, err := b.byID(r.MovedTo)
		if err != nil {
			return nil, err
		}
		if next == nil {
			return r, nil
		}
		r = next
	}
	return nil, nil
}

// moved makes a page a redirect to another.
func (b *batch) moved(r, to *row, v Visit) error {
	if err := b.stay(r); err != nil { // it may have led elsewhere before
		return err
	}
	r.MovedTo = to.ID
	if v.Permanent || to.live() {
		if err := b.bury(r, v.At); err != nil {
			return err
		}
	}
	if to.MovedTo == r.ID { // as it was before visits to it failed
		if err := b.stay(to); err != nil {
			return err
		}
	}
	if !to.live() && to.NextAt.IsZero() {
		to.NextAt = v.At
	}
	if err := b.save(to); err != nil {
		return err
	}
	if v.Permanent {
		clear(b.names)
		if err := b.exec("UPDATE name SET page = ? WHERE page = ?", to.n, r.n); err != nil {
			return err
		}
	}
	return b.shorten(r, to)
}

// shorten leads redirects to a page that is now one itself on to where that leads.
func (b *batch) shorten(r, to *row) error {
	for _, other := range b.rows {
		if other.MovedTo == r.ID {
			other.MovedTo = to.ID
		}
	}
	if err := b.behead(r, to); err != nil {
		return err
	}
	return b.exec("UPDATE page SET moved_to = ? WHERE moved_to = ? AND moved_to <> ''", to.ID, r.ID)
}

// backAgain is a redirect to one of the page's own former names.
func (b *batch) backAgain(r *row, v Visit) error {
	from, err := b.row("url = ? AND moved_to = ? AND moved_to <> ''", v.MovedTo, r.ID)
	if err != nil {
		return err
	}
	if from != nil && from != r { // it was a page of its own
		return b.loop(r, from, v)
	}
	// The site may have turned a move round: the next visit asks where this one was sent.
	was := r.URL
	r.former, r.formerSite = r.URL, r.Site
	if err := b.rename(r, v); err != nil {
		return err
	}
	return b.quarantine(r, v.At, fmt.Sprintf("redirect loop: %s leads to %s and back", r.URL, was))
}

// loop quarantines two pages that lead to each other.
func (b *batch) loop(r, to *row, v Visit) error {
	reason := fmt.Sprintf("redirect loop: %s leads to %s and back", to.URL, r.URL)
	if err := b.quarantine(to, v.At, reason); err != nil {
		return err
	}
	return errors.Join(b.save(to), b.quarantine(r, v.At, reason))
}

func (b *batch) quarantine(r *row, at time.Time, reason string) error {
	if b.releasing == r && r.live() { // that a move turns out to be a loop is a loss of its own
		b.releasing = nil
		if err := b.exec("DELETE FROM trouble WHERE page = ?", r.n); err != nil {
			return err
		}
	}
	if b.guards(r) {
		return b.hold(r, Visit{At: at, State: Quarantined, Reason: reason, Status: r.Status, NextAt: r.NextAt})
	}
	r.State, r.Reason = Quarantined, reason
	return b.end(r, at)
}
