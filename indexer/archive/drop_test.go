package archive

import (
	"errors"
	"slices"
	"testing"
	"time"
)

const readers = "2" // version of the readers of attached files

// attach records that a file was fetched whole, and what the readers made of it.
func (l *lab) attach(path, body, version string) Page {
	l.Helper()
	l.seed(path)
	p := l.visit(path, Visit{State: OK, Status: 200, Role: Attachment, Body: []byte(body), ETag: `"e"`, ContentType: "application/pdf"})
	l.check(l.KeepText(l.Context(), p.Content, version, []byte("text of "+body)))
	return p
}

// old are the hashes that OldFiles gives at a moment.
func (l *lab) old(before time.Time) (hashes []string) {
	l.Helper()
	l.check(l.OldFiles(l.Context(), before, func(some []string) error {
		hashes = append(hashes, some...)
		return nil
	}))
	return hashes
}

func (l *lab) drop(before time.Time) int {
	l.Helper()
	n, _, err := l.Drop(l.Context(), before, readers, l.old(before)...)
	l.check(err)
	return n
}

// later is after everything that a test stores.
func later() time.Time { return time.Now().Add(time.Hour) }

func TestBytesOfOldFilesGoAndTheirTextsStay(t *testing.T) {
	l := newLab(t)
	p := l.attach("/a.pdf", "file", readers)
	if n := l.drop(later()); n != 1 {
		t.Fatalf("%d files were dropped", n)
	}
	if _, err := l.Content(t.Context(), p.Content); !errors.Is(err, ErrDropped) {
		t.Errorf("its bytes: %v", err)
	}
	l.purge()
	if text, version, err := l.Text(t.Context(), p.Content); string(text) != "text of file" || version != readers || err != nil {
		t.Errorf("its text is %q of %s, %v", text, version, err)
	}
	if got := l.page("/a.pdf"); got != p {
		t.Errorf("its page became %+v", got)
	}
	l.stays("a visit that finds it unchanged", func() {
		if got := l.visit("/a.pdf", Visit{State: OK, Role: Attachment, Unchanged: true}); got.State != OK {
			t.Errorf("%+v", got)
		}
	})
	l.stays("a visit that brings the same bytes", func() { l.attach("/a.pdf", "file", readers) })
	if _, err := l.Content(t.Context(), p.Content); !errors.Is(err, ErrDropped) {
		t.Errorf("its bytes came back unasked: %v", err)
	}
	l.sound()
}

func TestBytesThatAreNeededStay(t *testing.T) {
	for name, c := range map[string]func(l *lab) (before time.Time){
		"fetched a short time ago": func(l *lab) time.Time {
			l.attach("/a.pdf", "file", readers)
			return day(2)
		},
		"read by other readers": func(l *lab) time.Time {
			l.attach("/a.pdf", "file", "1")
			return later()
		},
		"without a text": func(l *lab) time.Time {
			l.seed("/a.pdf")
			l.visit("/a.pdf", Visit{State: OK, Role: Attachment, Body: []byte("file")})
			return later()
		},
		"a scan": func(l *lab) time.Time {
			l.attach("/a.pdf", "file", readers)
			l.visit("/a.pdf", Visit{State: NeedsOCR, Role: Attachment, Body: []byte("file")})
			return later()
		},
		"not there at the last visit": func(l *lab) time.Time {
			l.attach("/a.pdf", "file", readers)
			l.visit("/a.pdf", Visit{State: Retry, Role: Attachment, Reason: "status 500", Status: 500})
			return later()
		},
		"a page of the same bytes": func(l *lab) time.Time {
			l.attach("/a.pdf", "file", readers)
			l.seed("/a.html")
			l.put("/a.html", "file")
			return later()
		},
		"an import of the same bytes": func(l *lab) time.Time {
			l.attach("/a.pdf", "file", readers)
			l.check(l.Import(l.Context(), Import{ID: "1", Line: []byte("file")}))
			return later()
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			before := c(l)
			if n := l.drop(before); n != 0 {
				t.Errorf("%d files were dropped", n)
			}
			if got := l.content(l.page("/a.pdf")); got != "file" {
				t.Errorf("its bytes are %q", got)
			}
		})
	}
}

func TestAPageThatGetsTheBytesOfADroppedFileHasThem(t *testing.T) {
	l := newLab(t)
	l.attach("/a.pdf", "file", readers)
	l.drop(later())
	l.seed("/a.html")
	if got := l.content(l.put("/a.html", "file")); got != "file" {
		t.Errorf("its bytes are %q", got)
	}
	l.sound()
}

