// Package relate knows how the documents of one generation of the index hang together: pages that publish one text, texts that repeal or amend others, a policy
// and its interpretation.
//
// What it tells is a function of the pages a generation holds, not of the order in which they came. It keeps, a page, what the page is (numbers, titles, URL) and
// what it cites, as hashes; and of its text a sketch from which copies are found: see sketch.
package relate

import (
	"context"
	"database/sql"
	"fmt"

	"terrace/db"
	"terrace/index"
)

// A Page is what a page of a generation came to.
type Page struct {
	Document       index.Document // ID set; one Copy where it was crawled
	SiteName       string         // of the site that shows it
	DepartmentName string         // of the department that site belongs to
	Status         string         // as labelled, such as 有效 or 已废止; empty: the text is asked
	Links          []string       // canonical URLs its main text links to
	Imported       bool           // stands for itself: never folded with others, but cites and is cited
}

// Relations tells what is to be made of a page.
type Relations struct {
	Original string       // id of the page this one is a copy of; empty: it is a document of its own
	Copies   []index.Copy // where it is an original: the other places that publish it, most trusted first, at most MaxCopies
	Twins    []string     // ids of the pages of Copies
	Copied   int          // how many there are
	Validity string       // one of index.Validities; valid by its own words only
	Links    []index.Link // to originals, at most MaxLinks, successors first
	Linked   int          // how many there are
}

const (
	MaxCopies    = 200 // of a document that are shown
	MaxLinks     = 8   // of a document that are shown
	MaxCitations = 200 // of a text that are read
	maxText      = 1 << 20
)

var steps = []string{`
CREATE TABLE generation (n INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;

-- Pages of one text under one title; each is similar to each.
CREATE TABLE class (
	n          INTEGER PRIMARY KEY,
	generation INTEGER NOT NULL,
	key        INTEGER NOT NULL, -- of generation, text, title and document number
	doc        INTEGER NOT NULL, -- the page that all its pages are folded under
	title      TEXT NOT NULL,    -- its key
	docno      INTEGER NOT NULL, -- hash; 0: none
	sketch     BLOB NOT NULL,
	bands      BLOB NOT NULL     -- keys by which it is found
) STRICT;
CREATE UNIQUE INDEX class_key ON class (key);
CREATE INDEX class_doc ON class (doc);
CREATE INDEX class_generation ON class (generation);

CREATE TABLE band (key INTEGER NOT NULL, class INTEGER NOT NULL, PRIMARY KEY (key, class)) STRICT, WITHOUT ROWID;

CREATE TABLE page (
	n          INTEGER PRIMARY KEY AUTOINCREMENT,
	generation INTEGER NOT NULL,
	id         TEXT NOT NULL,
	class      INTEGER NOT NULL, -- 0: never folded
	owner      TEXT NOT NULL,    -- names of its site and department
	said       TEXT NOT NULL,    -- the source it names
	date       INTEGER NOT NULL, -- of publication; undated ones come last
	level      INTEGER NOT NULL,
	day        INTEGER NOT NULL, -- written, or else published
	url        TEXT NOT NULL,
	title      TEXT NOT NULL,
	site       TEXT NOT NULL,
	department TEXT NOT NULL,
	county     TEXT NOT NULL,
	place      TEXT NOT NULL,    -- column
	flags      INTEGER NOT NULL,
	status     TEXT NOT NULL,
	region     INTEGER NOT NULL, -- first character of its document number; 0: it has none
	names      BLOB NOT NULL,    -- keys of what it is
	cites      BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX page_id ON page (generation, id);
CREATE INDEX page_owner ON page (class, owner, date, level) WHERE class > 0;
CREATE INDEX page_said ON page (class, said) WHERE class > 0;

CREATE TABLE name (key INTEGER NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (key, page)) STRICT, WITHOUT ROWID;
CREATE TABLE cite (key INTEGER NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (key, page)) STRICT, WITHOUT ROWID;
CREATE TABLE pending (generation INTEGER NOT NULL, id TEXT NOT NULL, PRIMARY KEY (generation, id)) STRICT, WITHOUT ROWID;
`}

// A Store keeps the relations of generations in a database. Its methods may be called from several goroutines.
type Store struct{ db *db.DB }

// Open makes the tables where they are missing.
func Open(ctx context.Context, d *db.DB) (*Store, error) {
	if err := d.Migrate(ctx, "relate", steps); err != nil {
		return nil, err
	}
	return &Store{d}, nil
}

// Done says that what Update gave has been done.
func (s *Store) Done(ctx context.Context, generation string) error {
	err := s.db.Update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM pending WHERE generation = (SELECT n FROM generation WHERE name = ?)`, generation)
		return err
	})
	if err != nil {
		return fmt.Errorf("relations of %s: %w", generation, err)
	}
	return nil
}

// dropBatch is how many rows of a table Drop takes away in a transaction.
const dropBatch = 2000

// Drop forgets a generation. One that is not known is no error.
func (s *Store) Drop(ctx context.Context, generation string) error {
	for more := true; more; {
		err := s.db.Update(ctx, func(tx *sql.Tx) (err error) {
			more, err = dropSome(ctx, tx, generation)
			return err
		})
		if err != nil {
			return fmt.Errorf("drop relations of %s: %w", generation, err)
		}
	}
	return nil
}

func dropSome(ctx context.Context, sqlTx *sql.Tx, generation string) (more bool, err error) {
	t := &tx{ctx: ctx, Tx: sqlTx}
	if t.gen, err = t.number(`SELECT n FROM generation WHERE name = ?`, generation); err != nil || t.gen == 0 {
		return false, err
	}
	pages, err := t.pages(`generation = ? LIMIT ?`, t.gen, dropBatch)
	if err != nil {
		return false, err
	}
	for _, p := range pages {
		if err := t.remove(p); err != nil {
			return false, err
		}
	}
	classes, err := t.classes(`generation = ? LIMIT ?`, t.gen, dropBatch)
	if err != nil {
		return false, err
	}
	for _, c := range classes {
		if err := t.removeClass(c); err != nil {
			return false, err
		}
	}
	if len(pages) > 0 || len(classes) > 0 {
		return true, nil
	}
	if err := t.exec(`DELETE FROM pending WHERE generation = ?`, t.gen); err != nil {
		return false, err
	}
	return false, t.exec(`DELETE FROM generation WHERE n = ?`, t.gen)
}
