package archive

import (
	"strings"
	"testing"
)

// to is a visit that was sent elsewhere.
func to(path string, permanent bool) Visit {
	return Visit{At: day(2), State: Redirect, Status: 302, MovedTo: at(path), Permanent: permanent}
}

const forGood, forNow = true, false

func TestAPageMovedForGoodToANewURLKeepsItsID(t *testing.T) {
	l := newLab(t)
	l.seed("/old")
	id := l.put("/old", "one").ID
	l.moves("the move", id, func() { l.visit("/old", to("/new", forGood)) })
	p := l.page("/new")
	if p.ID != id || p.URL != at("/new") || p.State != Retry || p.ETag != "" || !p.NextAt.Equal(day(2).Add(settleAfter)) {
		t.Errorf("got %+v", p)
	}
	l.isLive(p, "one")
	if l.page("/old") != p || l.page(id) != p {
		t.Error("the old URL does not lead to the page")
	}
	l.stays("the same bytes under the new URL", func() { l.put(id, "one"); l.put(id, "one") })
	if added, _ := l.Seed(t.Context(), Link{URL: at("/old"), Site: "portal"}); added != 0 {
		t.Error("the old URL was seeded as a new page")
	}
	l.visit(id, to("/newer", forGood))
	if l.page("/old").URL != at("/newer") || l.page("/new").ID != id {
		t.Error("a second move lost a name")
	}
}

func TestAMoveToAnotherSiteGoesThere(t *testing.T) {
	l := newLab(t)
	l.seed("/with", "/without")
	l.put("/with", "one")
	for _, path := range []string{"/with", "/without"} {
		v := to("http://other.example.gov.cn"+path, forGood)
		v.Links = []Link{{URL: v.MovedTo, Site: "other"}}
		l.visit(path, v)
		if p := l.page(v.MovedTo); p.Site != "other" {
			t.Errorf("%s is of site %q", p.URL, p.Site)
		}
	}
}

func TestAPageWithoutContentLeadsToTheNewOne(t *testing.T) {
	for name, permanent := range map[string]bool{"for good": forGood, "for now": forNow} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			_, err := l.Seed(t.Context(), Link{URL: at("/"), Site: "portal", Role: Home, DueAt: day(0)})
			l.check(err)
			l.stays("a redirect of nothing", func() { l.visit("/", to("/index.html", permanent)) })
			from, target := l.page(IDOf(at("/"))), l.page("/index.html")
			if from.State != Redirect || from.MovedTo != target.ID || from.Deleted {
				t.Errorf("got %+v", from)
			}
			if target.State != New || target.Role != Home || !target.NextAt.Equal(day(2)) || target.Referrer != from.ID {
				t.Errorf("the target is %+v", target)
			}
			if got := l.page("/"); permanent && got.ID != target.ID || !permanent && got.ID != from.ID {
				t.Errorf("the URL leads to %+v", got)
			}
		})
	}
}

func TestAMoveForGoodToAnotherPageEndsInIt(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/b", "/list")
	a, b := l.put("/a", "one"), l.put("/b", "two")
	l.moves("the move", a.ID, func() { l.visit("/a", to("/b", forGood)) })
	got := l.page(a.ID)
	l.isTombstone(got)
	if got.State != Redirect || got.MovedTo != b.ID {
		t.Errorf("got %+v", got)
	}
	if l.page("/a").ID != b.ID {
		t.Error("its URL does not lead to the other page")
	}
	l.isLive(l.page("/b"), "two")
	l.put("/list", "list", Link{URL: at("/a"), Site: "portal"})
	if from, _ := l.Referrers(t.Context(), b.ID); len(from) != 1 {
		t.Error("a link to its URL is no link to the other page")
	}
	l.put(a.ID, "three")
	l.isLive(l.page("/a"), "three")
	if p := l.page("/a"); p.ID != a.ID || p.MovedTo != "" {
		t.Errorf("after it came back: %+v", p)
	}
}

func TestAMoveForNowLosesNothing(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/b", "/c")
	l.put("/a", "one")
	l.put("/c", "three")
	l.stays("a move to a new page", func() { l.visit("/a", to("/maintenance", forNow)) })
	p := l.page("/a")
	l.isLive(p, "one")
	if p.State != Redirect || p.MovedTo != l.page("/maintenance").ID {
		t.Errorf("got %+v", p)
	}
	l.stays("a move to a page without content", func() { l.visit("/a", to("/b", forNow)) })
	l.stays("the end of the move", func() { l.visit("/a", Visit{State: OK, Unchanged: true}) })
	if p := l.page("/a"); p.State != OK || p.MovedTo != "" {
		t.Errorf("got %+v", p)
	}
	l.visit("/a", to("/c", forNow))
	l.isTombstone(l.page("/a"))
	l.isLive(l.page("/c"), "three")
}

func TestATargetThatWasNeverToBeVisitedIsDue(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/b")
	l.check(l.Record(t.Context(), Visit{ID: l.page("/b").ID, At: day(1), State: Gone})) // no NextAt
	l.visit("/a", to("/b", forNow))
	if p := l.page("/b"); !p.NextAt.Equal(day(2)) {
		t.Errorf("due at %v", p.NextAt)
	}
}

