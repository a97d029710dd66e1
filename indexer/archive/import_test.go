package archive

import "testing"

func (l *lab) imports(id, path, line string) {
	l.Helper()
	if path != "" {
		path = at(path)
	}
	l.check(l.Import(l.Context(), Import{ID: id, Site: "portal", URL: path, Line: []byte(line)}))
}

func TestAnImportIsADocument(t *testing.T) {
	l := newLab(t)
	l.imports("doc-1", "/a", `{"title":"一"}`)
	l.imports("doc-2", "", `{"title":"二"}`)
	p := l.page("doc-1")
	l.isLive(p, `{"title":"一"}`)
	if !p.Imported || p.State != OK || p.Site != "portal" || !p.NextAt.IsZero() || p.URL != at("/a") || l.page("/a") != p {
		t.Errorf("got %+v", p)
	}
	l.isLive(l.page("doc-2"), `{"title":"二"}`)
	if _, ok, _ := l.NextDue(t.Context(), "portal"); ok {
		t.Error("an import is due for a visit")
	}
	if n, err := l.Recrawl(t.Context(), Scope{}, day(1)); n != 0 || err != nil {
		t.Errorf("%d imports made due: %v", n, err)
	}
}

func TestImportingAgainReplacesWhatDiffers(t *testing.T) {
	l := newLab(t)
	l.imports("doc", "/a", "one")
	l.stays("the same line", func() { l.imports("doc", "/a", "one") })
	l.moves("another line", "doc", func() { l.imports("doc", "/a", "two") })
	l.isLive(l.page("doc"), "two")
	l.moves("another URL", "doc", func() { l.imports("doc", "/b", "two") })
	if l.page("/b").ID != "doc" || l.page("/b").URL != at("/b") {
		t.Error("the new URL does not lead to it")
	}
	l.check(l.Import(t.Context(), Import{ID: "twice", Line: []byte("1")}, Import{ID: "twice", Line: []byte("2")}))
	l.isLive(l.page("twice"), "2")
	if err := l.Import(t.Context(), Import{ID: "good", Line: []byte("x")}, Import{Line: []byte("no id")}); err == nil {
		t.Error("a document without id was taken")
	}
	l.isUnknown("good")
}

func TestWhereAnImportMeetsACrawledPageTheCrawlOwnsIt(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	id := l.put("/a", "crawled").ID
	l.stays("the import", func() { l.imports("doc", "/a", "line"); l.imports("doc", "/a", "line 2") })
	l.isLive(l.page("doc"), "crawled")
	if l.page("doc").ID != id {
		t.Error("the import's id does not lead to the page")
	}

	l.imports("moved", "/elsewhere", "line")
	l.imports("moved", "/a", "line")
	row := l.all()["moved"]
	l.isTombstone(row)
	if row.Change != l.last() || row.MovedTo != id {
		t.Errorf("got %+v", row)
	}
	if l.page("moved").ID != id {
		t.Error("its id does not lead to the page")
	}
}

func TestAPageWithoutContentTakesTheLineUntilItIsFetched(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/gone")
	l.visit("/gone", Visit{State: Gone})
	for _, path := range []string{"/a", "/gone"} {
		id := l.page(path).ID
		l.imports("doc"+path, path, "line")
		l.isLive(l.page(path), "line")
		if p := l.page("doc" + path); p.ID != id || !p.Imported || p.NextAt.IsZero() {
			t.Errorf("got %+v", p)
		}
		l.stays("again", func() { l.imports("doc"+path, path, "line") })
		l.moves("another line", id, func() { l.imports("doc"+path, path, "line 2") })
		l.moves("the visit", id, func() { l.put(path, "crawled") })
		l.isLive(l.page("doc"+path), "crawled")
		if l.page(id).Imported {
			t.Error("it still counts as imported")
		}
	}
}

