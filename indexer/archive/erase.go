package archive

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Erased is what Erase took away.
type Erased struct {
	Contents int  // bodies, those of former visits too
	Visits   int  // of the history
	Shared   int  // bodies that stay, for a page that is not erased has the same
	Clean    bool // nothing of it is left in the files, their logs included; else it goes with the next checkpoint that no reader holds up
}

// Erase takes away what is kept of pages: their bytes, those of former visits, validators, link texts, names of files, history. What is left is a tombstone with id and URL.
// The freed parts of both databases are overwritten. Erasing twice changes nothing; where it was broken off, another call ends it.
func (a *Archive) Erase(ctx context.Context, ids ...string) (e Erased, err error) {
	a.storing.Lock()
	defer a.storing.Unlock()
	alsoClean, err := a.eraseContents(ctx, ids, &e) // before the rows, which tell what has to go
	if err != nil {
		return e, fmt.Errorf("erase the contents of %d pages: %w", len(ids), err)
	}
	clean, err := a.state.Erase(ctx, func(tx *sql.Tx) error {
		b := newBatch(ctx, tx)
		for _, id := range ids {
			if err := b.erase(id, &e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return e, fmt.Errorf("erase %d pages: %w", len(ids), err)
	}
	e.Clean = clean && alsoClean
	return e, nil
}

// erase empties a page's row.
func (b *batch) erase(id string, e *Erased) error {
	r, err := b.byID(id)
	if err != nil || r == nil {
		return err
	}
	if r.State == Held { // there is nothing to hold any more
		if err := b.scan("SELECT state FROM trouble WHERE page = ?", []any{&r.State}, r.n); err != nil {
			return err
		}
	}
	if err := b.bury(r, time.Now()); err != nil {
		return err
	}
	r.ETag, r.LastModified, r.Anchor, r.ListDate, r.FileName, r.Reason, r.Listed = "", "", "", "", "", withheldReason, 0
	if err := b.save(r); err != nil {
		return err
	}
	var visits int
	if err := b.scan("SELECT count(*) FROM visit WHERE page = ?", []any{&visits}, r.n); err != nil {
		return err
	}
	e.Visits += visits
	for _, table := range []string{"visit", "trouble"} {
		if err := b.exec("DELETE FROM "+table+" WHERE page = ?", r.n); err != nil {
			return err
		}
	}
	return nil
}

// eraseContents removes the bytes of pages, those of former visits too, that no other page has now.
func (a *Archive) eraseContents(ctx context.Context, ids []string, e *Erased) (clean bool, err error) {
	free, shared, err := a.ownContents(ctx, ids)
	if err != nil {
		return false, err
	}
	e.Shared = shared
	return a.contents.Erase(ctx, func(tx *sql.Tx) error {
		for _, k := range free {
			_, n, err := remove(ctx, tx, k)
			if err != nil {
				return err
			}
			e.Contents += n
		}
		return nil
	})
}

// ownContents are the hashes of what pages have, or had at former visits, and no other page has now, and how many others have.
func (a *Archive) ownContents(ctx context.Context, ids []string) (own []kept, shared int, err error) {
	erased, met := map[string]bool{}, map[string]bool{}
	for _, id := range ids {
		erased[id] = true
	}
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		for _, id := range ids {
			hashes, err := words(ctx, tx, `SELECT content FROM page WHERE id = ?1 AND content <> ''
				UNION SELECT content FROM visit WHERE page = (SELECT n FROM page WHERE id = ?1) AND content <> ''`, id)
			if err != nil {
				return err
			}
			for _, hash := range hashes {
				if met[hash] {
					continue
				}
				met[hash] = true
				having, err := words(ctx, tx, "SELECT id FROM page WHERE content = ? AND content <> '' LIMIT ?", hash, len(erased)+1)
				if err != nil {
					return err
				}
				if slices.ContainsFunc(having, func(id string) bool { return !erased[id] }) {
					shared++
				} else {
					own = append(own, kept{hash})
				}
			}
		}
		return nil
	})
	return own, shared, err
}

// words reads a column of text.
func words(ctx context.Context, tx *sql.Tx, query string, args ...any) ([]string, error) {
	found, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return collect(found, func(s *string) []any { return []any{s} })
}