func TestChainsOfRedirectsAreShort(t *testing.T) {
	for name, permanent := range map[string]bool{"for good": forGood, "for now": forNow} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.seed("/a", "/b", "/c", "/d")
			end := l.put("/d", "four")
			a, b, c := l.page("/a").ID, l.page("/b").ID, l.page("/c").ID
			l.visit(a, to("/b", permanent))
			l.visit(b, to("/c", permanent))
			l.visit(c, to("/d", permanent))
			for _, id := range []string{a, b, c} {
				if p := l.page(id); p.State != Redirect || p.MovedTo != end.ID {
					t.Errorf("%s leads to %s", p.URL, p.MovedTo)
				}
			}
			if permanent && l.page("/a").ID != end.ID {
				t.Error("the first URL does not lead to the end")
			}
		})
	}
}

func TestALoopIsQuarantined(t *testing.T) {
	for name, permanent := range map[string]bool{"for good": forGood, "for now": forNow} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.seed("/a", "/b", "/c")
			a, b, c := l.page("/a").ID, l.page("/b").ID, l.page("/c").ID
			l.visit(a, to("/b", permanent))
			l.visit(b, to("/a", permanent))
			for _, id := range []string{a, b} {
				p := l.page(id)
				if p.State != Quarantined || !strings.Contains(p.Reason, at("/a")) || !strings.Contains(p.Reason, at("/b")) || p.MovedTo != "" {
					t.Errorf("got %+v", p)
				}
			}
			if l.page("/a").ID != a || l.page("/b").ID != b {
				t.Error("the URLs lead elsewhere")
			}
			l.visit(c, to("/a", permanent))
			l.put(a, "one")
			l.isLive(l.page("/a"), "one")
		})
	}
}

func TestALongLoopIsQuarantined(t *testing.T) {
	for name, permanent := range map[string]bool{"for good": forGood, "for now": forNow} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.seed("/a", "/b", "/c")
			a, b, c := l.page("/a").ID, l.page("/b").ID, l.page("/c").ID
			l.visit(a, to("/b", permanent))
			l.visit(b, to("/c", permanent))
			l.visit(c, to("/a", permanent))
			if p := l.page(c); p.State != Quarantined {
				t.Errorf("got %+v", p)
			}
		})
	}
}

func TestARedirectToItselfIsQuarantined(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	l.put("/a", "one")
	l.visit("/a", to("/a", forGood))
	p := l.page("/a")
	l.isTombstone(p)
	if p.State != Quarantined || p.Reason == "" {
		t.Errorf("got %+v", p)
	}
}

func TestAMoveTurnedRoundIsFollowedAtTheNextVisit(t *testing.T) {
	l := newLab(t)
	l.seed("/old")
	id := l.put("/old", "one").ID
	l.visit(id, to("/new", forGood))
	l.visit(id, to("/old", forGood))
	p := l.page(id)
	l.isTombstone(p)
	if p.State != Quarantined || p.URL != at("/old") || p.NextAt.IsZero() {
		t.Errorf("got %+v", p)
	}
	l.put(id, "two")
	l.isLive(l.page("/old"), "two")
	if l.page("/new").ID != id {
		t.Error("the other URL is lost")
	}
}

func TestAPageThatNamesAnotherAsItsOriginal(t *testing.T) {
	canonical := func(path string, permanent bool) Visit {
		return Visit{At: day(2), State: OK, Body: []byte("one"), MovedTo: at(path), Permanent: permanent}
	}
	t.Run("a page with content: this one goes", func(t *testing.T) {
		l := newLab(t)
		l.seed("/a", "/b")
		b := l.put("/b", "one")
		l.visit("/a", canonical("/b", forNow))
		l.visit("/a", canonical("/b", forNow))
		if p := l.page("/a"); p.State != Redirect || p.MovedTo != b.ID || p.Content != "" {
			t.Errorf("got %+v", p)
		}
		l.visit("/b", canonical("/a", forNow)) // each names the other
		l.isLive(l.page("/b"), "one")
	})
	t.Run("a page not seen yet: this one stays until it is", func(t *testing.T) {
		l := newLab(t)
		l.seed("/a")
		l.visit("/a", canonical("/b", forNow))
		l.isLive(l.page("/a"), "one")
		if p := l.page("/b"); p.State != New || !p.NextAt.Equal(day(2)) {
			t.Errorf("got %+v", p)
		}
	})
	t.Run("itself, or a former URL", func(t *testing.T) {
		l := newLab(t)
		l.seed("/a")
		l.visit("/a", canonical("/a", forNow))
		l.visit("/a", to("/b", forGood))
		l.visit("/b", canonical("/a", forNow))
		l.isLive(l.page("/b"), "one")
	})
	t.Run("for good, fetched already: it is called so", func(t *testing.T) {
		l := newLab(t)
		l.seed("/a")
		id := l.page("/a").ID
		l.visit("/a", canonical("/b", forGood))
		if p := l.page("/b"); p.ID != id || p.State != OK || !p.NextAt.After(day(2)) {
			t.Errorf("got %+v", p)
		}
	})
}

func TestAnOldMoveEndsWhereItsTargetLeadsBack(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/b")
	a, b := l.page("/a").ID, l.page("/b").ID
	l.visit(a, to("/b", forNow))
	l.visit(a, Visit{State: Retry})
	if p := l.page(a); p.MovedTo != b {
		t.Errorf("a failure forgot where it leads: %+v", p)
	}
	l.visit(b, to("/a", forNow))
	if p := l.page(a); p.MovedTo != "" {
		t.Errorf("it leads to %s", p.MovedTo)
	}
}
