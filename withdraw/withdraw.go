// Package withdraw keeps the list of what must not be found any more, whatever an index holds: pages that an administrator withdrew, by id, URL or pattern.
//
// It promises that an entry is durable and in force when Add returns, that it stays so until Undo, and that asking it costs no look into the database. The write
// side takes a page on the list for no document; the read side filters every answer by it (Over) and uses nothing that it learned before the list changed (Version).
package withdraw

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"terrace/db"
)

// An Entry is one withdrawal. Either Page or Pattern is set.
type Entry struct {
	ID      string // a number, as administrators type it
	Page    string // canonical URL, which stands for all its Spellings, or a page's id
	Pattern string // regular expression on the whole URL, as a site's allow and deny
	Reason  string
	By      string // who ordered it, as they call themselves
	At      time.Time
	Purge   bool // what is kept of the pages is erased, and nothing is kept anew

	UndoneAt time.Time // zero: in force
	UndoneBy string

	Settled bool // the index has followed; else that is to be done again
	Pages   int  // that it was about when it was ordered
}

// InForce reports whether the entry has not been undone.
func (e *Entry) InForce() bool { return e.UndoneAt.IsZero() }

// A Page is one that an Entry was about when it was ordered.
type Page struct {
	ID    string
	URL   string // may be empty
	Title string // empty: it had none, or was purged
}

const (
	// MaxPattern is how many bytes a pattern may have.
	MaxPattern = 1000
	// MaxPatterns is how many patterns may be in force at a time, for each URL is held against each.
	MaxPatterns = 200
	// MaxReason is how many characters a reason may have.
	MaxReason = 500
)

var (
	ErrUnknown = errors.New("没有这条撤回")
	ErrPattern = errors.New("模式有误")
)

var steps = []string{`
CREATE TABLE withdrawal (
	n         INTEGER PRIMARY KEY AUTOINCREMENT,
	page      TEXT NOT NULL,
	pattern   TEXT NOT NULL,
	reason    TEXT NOT NULL,
	who       TEXT NOT NULL,
	at        INTEGER NOT NULL, -- unix milliseconds, as all times
	purge     INTEGER NOT NULL,
	undone    INTEGER NOT NULL, -- 0: in force
	undone_by TEXT NOT NULL,
	settled   INTEGER NOT NULL,
	pages     INTEGER NOT NULL
) STRICT;

CREATE TABLE withdrawn_page (
	withdrawal INTEGER NOT NULL REFERENCES withdrawal (n),
	id         TEXT NOT NULL,
	url        TEXT NOT NULL,
	title      TEXT NOT NULL, -- empty where it was purged
	length     INTEGER NOT NULL, -- of the title's key, in characters; 0: not known
	hash       INTEGER NOT NULL, -- of the title's key
	PRIMARY KEY (withdrawal, id)
) STRICT, WITHOUT ROWID;
`}

// A List is the withdrawals kept in a database. Its methods may be called from several goroutines.
type List struct {
	db      *db.DB
	adding  sync.Mutex // one change at a time: what is in memory is what the database holds
	set     atomic.Pointer[set]
	version atomic.Uint64
}

// Open reads the list and makes its tables where they are missing.
func Open(ctx context.Context, d *db.DB) (*List, error) {
	if err := d.Migrate(ctx, "withdraw", steps); err != nil {
		return nil, err
	}
	l := &List{db: d}
	if err := l.load(ctx); err != nil {
		return nil, err
	}
	return l, nil
}

// Version changes whenever an entry comes into force, has been followed by the index, or is undone: what was learned under another version is not to be used.
func (l *List) Version() uint64 { return l.version.Load() }

// Check reports what is wrong with a pattern, wrapping ErrPattern.
func Check(pattern string) (*regexp.Regexp, error) {
	if len(pattern) > MaxPattern || !utf8.ValidString(pattern) {
		return nil, fmt.Errorf("%w：应是至多 %d 字节的 UTF-8 文字", ErrPattern, MaxPattern)
	}
	re, err := regexp.Compile(pattern)
	if err != nil {
		return nil, fmt.Errorf("%w：不是正则表达式：%w", ErrPattern, err)
	}
	return re, nil
}

