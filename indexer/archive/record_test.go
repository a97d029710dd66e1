package archive

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAPageIsKnownFromFirstSight(t *testing.T) {
	l := newLab(t)
	added, err := l.Seed(t.Context(), Link{URL: at("/"), Site: "portal", Role: Home, DueAt: day(0)}, Link{URL: at("/"), Site: "portal"})
	l.check(err)
	p := l.page("/")
	if added != 1 || p.State != New || p.Role != Home || p.Site != "portal" || !p.NextAt.Equal(day(0)) || p.FirstSeen.IsZero() || p.Change != 0 {
		t.Errorf("added %d: %+v", added, p)
	}
	if other := newLab(t); true {
		other.seed("/")
		if got := other.page("/").ID; got != p.ID || len(got) != 16 || strings.ToLower(got) != got {
			t.Errorf("in a fresh archive the id is %q, here %q", got, p.ID)
		}
	}
	added, err = l.Seed(t.Context(), Link{URL: at("/"), Site: "other", Role: List, DueAt: day(9)})
	l.check(err)
	if got := l.page("/"); added != 0 || got != p {
		t.Errorf("seeding it again changed it: %+v", got)
	}
	if l.page(p.ID) != p {
		t.Error("the id leads elsewhere than the URL")
	}
	l.isUnknown(at("/nothing"))
	l.isUnknown("")
}

func TestSeedWithoutATimeIsDueNow(t *testing.T) {
	l := newLab(t)
	_, err := l.Seed(t.Context(), Link{URL: at("/"), Site: "portal"})
	l.check(err)
	due, err := l.Due(t.Context(), "portal", time.Now(), 10)
	l.check(err)
	if len(due) != 1 {
		t.Errorf("%d pages due", len(due))
	}
}

func TestAGoodVisitKeepsThePage(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	p := l.visit("/a", Visit{At: day(1), State: OK, Status: 200, Role: Article, Body: []byte("通知"), ETag: `"1"`, LastModified: "Sun", ContentType: "text/html",
		NextAt: day(3), Interval: 48 * time.Hour})
	want := Page{ID: p.ID, Site: "portal", URL: at("/a"), Role: Article, State: OK, NextAt: day(3), Interval: 48 * time.Hour, Status: 200, ETag: `"1"`,
		LastModified: "Sun", ContentType: "text/html", Content: HashOf([]byte("通知")), Size: 6, FirstSeen: p.FirstSeen, LastVerified: day(1),
		LastChanged: day(1), Change: 1}
	if p != want {
		t.Errorf("got  %+v\nwant %+v", p, want)
	}
	l.isLive(p, "通知")
}

func TestSameContentOnlyChangesTimes(t *testing.T) {
	for name, v := range map[string]Visit{
		"not modified": {State: OK, Status: 304, Unchanged: true},
		"same bytes":   {State: OK, Status: 200, Body: []byte("one"), ContentType: "text/html", ETag: `"2"`},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.seed("/a", "/b")
			l.put("/a", "one", Link{URL: at("/b"), Site: "portal"})
			before := l.page("/a")
			v.At = day(5)
			if !v.Unchanged {
				v.Links = []Link{{URL: at("/b"), Site: "portal"}}
			}
			l.stays(name, func() { l.visit("/a", v) })
			p := l.page("/a")
			if !p.LastVerified.Equal(day(5)) || !p.LastChanged.Equal(before.LastChanged) || !p.NextAt.Equal(day(12)) {
				t.Errorf("times are %+v", p)
			}
			if v.Unchanged && (p.ETag != before.ETag || p.LastModified != before.LastModified) {
				t.Errorf("validators went: %+v", p)
			}
			if to, _ := l.Links(t.Context(), p.ID); len(to) != 1 {
				t.Errorf("it links to %d pages", len(to))
			}
			l.isLive(p, "one")
		})
	}
}

func TestWhatADocumentIsMadeOfGivesTheNextNumber(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	l.moves("first content", "/a", func() { l.put("/a", "one") })
	l.moves("new bytes", "/a", func() { l.put("/a", "two") })
	l.moves("another media type", "/a", func() { l.visit("/a", Visit{State: OK, Body: []byte("two"), ContentType: "text/html;charset=gbk"}) })
	l.moves("another role", "/a", func() { l.visit("/a", Visit{State: OK, Unchanged: true, Role: List}) })
	l.isLive(l.page("/a"), "two")
}

func TestAFailureTakesNothing(t *testing.T) {
	for _, state := range []State{Retry, WAF, TooLarge, Unsupported} {
		t.Run(string(state), func(t *testing.T) {
			l := newLab(t)
			l.seed("/a", "/new")
			before := l.put("/a", "one", Link{URL: at("/b"), Site: "portal"})
			l.stays("a failure", func() {
				l.visit("/a", Visit{At: day(4), State: state, Reason: "as it is", Status: 503, Fails: 2, NextAt: day(5), ETag: "x", ContentType: "y",
					Body: []byte("error page"), Links: []Link{{URL: at("/error"), Site: "portal"}}})
				l.visit("/new", Visit{State: state})
			})
			want := before
			want.State, want.Reason, want.Status, want.Fails, want.NextAt = state, "as it is", 503, 2, day(5)
			if p := l.page("/a"); p != want {
				t.Errorf("got  %+v\nwant %+v", p, want)
			}
			l.isLive(l.page("/a"), "one")
			l.isUnknown(at("/error"))
			l.stays("unchanged after a failure", func() { l.visit("/a", Visit{State: OK, Unchanged: true}) })
		})
	}
}

