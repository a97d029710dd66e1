package indexer

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/indexer/weburl"
	"terrace/moves"
)

// maxMoves is how many moves are followed one after the other.
const maxMoves = 5

// A home is where a URL leads.
type home struct {
	url    string       // canonical
	old    bool         // it is another than the one asked for
	listed bool         // the last step is one page's own in the list
	page   archive.Page // what the archive knows at url; without ID: nothing
	live   bool         // page has content and its site is not closed
}

// home follows what the list and the archive know of a URL. What an administrator says of the very page comes first, then what the archive knows, then what is said of the first page of its list,
// then prefixes. Moves that lead in a circle, or on and on, lead nowhere.
func (x *Indexer) home(ctx context.Context, u *url.URL) (h home, err error) {
	asked := weburl.Canonical(u)
	for range maxMoves {
		h.url = weburl.Canonical(u)
		h.page, h.live = archive.Page{}, false
		m, listed, err := x.moves.Exact(ctx, moves.Key(u))
		if err == nil && !listed {
			done, failed := x.archived(ctx, u, &h)
			if done || failed != nil {
				return h, failed
			}
			m, listed, err = x.leading(ctx, u, h.page)
		}
		if err != nil {
			return h, err
		}
		if !listed {
			ok := false
			if m, ok = x.moves.Under(moves.Key(u)); !ok {
				return h, nil
			}
		}
		to, err := url.Parse(m.New)
		if err != nil || moves.Key(to) == moves.Key(u) {
			return h, nil
		}
		u, h.old, h.listed = to, true, listed
	}
	return home{url: asked}, nil
}

// archived looks for a URL in the archive and reports whether its page is there, at that URL or at another.
func (x *Indexer) archived(ctx context.Context, u *url.URL, h *home) (done bool, err error) {
	twins := moves.Twins(u)
	found, err := x.archive.PagesNamed(ctx, twins)
	if err != nil {
		return false, err
	}
	for _, p := range found {
		if p, err = x.end(ctx, p); err != nil {
			return false, err
		}
		live := p.Content != "" && !p.Deleted && !x.registry.Closed(p.Site)
		if better := live && (!h.live || p.URL == twins[0]) || p.Content != "" && h.page.Content == "" || h.page.ID == ""; better {
			h.page, h.live = p, live
		}
	}
	if !h.live || h.page.URL == "" {
		return false, nil
	}
	if now, err := url.Parse(h.page.URL); err == nil && !slices.Contains(twins, weburl.Canonical(now)) {
		h.old, h.listed = true, false
	}
	h.url = h.page.URL
	return true, nil
}

// leading is the move of the page that an old URL was led to while its site was open, or of the first page of the list that it is a page of; false where there is none.
func (x *Indexer) leading(ctx context.Context, u *url.URL, p archive.Page) (m moves.Move, ok bool, err error) {
	if p.Head != "" {
		if p, err = x.archive.Page(ctx, p.Head); err != nil && !errors.Is(err, archive.ErrUnknown) {
			return m, false, err
		}
	}
	at, err := url.Parse(p.URL)
	if err != nil || !x.registry.Closed(p.Site) || moves.Key(at) == moves.Key(u) {
		return m, false, nil
	}
	return x.moves.Exact(ctx, moves.Key(at))
}

// end is the page that one has moved to, or itself.
func (x *Indexer) end(ctx context.Context, p archive.Page) (archive.Page, error) {
	if p.MovedTo == "" {
		return p, nil
	}
	to, err := x.archive.Page(ctx, p.MovedTo)
	if errors.Is(err, archive.ErrUnknown) {
		return p, nil
	}
	return to, err
}

