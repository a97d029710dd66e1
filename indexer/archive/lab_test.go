package archive

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"terrace/db/dbtest"
)

// A lab is an archive in a temporary folder, and short words for what the tests do with it.
type lab struct {
	testing.TB
	*Archive
	dir string
}

func newLab(t testing.TB) *lab { return openLab(t, t.TempDir()) }

func openLab(t testing.TB, dir string) *lab {
	t.Helper()
	a, err := Open(context.Background(), dbtest.Open(t, dir, "state.db"), dbtest.Open(t, dir, "contents.db"))
	if err != nil {
		t.Fatal(err)
	}
	return &lab{t, a, dir}
}

// day is a moment, n days after the first visits.
func day(n int) time.Time { return time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC).AddDate(0, 0, n) }

// at makes the URL of a path.
func at(path string) string {
	if strings.Contains(path, "://") {
		return path
	}
	return "http://www.example.gov.cn" + path
}

func (l *lab) check(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *lab) seed(paths ...string) {
	l.Helper()
	for _, p := range paths {
		_, err := l.Seed(l.Context(), Link{URL: at(p), Site: "portal", DueAt: day(0)})
		l.check(err)
	}
}

func (l *lab) page(idOrPath string) Page {
	l.Helper()
	if strings.HasPrefix(idOrPath, "/") {
		idOrPath = at(idOrPath)
	}
	p, err := l.Page(l.Context(), idOrPath)
	l.check(err)
	return p
}

// visit records what came of a visit to a page, by path or id, and returns its row. Times are filled in.
func (l *lab) visit(idOrPath string, v Visit) Page {
	l.Helper()
	v.ID = l.page(idOrPath).ID
	if v.At.IsZero() {
		v.At = day(1)
	}
	if v.NextAt.IsZero() {
		v.NextAt = v.At.AddDate(0, 0, 7)
	}
	l.check(l.Record(l.Context(), v))
	l.settle(v.At.Add(settleAfter))
	return l.page(v.ID)
}

// settle judges every site, so that what was held that long takes effect.
func (l *lab) settle(at time.Time) {
	l.Helper()
	tallies, err := l.Tallies(l.Context(), at)
	l.check(err)
	for _, t := range tallies {
		_, err := l.Settle(l.Context(), t.Site, at)
		l.check(err)
	}
}

// put records a good visit with content.
func (l *lab) put(idOrPath, body string, links ...Link) Page {
	l.Helper()
	return l.visit(idOrPath, Visit{State: OK, Status: 200, Body: []byte(body), ETag: `"e"`, LastModified: "lm", ContentType: "text/html", Links: links})
}

func (l *lab) purge() Purged {
	l.Helper()
	p, err := l.Purge(l.Context())
	l.check(err)
	return p
}

// faults are those that Verify finds, by kind and the page's path.
func (l *lab) faults() (out []string) {
	l.Helper()
	v, err := l.Verify(l.Context(), func(int) {}, func(f Fault) { out = append(out, string(f.Kind)+" "+strings.TrimPrefix(f.Page.URL, at(""))) })
	l.check(err)
	if v.Faults != len(out) {
		l.Errorf("%d faults are counted, %v told", v.Faults, out)
	}
	return out
}

// sound checks that Verify finds nothing wrong.
func (l *lab) sound() {
	l.Helper()
	if faults := l.faults(); len(faults) > 0 {
		l.Errorf("faults: %q", faults)
	}
}

func (l *lab) last() int64 {
	l.Helper()
	n, err := l.LastChange(l.Context())
	l.check(err)
	return n
}

// stays checks that something gives no change number.
func (l *lab) stays(what string, do func()) {
	l.Helper()
	before := l.last()
	do()
	if after := l.last(); after != before {
		l.Errorf("%s: the change number went from %d to %d", what, before, after)
	}
}

// moves checks that a page, after something, is what changed last.
func (l *lab) moves(what, idOrPath string, do func()) {
	l.Helper()
	before := l.last()
	do()
	if p := l.page(idOrPath); p.Change <= before || p.Change != l.last() {
		l.Errorf("%s: change %d, before %d, last %d", what, p.Change, before, l.last())
	}
}

func (l *lab) content(p Page) string {
	l.Helper()
	if p.Content == "" {
		l.Fatalf("page %s has no content (%s: %s)", p.URL, p.State, p.Reason)
	}
	raw, err := l.Content(l.Context(), p.Content)
	l.check(err)
	return string(raw)
}

func (l *lab) isTombstone(p Page) {
	l.Helper()
	if !p.Deleted || p.Content != "" || p.Change == 0 || p.ETag != "" || p.LastModified != "" {
		l.Errorf("no tombstone: %+v", p)
	}
}

func (l *lab) isLive(p Page, body string) {
	l.Helper()
	if p.Deleted || p.Change == 0 {
		l.Errorf("not live: %+v", p)
	}
	if got := l.content(p); got != body {
		l.Errorf("%s has %q, want %q", p.URL, got, body)
	}
}

// replay applies all changes from the start as an index does, and returns content by id.
func (l *lab) replay() map[string]string {
	l.Helper()
	docs := map[string]string{}
	for after := int64(0); ; {
		pages, err := l.Changes(l.Context(), after, 7)
		l.check(err)
		if len(pages) == 0 {
			return docs
		}
		for _, p := range pages {
			if p.Change <= after {
				l.Fatalf("change %d comes after %d", p.Change, after)
			}
			after = p.Change
			if p.Deleted {
				delete(docs, p.ID)
			} else {
				docs[p.ID] = l.content(p)
			}
		}
	}
}

// sql runs a statement behind the archive's back, such as to make something old.
func (l *lab) sql(query string, args ...any) {
	l.Helper()
	l.check(l.state.Update(l.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(l.Context(), query, args...)
		return err
	}))
}

func (l *lab) isUnknown(idOrURL string) {
	l.Helper()
	if _, err := l.Page(l.Context(), idOrURL); !errors.Is(err, ErrUnknown) {
		l.Errorf("page %s: %v, want ErrUnknown", idOrURL, err)
	}
}
