package moves

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"terrace/indexer/weburl"
)

const columns = `key, old, prefix, new, origin, state, sure, evidence, who, at`

type scanner interface{ Scan(...any) error }

func scan(row scanner) (m Move, err error) {
	var at int64
	err = row.Scan(&m.Old.Key, &m.Old.Text, &m.Old.Prefix, &m.New, &m.Origin, &m.State, &m.Sure, &m.Evidence, &m.By, &at)
	m.At = time.UnixMilli(at)
	return m, err
}

// load takes the prefixes in force into memory. Nobody uses the list yet.
func (l *List) load(ctx context.Context) error {
	prefixes := map[string]Move{}
	found, err := l.moves(ctx, `INDEXED BY move_prefix WHERE state = 'in_force' AND prefix = 1`)
	for _, m := range found {
		prefixes[strings.TrimSuffix(m.Old.Key, "*")] = m
	}
	if err == nil {
		l.prefixes.Store(&prefixes)
	}
	return err
}

func (l *List) moves(ctx context.Context, where string, args ...any) (out []Move, err error) {
	err = l.db.View(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT `+columns+` FROM move `+where, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			m, err := scan(rows)
			if err != nil {
				return err
			}
			out = append(out, m)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, fmt.Errorf("read moves: %w", err)
	}
	return out, nil
}

// Exact is the move in force of one old page, by the Key of its URL; false where there is none.
func (l *List) Exact(ctx context.Context, key string) (Move, bool, error) {
	for _, k := range keysOf(key) {
		found, err := l.moves(ctx, `WHERE key = ? AND prefix = 0 AND state = 'in_force'`, k)
		if err != nil || len(found) > 0 {
			return append(found, Move{})[0], len(found) > 0, err
		}
	}
	return Move{}, false, nil
}

// Entry is the move of an old URL, by its Key, in whatever state; false where there is none.
func (l *List) Entry(ctx context.Context, key string) (Move, bool, error) {
	found, err := l.moves(ctx, `WHERE key = ?`, key)
	return append(found, Move{})[0], len(found) > 0, err
}

// Under is the longest prefix in force that a key begins with, in either encoding, with New made the URL of the one page; false where there is none. What is behind the prefix stays
// as it is written.
func (l *List) Under(key string) (Move, bool) {
	prefixes := *l.prefixes.Load()
	if len(prefixes) == 0 {
		return Move{}, false
	}
	path, _, _ := strings.Cut(key, "?")
	var spelled [][]string // its segments, each with its slash
	for _, k := range keysOf(path) {
		spelled = append(spelled, strings.SplitAfter(k, "/"))
	}
	for n := len(spelled[0]); n > 0; n-- {
		for _, segments := range spelled {
			m, ok := prefixes[strings.Join(segments[:n], "")]
			if !ok {
				continue
			}
			if strings.HasSuffix(m.New, "/") {
				u, err := url.Parse(m.New + key[len(strings.Join(spelled[0][:n], "")):])
				if err != nil {
					return Move{}, false
				}
				m.New = weburl.Canonical(u)
			}
			return m, true
		}
	}
	return Move{}, false
}

// Prefixes are those in force, the longest first.
func (l *List) Prefixes() []Move {
	out := slices.Collect(maps.Values(*l.prefixes.Load()))
	slices.SortFunc(out, func(a, b Move) int {
		if d := len(b.Old.Key) - len(a.Old.Key); d != 0 {
			return d
		}
		return strings.Compare(a.Old.Key, b.Old.Key)
	})
	return out
}

// Entries gives moves of a state, or of all where it is empty, in order of their keys, beginning behind one.
func (l *List) Entries(ctx context.Context, s State, after string, n int) ([]Move, error) {
	if s == "" {
		return l.moves(ctx, `WHERE key > ? ORDER BY key LIMIT ?`, after, n)
	}
	return l.moves(ctx, `WHERE state = ? AND key > ? ORDER BY key LIMIT ?`, s, after, n)
}

// To gives the old URLs that the moves in force lead to a URL.
func (l *List) To(ctx context.Context, newURL string) (out []Old, err error) {
	found, err := l.moves(ctx, `WHERE new = ? AND state = 'in_force' AND prefix = 0`, newURL)
	for _, m := range found {
		out = append(out, m.Old)
	}
	for prefix, m := range *l.prefixes.Load() {
		if rest, ok := strings.CutPrefix(newURL, m.New); ok && strings.HasSuffix(m.New, "/") {
			out = append(out, Old{Text: "http://" + prefix + rest, Key: prefix + rest})
		}
	}
	return out, err
}

// Counts tells how many moves there are of each state.
func (l *List) Counts(ctx context.Context) (map[State]int, error) {
	out := map[State]int{}
	err := l.db.View(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT state, count(*) FROM move GROUP BY state`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var s State
			var n int
			if err := rows.Scan(&s, &n); err != nil {
				return err
			}
			out[s] = n
		}
		return rows.Err()
	})
	return out, err
}

// Page is what is known of the old page with a key; false where nothing is.
func (l *List) Page(ctx context.Context, key string) (p Page, ok bool, err error) {
	for _, k := range keysOf(key) {
		err = l.db.View(ctx, func(tx *sql.Tx) error {
			return tx.QueryRowContext(ctx, `SELECT url, title, date, doc_no FROM old_page WHERE key = ?`, k).Scan(&p.URL, &p.Title, &p.Date, &p.DocNo)
		})
		if !errors.Is(err, sql.ErrNoRows) {
			return p, err == nil, err
		}
	}
	return Page{}, false, nil
}

// Pages gives old pages with their keys in order of these, beginning behind one.
func (l *List) Pages(ctx context.Context, after string, n int) (keys []string, pages []Page, err error) {
	err = l.db.View(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT key, url, title, date, doc_no FROM old_page WHERE key > ? ORDER BY key LIMIT ?`, after, n)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var k string
			var p Page
			if err := rows.Scan(&k, &p.URL, &p.Title, &p.Date, &p.DocNo); err != nil {
				return err
			}
			keys, pages = append(keys, k), append(pages, p)
		}
		return rows.Err()
	})
	return keys, pages, err
}