// Add puts an entry about pages on the list, and returns it with its ID. It is durable and in force on return, and not Settled.
func (l *List) Add(ctx context.Context, e Entry, pages ...Page) (Entry, error) {
	if e.Pattern != "" {
		if _, err := Check(e.Pattern); err != nil {
			return e, err
		}
	}
	l.adding.Lock()
	defer l.adding.Unlock()
	if s := l.set.Load(); e.Pattern != "" && len(s.patterns) >= MaxPatterns {
		return e, fmt.Errorf("%w：已有 %d 个模式在用，先撤销不再需要的", ErrPattern, MaxPatterns)
	}
	e.Pages = len(pages)
	err := l.db.Update(ctx, func(tx *sql.Tx) error {
		var n int64
		err := tx.QueryRowContext(ctx, `INSERT INTO withdrawal (page, pattern, reason, who, at, purge, undone, undone_by, settled, pages)
			VALUES (?, ?, ?, ?, ?, ?, 0, '', 0, ?) RETURNING n`, e.Page, e.Pattern, e.Reason, e.By, e.At.UnixMilli(), e.Purge, len(pages)).Scan(&n)
		if err != nil {
			return err
		}
		e.ID = strconv.FormatInt(n, 10)
		return insertPages(ctx, tx, n, pages)
	})
	if err == nil {
		err = l.load(ctx)
	}
	if err != nil {
		return e, fmt.Errorf("add to the list of withdrawals: %w", err)
	}
	return e, nil
}

func insertPages(ctx context.Context, tx *sql.Tx, n int64, pages []Page) error {
	s, err := tx.PrepareContext(ctx, `INSERT INTO withdrawn_page (withdrawal, id, url, title, length, hash) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (withdrawal, id) DO UPDATE SET title = excluded.title, length = excluded.length, hash = excluded.hash`)
	if err != nil {
		return err
	}
	defer s.Close()
	for _, p := range pages {
		length, hash := titleHash(p.Title)
		if _, err := s.ExecContext(ctx, n, p.ID, p.URL, p.Title, length, int64(hash)); err != nil {
			return err
		}
	}
	return nil
}

// SetTitles notes the titles of pages of an entry. Titles of one that purges are erased, for other entries too: what tells them again is kept, but they cannot be read.
func (l *List) SetTitles(ctx context.Context, id string, pages []Page) error {
	n, _ := strconv.ParseInt(id, 10, 64)
	l.adding.Lock()
	defer l.adding.Unlock()
	_, err := l.db.Erase(ctx, func(tx *sql.Tx) error {
		if err := insertPages(ctx, tx, n, pages); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE withdrawn_page SET title = ''
			WHERE id IN (SELECT id FROM withdrawn_page WHERE withdrawal = (SELECT n FROM withdrawal WHERE n = ? AND purge = 1))`, n)
		return err
	})
	if err == nil {
		err = l.load(ctx)
	}
	if err != nil {
		return fmt.Errorf("note the titles of withdrawal %s: %w", id, err)
	}
	return nil
}

// Undo takes an entry out of force; it is not Settled then. ErrUnknown where there is none; one that is undone already is returned as it is.
func (l *List) Undo(ctx context.Context, id, by string, at time.Time) (Entry, error) {
	l.adding.Lock()
	defer l.adding.Unlock()
	err := l.change(ctx, id, `UPDATE withdrawal SET undone = ?2, undone_by = ?3, settled = 0 WHERE n = ?1 AND undone = 0`, at.UnixMilli(), by)
	if err != nil {
		return Entry{}, err
	}
	return l.Entry(ctx, id)
}

// Settle says that the index has followed an entry, or its end. Done is what it looked like when that was begun: one undone meanwhile stays unsettled.
func (l *List) Settle(ctx context.Context, done Entry) error {
	l.adding.Lock()
	defer l.adding.Unlock()
	return l.change(ctx, done.ID, `UPDATE withdrawal SET settled = 1 WHERE n = ?1 AND (undone = 0) = ?2`, done.InForce())
}

func (l *List) change(ctx context.Context, id, statement string, args ...any) error {
	n, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return fmt.Errorf("%w：%s", ErrUnknown, id)
	}
	err = l.db.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement, append([]any{n}, args...)...)
		return err
	})
	if err == nil {
		err = l.load(ctx)
	}
	if err != nil {
		return fmt.Errorf("change withdrawal %s: %w", id, err)
	}
	return nil
}