func TestAnEndMakesATombstoneAndAReturnRevivesIt(t *testing.T) {
	for _, state := range []State{Gone, Robots, OutOfScope, Quarantined} {
		t.Run(string(state), func(t *testing.T) {
			l := newLab(t)
			l.seed("/a", "/new")
			id := l.put("/a", "one", Link{URL: at("/b"), Site: "portal"}).ID
			l.moves("the end", "/a", func() { l.visit("/a", Visit{At: day(2), State: state}) })
			l.isTombstone(l.page("/a"))
			l.stays("the same end again", func() { l.visit("/a", Visit{At: day(3), State: state}) })
			l.isTombstone(l.page("/a"))
			if from, _ := l.Referrers(t.Context(), l.page("/b").ID); len(from) != 0 {
				t.Error("a tombstone links to a page")
			}
			l.stays("unchanged where nothing is kept", func() { l.visit("/a", Visit{State: OK, Unchanged: true}) })
			if p := l.page("/a"); p.State != Retry || !p.Deleted {
				t.Errorf("an impossible 304 came to %s", p.State)
			}
			l.moves("the return", "/a", func() { l.put("/a", "one") })
			l.isLive(l.page("/a"), "one")
			if l.page("/a").ID != id {
				t.Error("it came back under another id")
			}

			l.stays("the end of what never was", func() { l.visit("/new", Visit{State: state}) })
			if p := l.page("/new"); p.Deleted || p.State != state {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestRecordIsAllOrNothing(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	id := l.page("/a").ID
	for name, bad := range map[string]Visit{
		"unknown page":              {ID: "nobody", State: OK},
		"no state":                  {ID: id},
		"redirect without a target": {ID: id, State: Redirect},
	} {
		err := l.Record(t.Context(), Visit{ID: id, At: day(1), State: OK, Body: []byte("x")}, bad)
		if err == nil || !strings.Contains(err.Error(), bad.ID) || name == "unknown page" && !errors.Is(err, ErrUnknown) {
			t.Errorf("%s: %v", name, err)
		}
		if p := l.page("/a"); p.State != New {
			t.Errorf("%s: half of it was recorded", name)
		}
	}
	l.check(l.Record(t.Context()))
}

func TestVisitsOfOneBatchSeeEachOther(t *testing.T) {
	l := newLab(t)
	l.seed("/list", "/a")
	id := func(path string) string { return l.page(path).ID }
	l.check(l.Record(t.Context(),
		Visit{ID: id("/list"), At: day(1), State: OK, Role: List, Body: []byte("list"), Links: []Link{{URL: at("/a"), Site: "portal", Text: "关于开展检查的通知", Date: "2026-01-02"}}},
		Visit{ID: id("/a"), At: day(1), State: OK, Body: []byte("one")},
		Visit{ID: id("/list"), At: day(2), State: OK, Body: []byte("list 2"), Links: []Link{{URL: at("/a"), Site: "portal", Text: "关于开展检查的通知（全文见内）"}}},
		Visit{ID: id("/a"), At: day(2), State: Gone},
		Visit{ID: id("/a"), At: day(3), State: OK, Body: []byte("two")},
	))
	p := l.page("/a")
	l.isLive(p, "two")
	if p.Anchor != "关于开展检查的通知（全文见内）" || p.ListDate != "2026-01-02" || p.Change != l.last() {
		t.Errorf("got %+v", p)
	}
}

func TestHistoryKeepsTheLastTwenty(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	for n := range 25 {
		l.visit("/a", Visit{At: day(n), State: OK, Status: 200, Reason: fmt.Sprint("visit ", n), Body: []byte(fmt.Sprint(n))})
	}
	l.visit("/a", Visit{At: day(25), State: Retry, Status: 500})
	past, err := l.History(t.Context(), l.page("/a").ID)
	l.check(err)
	if len(past) != 20 || past[0].Status != 500 || past[0].Content != HashOf([]byte("24")) {
		t.Fatalf("%d visits, the last %+v", len(past), past[0])
	}
	want := Past{At: day(6), State: OK, Reason: "visit 6", Status: 200, Content: HashOf([]byte("6"))}
	if past[19] != want {
		t.Errorf("the first kept is %+v", past[19])
	}
	if !slices.IsSortedFunc(past, func(a, b Past) int { return b.At.Compare(a.At) }) {
		t.Error("not the latest first")
	}
}

func TestContentIsWhatWasFetched(t *testing.T) {
	l := newLab(t)
	for name, body := range map[string]string{"empty": "", "text": strings.Repeat("政府信息公开", 10_000), "bytes": "\x00\xff\xfe"} {
		l.seed("/" + name)
		l.isLive(l.put("/"+name, body), body)
	}
	if _, err := l.Content(t.Context(), "none"); !errors.Is(err, ErrUnknown) {
		t.Errorf("got %v", err)
	}
}
