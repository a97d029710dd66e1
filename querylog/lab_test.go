package querylog

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A lab is a log that a test writes entries of its choice to.
type lab struct {
	testing.TB
	*Log
	path string
}

func openLab(t testing.TB, path string, o Options) *lab {
	t.Helper()
	l, err := Open(t.Context(), path, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return &lab{t, l, path}
}

// inLab runs a test with an empty log under a false clock, which begins at eight in the morning in China.
func inLab(t *testing.T, o Options, f func(*lab)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(openLab(t, filepath.Join(t.TempDir(), "log.db"), o)) })
}

func (l *lab) check(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// ask has each of some readers ask for a text so many days ago.
func (l *lab) ask(ago int, text string, readers ...string) {
	for _, r := range readers {
		l.Note(Entry{Text: text, At: time.Now().AddDate(0, 0, -ago), Reader: r, Total: 7, Page: 1})
	}
}

// spread makes a text attested: three readers ask for it, today and yesterday.
func (l *lab) spread(texts ...string) {
	for _, text := range texts {
		l.ask(0, text, text+"甲", text+"乙", text+"丙")
		l.ask(1, text, text+"甲", text+"乙", text+"丙")
	}
}

func (l *lab) flush() {
	l.Helper()
	l.check(l.Flush(l.Context()))
}

func (l *lab) hot(days int) string {
	l.Helper()
	l.flush()
	words, err := l.Hot(l.Context(), days, 100)
	l.check(err)
	return told(words)
}

func (l *lab) related(text string) string {
	l.Helper()
	l.flush()
	words, err := l.Related(l.Context(), text, 100)
	l.check(err)
	return told(words)
}

func (l *lab) phrases() string {
	l.Helper()
	l.flush()
	words, err := l.Phrases(l.Context(), 100)
	l.check(err)
	return told(words)
}

// told writes words with their readers.
func told(words []Word) string {
	var all []string
	for _, w := range words {
		all = append(all, fmt.Sprintf("%s %d", w.Text, w.Readers))
	}
	return strings.Join(all, ", ")
}

// texts are all texts in the log, oldest first; "-" for one that was not kept.
func (l *lab) texts() string {
	l.Helper()
	l.flush()
	var all []string
	l.check(l.Each(l.Context(), time.Unix(0, 0), time.Now().AddDate(1, 0, 0), func(e Entry) error {
		if e.Text == "" {
			e.Text = "-"
		}
		all = append(all, e.Text)
		return nil
	}))
	return strings.Join(all, ", ")
}

func (l *lab) rows(table string) (n int) {
	l.Helper()
	l.check(l.db.View(l.Context(), func(tx *sql.Tx) error {
		return tx.QueryRowContext(l.Context(), "SELECT count(*) FROM "+table).Scan(&n)
	}))
	return n
}

// during runs the log's Run while a function works.
func (l *lab) during(f func()) error {
	ctx, cancel := context.WithCancel(l.Context())
	ended := make(chan error, 1)
	go func() { ended <- l.Run(ctx) }()
	f()
	cancel()
	return <-ended
}
