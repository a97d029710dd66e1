// Package moves knows where the pages of closed and rebuilt sites have gone: old URLs, one by one or by what they begin with, and the URLs they have now.
//
// The list lies in the state database and may hold a million pages: one is looked up there, and only what URLs begin with is held in memory. Beside it lie the old pages
// that are known by title, date and document number, so that their new homes can be proposed (Matcher).
package moves

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"terrace/db"
)

// A Move says where an old page, or all that begins with an old URL, is now.
type Move struct {
	Old      Old
	New      string // canonical URL. Of a prefix: one that ends in / takes the rest of the old path, any other is one page for all
	Origin   Origin
	State    State
	Sure     bool   // of a proposal: it may be accepted unseen
	Evidence string // why it is thought so, in Chinese
	By       string
	At       time.Time
}

// Origin is how a move came to be known.
type Origin string

const (
	Imported Origin = "imported" // from a list of the old site's
	Added    Origin = "added"    // by an administrator, by hand
	Proposed Origin = "proposed" // by Propose
	Learned  Origin = "learned"  // the old site led there for good while it was crawled; never in the list, the archive knows it
	Implied  Origin = "implied"  // it is a later page of a list whose first page has moved; never in the list, the archive knows it
)

// State is what a move of the list counts for.
type State string

const (
	InForce   State = "in_force"
	Proposal  State = "proposed"  // waits for an administrator
	Ambiguous State = "ambiguous" // several pages may be it; New is empty and Evidence names them
	Rejected  State = "rejected"  // by an administrator; it is not proposed again
)

// A Page is what is known of a page of a closed site.
type Page struct {
	URL   string // canonical
	Title string
	Date  string // yyyy-mm-dd, or empty
	DocNo string
}

// Limits of a list.
const (
	MaxTitle    = 500 // characters of a title
	MaxEvidence = 500 // characters
	MaxPrefixes = 10_000
	MaxBatch    = 1000 // rows that are taken at once
)

var (
	ErrURL    = errors.New("网址有误")
	ErrPrefix = errors.New("前缀太多")
)

// steps make the tables, see db.DB.Migrate. Times are unix milliseconds.
var steps = []string{`
CREATE TABLE move (
	key      TEXT PRIMARY KEY, -- Old.Key
	old      TEXT NOT NULL,
	prefix   INTEGER NOT NULL,
	new      TEXT NOT NULL,
	origin   TEXT NOT NULL,
	state    TEXT NOT NULL,
	sure     INTEGER NOT NULL,
	evidence TEXT NOT NULL,
	who      TEXT NOT NULL,
	at       INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX move_state ON move (state, key);
CREATE INDEX move_prefix ON move (key) WHERE prefix = 1;
CREATE INDEX move_new ON move (new) WHERE state = 'in_force';

CREATE TABLE old_page (
	key    TEXT PRIMARY KEY, -- Key of url
	url    TEXT NOT NULL,
	title  TEXT NOT NULL,
	date   TEXT NOT NULL,
	doc_no TEXT NOT NULL
) WITHOUT ROWID;
`}

// A List is the moves and the old pages of a database. Its methods may be called from several goroutines.
type List struct {
	db       *db.DB
	changing sync.Mutex // one change at a time: the prefixes in memory are those of the database
	prefixes atomic.Pointer[map[string]Move]
}

// Open reads the list and makes its tables where they are missing.
func Open(ctx context.Context, d *db.DB) (*List, error) {
	if err := d.Migrate(ctx, "moves", steps); err != nil {
		return nil, err
	}
	l := &List{db: d}
	if err := l.load(ctx); err != nil {
		return nil, err
	}
	return l, nil
}
