package indexer

import (
	"context"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"terrace/index"
	"terrace/indexer/archive"
)

// syncBatch is how many changes one turn of sync takes.
const syncBatch = 200

// A synced batch tells what sync did.
type synced struct {
	pages  int
	failed int // pages that gave no document for an error
}

// sync brings a generation up to the archive's newest change, a batch at a time: extract, put or delete, then move the cursor. After a
// crash it goes on at the cursor; doing a batch twice changes nothing.
func (x *Indexer) sync(ctx context.Context, g index.Generation, did func(synced) error) error {
	cursor, err := x.archive.Cursor(ctx, g.Name())
	if err != nil {
		return fmt.Errorf("sync %s: %w", g.Name(), err)
	}
	for {
		pages, err := x.archive.Changes(ctx, cursor, syncBatch)
		if err != nil {
			return fmt.Errorf("sync %s: %w", g.Name(), err)
		}
		if len(pages) == 0 {
			return nil
		}
		failed, err := x.apply(ctx, g, pages)
		if err != nil {
			return fmt.Errorf("sync %s after change %d: %w", g.Name(), cursor, err)
		}
		cursor = pages[len(pages)-1].Change
		if err := x.archive.SetCursor(ctx, g.Name(), cursor); err != nil {
			return fmt.Errorf("sync %s: %w", g.Name(), err)
		}
		if err := did(synced{len(pages), failed}); err != nil {
			return err
		}
	}
}

// apply puts the pages that are documents and deletes the others.
func (x *Indexer) apply(ctx context.Context, g index.Generation, pages []archive.Page) (failed int, err error) {
	made := make([]made, len(pages))
	eg, ctx2 := errgroup.WithContext(ctx)
	eg.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range pages {
		eg.Go(func() (err error) {
			made[i], err = x.document(ctx2, p)
			return err
		})
	}
	if err := eg.Wait(); err != nil {
		return 0, err
	}
	var docs []index.Document
	var gone []string
	for i, m := range made {
		switch {
		case m.err != nil:
			failed++
			x.log.Warn("page gives no document", "id", pages[i].ID, "url", pages[i].URL, "error", m.err)
			gone = append(gone, pages[i].ID)
		case m.skip != "":
			gone = append(gone, pages[i].ID)
		default:
			if m.cut > 0 {
				x.log.Warn("body is too long, its end is not indexed", "id", pages[i].ID, "url", pages[i].URL, "bytes", m.cut)
			}
			docs = append(docs, m.document)
		}
	}
	if len(docs) > 0 {
		if err := g.Put(ctx, docs...); err != nil {
			return failed, err
		}
	}
	if len(gone) > 0 {
		return failed, g.Delete(ctx, gone...)
	}
	return failed, nil
}

// made is what a page came to: a document, a reason for none, or an error of the page's own.
type made struct {
	document index.Document
	cut      int // bytes of its body that no index takes
	skip     string
	err      error
}

// document makes a page's document. The error is the archive's; what is wrong with the page is in made.
func (x *Indexer) document(ctx context.Context, p archive.Page) (made, error) {
	if p.Deleted || p.Content == "" {
		return made{skip: "no content"}, nil
	}
	if !p.Imported && x.registry.Site(p.Site) == nil {
		return made{skip: "its site is not configured"}, nil
	}
	body, err := x.archive.Content(ctx, p.Content)
	if err != nil {
		return made{}, err
	}
	if p.Imported {
		d, _, err := x.imported(body)
		d.ID = p.ID
		cut := d.Fit()
		return made{document: d, cut: cut, err: err}, nil
	}
	out, err := x.extract(p, body)
	if err != nil {
		return made{err: err}, nil
	}
	d := out.Document
	d.ID = p.ID
	cut := d.Fit()
	return made{document: d, cut: cut, skip: out.Skip}, nil
}

// live opens the live generation. Where there is none that can be read, the latest one that can takes its place, or else an empty one.
func (x *Indexer) live(ctx context.Context) (index.Generation, error) {
	infos, err := x.ix.Generations(ctx)
	if err != nil {
		return nil, err
	}
	for _, info := range infos {
		if info.Live && info.Err == nil {
			return x.ix.Open(ctx, info.Name)
		}
	}
	g, err := x.standIn(ctx, infos)
	if err != nil {
		return nil, err
	}
	return g, x.ix.Promote(ctx, g.Name())
}

// standIn is the latest generation that was whole once, or a new one.
func (x *Indexer) standIn(ctx context.Context, infos []index.Info) (index.Generation, error) {
	unfinished, err := x.jobRows(ctx, `WHERE state = 'running'`)
	if err != nil {
		return nil, err
	}
	for _, info := range slices.Backward(infos) {
		being := slices.ContainsFunc(unfinished, func(j *jobRow) bool { return j.generation == info.Name })
		if info.Err == nil && info.Documents > 0 && !being {
			x.log.Error("the live generation cannot be read: another takes its place", "generation", info.Name)
			return x.ix.Open(ctx, info.Name)
		}
	}
	return x.ix.Create(ctx, x.made)
}

// outdated reports whether the live generation was made by another program, dictionary or registry, or cannot be read by this one.
func (x *Indexer) outdated(ctx context.Context) (bool, error) {
	infos, err := x.ix.Generations(ctx)
	if err != nil {
		return false, err
	}
	for _, info := range infos {
		if info.Live {
			return info.Made != x.made, nil
		}
	}
	return false, nil
}
