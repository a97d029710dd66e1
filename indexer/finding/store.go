package finding

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Times are unix milliseconds; 0 stands for the zero time.
var steps = []string{`
CREATE TABLE page (
	n     INTEGER PRIMARY KEY,
	id    TEXT NOT NULL UNIQUE, -- in the archive
	site  TEXT NOT NULL,
	url   TEXT NOT NULL,
	date  INTEGER NOT NULL,     -- of the document it is, yyyymmdd; 0: none
	newest INTEGER NOT NULL,    -- latest date beside its links, yyyymmdd; 0: none
	text  INTEGER NOT NULL,     -- hash of its title, date and text as a document; 0: it is none, or a short one
	blank TEXT NOT NULL         -- what it says in place of entries, as a list without any; empty: it is none
) STRICT;
CREATE INDEX page_text ON page (site, text) WHERE text <> 0;

CREATE TABLE finding (
	n        INTEGER PRIMARY KEY,
	rule     TEXT NOT NULL,
	site     TEXT NOT NULL,
	subject  TEXT NOT NULL,
	own      TEXT NOT NULL,     -- id of the page it is of alone; empty: pages share it
	cause    TEXT NOT NULL,     -- see Finding.Group
	severity INTEGER NOT NULL,
	pages    INTEGER NOT NULL,
	since    INTEGER NOT NULL,
	seen     INTEGER NOT NULL,
	gone     INTEGER NOT NULL,  -- 0: open
	UNIQUE (rule, site, subject, own)
) STRICT;
CREATE INDEX finding_site ON finding (site, rule, gone);
CREATE INDEX finding_gone ON finding (gone) WHERE gone > 0;

-- The pages that show a finding. Of a finding that many share, the first few have evidence.
CREATE TABLE mark (
	page     INTEGER NOT NULL REFERENCES page (n) ON DELETE CASCADE,
	finding  INTEGER NOT NULL REFERENCES finding (n) ON DELETE CASCADE,
	evidence TEXT NOT NULL,
	fix      TEXT NOT NULL,
	PRIMARY KEY (page, finding)
) STRICT, WITHOUT ROWID;
CREATE INDEX mark_finding ON mark (finding);

-- What sites lead to and load.
CREATE TABLE seen (
	site    TEXT NOT NULL,
	kind    TEXT NOT NULL, -- domain, script
	subject TEXT NOT NULL,
	fresh   INTEGER NOT NULL, -- 1: it appeared after the site was looked at whole; of a domain also, before any other site had it
	PRIMARY KEY (kind, subject, site)
) STRICT, WITHOUT ROWID;

-- Sites that were looked at whole once: what they lead to and load since then is new.
CREATE TABLE site (id TEXT PRIMARY KEY, whole INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE progress (
	version TEXT NOT NULL,    -- of the rules that the pages were looked at with
	change  INTEGER NOT NULL, -- of the archive up to which they were
	round   INTEGER NOT NULL  -- when the state as a whole was last looked at
) STRICT;
INSERT INTO progress VALUES ('', 0, 0);
`}

// A tx is a transaction on the findings.
type tx struct {
	*sql.Tx
	ctx context.Context
	at  time.Time // now
}

func (w *Watcher) update(ctx context.Context, f func(tx) error) error {
	at := w.now()
	return w.db.Update(ctx, func(t *sql.Tx) error { return f(tx{t, ctx, at}) })
}

func (w *Watcher) view(ctx context.Context, f func(tx) error) error {
	at := w.now()
	return w.db.View(ctx, func(t *sql.Tx) error { return f(tx{t, ctx, at}) })
}

func (t tx) exec(query string, args ...any) error {
	_, err := t.ExecContext(t.ctx, query, args...)
	return err
}

// number is the one number a query gives; 0 where it gives none.
func (t tx) number(query string, args ...any) (n int64, err error) {
	err = t.QueryRowContext(t.ctx, query, args...).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// rows calls f for each row of a query, with what scans it.
func (t tx) rows(query string, f func(scan func(...any) error) error, args ...any) error {
	found, err := t.QueryContext(t.ctx, query, args...)
	if err != nil {
		return err
	}
	defer found.Close()
	for found.Next() {
		if err := f(found.Scan); err != nil {
			return err
		}
	}
	return found.Err()
}

// progress is how far the pages were looked at.
type progress struct {
	version string
	change  int64
	round   time.Time
}

func (t tx) progress() (p progress, err error) {
	var round int64
	err = t.QueryRowContext(t.ctx, "SELECT version, change, round FROM progress").Scan(&p.version, &p.change, &round)
	p.round = moment(round)
	return p, err
}

// page makes sure of the row of a page and gives its number.
func (t tx) page(id, site, url string) (int64, error) {
	return t.number(`INSERT INTO page (id, site, url, date, newest, text, blank) VALUES (?, ?, ?, 0, 0, 0, '')
		ON CONFLICT (id) DO UPDATE SET site = excluded.site, url = excluded.url RETURNING n`, id, site, url)
}

// clear ends all that a page shows: it is no more.
func (t tx) clear(id string) error {
	n, err := t.number("UPDATE page SET date = 0, newest = 0, text = 0, blank = '' WHERE id = ? RETURNING n", id)
	if err != nil || n == 0 {
		return err
	}
	return t.replace(n, "", "", nil, true)
}

// forget removes all that is known of a page: it is not to be spoken of.
func (t tx) forget(id string) error {
	if err := t.clear(id); err != nil {
		return err
	}
	return t.exec("DELETE FROM page WHERE id = ?", id)
}

// expire removes findings that are gone for long, and pages of which nothing is left to say.
func (t tx) expire() error {
	if err := t.exec("DELETE FROM finding WHERE gone > 0 AND gone < ?", stamp(t.at.Add(-Kept))); err != nil {
		return err
	}
	return t.exec("DELETE FROM page WHERE date = 0 AND newest = 0 AND text = 0 AND blank = '' AND n NOT IN (SELECT page FROM mark)")
}

func stamp(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.UnixMilli()
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// Open brings the database up to date and returns the Watcher over it.
func Open(ctx context.Context, o Options) (*Watcher, error) {
	if err := o.DB.Migrate(ctx, "finding", steps); err != nil {
		return nil, fmt.Errorf("open findings: %w", err)
	}
	return newWatcher(o), nil
}
