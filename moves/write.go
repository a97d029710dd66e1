package moves

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Put takes in moves and old pages: all, or none. A move takes the place of any of the same old URL. It is durable and in force on return.
func (l *List) Put(ctx context.Context, moves []Move, pages []Page, keys []string) error {
	return l.change(ctx, oldsOf(moves), func(tx *sql.Tx) error {
		s, err := tx.PrepareContext(ctx, `INSERT OR REPLACE INTO move (`+columns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
		if err != nil {
			return err
		}
		defer s.Close()
		for _, m := range moves {
			if _, err := s.ExecContext(ctx, m.row()...); err != nil {
				return err
			}
		}
		return putPages(ctx, tx, pages, keys)
	})
}

func oldsOf(moves []Move) []Old {
	olds := make([]Old, len(moves))
	for i := range moves {
		olds[i] = moves[i].Old
	}
	return olds
}

func (m *Move) row() []any {
	return []any{m.Old.Key, m.Old.Text, m.Old.Prefix, m.New, m.Origin, m.State, m.Sure, cut(m.Evidence, MaxEvidence), m.By, m.At.UnixMilli()}
}

// putPages adds old pages. What is known of one already stays where a row says nothing of it.
func putPages(ctx context.Context, tx *sql.Tx, pages []Page, keys []string) error {
	s, err := tx.PrepareContext(ctx, `INSERT INTO old_page (key, url, title, date, doc_no) VALUES (?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
		url = excluded.url, title = coalesce(nullif(excluded.title, ''), title), date = coalesce(nullif(excluded.date, ''), date), doc_no = coalesce(nullif(excluded.doc_no, ''), doc_no)`)
	if err != nil {
		return err
	}
	defer s.Close()
	for i, p := range pages {
		if _, err := s.ExecContext(ctx, keys[i], p.URL, p.Title, p.Date, p.DocNo); err != nil {
			return err
		}
	}
	return nil
}

func cut(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return string(r[:runes])
	}
	return s
}

// Propose takes in proposals. Those take the place of earlier ones alone: what an administrator decided stays, and what one rejected is not proposed again.
func (l *List) Propose(ctx context.Context, proposals []Move) error {
	return l.change(ctx, oldsOf(proposals), func(tx *sql.Tx) error {
		s, err := tx.PrepareContext(ctx, `INSERT INTO move (`+columns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET
			old = excluded.old, new = excluded.new, origin = excluded.origin, state = excluded.state, sure = excluded.sure, evidence = excluded.evidence, who = '', at = excluded.at
			WHERE state IN ('proposed', 'ambiguous') OR state = 'rejected' AND new <> '' AND excluded.new NOT IN ('', new)`)
		if err != nil {
			return err
		}
		defer s.Close()
		for _, m := range proposals {
			if _, err := s.ExecContext(ctx, m.row()...); err != nil {
				return err
			}
		}
		return nil
	})
}

// Forget takes back the proposals that were made before a moment: they have not been made again.
func (l *List) Forget(ctx context.Context, before time.Time) error {
	return l.change(ctx, nil, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM move WHERE state IN ('proposed', 'ambiguous') AND at < ?`, before.UnixMilli())
		return err
	})
}

// A Decision is what an administrator says to a move.
type Decision string

const (
	Accept Decision = "accept" // a proposal: it is in force
	Reject Decision = "reject" // a proposal, or what is ambiguous: it is not proposed again
	Remove Decision = "remove" // any: it is forgotten
)

// decisions are the changes that they come to, of the move with key ?1.
var decisions = map[Decision]string{
	Accept: `UPDATE move SET state = 'in_force', who = ?2, at = ?3 WHERE key = ?1 AND state = 'proposed'`,
	Reject: `UPDATE move SET state = 'rejected', who = ?2, at = ?3 WHERE key = ?1 AND state IN ('proposed', 'ambiguous')`,
	Remove: `DELETE FROM move WHERE key = ?1 AND ?2 IS NOT NULL AND ?3 IS NOT NULL`,
}

// Decide carries out a decision on the moves of some old URLs and returns those that it was carried out on; of the others there is none it can be said of.
func (l *List) Decide(ctx context.Context, d Decision, olds []Old, by string, at time.Time) (done []Old, err error) {
	statement, ok := decisions[d]
	if !ok {
		return nil, fmt.Errorf("decide on moves: unknown decision %q", d)
	}
	err = l.change(ctx, olds, func(tx *sql.Tx) error {
		for _, o := range olds {
			res, err := tx.ExecContext(ctx, statement, o.Key, by, at.UnixMilli())
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil {
				return err
			} else if n > 0 {
				done = append(done, o)
			}
		}
		return nil
	})
	return done, err
}

// change runs a transaction that changes the moves of some old URLs, and follows it in the prefixes in memory. ErrPrefix, and nothing is changed, where there would be too many.
func (l *List) change(ctx context.Context, olds []Old, f func(*sql.Tx) error) error {
	l.changing.Lock()
	defer l.changing.Unlock()
	now := *l.prefixes.Load()
	err := l.db.Update(ctx, func(tx *sql.Tx) (err error) {
		if err = f(tx); err == nil {
			now, err = follow(ctx, tx, *l.prefixes.Load(), olds)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("change moves: %w", err)
	}
	l.prefixes.Store(&now)
	return nil
}

// follow is what prefixes become where those among some old URLs are as the database says now; they themselves stay.
func follow(ctx context.Context, tx *sql.Tx, prefixes map[string]Move, olds []Old) (map[string]Move, error) {
	olds = slices.DeleteFunc(slices.Clone(olds), func(o Old) bool { return !o.Prefix })
	if len(olds) == 0 {
		return prefixes, nil
	}
	now := maps.Clone(prefixes)
	for _, o := range olds {
		begin := strings.TrimSuffix(o.Key, "*")
		m, err := scan(tx.QueryRowContext(ctx, `SELECT `+columns+` FROM move WHERE key = ? AND state = 'in_force'`, o.Key))
		switch {
		case errors.Is(err, sql.ErrNoRows):
			delete(now, begin)
		case err != nil:
			return nil, err
		default:
			now[begin] = m
		}
	}
	if len(now) > MaxPrefixes {
		return nil, fmt.Errorf("%w：至多 %d 条，先删去不再需要的", ErrPrefix, MaxPrefixes)
	}
	return now, nil
}
