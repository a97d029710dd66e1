// Package querylog keeps what readers asked for, in a database of its own: for hot words, related words, suggestions and reports.
//
// It promises that a search never waits for it, that nothing which looks personal is stored with its text, that nothing stored leads back to an
// address, that one reader alone cannot make a word hot, and that everything goes when its time is over.
//
// Who asked is only known as an opaque name, made from the address and a secret that lives in memory for one day; even that is
// forgotten two days later. What stays is how many different readers asked for a text on a day, and how many for two texts together.
package querylog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"terrace/db"
	"terrace/segment"
)

// An Entry is one search.
type Entry struct {
	Text   string // as typed; Note cleans it
	At     time.Time
	Reader string        // from Log.Reader; empty: nobody in particular, who counts for nothing
	Site   string        // id of the site that was searched; empty: all
	Total  int           // documents that the text itself found; 0 where another was searched for in its place
	Page   int           // from 1
	Took   time.Duration // kept in milliseconds
}

// Options say how a Log works. The zero value does.
type Options struct {
	Retention int      // days that entries are kept; 0: 183, a little over the six months of 网络安全法 art. 21
	Deny      []string // words beside dict.Denylist: no text that holds one becomes a hot, related or suggested word; signs, case and width do not matter

	// Word tells words that are no personal names, such as official terms and the names of places and departments; it is given title keys. Texts that
	// look like a name, alone or beside words such as 电话, are neither hot, related nor suggested unless they are such words, or ordinary words of the
	// language. It should not know the general dictionary: of its words that look like a name three in four are names.
	Word func(string) bool

	Log *slog.Logger // nil: none
}

const (
	usualRetention = 183
	maxKept        = 60   // characters of a text that is kept
	maxQueued      = 4096 // entries that wait to be written
	maxBatch       = 500  // entries of a transaction
)

// A Log keeps entries. Its methods may be called from several goroutines. Entries are written by Run.
type Log struct {
	db        *db.DB
	retention int
	filter    *filter
	log       *slog.Logger
	salt      salt

	queue   chan Entry
	full    chan struct{} // a batch waits
	dropped atomic.Int64

	writing sync.Mutex
	pending []Entry // taken from the queue, not yet committed
}

// Open opens the log in a file, and makes it where it is missing. The caller closes it once Run has returned.
func Open(ctx context.Context, path string, o Options) (*Log, error) {
	d, err := db.Open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("open query log: %w", err)
	}
	if err := d.Migrate(ctx, "querylog", steps); err != nil {
		return nil, errors.Join(fmt.Errorf("open query log: %w", err), d.Close())
	}
	if o.Retention <= 0 {
		o.Retention = usualRetention
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Log{
		db: d, retention: o.Retention, filter: newFilter(o), log: o.Log,
		queue: make(chan Entry, maxQueued), full: make(chan struct{}, 1),
	}, nil
}

// Close closes the database. What is still queued is lost: end Run first.
func (l *Log) Close() error { return l.db.Close() }

// Note hands over an entry to be written within a second. It never waits: where entries come faster than they can be written, it drops and counts
// them.
//
// The text is normalised. One that looks personal or is longer than 60 characters is not kept, but the search is.
func (l *Log) Note(e Entry) {
	e.Text = clean(e.Text)
	select {
	case l.queue <- e:
	default:
		l.dropped.Add(1)
		return
	}
	if len(l.queue) >= maxBatch {
		select {
		case l.full <- struct{}{}:
		default:
		}
	}
}

// Dropped is how many entries found no room since the Log was opened.
func (l *Log) Dropped() int64 { return l.dropped.Load() }

// clean is the form in which a text is kept; empty if it is not kept.
func clean(text string) string {
	text = strings.Join(strings.FieldsFunc(segment.Normalize(text), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
	if utf8.RuneCountInString(text) > maxKept || personal(text) {
		return ""
	}
	return text
}

// dayOf is the number of a moment's day in China, which has one time zone and no summer time.
func dayOf(t time.Time) int { return int((t.Unix() + 8*3600) / 86400) }

// weekOf is the number of a day's week. Weeks are only there to count in; they begin on a Thursday.
func weekOf(day int) int { return day / 7 }
