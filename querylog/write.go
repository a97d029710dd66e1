package querylog

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"
)

const (
	// What a reader asks for beyond this on one day counts for nobody: it is a program, or a whole organisation behind one address.
	maxTexts = 100

	together    = 30 * time.Minute // between two texts that belong together
	maxPartners = 10               // texts that one search is paired with, those asked for nearest to it
)

// A batch is one transaction that writes.
type batch struct {
	ctx   context.Context
	tx    *sql.Tx
	stmts map[string]*sql.Stmt
}

func (l *Log) write(ctx context.Context, entries []Entry) error {
	return l.db.Update(ctx, func(tx *sql.Tx) error {
		b := &batch{ctx, tx, map[string]*sql.Stmt{}}
		for _, e := range entries {
			if err := b.entry(e); err != nil {
				return err
			}
		}
		return nil
	})
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

// exec tells whether a statement changed anything.
func (b *batch) exec(query string, args ...any) (bool, error) {
	s, err := b.prepare(query)
	if err != nil {
		return false, err
	}
	res, err := s.ExecContext(b.ctx, args...)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func (b *batch) scan(query string, into []any, args ...any) error {
	s, err := b.prepare(query)
	if err != nil {
		return err
	}
	return s.QueryRowContext(b.ctx, args...).Scan(into...)
}

const insertEntry = "INSERT INTO entry (at, text, site, total, page, took) VALUES (?, ?, ?, ?, ?, ?)"

func (b *batch) entry(e Entry) error {
	rest := []any{e.Site, e.Total, e.Page, e.Took.Milliseconds()}
	if e.Text == "" {
		_, err := b.exec(insertEntry, append([]any{e.At.Unix(), nil}, rest...)...)
		return err
	}
	text, err := b.text(e)
	if err != nil {
		return err
	}
	if _, err := b.exec(insertEntry, append([]any{e.At.Unix(), text}, rest...)...); err != nil || e.Reader == "" {
		return err
	}
	return b.count(e, text)
}

// text is the number of an entry's text, whose row it brings up to date. Its total is the greatest of the last day on which all sites were searched
// for it; the search of one site can only show that there is more.
func (b *batch) text(e Entry) (n int64, err error) {
	day := dayOf(e.At)
	var last, total, totalled int
	err = b.scan("SELECT n, last, total, totalled FROM text WHERE text = ?", []any{&n, &last, &total, &totalled}, e.Text)
	if errors.Is(err, sql.ErrNoRows) {
		err = b.scan("INSERT INTO text (text, last, total, totalled) VALUES (?, ?, ?, ?) RETURNING n", []any{&n}, e.Text, day, e.Total, day)
		return n, err
	}
	if err != nil {
		return 0, err
	}
	if e.Total > total || e.Site == "" && day > totalled {
		total, totalled = e.Total, day
	} else if last >= day {
		return n, nil
	}
	_, err = b.exec("UPDATE text SET last = ?, total = ?, totalled = ? WHERE n = ?", max(last, day), total, totalled, n)
	return n, err
}

// An ask is a text that a reader asked for today.
type ask struct {
	text int64
	at   int64 // last; Unix time, seconds
}

// count counts a reader for a text, and for it together with others, if it has not been counted today.
func (b *batch) count(e Entry, text int64) error {
	day := dayOf(e.At)
	asks, err := b.asks(day, e.Reader)
	if err != nil {
		return err
	}
	known := slices.ContainsFunc(asks, func(a ask) bool { return a.text == text })
	if !known && len(asks) >= maxTexts {
		return nil
	}
	_, err = b.exec("INSERT INTO asked (day, reader, text, at) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at",
		day, e.Reader, text, e.At.Unix())
	if err != nil {
		return err
	}
	if !known {
		_, err = b.exec("INSERT INTO daily (text, day, readers) VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET readers = readers + 1", text, day)
		if err != nil {
			return err
		}
	}
	for _, a := range partners(asks, ask{text, e.At.Unix()}) {
		if err := b.pair(day, e.Reader, text, a.text); err != nil {
			return err
		}
	}
	return nil
}

func (b *batch) asks(day int, reader string) (all []ask, err error) {
	s, err := b.prepare("SELECT text, at FROM asked WHERE day = ? AND reader = ?")
	if err != nil {
		return nil, err
	}
	rows, err := s.QueryContext(b.ctx, day, reader)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a ask
		if err := rows.Scan(&a.text, &a.at); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, rows.Err()
}

// partners are the asks that belong together with one.
func partners(asks []ask, with ask) []ask {
	apart := func(a ask) int64 { return max(a.at-with.at, with.at-a.at) }
	asks = slices.DeleteFunc(asks, func(a ask) bool { return a.text == with.text || apart(a) > int64(together.Seconds()) })
	slices.SortFunc(asks, func(a, b ask) int { return cmp.Or(cmp.Compare(apart(a), apart(b)), cmp.Compare(a.text, b.text)) })
	return asks[:min(len(asks), maxPartners)]
}

func (b *batch) pair(day int, reader string, one, other int64) error {
	fresh, err := b.exec("INSERT INTO paired (day, reader, text, other) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
		day, reader, min(one, other), max(one, other))
	if err != nil || !fresh {
		return err
	}
	for range 2 {
		one, other = other, one
		_, err := b.exec("INSERT INTO pair (week, text, other, readers) VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET readers = readers + 1",
			weekOf(day), one, other)
		if err != nil {
			return err
		}
	}
	return nil
}
