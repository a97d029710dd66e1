package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Rows that a long order changes in one transaction, so that visits waiting to be recorded get their turn.
const chunk = 500

// Seed makes pages of links whose URLs are not known yet and returns how many those were. They are due at DueAt, or now. A URL known
// through an import is due from now on, too; other known ones stay as they are.
func (a *Archive) Seed(ctx context.Context, links ...Link) (added int, err error) {
	now := time.Now()
	for some := range slices.Chunk(links, chunk) {
		fresh := 0
		err := a.update(ctx, func(b *batch) error {
			for _, l := range some {
				known, err := b.named(l.URL)
				if err != nil {
					return fmt.Errorf("seed %s: %w", l.URL, err)
				}
				if _, err := b.meet(l, now, nil); err != nil {
					return fmt.Errorf("seed %s: %w", l.URL, err)
				}
				if known == nil {
					fresh++
				}
			}
			return nil
		})
		if err != nil {
			return added, err
		}
		added += fresh
	}
	return added, nil
}

const (
	dueFrom  = "SELECT " + columns + " FROM page WHERE site = ? AND next_at > 0 AND next_at <= ?"
	dueOrder = " ORDER BY next_at, rank, n LIMIT ?"
	duePages = dueFrom + dueOrder

	// dueAgain are those of them that new pages are found by; + keeps it from going through all that is due.
	dueAgain   = "SELECT " + columns + " FROM page WHERE role IN ('sitemap', 'home', 'list') AND site = ? AND +next_at > 0 AND +next_at <= ? AND visits > 0"
	againOrder = " ORDER BY next_at / 60000, n LIMIT ?" // of a minute in the order in which they were first seen, as the pages of one list lie
)

// Due returns pages of a site that are due: first those that it was told of and those new on a list, then in turns a sitemap, home or list page that is to be looked at again and any other,
// of each the one waiting longest first, so that new pages are found in time however many wait. Of those due at the same moment sitemaps, home and
// list pages come before what they lead to. Pages whose URLs begin with one of except are left out.
func (a *Archive) Due(ctx context.Context, site string, now time.Time, limit int, except ...string) ([]Page, error) {
	beside, args := "", []any{site, moment(now)}
	for some := range slices.Chunk(except, 100) { // SQLite nests what AND joins, and not deep
		beside += " AND (1" + strings.Repeat(" AND substr(url, 1, ?) <> ?", len(some)) + ")"
		for _, prefix := range some {
			args = append(args, utf8.RuneCountInString(prefix), prefix)
		}
	}
	args = append(args, max(limit, 0))
	others, err := a.pages(ctx, dueFrom+beside+dueOrder, args...)
	if err != nil || len(others) == 0 {
		return nil, err
	}
	again, err := a.pages(ctx, dueAgain+beside+againOrder, args...)
	if err != nil {
		return nil, err
	}
	return inTurns(again, others, limit), nil
}

// inTurns takes pages from two lists by turns, each once, after those at the head of the second that are urgent.
func inTurns(one, other []Page, limit int) (out []Page) {
	both := map[string]bool{}
	for _, p := range one {
		both[p.ID] = true
	}
	other = slices.DeleteFunc(other, func(p Page) bool { return both[p.ID] })
	urgent := 0
	for urgent < len(other) && !other[urgent].NextAt.After(Found) {
		urgent++
	}
	out, other = append(out, other[:urgent]...), other[urgent:]
	for i := range max(len(one), len(other)) {
		out = append(out, one[min(i, len(one)):min(i+1, len(one))]...)
		out = append(out, other[min(i, len(other)):min(i+1, len(other))]...)
	}
	return out[:min(limit, len(out))]
}

const nextDue = "SELECT next_at FROM page WHERE site = ? AND next_at > 0 ORDER BY next_at LIMIT 1"

// NextDue returns when the next page of a site is or was due, and false where none ever will be.
func (a *Archive) NextDue(ctx context.Context, site string) (at time.Time, ok bool, err error) {
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, nextDue, site).Scan((*moment)(&at))
	})
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return at, err == nil, err
}

// Recrawl makes the pages of a scope due at once and forgets their failures. It returns how many. Imported documents the crawl has not
// met are left alone.
func (a *Archive) Recrawl(ctx context.Context, scope Scope, now time.Time) (int, error) {
	n, err := a.each(ctx, scope, "(imported = 0 OR visits > 0 OR next_at > 0)", func(b *batch, r *row) error {
		r.NextAt, r.Fails = now, 0
		return b.save(r)
	})
	if err != nil {
		return n, fmt.Errorf("recrawl: %w", err)
	}
	return n, nil
}

// Recall makes the pages of a site due at once that are in a state for a reason that is over.
func (a *Archive) Recall(ctx context.Context, site string, s State, now time.Time, over func(Page) bool) error {
	_, err := a.each(ctx, Scope{Site: site}, "state = '"+string(s)+"'", func(b *batch, r *row) error {
		if !over(r.Page) {
			return nil
		}
		r.NextAt = now
		return b.save(r)
	})
	if err != nil {
		return fmt.Errorf("recall: %w", err)
	}
	return nil
}

// Resequence gives the pages of a scope that have content, and its tombstones, new change numbers, and returns how many.
func (a *Archive) Resequence(ctx context.Context, scope Scope) (int, error) {
	n, err := a.each(ctx, scope, "(content <> '' OR deleted = 1)", func(b *batch, r *row) error {
		r.changed = true
		return b.save(r)
	})
	if err != nil {
		return n, fmt.Errorf("resequence: %w", err)
	}
	return n, nil
}

// each does something with all rows of a scope that meet a condition, in order of id and in several transactions.
func (a *Archive) each(ctx context.Context, scope Scope, condition string, do func(*batch, *row) error) (n int, err error) {
	where, args := condition, []any{""} // the last id done
	where += " AND id > ?"
	if scope.Site != "" {
		where += " AND site = ?"
		args = append(args, scope.Site)
	}
	if scope.URL != "" {
		p, err := a.Page(ctx, scope.URL)
		if err != nil {
			return 0, err
		}
		where += " AND id = ?"
		args = append(args, p.ID)
	}
	args = append(args, chunk)
	for {
		some, err := a.pages(ctx, "SELECT "+columns+" FROM page WHERE "+where+" ORDER BY id LIMIT ?", args...)
		if err != nil || len(some) == 0 {
			return n, err
		}
		done := 0
		err = a.update(ctx, func(b *batch) error {
			for _, p := range some {
				r, err := b.row("id = ? AND "+condition, p.ID)
				if err != nil {
					return err
				}
				if r == nil { // it has changed meanwhile
					continue
				}
				if err := do(b, r); err != nil {
					return err
				}
				done++
			}
			return nil
		})
		if err != nil {
			return n, err
		}
		n += done
		args[0] = some[len(some)-1].ID
	}
}
