package archive

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const notice = "<h1>公示</h1>jsessionid-of-nobody-1234567890"

func TestWhatIsErasedIsInNoFile(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/b", "/list")
	l.visit("/list", Visit{State: OK, Role: List, Body: []byte("list"), Links: []Link{{URL: at("/a"), Site: "portal", Text: "赵钱孙困难救助公示"}}})
	l.put("/a", "first "+notice)
	shared := l.put("/a", "same")
	l.put("/b", "same")
	a := l.put("/a", notice)
	if a.Anchor == "" {
		t.Fatal("the link's text is not known, so that it could be erased")
	}
	var e Erased
	l.moves("erased", "/a", func() {
		var err error
		e, err = l.Erase(t.Context(), a.ID, "unknown")
		l.check(err)
	})
	if e != (Erased{Contents: 2, Visits: 3, Shared: 1, Clean: true}) {
		t.Errorf("erased: %+v", e)
	}
	now := l.page(a.ID)
	if !now.Deleted || now.Content != "" || now.Anchor != "" || now.ETag != "" || now.URL != at("/a") {
		t.Errorf("left: %+v", now)
	}
	if past, err := l.History(t.Context(), a.ID); err != nil || len(past) != 0 {
		t.Errorf("its history: %+v, %v", past, err)
	}
	if got := l.content(l.page("/b")); got != "same" {
		t.Errorf("the other page has %q", got)
	}
	l.absent("赵钱孙", a.Content)
	if _, err := l.Content(t.Context(), shared.Content); err != nil {
		t.Errorf("what another page has: %v", err)
	}
	if again, err := l.Erase(t.Context(), a.ID); err != nil || again.Contents != 0 {
		t.Errorf("erased twice: %+v, %v", again, err)
	}
}

func TestAnEraseThatBrokeOffIsEndedByTheNext(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	a := l.put("/a", notice)
	during := func(statement string) {
		l.check(l.contents.Update(t.Context(), func(tx *sql.Tx) error {
			_, err := tx.ExecContext(t.Context(), statement)
			return err
		}))
	}
	during("CREATE TRIGGER full BEFORE DELETE ON content BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
	if _, err := l.Erase(t.Context(), a.ID); err == nil {
		t.Fatal("nothing was wrong")
	}
	during("DROP TRIGGER full")
	if e, err := l.Erase(t.Context(), a.ID); err != nil || e.Contents != 1 || !e.Clean {
		t.Errorf("erased: %+v, %v", e, err)
	}
	l.absent(a.Content)
	l.isTombstone(l.page(a.ID))
}

func TestOfAnErasedFileNoNameIsLeftAndNoTrouble(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	a := l.visit("/a", Visit{State: OK, Role: Attachment, Body: []byte(notice), FileName: "赵钱孙困难救助.doc"})
	l.visit("/a", Visit{State: Suspect, Role: Attachment, Reason: PageForFile, Shown: "shown"})
	_, err := l.Erase(t.Context(), a.ID)
	l.check(err)
	if now := l.page(a.ID); now.FileName != "" {
		t.Errorf("its name is left: %s", now.FileName)
	}
	if losses, err := l.Losses(t.Context(), ""); err != nil || len(losses) != 0 {
		t.Errorf("in trouble: %+v, %v", losses, err)
	}
	l.absent("赵钱孙")
}

// absent fails where one of the words stands in a file of the archive.
func (l *lab) absent(words ...string) {
	l.Helper()
	entries, err := os.ReadDir(l.dir)
	l.check(err)
	for _, e := range entries {
		raw, err := os.ReadFile(filepath.Join(l.dir, e.Name()))
		l.check(err)
		for _, w := range words {
			if strings.Contains(string(raw), w) {
				l.Errorf("%s holds %s", e.Name(), w)
			}
		}
	}
}

func TestOfAWithheldPageNothingIsKept(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/b", "/list")
	l.Withhold(nil, func(_, url string) bool { return url == at("/a") })
	l.stays("visited", func() {
		p := l.put("/a", notice, Link{URL: at("/from-a"), Site: "portal"})
		if p.Content != "" || p.State != OK || p.Status != 200 || p.NextAt.IsZero() {
			t.Errorf("visited: %+v", p)
		}
	})
	if _, err := l.Content(t.Context(), HashOf([]byte(notice))); !errors.Is(err, ErrUnknown) {
		t.Errorf("its bytes: %v", err)
	}
	l.visit("/list", Visit{State: OK, Role: List, Body: []byte("list"), Links: []Link{{URL: at("/a"), Site: "portal", Text: "赵钱孙困难救助公示"}}})
	if p := l.page("/a"); p.Anchor != "" {
		t.Errorf("a link's text is kept: %s", p.Anchor)
	}
	l.put("/b", "of another page")
	l.Withhold(nil, nil)
	if got := l.content(l.put("/a", notice)); got != notice {
		t.Errorf("when nothing is withheld any more: %q", got)
	}
}

func TestPagesAreFoundByTheirURLs(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/b", "/c")
	l.put("/a", "a")
	l.put("/b", "b")
	l.check(l.Import(t.Context(), Import{ID: "i", Site: "gjj", URL: at("/b"), Line: []byte("{}")}, Import{ID: "j", Site: "gjj", Line: []byte("{}")}))
	l.visit("/c", Visit{State: Redirect, MovedTo: at("/a"), Permanent: true})
	renamed := l.page("/b").ID
	l.visit("/b", Visit{State: Redirect, MovedTo: at("/new"), Permanent: true})
	for url, want := range map[string][]string{
		at("/a"): {l.page("/a").ID}, at("/c"): {IDOf(at("/c"))}, at("/b"): {renamed}, at("/new"): {renamed},
	} {
		found, err := l.PagesAt(t.Context(), url)
		l.check(err)
		var ids []string
		for _, p := range found {
			ids = append(ids, p.ID)
		}
		if !slices.Equal(ids, want) {
			t.Errorf("at %s are %v, want %v", url, ids, want)
		}
	}
	if _, err := l.PagesAt(t.Context(), at("/none")); err != nil {
		t.Errorf("at an unknown URL: %v", err)
	}
	ids, matched, all, err := l.Matching(t.Context(), func(url string) bool { return strings.HasSuffix(url, "/a") })
	if err != nil || !slices.Equal(ids, []string{l.page("/a").ID}) || matched["portal"] != 1 || all["portal"] != 2 || all["gjj"] != 1 {
		t.Errorf("matching: %v %v of %v, %v", ids, matched, all, err)
	}
}
