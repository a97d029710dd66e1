package indexer

import (
	"cmp"
	"context"
	"slices"

	"terrace/indexer/archive"
	"terrace/moves"
)

// eachFile gives the attachments of closed sites that survey has not found a home for.
func (j *proposal) eachFile(ctx context.Context, do func(old moves.Old, p archive.Page) error) error {
	return j.x.eachOldFile(ctx, func(old moves.Old, p archive.Page) error {
		if _, ok, err := j.earlier(ctx, old.Key); ok || err != nil {
			return err
		}
		return do(old, p)
	})
}

// files looks for the new homes of attachments.
func (j *proposal) files(ctx context.Context) error {
	return j.eachFile(ctx, func(old moves.Old, p archive.Page) error {
		if home, err := j.atHome(ctx, old); home || err != nil {
			return err
		}
		m, err := j.file(ctx, old, p)
		if err != nil {
			return err
		}
		return j.propose(ctx, old, m)
	})
}

// file is what is proposed for an attachment: a file of the new home of a page that offered it, or one of the same bytes elsewhere, or that home itself. One that no page offered is looked for by its
// name and day, as pages are.
func (j *proposal) file(ctx context.Context, old moves.Old, p archive.Page) (best moves.Move, err error) {
	from, err := j.x.archive.Offering(ctx, p.ID)
	if err != nil {
		return best, err
	}
	from = slices.DeleteFunc(from, func(o archive.Page) bool { return !o.Role.Offers() || !j.x.registry.Closed(o.Site) })
	var page homeOfPage
	for _, o := range from {
		to, err := j.pageHome(ctx, o)
		if err != nil {
			return best, err
		}
		if to.url == "" {
			continue
		}
		if page.url == "" || to.sure && !page.sure {
			page = to
		}
		m, err := j.fileAt(ctx, p, o, to)
		if err != nil {
			return best, err
		}
		if best.State == "" || m.Sure && !best.Sure {
			best = m
		}
	}
	if !best.Sure {
		if m, err := j.twin(ctx, p, page.page.Site); m.State != "" || err != nil {
			return m, err
		}
	}
	switch {
	case best.State != "":
		return best, nil
	case page.url != "":
		j.ToPage++
		return unlessSure(page, moves.Move{New: page.url, State: moves.Proposal, Sure: true, Evidence: "所在网页的新网页上没有认出这个附件，到那个网页"}), nil
	case len(from) == 0:
		known, err := j.x.knownOf(ctx, old, p)
		return j.matcher.Match(known), err
	}
	return best, nil
}

// A homeOfPage is where an old page is now, as far as is known or proposed.
type homeOfPage struct {
	url  string       // empty: nowhere
	page archive.Page // there, where the archive has it
	sure bool
}

func (j *proposal) pageHome(ctx context.Context, o archive.Page) (to homeOfPage, err error) {
	h, err := j.x.homeOf(ctx, o.URL)
	if err != nil {
		return to, err
	}
	if h.old && (h.live || h.listed) {
		to = homeOfPage{url: h.url, sure: true}
	} else {
		old, err := moves.ParseOld(o.URL)
		if err != nil {
			return to, nil
		}
		m, ok, err := j.earlier(ctx, old.Key)
		if !ok || err != nil || m.State != moves.Proposal {
			return to, err
		}
		to = homeOfPage{url: m.New, sure: m.Sure}
		if h, err = j.x.homeOf(ctx, m.New); err != nil {
			return to, err
		}
	}
	if h.live {
		to.page = h.page
	}
	if j.x.hidden(to.page.ID, to.url) {
		return homeOfPage{}, nil
	}
	return to, nil
}

// fileAt looks for an attachment of an old page among those of that page's new home.
func (j *proposal) fileAt(ctx context.Context, p, o archive.Page, to homeOfPage) (m moves.Move, err error) {
	if to.page.ID == "" {
		return m, nil
	}
	olds, err := j.x.archive.Attachments(ctx, o.ID)
	if err != nil {
		return m, err
	}
	now, err := j.x.archive.Attachments(ctx, to.page.ID)
	if err != nil {
		return m, err
	}
	now = slices.DeleteFunc(now, func(f archive.Page) bool { return !j.x.served(f) })
	m = moves.MatchFile(fileOf(p), filesOf(olds), filesOf(now))
	if slices.ContainsFunc(now, func(f archive.Page) bool { return f.URL == m.New && f.Content == p.Content }) {
		return m, nil // whatever becomes of the pages
	}
	return unlessSure(to, m), nil
}

// unlessSure makes what follows from the new home of a page no surer than that is.
func unlessSure(page homeOfPage, m moves.Move) moves.Move {
	if m.State != "" && !page.sure {
		m.Sure = false
		m.Evidence += "；那个网页的新网址还没有认可"
	}
	return m
}

// mostTwins is how many pages may have the bytes of a file: what more have is an empty form or a page of errors.
const mostTwins = 20

// twin is an attachment of now that has the very bytes of an old one, of a site before all others.
func (j *proposal) twin(ctx context.Context, p archive.Page, site string) (m moves.Move, err error) {
	same, err := j.x.archive.SameContent(ctx, p, mostTwins+1)
	if err != nil || len(same) > mostTwins {
		return m, err
	}
	same = slices.DeleteFunc(same, func(f archive.Page) bool { return f.Role != archive.Attachment || !j.x.served(f) })
	if len(same) == 0 {
		return m, nil
	}
	i := max(0, slices.IndexFunc(same, func(f archive.Page) bool { return f.Site == site }))
	return moves.Move{New: same[i].URL, State: moves.Proposal, Sure: true, Evidence: "附件字节相同，在别的网页上"}, nil
}

// served reports a page that readers of now can be led to.
func (x *Indexer) served(p archive.Page) bool {
	return p.Content != "" && !p.Deleted && !p.Imported && p.URL != "" && x.registry.Site(p.Site) != nil && !x.registry.Closed(p.Site) && !x.hidden(p.ID, p.URL)
}

func fileOf(p archive.Page) moves.File {
	return moves.File{URL: p.URL, Name: cmp.Or(p.Anchor, urlName(p.URL)), Hash: p.Content}
}

func filesOf(pages []archive.Page) (out []moves.File) {
	for _, p := range pages {
		out = append(out, fileOf(p))
	}
	return out
}
