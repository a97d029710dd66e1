package archive

import (
	"context"
	"fmt"
	"time"
)

// Visits of a page that History keeps.
const historyKept = 20

// Record writes down what came of visits, in order, all or none. On return it is durable.
//
// A page whose bytes, media type and role are the same as before only gets new times; else it gets the next change number. Gone, Robots,
// OutOfScope, Quarantined and Redirect make a page that had content Held, until Settle lets them take effect: then the first four make it a
// tombstone; it comes back to life, under its id, with the next good visit. Any other failure leaves content, validators, hashes and good
// times alone. An imported document becomes a crawled page with its first good visit and outlives the others, a Redirect until there
// is content where that leads.
//
// MovedTo is honoured with State Redirect, as above, and OK. For good to a URL not yet known: a page with content keeps its id and is called by
// the new URL, due at once there unless the visit (OK) brought the content already. To another page: this one is a Redirect to
// it, a tombstone if it had content, and its names stand for the other. Not for good: the target is made due, and content stays, unless
// the target has content of its own. A move that comes back to where it began makes the page Quarantined. Of which site a new target
// is, the Link to it in Links tells; without one it is of the page's own.
//
// Of a page that Withhold names only the times and the state are kept: no bytes, links or moves.
func (a *Archive) Record(ctx context.Context, visits ...Visit) error {
	a.storing.RLock()
	defer a.storing.RUnlock()
	withheld, err := a.withholds(ctx, visits)
	if err != nil {
		return fmt.Errorf("record %d visits: %w", len(visits), err)
	}
	hashes := make([]string, len(visits))
	bodies := map[string]body{}
	for i, v := range visits {
		if v.good() && !v.Unchanged && !withheld[v.ID] {
			hashes[i] = HashOf(v.Body)
			other, met := bodies[hashes[i]]
			bodies[hashes[i]] = body{v.Body, v.Role == Attachment && (other.file || !met)}
		}
	}
	stored, err := a.keep(ctx, bodies)
	if err != nil {
		return fmt.Errorf("record %d visits: %w", len(visits), err)
	}
	return a.update(ctx, func(b *batch) error {
		b.stored = stored
		b.withdrawn, b.withheld = a.withdrawn, a.withheld
		for i, v := range visits {
			if err := b.visit(v, hashes[i], withheld[v.ID]); err != nil {
				return fmt.Errorf("record visit of page %q: %w", v.ID, err)
			}
		}
		return nil
	})
}

func (b *batch) visit(v Visit, hash string, withheld bool) error {
	r, err := b.byID(v.ID)
	if err != nil {
		return err
	}
	if r == nil {
		return ErrUnknown
	}
	was := r.State
	r.visits++
	r.State, r.Reason, r.Status = v.State, v.Reason, v.Status
	r.NextAt, r.Interval, r.Fails = v.NextAt, v.Interval, v.Fails
	if v.Role != Unknown && v.Role != r.Role {
		r.Role, r.changed = v.Role, true
	}
	if withheld {
		r.Reason = withheldReason
	} else if err := b.come(r, v, hash); err != nil {
		return err
	}
	if err := b.reoffer(r); err != nil {
		return err
	}
	if err := b.account(r, v, was); err != nil {
		return err
	}
	if err := b.save(r); err != nil {
		return err
	}
	return b.exec(`INSERT INTO visit (page, slot, visits, at, state, reason, status, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (page, slot) DO UPDATE SET visits = excluded.visits, at = excluded.at, state = excluded.state,
		reason = excluded.reason, status = excluded.status, content = excluded.content`,
		r.n, r.visits%historyKept, r.visits, moment(v.At), r.State, r.Reason, r.Status, r.Content)
}

// good reports a visit that found what it was made for.
func (v *Visit) good() bool {
	return v.State == OK || v.State == NeedsOCR || v.State == Unsupported && v.Role == Attachment && (v.Body != nil || v.Unchanged)
}

// come turns the row into what the visit came to.
func (b *batch) come(r *row, v Visit, hash string) error {
	if v.good() {
		return b.good(r, v, hash)
	}
	switch v.State {
	case Redirect:
		to, err := b.named(v.MovedTo)
		if err != nil {
			return err
		}
		if v.MovedTo != "" && to != r && b.guards(r) {
			return b.hold(r, v)
		}
		return b.redirect(r, v) // or it leads back to itself, which is held as a loop
	case Gone, Robots, OutOfScope, Quarantined:
		return b.lose(r, v)
	case Retry, WAF, TooLarge, Unsupported, NeedsJS, Suspect:
		return nil
	}
	return fmt.Errorf("state %q is none a visit can come to", v.State)
}

func (b *batch) good(r *row, v Visit, hash string) error {
	if v.Unchanged {
		if !r.live() || r.Imported {
			r.State, r.Reason = Retry, "answered as unchanged, but there is nothing it could be the same as"
			return nil
		}
	} else if err := b.fill(r, v, hash); err != nil {
		return err
	}
	r.LastVerified = v.At
	if v.ETag != "" || !v.Unchanged {
		r.ETag = v.ETag
	}
	if v.LastModified != "" || !v.Unchanged {
		r.LastModified = v.LastModified
	}
	if err := b.stay(r); err != nil {
		return err
	}
	if v.MovedTo != "" {
		return b.canonical(r, v)
	}
	return nil
}

// fill gives a page what was fetched of it.
func (b *batch) fill(r *row, v Visit, hash string) error {
	if r.Content != hash {
		r.LastChanged = v.At
	}
	if _, again := b.stored[hash]; again || r.Content != hash || r.ContentType != v.ContentType || r.FileName != v.FileName || r.Imported {
		r.changed = true
	}
	r.Content, r.Size, r.ContentType, r.FileName, r.Listed, r.Outside = hash, int64(len(v.Body)), v.ContentType, v.FileName, v.Listed, v.Outside
	r.Imported, r.Deleted = false, false
	return b.link(r, v)
}

// lose holds what is indexed of a page, or ends it.
func (b *batch) lose(r *row, v Visit) error {
	if b.guards(r) {
		if err := b.unmove(r, &v); err != nil {
			return err
		}
		return b.hold(r, v)
	}
	return b.end(r, v.At)
}

// end ends what is indexed of a crawled page. An import did not come from the site, so the site does not take it back.
func (b *batch) end(r *row, at time.Time) error {
	if err := b.stay(r); err != nil || r.Imported {
		return err
	}
	return b.bury(r, at)
}
