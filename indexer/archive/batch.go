package archive

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"errors"
	"strings"
	"time"
)

// A batch is one transaction that writes. It keeps every row it has read, so that all steps of it see one state of a page.
type batch struct {
	ctx   context.Context
	tx    *sql.Tx
	stmts map[string]*sql.Stmt
	rows  map[int64]*row
	names map[string]*row // found so far

	stored    map[string][]byte         // by hash, what was not kept before this batch: a document that could not be made of it can be now
	withdrawn func(id, url string) bool // see Withhold; nil: no page
	withheld  func(id, url string) bool // likewise
	releasing *row                      // what was held of it takes effect
}

func (a *Archive) update(ctx context.Context, f func(*batch) error) error {
	return a.state.Update(ctx, func(tx *sql.Tx) error {
		return f(newBatch(ctx, tx))
	})
}

func newBatch(ctx context.Context, tx *sql.Tx) *batch {
	return &batch{ctx: ctx, tx: tx, stmts: map[string]*sql.Stmt{}, rows: map[int64]*row{}, names: map[string]*row{}}
}

func (b *batch) prepare(query string) (*sql.Stmt, error) {
	if s, ok := b.stmts[query]; ok {
		return s, nil
	}
	s, err := b.tx.PrepareContext(b.ctx, query)
	if err == nil {
		b.stmts[query] = s
	}
	return s, err
}

func (b *batch) exec(query string, args ...any) error {
	s, err := b.prepare(query)
	if err == nil {
		_, err = s.ExecContext(b.ctx, args...)
	}
	return err
}

func (b *batch) scan(query string, into []any, args ...any) error {
	s, err := b.prepare(query)
	if err != nil {
		return err
	}
	return s.QueryRowContext(b.ctx, args...).Scan(into...)
}

// numbers reads a list of page numbers.
func (b *batch) numbers(query string, args ...any) ([]int64, error) {
	s, err := b.prepare(query)
	if err != nil {
		return nil, err
	}
	found, err := s.QueryContext(b.ctx, args...)
	if err != nil {
		return nil, err
	}
	return collect(found, func(n *int64) []any { return []any{n} })
}

// collect reads all rows of a result and closes it.
func collect[T any](found *sql.Rows, fields func(*T) []any) ([]T, error) {
	defer found.Close()
	var all []T
	for found.Next() {
		var x T
		if err := found.Scan(fields(&x)...); err != nil {
			return nil, err
		}
		all = append(all, x)
	}
	return all, found.Err()
}

// row finds a row by a condition on its columns; nil where there is none.
func (b *batch) row(where string, args ...any) (*row, error) {
	r := &row{}
	err := b.scan("SELECT "+columns+" FROM page WHERE "+where, r.fields(), args...)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if known, ok := b.rows[r.n]; ok {
		return known, nil
	}
	b.rows[r.n] = r
	return r, nil
}

// at finds a row by its number; nil where there is none.
func (b *batch) at(n int64) (*row, error) {
	if r, ok := b.rows[n]; ok {
		return r, nil
	}
	return b.row("n = ?", n)
}

func (b *batch) byID(id string) (*row, error) { return b.row("id = ?", id) }

// named finds the page that a URL or a former id stands for; nil where there is none.
func (b *batch) named(name string) (*row, error) {
	if r, ok := b.names[name]; ok {
		return r, nil
	}
	r, err := b.row("n = (SELECT page FROM name WHERE name = ?)", name)
	if err == nil && r != nil {
		b.names[name] = r
	}
	return r, err
}

// call makes a name stand for a page, whatever it stood for.
func (b *batch) call(name string, r *row) error {
	b.names[name] = r
	return b.exec("INSERT INTO name (name, page) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET page = excluded.page", name, r.n)
}

// create adds a page. Where its id is there already, that page is returned as it is.
func (b *batch) create(p Page) (r *row, fresh bool, err error) {
	r = &row{Page: p}
	r.changed = r.live()
	if err := b.number(r); err != nil {
		return nil, false, err
	}
	err = b.scan(insertRow, []any{&r.n}, r.fields()[1:]...)
	if errors.Is(err, sql.ErrNoRows) {
		r, err = b.byID(p.ID)
		return r, false, err
	}
	if err != nil {
		return nil, false, err
	}
	b.rows[r.n] = r
	return r, true, nil
}

func (b *batch) save(r *row) error {
	if err := b.number(r); err != nil {
		return err
	}
	return b.exec(updateRow, append(r.fields()[1:], r.n)...)
}

// number gives a changed page its change number. What was never indexed needs none.
func (b *batch) number(r *row) error {
	if !r.changed || !r.live() && !r.Deleted {
		return nil
	}
	r.changed = false
	return b.scan("UPDATE counter SET change = change + 1 RETURNING change", []any{&r.Change})
}

// bury turns a page into a tombstone if it had content. The validators go too, so that its return is fetched whole.
func (b *batch) bury(r *row, at time.Time) error {
	if !r.live() {
		return nil
	}
	r.Content, r.Size, r.ETag, r.LastModified = "", 0, "", ""
	r.Deleted, r.changed, r.LastChanged = true, true, at
	return b.exec("DELETE FROM link WHERE source = ?", r.n)
}

// stay ends a page's redirect, if it was one: it answers to its URL again.
func (b *batch) stay(r *row) error {
	if r.MovedTo == "" {
		return nil
	}
	r.MovedTo = ""
	return b.call(r.URL, r)
}

var unpadded = base32.StdEncoding.WithPadding(base32.NoPadding)

// IDOf is the id of a page first seen at a URL, the same in every archive.
func IDOf(url string) string {
	sum := sha256.Sum256([]byte(url))
	return strings.ToLower(unpadded.EncodeToString(sum[:10]))
}
