package indexer

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"terrace/index"
	"terrace/indexer/archive"
	"terrace/indexer/extract"
	"terrace/indexer/fault"
	"terrace/indexer/relate"
	"terrace/site"
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

// apply puts the pages that are documents and deletes the others, and puts anew the documents that have another relation to them now.
func (x *Indexer) apply(ctx context.Context, g index.Generation, pages []archive.Page) (failed int, err error) {
	version := x.withdrawn.Version()
	made, err := x.documents(ctx, pages) // no withdrawal waits while files are read
	if err != nil {
		return 0, err
	}
	x.applying.Lock()
	defer x.applying.Unlock()
	if x.withdrawn.Version() != version {
		return x.applyNow(ctx, g, pages)
	}
	return x.applyMade(ctx, g, pages, made)
}

// applyNow is apply for a caller that holds applying.
func (x *Indexer) applyNow(ctx context.Context, g index.Generation, pages []archive.Page) (failed int, err error) {
	made, err := x.documents(ctx, pages)
	if err != nil {
		return 0, err
	}
	return x.applyMade(ctx, g, pages, made)
}

// applyMade is applyNow of documents that are made by the list of withdrawals as it is.
func (x *Indexer) applyMade(ctx context.Context, g index.Generation, pages []archive.Page, made map[string]made) (failed int, err error) {
	var put []relate.Page
	var gone []string
	for i := range pages {
		m := made[pages[i].ID]
		if m.err != nil {
			failed++
		}
		if m.err != nil || m.skip != "" {
			gone = append(gone, pages[i].ID)
		} else {
			put = append(put, m.related(x.registry))
		}
	}
	affected, err := x.relations.Update(ctx, g.Name(), put, gone)
	if err != nil {
		return failed, err
	}
	originals, err := x.putAll(ctx, g, affected, made)
	if err != nil {
		return failed, err
	}
	originals = slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(originals))), func(id string) bool { return slices.Contains(affected, id) })
	if _, err := x.putAll(ctx, g, originals, made); err != nil { // they offer the files of their copies
		return failed, err
	}
	if err := x.relations.Done(ctx, g.Name()); err != nil {
		return failed, err
	}
	return failed, x.followArrivals(ctx, pages)
}

// putAll is put of any number of pages, and notes what each came to. It gives the pages that some are copies of.
func (x *Indexer) putAll(ctx context.Context, g index.Generation, ids []string, made map[string]made) (originals []string, err error) {
	for some := range slices.Chunk(ids, syncBatch) {
		outcomes, of, err := x.put(ctx, g, some, made)
		if err == nil {
			err = x.archive.SetOutcomes(ctx, g.Name(), outcomes)
		}
		if err != nil {
			return nil, err
		}
		originals = append(originals, of...)
	}
	return originals, nil
}

// put brings the documents of pages up to what they and their relations are, and tells what each page came to, and which pages some are copies of; those
// of made need not be made again.
func (x *Indexer) put(ctx context.Context, g index.Generation, ids []string, made map[string]made) (outcomes []archive.Outcome, originals []string, err error) {
	others, err := x.others(ctx, ids, made)
	if err != nil {
		return nil, nil, err
	}
	relations, err := x.relations.Relations(ctx, g.Name(), ids)
	if err != nil {
		return nil, nil, err
	}
	var docs []index.Document
	var gone []string
	outcomes = make([]archive.Outcome, 0, len(ids))
	for _, id := range ids {
		m, ok := made[id]
		if !ok {
			m = others[id]
		}
		r, related := relations[id]
		outcomes = append(outcomes, archive.Outcome{Page: id, Reason: m.outcome(r)})
		if r.Original != "" {
			originals = append(originals, r.Original)
		}
		if !related || r.Original != "" || m.document.ID == "" {
			gone = append(gone, id)
			continue
		}
		d := m.document
		d.Copies = append(d.Copies[:len(d.Copies):len(d.Copies)], r.Copies...)
		d.Validity, d.Links = r.Validity, r.Links
		if d.Attachments, err = x.withTwins(ctx, d.Attachments, r.Twins); err != nil {
			return nil, nil, err
		}
		docs = append(docs, d)
	}
	if len(docs) > 0 {
		if err := g.Put(ctx, docs...); err != nil {
			return nil, nil, err
		}
	}
	if len(gone) > 0 {
		return outcomes, originals, g.Delete(ctx, gone...)
	}
	return outcomes, originals, nil
}

