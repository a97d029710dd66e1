package indexer

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"terrace/indexer/archive"
	"terrace/moves"
)

// eachClosed gives the pages of a role that the archive keeps of closed sites. Those that were never there or led elsewhere, and what is withdrawn, are left out.
func (x *Indexer) eachClosed(ctx context.Context, role archive.Role, do func(old moves.Old, p archive.Page) error) error {
	for _, s := range x.registry.Cluster().Sites {
		if !s.Closed {
			continue
		}
		err := x.eachOfSite(ctx, archive.Filter{Site: s.ID, Role: role}, func(p archive.Page) error {
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

// eachKept is eachClosed without the later pages of lists, which go where the first has gone.
func (x *Indexer) eachKept(ctx context.Context, role archive.Role, do func(old moves.Old, p archive.Page) error) error {
	return x.eachClosed(ctx, role, func(old moves.Old, p archive.Page) error {
		if p.Head != "" {
			return nil
		}
		return do(old, p)
	})
}

// eachOfSite gives pages that a filter picks.
func (x *Indexer) eachOfSite(ctx context.Context, f archive.Filter, do func(archive.Page) error) error {
	for after := ""; ; {
		some, err := x.archive.Pages(ctx, f, after, moves.MaxBatch)
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

// apart reports an old URL of an attachment or a list that the archive keeps of a closed site: eachKept gives these.
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
