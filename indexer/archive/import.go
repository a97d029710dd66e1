package archive

import (
	"context"
	"fmt"
	"time"
)

// Import takes in documents, all or none; of equal ids in one call the last wins. On return they are durable.
//
// A document whose id is known is replaced where its line or place differs, else left alone. Where its URL is a crawled page's with
// content, that content stays and the id stands for that page; a page without any takes the line until it is fetched.
func (a *Archive) Import(ctx context.Context, docs ...Import) error {
	hashes := make([]string, len(docs))
	lines := map[string]body{}
	for i, d := range docs {
		if d.ID == "" {
			return fmt.Errorf("import document %d: it has no id", i+1)
		}
		hashes[i] = HashOf(d.Line)
		lines[hashes[i]] = body{raw: d.Line}
	}
	a.storing.RLock()
	defer a.storing.RUnlock()
	if _, err := a.keep(ctx, lines); err != nil {
		return fmt.Errorf("import %d documents: %w", len(docs), err)
	}
	now := time.Now()
	return a.update(ctx, func(b *batch) error {
		for i, d := range docs {
			if err := b.take(d, hashes[i], now); err != nil {
				return fmt.Errorf("import document %q: %w", d.ID, err)
			}
		}
		return nil
	})
}

func (b *batch) take(d Import, hash string, now time.Time) error {
	r, err := b.knownAs(d.ID)
	if err != nil {
		return err
	}
	if r != nil && r.live() && !r.Imported {
		return nil
	}
	at, err := b.crawledAt(d.URL)
	if err != nil {
		return err
	}
	if at != nil && at != r {
		if err := b.standFor(d.ID, r, at, now); err != nil {
			return err
		}
		r = at
	}
	switch {
	case r == nil:
		return b.arrive(d, hash, now)
	case r.live() && !r.Imported:
		return nil
	case r.Content == hash && (r.met() || r.URL == d.URL && r.Site == d.Site):
		return nil
	}
	return b.replace(r, d, hash, now)
}

// met tells whether the crawl knows the page.
func (r *row) met() bool { return r.visits > 0 || !r.NextAt.IsZero() }

// knownAs finds what a document's id stands for; nil where it is new.
func (b *batch) knownAs(id string) (*row, error) {
	r, err := b.named(id)
	if err == nil && r == nil {
		r, err = b.byID(id)
	}
	if err != nil || r == nil {
		return nil, err
	}
	return b.holder(r)
}

// holder is the page with the content of one that may be a redirect: this itself, as long as it has content; nil where redirects do not end.
func (b *batch) holder(r *row) (*row, error) {
	if r.live() {
		return r, nil
	}
	return b.follow(r)
}

// crawledAt finds the crawled page at a URL; nil where there is none. Two imports may share a URL, so an import is not meant.
func (b *batch) crawledAt(url string) (*row, error) {
	if url == "" {
		return nil, nil
	}
	r, err := b.named(url)
	if err != nil || r == nil {
		return nil, err
	}
	if r, err = b.holder(r); err != nil || r == nil || r.Imported {
		return nil, err
	}
	return r, nil
}

// standFor makes a document's id stand for a crawled page. The row the document had so far goes.
func (b *batch) standFor(id string, r, at *row, now time.Time) error {
	if r != nil && r.ID == id {
		r.State, r.Reason, r.NextAt = Redirect, "its URL is a crawled page's", time.Time{}
		if err := b.moved(r, at, Visit{At: now, Permanent: true}); err != nil {
			return err
		}
		if err := b.save(r); err != nil {
			return err
		}
	}
	return b.call(id, at)
}

// arrive makes a page of a document that was not known.
func (b *batch) arrive(d Import, hash string, now time.Time) error {
	r, _, err := b.create(Page{ID: d.ID, Site: d.Site, URL: d.URL, State: OK, Imported: true, Content: hash, Size: int64(len(d.Line)),
		FirstSeen: now, LastVerified: now, LastChanged: now})
	if err != nil {
		return err
	}
	return b.locate(r, d.URL)
}

// locate makes a URL stand for an import unless it stands for another page.
func (b *batch) locate(r *row, url string) error {
	if url == "" {
		return nil
	}
	if other, err := b.named(url); err != nil || other != nil {
		return err
	}
	return b.call(url, r)
}

// replace gives a page the line of a document as its content.
func (b *batch) replace(r *row, d Import, hash string, now time.Time) error {
	if !r.met() {
		r.State, r.Reason, r.Site, r.URL = OK, "", d.Site, d.URL
		if err := b.locate(r, d.URL); err != nil {
			return err
		}
	}
	r.Content, r.Size, r.ContentType, r.ETag, r.LastModified = hash, int64(len(d.Line)), "", "", ""
	r.Imported, r.Deleted, r.changed = true, false, true
	r.LastVerified, r.LastChanged = now, now
	return b.save(r)
}