// outcome is why a page with content has no document of its own; empty: it has one, or no content.
func (m *made) outcome(r relate.Relations) string {
	switch {
	case m.err != nil:
		return unreadable
	case m.skip == noContent:
		return ""
	case m.skip != "":
		return m.skip
	case r.Original != "":
		return archive.Copy
	}
	return ""
}

// Reasons for no document that are not extract's.
const (
	noContent  = "no content"
	unreadable = "unreadable" // the log says why
	resettled  = "resettled"  // its site is closed, and it is another page now
)

// others makes the documents of pages that are not made yet. A page that the archive has no more gives none.
func (x *Indexer) others(ctx context.Context, ids []string, made map[string]made) (map[string]made, error) {
	var pages []archive.Page
	for _, id := range ids {
		if _, done := made[id]; done {
			continue
		}
		p, err := x.archive.Page(ctx, id)
		if errors.Is(err, archive.ErrUnknown) {
			continue
		}
		if err != nil {
			return nil, err
		}
		pages = append(pages, p)
	}
	return x.documents(ctx, pages)
}

// made is what a page came to: a document, a reason for none, or an error of the page's own.
type made struct {
	document index.Document
	effect   string   // as the page says
	links    []string // of its main text
	imported bool
	cut      int // bytes of its text that no index takes
	skip     string
	err      error
}

// related is what a page says of itself and of others.
func (m *made) related(r *site.Registry) relate.Page {
	p := relate.Page{Document: m.document, Status: m.effect, Links: m.links, Imported: m.imported}
	if id, ok := r.MatchDepartment(m.document.Source); ok {
		p.Document.Source = r.DepartmentName(id) // whichever of its names the page has
	}
	if len(m.document.Copies) > 0 {
		c := &m.document.Copies[0]
		p.SiteName = r.SiteName(c.Site)
		if s := r.Site(c.Site); s != nil && s.Department != "" {
			p.DepartmentName = r.DepartmentName(s.Department)
		}
	}
	return p
}

// documents makes the documents of pages, by page id.
func (x *Indexer) documents(ctx context.Context, pages []archive.Page) (map[string]made, error) {
	all := make([]made, len(pages))
	eg, ctx := errgroup.WithContext(ctx)
	eg.SetLimit(runtime.GOMAXPROCS(0))
	for i, p := range pages {
		eg.Go(func() (err error) {
			err = fault.Within(x.log, p.URL, func() (err error) {
				all[i], err = x.document(ctx, p)
				return err
			})
			if errors.Is(err, fault.Err) {
				all[i], err = made{err: err}, nil
			}
			return err
		})
	}
	if err := eg.Wait(); err != nil {
		return nil, err
	}
	out := make(map[string]made, len(pages))
	for i, m := range all {
		p := &pages[i]
		if m.err != nil {
			x.log.Warn("page gives no document", "id", p.ID, "url", p.URL, "error", m.err)
		}
		if m.cut > 0 {
			x.log.Warn("text is too long, its end is not indexed", "id", p.ID, "url", p.URL, "bytes", m.cut)
		}
		out[p.ID] = m
	}
	return out, nil
}

// document makes a page's document; a page that is withdrawn is none, nor is one of a closed site that is elsewhere now. The error is the archive's; what is wrong with the page is in made.
func (x *Indexer) document(ctx context.Context, p archive.Page) (made, error) {
	if _, withdrawn := x.withdrawn.Of(p.ID, p.URL); withdrawn {
		return made{skip: "withdrawn"}, nil
	}
	if moved, err := x.resettled(ctx, p); err != nil || moved {
		return made{skip: resettled}, err
	}
	return x.read(ctx, p)
}