// Address tells what a URL is that a reader has typed, and where its page is now. What is withdrawn is not known.
func (x *Indexer) Address(ctx context.Context, typed string) (a moves.Address, err error) {
	a.State = moves.Elsewhere
	u, err := moves.Parse(typed)
	if err != nil {
		return a, nil
	}
	a.Typed = weburl.Canonical(u)
	h, err := x.home(ctx, u)
	if err != nil {
		return a, err
	}
	if x.hidden("", a.Typed) || x.hidden(h.page.ID, h.url) {
		return a, nil
	}
	switch {
	case h.live:
		a.State, a.URL = moves.Current, h.url
		if h.old {
			a.State = moves.Moved
		}
	case h.old && h.page.Deleted: // there is but the old page left
		h = home{}
		if _, err := x.archived(ctx, u, &h); err != nil {
			return a, err
		}
		return x.homeless(ctx, a, u, h)
	case h.old && h.page.Content == "":
		a.State, a.URL = moves.Moved, h.url
		return a, nil
	default:
		return x.homeless(ctx, a, u, h)
	}
	return a, x.describe(ctx, &a, h.page)
}

func (x *Indexer) hidden(id, url string) bool {
	_, on := x.withdrawn.Of(id, url)
	return on
}

// homeless tells what is known of a page that has no new home, from the archive or from the list.
func (x *Indexer) homeless(ctx context.Context, a moves.Address, u *url.URL, h home) (moves.Address, error) {
	if h.page.Content != "" || x.ofOwn(h.page) {
		a.State = moves.Homeless
		return a, x.describe(ctx, &a, h.page)
	}
	p, ok, err := x.moves.Page(ctx, moves.Key(u))
	if err != nil || !ok || x.hidden("", p.URL) {
		return a, err
	}
	a.State = moves.Homeless
	if !x.withdrawn.Hides(p.Title) {
		a.Title = p.Title
	}
	return a, nil
}

// describe tells of the document that a page is, or is a copy of; of an attachment that is none, of that of the first page that offers it and is one. A page that is none stays without.
func (x *Indexer) describe(ctx context.Context, a *moves.Address, p archive.Page) error {
	if err := x.describeOne(ctx, a, p); err != nil || a.ID != "" || p.Role != archive.Attachment {
		return err
	}
	from, err := x.archive.Offering(ctx, p.ID)
	if err != nil {
		return err
	}
	for _, o := range from {
		if err := x.describeOne(ctx, a, o); err != nil {
			return err
		}
		if a.ID != "" {
			a.File = true
			return nil
		}
	}
	return nil
}

func (x *Indexer) describeOne(ctx context.Context, a *moves.Address, p archive.Page) error {
	r, err := x.related(ctx, p.ID)
	if err != nil {
		return err
	}
	if r.Original != "" {
		original, err := x.archive.Page(ctx, r.Original)
		if errors.Is(err, archive.ErrUnknown) {
			return nil
		}
		if err != nil {
			return err
		}
		p = original
	}
	m, err := x.document(ctx, p)
	if err != nil || m.err != nil || m.skip != "" {
		return err
	}
	a.ID, a.Title, a.Date = p.ID, m.document.Title, m.document.Date()
	if len(m.document.Copies) > 0 {
		a.Site = m.document.Copies[0].Site
	}
	return nil
}

// resettled reports whether a page of a closed site is another page of now, or was one until that was withdrawn.
func (x *Indexer) resettled(ctx context.Context, p archive.Page) (bool, error) {
	if !x.registry.Closed(p.Site) || p.URL == "" {
		return false, nil
	}
	u, err := url.Parse(p.URL)
	if err != nil {
		return false, nil
	}
	h, err := x.home(ctx, u)
	return h.old && (h.live || x.hidden(h.page.ID, h.url)), err
}

// placeOf is the copy of a document that a reader of now is led to, and those that closed sites have.
func (x *Indexer) placeOf(d *index.Document) (now index.Copy, closed []index.Copy) {
	for _, c := range d.Copies {
		switch {
		case x.registry.Closed(c.Site):
			closed = append(closed, c)
		case now.URL == "" && strings.HasPrefix(c.URL, "http"):
			now = c
		}
	}
	return now, closed
}
