package indexer

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"terrace/indexer/archive"
	"terrace/moves"
)

// followMoves has those pages of closed sites looked at again that moves are of, whether the caller stays or not: they are in force.
func (x *Indexer) followMoves(ctx context.Context, olds []moves.Old) error {
	if !x.registry.AnyClosed() {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	var ids []string
	whole := map[string]bool{} // hosts
	for _, o := range olds {
		if o.Prefix {
			host, _, _ := strings.Cut(o.Key, "/")
			whole[host] = true
			continue
		}
		u, err := moves.Parse(o.Text)
		if err != nil {
			continue
		}
		closed := slices.DeleteFunc(moves.Twins(u), func(at string) bool { return !x.closedAt(at) })
		if len(closed) == 0 {
			continue
		}
		found, err := x.archive.PagesNamed(ctx, closed)
		if err != nil {
			return err
		}
		for _, p := range found {
			ids = append(ids, p.ID)
		}
	}
	defer x.Wake()
	if err := x.archive.ResequencePages(ctx, ids...); err != nil {
		return err
	}
	return x.followHosts(ctx, whole)
}

// closedAt reports a URL of a closed site.
func (x *Indexer) closedAt(at string) bool {
	u, err := url.Parse(at)
	if err != nil {
		return false
	}
	s := x.registry.Of(u)
	return s != nil && s.Closed
}

// followArrivals has those pages of closed sites looked at again whose new pages have come, changed or gone.
func (x *Indexer) followArrivals(ctx context.Context, pages []archive.Page) error {
	if !x.registry.AnyClosed() {
		return nil
	}
	var olds []moves.Old
	for _, p := range pages {
		if x.registry.Closed(p.Site) {
			continue
		}
		to, err := x.moves.To(ctx, p.URL)
		if err != nil {
			return err
		}
		olds = append(olds, to...)
	}
	return x.followMoves(ctx, olds)
}

// followHosts has all pages of the closed sites that some hosts are of looked at again.
func (x *Indexer) followHosts(ctx context.Context, hosts map[string]bool) error {
	sites := map[string]bool{}
	for host := range hosts {
		for _, at := range moves.Twins(&url.URL{Scheme: "http", Host: host, Path: "/"}) {
			if u, err := url.Parse(at); err == nil && x.closedAt(at) {
				sites[x.registry.Of(u).ID] = true
			}
		}
	}
	for id := range sites {
		if _, err := x.archive.Resequence(ctx, archive.Scope{Site: id}); err != nil {
			return err
		}
	}
	return nil
}
