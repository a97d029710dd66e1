package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// FaultKind is what is wrong.
type FaultKind string

const (
	Missing     FaultKind = "missing"      // a page's bytes are not there
	Damaged     FaultKind = "damaged"      // they are others than were stored
	TextMissing FaultKind = "text missing" // of a file whose bytes were dropped, or damaged
	Astray      FaultKind = "astray"       // a page leads to one that is not there
	Numbers     FaultKind = "numbers"      // change numbers and cursors are beyond the last one given
	Miscounted  FaultKind = "miscounted"   // what the ledger counts by is not what is there
)

// A Fault is something that Verify found wrong.
type Fault struct {
	Kind   FaultKind
	Page   Page   // zero: it is of none
	Detail string // English
}

// A Verified counts what Verify looked at.
type Verified struct {
	Pages    int // with content
	Contents int
	Dropped  int // files whose bytes were dropped
	Unused   int // contents that no page has; they go with the next Purge
	Faults   int
}

// Verify looks over everything that is kept: every page's bytes are there and have their hash, what pages lead to is there, numbers and counts are right. It tells of every
// fault, and now and then how many pages and contents it has looked at. It may run beside everything else, in another process, too.
func (a *Archive) Verify(ctx context.Context, progress func(done int), fault func(Fault)) (v Verified, err error) {
	check := verification{a, ctx, &v, progress, func(f Fault) { v.Faults++; fault(f) }}
	for _, step := range []func() error{check.numbers, check.counts, check.pages, check.contents} {
		if err := step(); err != nil {
			return v, fmt.Errorf("verify the archive: %w", err)
		}
	}
	return v, nil
}

// A verification is Verify at work.
type verification struct {
	*Archive
	ctx      context.Context
	v        *Verified
	progress func(done int)
	fault    func(Fault)
}

func (c verification) numbers() error {
	return c.state.View(c.ctx, func(tx *sql.Tx) error {
		var pages, cursors int
		err := tx.QueryRowContext(c.ctx, `SELECT (SELECT count(*) FROM page WHERE change > (SELECT change FROM counter)),
			(SELECT count(*) FROM cursor WHERE change > (SELECT change FROM counter))`).Scan(&pages, &cursors)
		if err == nil && pages+cursors > 0 {
			c.fault(Fault{Kind: Numbers, Detail: fmt.Sprintf("%d pages and %d cursors are beyond the last change number", pages, cursors)})
		}
		return err
	})
}

const (
	miscounted = `SELECT count(*) FROM (SELECT site, role, state, cause, pages, unchanged, crawled FROM tally WHERE pages <> 0
		EXCEPT SELECT site, role, state, cause, count(*), sum(last_changed < last_verified), sum(imported = 0) FROM page GROUP BY 1, 2, 3, 4)`
	outcomesMiscounted = `SELECT count(*) FROM (SELECT generation, site, role, state, reason, pages, unchanged FROM outcome_tally WHERE pages <> 0
		EXCEPT SELECT o.generation, p.site, p.role, p.state, o.reason, count(*), sum(p.last_changed < p.last_verified)
		FROM outcome AS o CROSS JOIN page AS p ON p.n = o.page WHERE p.content <> '' GROUP BY 1, 2, 3, 4, 5)`
	uncounted = "SELECT (SELECT count(*) FROM page) - (SELECT coalesce(sum(pages), 0) FROM tally)"
)

func (c verification) counts() error {
	return c.state.View(c.ctx, func(tx *sql.Tx) error {
		for _, query := range []string{miscounted, outcomesMiscounted, uncounted} {
			var n int
			if err := tx.QueryRowContext(c.ctx, query).Scan(&n); err != nil {
				return err
			}
			if n != 0 {
				c.fault(Fault{Kind: Miscounted, Detail: fmt.Sprintf("%d counts of pages are wrong", n)})
			}
		}
		return nil
	})
}