func TestAnImportMetByTheCrawlBecomesItsPage(t *testing.T) {
	for name, meet := range map[string]func(*lab){
		"by a seed": func(l *lab) { l.seed("/a") },
		"by a link": func(l *lab) {
			l.seed("/list")
			l.put("/list", "list", Link{URL: at("/a"), Site: "portal", DueAt: day(0), Text: "另一个更长的标题"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.imports("doc", "/a", "line")
			meet(l)
			p := l.page("doc")
			if !p.Imported || !p.NextAt.Equal(day(0)) || p.Anchor != "" {
				t.Errorf("got %+v", p)
			}
			l.stays("visits that bring nothing", func() {
				for _, state := range []State{Gone, Robots, OutOfScope, Quarantined, Retry} {
					l.visit("/a", Visit{State: state})
				}
				l.visit("/a", Visit{State: OK, Unchanged: true})
			})
			l.isLive(l.page("doc"), "line")
			l.moves("the first good visit", "doc", func() { l.put("/a", "crawled") })
			l.isLive(l.page("doc"), "crawled")
			if p := l.page("/a"); p.Imported || p.ID != "doc" {
				t.Errorf("got %+v", p)
			}
			l.stays("importing it again", func() { l.imports("doc", "/a", "line 2") })
			l.visit("/a", Visit{State: Gone})
			l.isTombstone(l.page("doc"))
		})
	}
}

// What a site answers takes nothing away that did not come from it, until there is something in its place.
func TestAnImportOutlivesWhatItsURLLeadsTo(t *testing.T) {
	for name, lead := range map[string]func(*lab){
		"to itself": func(l *lab) { l.visit("/a", to("/a", forNow)) },
		"to a page and back": func(l *lab) {
			l.visit("/a", to("/b", forNow))
			l.visit("/b", to("/a", forNow))
		},
		"for good to a page and back": func(l *lab) {
			l.seed("/b")
			l.visit("/b", to("/a", forGood))
			l.visit("/a", to("/b", forGood))
		},
		"for good to a page not seen yet": func(l *lab) {
			l.seed("/b")
			l.visit("/a", to("/b", forGood))
			l.visit("/b", Visit{State: Retry})
		},
		"for good to an unknown page and back": func(l *lab) {
			l.visit("/a", to("/b", forGood))
			l.visit("/b", to("/a", forGood))
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.imports("doc", "/a", "line")
			l.seed("/a")
			lead(l)
			l.isLive(l.page("doc"), "line")
			if got := l.replay()["doc"]; got != "line" {
				t.Errorf("an index has %q", got)
			}
		})
	}
}

func TestAnImportGivesWayToThePageThatItsURLLeadsTo(t *testing.T) {
	l := newLab(t)
	l.imports("doc", "/a", "line")
	l.seed("/a", "/b")
	l.visit("/a", to("/b", forGood))
	l.put("/b", "the page")
	l.visit("doc", to("/b", forGood))
	if docs := l.replay(); len(docs) != 1 || docs[l.page("/b").ID] != "the page" || l.page("/a").URL != at("/b") {
		t.Errorf("an index has %v", docs)
	}
}

func TestAnImportWhoseURLLeadsElsewhereForNowIsImportedAgainAsItself(t *testing.T) {
	for name, how := range map[string]bool{"for now": forNow, "for good": forGood} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.imports("doc", "/a", "line")
			l.seed("/a", "/b")
			l.visit("/a", to("/b", how))
			l.stays("the same line", func() { l.imports("doc", "/a", "line") })
			l.moves("another line", "doc", func() { l.imports("doc", "/a", "line 2") })
			if docs := l.replay(); len(docs) != 1 || docs["doc"] != "line 2" {
				t.Errorf("an index has %v", docs)
			}
		})
	}
}

func TestTwoImportsMayShareAURL(t *testing.T) {
	l := newLab(t)
	l.imports("one", "/a", "line 1")
	l.imports("two", "/a", "line 2")
	l.isLive(l.page("one"), "line 1")
	l.isLive(l.page("two"), "line 2")
	if l.page("/a").ID != "one" {
		t.Error("the URL does not lead to the first")
	}
}

func TestAnImportOfAMovedPageIsThePageItLedTo(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/b")
	id := l.put("/b", "crawled").ID
	l.visit("/a", to("/b", forGood))
	l.stays("the import", func() { l.imports("doc", "/a", "line") })
	if l.page("doc").ID != id {
		t.Errorf("got %+v", l.page("doc"))
	}
}

func TestWhatLedToAnImportLeadsToThePageItTurnedOutToBe(t *testing.T) {
	l := newLab(t)
	l.imports("doc", "/a", "line")
	l.seed("/from", "/b")
	from, b := l.page("/from").ID, l.put("/b", "crawled").ID
	l.visit(from, to("/a", forNow))
	l.imports("doc", "/b", "line")
	if p := l.page(from); p.MovedTo != b || l.page("/a").ID != b {
		t.Errorf("got %+v", p)
	}
}