// read is document, whether the page is withdrawn or not.
func (x *Indexer) read(ctx context.Context, p archive.Page) (made, error) {
	if p.Deleted || p.Content == "" {
		return made{skip: noContent}, nil
	}
	if !p.Imported && x.registry.Site(p.Site) == nil {
		return made{skip: "its site is not configured"}, nil
	}
	m, err := x.compose(ctx, p)
	if err != nil || m.err != nil || m.skip != "" {
		return m, err
	}
	m.document.ID = p.ID
	m.cut = m.document.Fit()
	return m, nil
}

// compose makes the document of a page with content.
func (x *Indexer) compose(ctx context.Context, p archive.Page) (m made, err error) {
	if p.Role == archive.Attachment {
		return x.file(ctx, p)
	}
	if p.Role == archive.Sitemap && !p.Imported { // many sites answer for it with a page that says that there is none
		return made{skip: string(archive.Sitemap)}, nil
	}
	body, err := x.archive.Content(ctx, p.Content)
	switch {
	case errors.Is(err, archive.ErrUnknown):
		now, failed := x.archive.Page(ctx, p.ID)
		if failed == nil && now.Change > p.Change {
			return x.read(ctx, now) // it has changed meanwhile
		}
		m.err = err
		return m, nil
	case errors.Is(err, archive.ErrDamaged):
		m.err = err
		return m, nil
	case err != nil:
		return m, err
	}
	if p.Imported {
		m.imported = true
		m.document, _, m.err = x.imported(body)
		return m, nil
	}
	files, err := x.attachments(ctx, p)
	if err != nil {
		return m, err
	}
	out, err := x.extractor.Extract(extract.Input{
		URL: p.URL, ContentType: p.ContentType, Body: body, Site: x.registry.Site(p.Site), Anchor: p.Anchor, ListDate: p.ListDate, Attached: len(files) > 0,
		Continues: p.Continues(),
	})
	m.document, m.effect, m.links, m.skip, m.err = out.Document, out.Effect, out.Links, out.Skip, err
	m.document.Attachments = files
	return m, nil
}

// live opens the live generation. Where there is none that can be read, the latest one that can takes its place, or else an empty one.
func (x *Indexer) live(ctx context.Context) (index.Generation, error) {
	if g, err := x.readable(ctx); g != nil || err != nil {
		return g, err
	}
	x.applying.Lock()
	defer x.applying.Unlock()
	return x.liveNow(ctx)
}

// liveNow is live for a caller that holds applying.
func (x *Indexer) liveNow(ctx context.Context) (index.Generation, error) {
	if g, err := x.readable(ctx); g != nil || err != nil {
		return g, err
	}
	infos, err := x.ix.Generations(ctx)
	if err != nil {
		return nil, err
	}
	g, err := x.standIn(ctx, infos)
	if err != nil {
		return nil, err
	}
	return g, x.promoteNow(ctx, g.Name())
}

// readable is the live generation; nil where there is none that can be read.
func (x *Indexer) readable(ctx context.Context) (index.Generation, error) {
	info, ok, err := x.liveInfo(ctx)
	if err != nil || !ok || info.Err != nil {
		return nil, err
	}
	return x.ix.Open(ctx, info.Name)
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
	return x.ix.Create(ctx, *x.made.Load())
}

// outdated reports whether the live generation was made by another program, dictionary or registry, or cannot be read by this one.
func (x *Indexer) outdated(ctx context.Context) (bool, error) {
	info, ok, err := x.liveInfo(ctx)
	return ok && info.Made != *x.made.Load(), err
}

// liveInfo describes the live generation, where there is one.
func (x *Indexer) liveInfo(ctx context.Context) (live index.Info, ok bool, err error) {
	infos, err := x.ix.Generations(ctx)
	if err != nil {
		return live, false, err
	}
	for _, info := range infos {
		if info.Live {
			return info, true, nil
		}
	}
	return live, false, nil
}