// A checked row is a page, and whether what it leads to is there.
type checked struct {
	row
	astray bool
}

func (c verification) pages() error {
	for last := int64(0); ; {
		var some []checked
		err := c.state.View(c.ctx, func(tx *sql.Tx) error {
			found, err := tx.QueryContext(c.ctx, "SELECT "+columns+`, head <> '' AND NOT EXISTS (SELECT 1 FROM page AS o WHERE o.id = page.head)
				OR moved_to <> '' AND NOT EXISTS (SELECT 1 FROM page AS o WHERE o.id = page.moved_to) FROM page WHERE n > ? ORDER BY n LIMIT ?`, last, chunk)
			if err == nil {
				some, err = collect(found, func(r *checked) []any { return append(r.fields(), &r.astray) })
			}
			return err
		})
		if err != nil || len(some) == 0 {
			return err
		}
		for i := range some {
			if err := c.page(&some[i]); err != nil {
				return err
			}
		}
		last = some[len(some)-1].n
		c.progress(c.v.Pages + c.v.Contents)
	}
}

func (c verification) page(r *checked) error {
	if r.astray {
		c.fault(Fault{Astray, r.Page, "the first page of its list, or the page it moved to, is not known"})
	}
	if !r.live() {
		return nil
	}
	c.v.Pages++
	kind, err := c.kept(r.Content)
	if err != nil || kind == "" {
		return err
	}
	if now, err := c.Page(c.ctx, r.ID); err == nil && now.Content == r.Content { // else it has changed meanwhile
		c.fault(Fault{kind, r.Page, "content " + r.Content})
	}
	return nil
}

// kept tells what is wrong with what is kept by a hash; empty: nothing.
func (c verification) kept(hash string) (kind FaultKind, err error) {
	var bytes, dropped, text bool
	err = c.Archive.contents.View(c.ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(c.ctx, `SELECT EXISTS (SELECT 1 FROM content WHERE hash = ?1), EXISTS (SELECT 1 FROM dropped WHERE hash = ?1),
			EXISTS (SELECT 1 FROM text WHERE hash = ?1)`, hash).Scan(&bytes, &dropped, &text)
	})
	switch {
	case bytes:
	case dropped && text:
		c.v.Dropped++
		if _, _, damage := c.Text(c.ctx, hash); errors.Is(damage, ErrDamaged) {
			kind = TextMissing
		}
	case dropped:
		kind = TextMissing
	default:
		kind = Missing
	}
	return kind, err
}

// contents reads all that is stored.
func (c verification) contents() error {
	for last := ""; ; {
		var some []kept
		err := c.Archive.contents.View(c.ctx, func(tx *sql.Tx) error {
			found, err := tx.QueryContext(c.ctx, "SELECT hash FROM content WHERE hash > ? ORDER BY hash LIMIT ?", last, chunk)
			if err == nil {
				some, err = collect(found, func(k *kept) []any { return []any{&k.hash} })
			}
			return err
		})
		if err != nil || len(some) == 0 {
			return err
		}
		last = some[len(some)-1].hash
		free, err := c.unused(c.ctx, some)
		if err != nil {
			return err
		}
		c.v.Unused += len(free)
		for _, k := range some {
			if err := c.content(k.hash); err != nil {
				return err
			}
		}
		c.v.Contents += len(some)
		c.progress(c.v.Pages + c.v.Contents)
	}
}

func (c verification) content(hash string) error {
	_, damage := c.Content(c.ctx, hash)
	switch {
	case c.ctx.Err() != nil:
		return c.ctx.Err()
	case damage == nil, errors.Is(damage, ErrUnknown), errors.Is(damage, ErrDropped): // gone meanwhile
		return nil
	}
	pages, err := c.Archive.pages(c.ctx, "SELECT "+columns+" FROM page WHERE content = ? AND content <> '' ORDER BY n", hash)
	for _, p := range pages {
		c.fault(Fault{Damaged, p, damage.Error()})
	}
	return err
}
