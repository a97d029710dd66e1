package indexer

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"terrace/indexer/archive"
	"terrace/moves"
)

// A reading gives pages of a site.
type reading func(ctx context.Context, site string, do func(archive.Page) error) error

// eachOld gives what a reading gives of closed sites. What was never there or led elsewhere, and what is withdrawn, is left out.
func (x *Indexer) eachOld(ctx context.Context, of reading, do func(old moves.Old, p archive.Page) error) error {
	for _, s := range x.registry.Cluster().Sites {
		if !s.Closed {
			continue
		}
		err := of(ctx, s.ID, func(p archive.Page) error {
			old, err := moves.ParseOld(p.URL)
			if err != nil || old.Prefix || !wasThere(p) || x.hidden(p.ID, p.URL) {
				return nil
			}
			return do(old, p)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// filesOf reads the attachments of a site.
func (x *Indexer) filesOf(ctx context.Context, site string, do func(archive.Page) error) error {
	return x.ofRole(ctx, site, archive.Attachment, do)
}

// listsOf reads the first pages of a site's lists: of those that the crawl took for lists, and of the others, shorter mostly, that gave no document because they are lists.
func (x *Indexer) listsOf(ctx context.Context, site string, do func(archive.Page) error) error {
	err := x.ofRole(ctx, site, archive.List, func(p archive.Page) error {
		if p.Head != "" {
			return nil
		}
		return do(p)
	})
	if err != nil {
		return err
	}
	return x.withOutcome(ctx, site, []string{archive.ListPage}, do)
}

// wordlessOf reads the home page of a site, and pages that gave no document for want of words or by their own wish.
func (x *Indexer) wordlessOf(ctx context.Context, site string, do func(archive.Page) error) error {
	return x.withOutcome(ctx, site, []string{"home page", "no text", "no title", "noindex"}, do)
}

// withOutcome reads the pages of a site that gave the live generation no document for one of some reasons.
func (x *Indexer) withOutcome(ctx context.Context, site string, reasons []string, do func(archive.Page) error) error {
	live, ok, err := x.liveInfo(ctx)
	if !ok || err != nil {
		return err
	}
	return inTurns(func(after string) ([]archive.Page, error) {
		return x.archive.WithOutcome(ctx, live.Name, site, reasons, after, moves.MaxBatch)
	}, do)
}

// laterOf reads the later pages of a site's lists.
func (x *Indexer) laterOf(ctx context.Context, site string, do func(archive.Page) error) error {
	return x.ofRole(ctx, site, archive.List, func(p archive.Page) error {
		if p.Head == "" {
			return nil
		}
		return do(p)
	})
}

func (x *Indexer) ofRole(ctx context.Context, site string, r archive.Role, do func(archive.Page) error) error {
	return inTurns(func(after string) ([]archive.Page, error) {
		return x.archive.Pages(ctx, archive.Filter{Site: site, Role: r}, after, moves.MaxBatch)
	}, do)
}

// inTurns does something with pages that are read moves.MaxBatch at a time, behind an id.
func inTurns(read func(after string) ([]archive.Page, error), do func(archive.Page) error) error {
	for after := ""; ; {
		some, err := read(after)
		if err != nil {
			return err
		}
		for _, p := range some {
			after = p.ID
			if err := do(p); err != nil {
				return err
			}
		}
		if len(some) < moves.MaxBatch {
			return nil
		}
	}
}

// eachOldFile gives the attachments of closed sites.
func (x *Indexer) eachOldFile(ctx context.Context, do func(old moves.Old, p archive.Page) error) error {
	return x.eachOld(ctx, x.filesOf, do)
}

// eachOldList gives the first pages of the lists of closed sites, but those that are looked at as pages of the list of old ones.
func (x *Indexer) eachOldList(ctx context.Context, do func(old moves.Old, p archive.Page) error) error {
	return x.eachOld(ctx, x.listsOf, x.unlisted(ctx, do))
}

// eachOldWordless gives the pages of closed sites that are neither documents nor attachments nor lists, but those of the list of old ones.
func (x *Indexer) eachOldWordless(ctx context.Context, do func(old moves.Old, p archive.Page) error) error {
	return x.eachOld(ctx, x.wordlessOf, x.unlisted(ctx, do))
}

// unlisted leaves out what the list of old pages has, but for what the crawl took for a list.
func (x *Indexer) unlisted(ctx context.Context, do func(old moves.Old, p archive.Page) error) func(moves.Old, archive.Page) error {
	return func(old moves.Old, p archive.Page) error {
		if p.Role != archive.List {
			if _, listed, err := x.moves.Page(ctx, old.Key); listed || err != nil {
				return err
			}
		}
		return do(old, p)
	}
}

// wasThere reports a page that its site, as far as is known, had under its URL.
func wasThere(p archive.Page) bool {
	switch p.State {
	case archive.Gone, archive.Quarantined, archive.OutOfScope:
		return false
	}
	return !p.Deleted && p.MovedTo == ""
}

// ofOwn reports an old page that is an attachment or a list.
func (x *Indexer) ofOwn(p archive.Page) bool {
	return x.registry.Closed(p.Site) && (p.Role == archive.Attachment || p.Role == archive.List) && wasThere(p)
}

// apart reports an old URL of an attachment or a list that the archive keeps of a closed site: eachOldFile and eachOldList give these.
func (x *Indexer) apart(ctx context.Context, key, at string) (bool, error) {
	u, err := url.Parse(at)
	if err != nil || !x.closedAt(at) {
		return false, nil
	}
	found, err := x.archive.PagesNamed(ctx, moves.Twins(u))
	return slices.ContainsFunc(found, func(p archive.Page) bool {
		own, err := moves.ParseOld(p.URL)
		return err == nil && own.Key == key && x.ofOwn(p)
	}), err
}

// knownOf is what is known of a page that the archive keeps of a closed site: what the list of old pages says, or else what the links to it say.
func (x *Indexer) knownOf(ctx context.Context, old moves.Old, p archive.Page) (moves.Page, error) {
	known, _, err := x.moves.Page(ctx, old.Key)
	name := p.Anchor
	if p.Role == archive.Attachment {
		name = attachmentName(p)
	}
	return moves.Page{URL: old.Text, Title: cmp.Or(known.Title, name), Date: cmp.Or(known.Date, p.ListDate), DocNo: known.DocNo}, err
}

// homeOf is home of a URL that is known to be one.
func (x *Indexer) homeOf(ctx context.Context, canonical string) (home, error) {
	u, err := url.Parse(canonical)
	if err != nil {
		return home{url: canonical}, nil
	}
	return x.home(ctx, u)
}