func TestADroppedFileThatIsWantedIsFetchedWholeAndKept(t *testing.T) {
	for name, c := range map[string]struct {
		version string // that is asked with
		scope   Scope
		want    int
	}{
		"by its URL":                          {readers, Scope{URL: at("/a.pdf")}, 1},
		"with its site, read by old readers":  {"3", Scope{Site: "portal"}, 1},
		"with its site, read by those of now": {readers, Scope{Site: "portal"}, 0},
		"with another site":                   {"3", Scope{Site: "gjj"}, 0},
		"by the URL of a page without bytes":  {"3", Scope{URL: at("/none")}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.seed("/none")
			p := l.attach("/a.pdf", "file", readers)
			l.drop(later())
			if n, err := l.Want(t.Context(), c.scope, c.version); n != c.want || err != nil {
				t.Fatalf("%d are wanted, %v", n, err)
			}
			if got := l.page("/a.pdf"); (got.ETag == "") != (c.want == 1) {
				t.Errorf("validators: %+v", got)
			}
			before := l.last()
			l.attach("/a.pdf", "file", readers)
			_, err := l.Content(t.Context(), p.Content)
			if (err == nil) != (c.want == 1) {
				t.Errorf("its bytes: %v", err)
			}
			if made := l.last() > before; made != (c.want == 1) {
				t.Errorf("its documents are made again: %v", made)
			}
			l.sound()
		})
	}
}

func TestWhatIsKeptOfADroppedFileIsErasedWithItsPage(t *testing.T) {
	l := newLab(t)
	p := l.attach("/a.pdf", "file", readers)
	l.drop(later())
	if e, err := l.Erase(t.Context(), p.ID); e.Contents != 1 || err != nil {
		t.Errorf("erased %+v, %v", e, err)
	}
	if _, _, err := l.Text(t.Context(), p.Content); !errors.Is(err, ErrUnknown) {
		t.Errorf("its text: %v", err)
	}
}

func TestPurgeTakesWhatIsKeptOfADroppedFileThatNoPageHas(t *testing.T) {
	l := newLab(t)
	p := l.attach("/a.pdf", "file", readers)
	l.drop(later())
	l.attach("/a.pdf", "another", readers)
	if got := l.purge(); got.Contents != 1 {
		t.Errorf("purged %+v", got)
	}
	if at, err := l.Dropped(t.Context(), p.Content); !at.IsZero() || err != nil {
		t.Errorf("dropped at %v, %v", at, err)
	}
}

func TestVerifyNamesWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		harm func(l *lab, contents *lab)
		want []string
	}{
		"nothing":        {func(*lab, *lab) {}, nil},
		"bytes are gone": {func(_, c *lab) { c.sql("DELETE FROM content WHERE length(data) < 20") }, []string{"missing /a"}},
		"bytes are others": {func(l, c *lab) {
			c.sql("UPDATE content SET data = ? WHERE length(data) < 20", l.packer.EncodeAll([]byte("x"), nil))
		}, []string{"damaged /a"}},
		"a text is gone": {func(l, c *lab) {
			l.drop(later())
			c.sql("DELETE FROM text")
		}, []string{"text missing /b.pdf"}},
		"a text is damaged": {func(l, c *lab) {
			l.drop(later())
			c.sql("UPDATE text SET data = x'00'")
		}, []string{"text missing /b.pdf"}},
		"a list begins nowhere":  {func(l, _ *lab) { l.sql("UPDATE page SET head = 'x' WHERE url LIKE '%/a'") }, []string{"astray /a"}},
		"a cursor is ahead":      {func(l, _ *lab) { l.check(l.SetCursor(l.Context(), "live", 99)) }, []string{"numbers "}},
		"pages are miscounted":   {func(l, _ *lab) { l.sql("UPDATE tally SET pages = pages + 1") }, []string{"miscounted ", "miscounted "}},
		"outcomes are not right": {func(l, _ *lab) { l.sql("UPDATE outcome_tally SET pages = pages + 1") }, []string{"miscounted "}},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.seed("/a")
			a := l.put("/a", "page")
			l.attach("/b.pdf", "a file that is longer than the page is, by some letters", readers)
			l.check(l.SetOutcomes(t.Context(), "live", []Outcome{{a.ID, "no text"}}))
			c.harm(l, &lab{t, &Archive{state: l.contents}, ""})
			if got := l.faults(); !slices.Equal(got, c.want) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

func TestWhatIsRepairedIsFetchedAgainAndSound(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	p := l.put("/a", "page")
	contents := &lab{t, &Archive{state: l.contents}, ""}
	contents.sql("UPDATE content SET data = x'00'")
	l.sql("UPDATE tally SET pages = pages + 1")
	var faults []Fault
	_, err := l.Verify(t.Context(), func(int) {}, func(f Fault) { faults = append(faults, f) })
	l.check(err)
	due, imports, err := l.Repair(t.Context(), faults, day(5))
	if due != 1 || len(imports) > 0 || err != nil {
		t.Fatalf("%d are due, %v to be imported, %v", due, imports, err)
	}
	if got := l.page("/a"); got.ETag != "" || !got.NextAt.Equal(day(5)) || got.Content != p.Content {
		t.Errorf("%+v", got)
	}
	before := l.last()
	if got := l.content(l.put("/a", "page")); got != "page" {
		t.Errorf("its bytes are %q", got)
	}
	if l.last() == before {
		t.Error("no document is made of what came back")
	}
	l.sound()
}
