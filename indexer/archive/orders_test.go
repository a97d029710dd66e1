package archive

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func urls(pages []Page) (paths []string) {
	for _, p := range pages {
		paths = append(paths, strings.TrimPrefix(p.URL, at("")))
	}
	return paths
}

func TestDueInOrder(t *testing.T) {
	l := newLab(t)
	for _, link := range []Link{
		{URL: at("/article"), Role: Article, DueAt: day(1)}, {URL: at("/file"), Role: Attachment, DueAt: day(1)},
		{URL: at("/unknown"), DueAt: day(1)}, {URL: at("/list"), Role: List, DueAt: day(1)}, {URL: at("/"), Role: Home, DueAt: day(1)},
		{URL: at("/sitemap.xml"), Role: Sitemap, DueAt: day(1)}, {URL: at("/waiting"), Role: Article, DueAt: day(0)},
		{URL: at("/later"), Role: Home, DueAt: day(2)},
	} {
		link.Site = "portal"
		_, err := l.Seed(t.Context(), link, Link{URL: "http://other.example.gov.cn" + strings.TrimPrefix(link.URL, at("")), Site: "other", DueAt: day(0)})
		l.check(err)
	}
	due, err := l.Due(t.Context(), "portal", day(1), 100)
	l.check(err)
	want := []string{"/waiting", "/sitemap.xml", "/", "/list", "/unknown", "/article", "/file"}
	if got := urls(due); !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	due, err = l.Due(t.Context(), "portal", day(1), 2)
	l.check(err)
	if got := urls(due); !slices.Equal(got, want[:2]) {
		t.Errorf("the first two: %v", got)
	}
	for _, c := range []struct {
		site  string
		now   time.Time
		limit int
	}{{"portal", day(0).Add(-time.Millisecond), 9}, {"nobody", day(9), 9}, {"portal", day(9), 0}, {"portal", day(9), -1}} {
		if due, err := l.Due(t.Context(), c.site, c.now, c.limit); len(due) != 0 || err != nil {
			t.Errorf("%+v: %v, %v", c, urls(due), err)
		}
	}
}

func TestListsAreLookedAtAgainHoweverManyPagesWait(t *testing.T) {
	l := newLab(t)
	_, err := l.Seed(t.Context(), Link{URL: at("/list/"), Site: "portal"})
	l.check(err)
	l.check(l.Record(t.Context(), Visit{ID: l.page("/list/").ID, At: day(1), State: OK, Role: List, Body: []byte("<ul>"), NextAt: day(3)}))
	var links []Link
	for i := range 50 {
		links = append(links, Link{URL: at(fmt.Sprintf("/%d.html", i)), Site: "portal", DueAt: day(2)})
	}
	_, err = l.Seed(t.Context(), links...)
	l.check(err)
	l.check(l.Notify(t.Context(), Link{URL: at("/told.html"), Site: "portal"}))
	paths := func(now time.Time) []string {
		due, err := l.Due(t.Context(), "portal", now, 4)
		l.check(err)
		return urls(due)
	}
	if got, want := paths(day(2)), []string{"/told.html", "/0.html", "/1.html", "/2.html"}; !slices.Equal(got, want) {
		t.Errorf("before the list is due: %v, want %v", got, want)
	}
	if got, want := paths(day(4)), []string{"/told.html", "/list/", "/0.html", "/1.html"}; !slices.Equal(got, want) {
		t.Errorf("when it is due: %v, want %v", got, want)
	}
	if plan := l.plan(dueAgain+againOrder, "portal", 1, 10); !strings.Contains(plan, "page_role (role=? AND site=?)") {
		t.Errorf("it goes through more than the lists:\n%s", plan)
	}
}

func TestNextDue(t *testing.T) {
	l := newLab(t)
	if _, ok, err := l.NextDue(t.Context(), "portal"); ok || err != nil {
		t.Errorf("an empty site: %v, %v", ok, err)
	}
	l.seed("/a", "/b")
	l.check(l.Record(t.Context(), Visit{ID: l.page("/a").ID, At: day(1), State: Robots})) // never again
	l.visit("/b", Visit{State: Retry, NextAt: day(4)})
	if at, ok, err := l.NextDue(t.Context(), "portal"); !ok || err != nil || !at.Equal(day(4)) {
		t.Errorf("got %v, %v, %v", at, ok, err)
	}
}

func TestRecrawlMakesPagesDue(t *testing.T) {
	for name, c := range map[string]struct {
		scope Scope
		want  []string
	}{
		"all":       {Scope{}, []string{"/", "/a", "/gone", "http://other/"}},
		"a site":    {Scope{Site: "other"}, []string{"http://other/"}},
		"a URL":     {Scope{URL: at("/a")}, []string{"/a"}},
		"an id":     {Scope{URL: IDOf(at("/a"))}, []string{"/a"}},
		"elsewhere": {Scope{Site: "other", URL: at("/a")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.seed("/", "/a", "/gone")
			_, err := l.Seed(t.Context(), Link{URL: "http://other/", Site: "other", DueAt: day(90)})
			l.check(err)
			l.imports("doc", "/doc", "line")
			l.put("/", "home")
			l.visit("/a", Visit{State: Retry, Fails: 3, NextAt: day(80)})
			l.visit("/gone", Visit{State: Gone})
			var n int
			l.stays("a recrawl", func() { n, err = l.Recrawl(t.Context(), c.scope, day(2)) })
			l.check(err)
			var got []string
			for _, site := range []string{"portal", "other"} {
				due, err := l.Due(t.Context(), site, day(2), 10)
				l.check(err)
				got = append(got, urls(due)...)
				for _, p := range due {
					if p.Fails != 0 {
						t.Errorf("%s still has failed %d times", p.URL, p.Fails)
					}
				}
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) || n != len(c.want) {
				t.Errorf("%d made due: %v, want %v", n, got, c.want)
			}
		})
	}
	l := newLab(t)
	if _, err := l.Recrawl(t.Context(), Scope{URL: "http://nobody/"}, day(1)); err == nil {
		t.Error("no error for a URL nobody knows")
	}
}

func TestResequenceRenumbersWhatHasContentAndTombstones(t *testing.T) {
	l := newLab(t)
	l.seed("/new", "/a", "/gone")
	l.put("/a", "one")
	l.put("/gone", "two")
	l.visit("/gone", Visit{State: Gone})
	_, err := l.Seed(t.Context(), Link{URL: "http://other/", Site: "other"})
	l.check(err)
	l.put("http://other/", "three")
	before := l.last()
	n, err := l.Resequence(t.Context(), Scope{Site: "portal"})
	l.check(err)
	changed, err := l.Changes(t.Context(), before, 10)
	l.check(err)
	got := urls(changed)
	slices.Sort(got)
	if want := []string{"/a", "/gone"}; n != 2 || !slices.Equal(got, want) {
		t.Errorf("%d pages: %v, want %v", n, got, want)
	}
	n, err = l.Resequence(t.Context(), Scope{})
	if n != 3 || err != nil {
		t.Errorf("all: %d, %v", n, err)
	}
	l.moves("one", "/a", func() { n, err = l.Resequence(t.Context(), Scope{URL: at("/a")}) })
	if n != 1 || err != nil {
		t.Errorf("one: %d, %v", n, err)
	}
}

func TestLongOrdersTakeEveryPageOnce(t *testing.T) {
	l := newLab(t)
	var docs []Import
	for i := range 2*chunk + 1 {
		docs = append(docs, Import{ID: fmt.Sprint("doc ", i), Site: "portal", Line: fmt.Append(nil, i)})
	}
	l.check(l.Import(t.Context(), docs...))
	before := l.last()
	n, err := l.Resequence(t.Context(), Scope{Site: "portal"})
	if err != nil || n != len(docs) || l.last() != before+int64(n) {
		t.Errorf("%d of %d pages: %v", n, len(docs), err)
	}
	if left, err := l.CountChanges(t.Context(), before); left != n || err != nil {
		t.Errorf("%d changes, %v", left, err)
	}
}

func TestChangesAreReadInPages(t *testing.T) {
	l := newLab(t)
	if n, err := l.CountChanges(t.Context(), 0); n != 0 || err != nil {
		t.Errorf("a new archive has %d changes, %v", n, err)
	}
	l.seed("/new", "/a", "/b", "/c")
	for _, path := range []string{"/a", "/b", "/c"} {
		l.put(path, path)
	}
	l.visit("/a", Visit{State: Gone})
	first, err := l.Changes(t.Context(), 0, 2)
	l.check(err)
	rest, err := l.Changes(t.Context(), first[1].Change, 2)
	l.check(err)
	if got := append(urls(first), urls(rest)...); !slices.Equal(got, []string{"/b", "/c", "/a"}) || !rest[0].Deleted {
		t.Errorf("got %v", got)
	}
	if n, err := l.CountChanges(t.Context(), first[0].Change); n != 2 || err != nil {
		t.Errorf("%d to come, %v", n, err)
	}
}

func TestCursors(t *testing.T) {
	l := newLab(t)
	want := func(generation string, n int64) {
		t.Helper()
		if got, err := l.Cursor(t.Context(), generation); got != n || err != nil {
			t.Errorf("cursor of %s is %d, %v; want %d", generation, got, err, n)
		}
	}
	want("live", 0)
	l.check(l.SetCursor(t.Context(), "live", 7))
	l.check(l.SetCursor(t.Context(), "next", 2))
	l.check(l.SetCursor(t.Context(), "live", 8))
	want("live", 8)
	l.check(l.DropCursor(t.Context(), "live"))
	l.check(l.DropCursor(t.Context(), "live"))
	want("live", 0)
	want("next", 2)
}

func TestPurgeRemovesWhatEverybodyHasSeen(t *testing.T) {
	old := func(l *lab, path string) { // a tombstone of long ago
		l.seed(path)
		l.put(path, path)
		l.visit(path, Visit{At: day(2), State: Gone, NextAt: time.Now().AddDate(1, 0, 0)})
		l.sql("UPDATE page SET last_changed = ? WHERE url = ?", moment(time.Now().AddDate(0, 0, -31)), at(path))
	}
	for name, c := range map[string]struct {
		prepare func(*lab)
		stays   bool
	}{
		"seen by all":   {func(l *lab) { l.check(l.SetCursor(t.Context(), "live", l.last())) }, false},
		"no cursor":     {func(*lab) {}, true},
		"one is behind": {func(l *lab) { l.check(l.SetCursor(t.Context(), "live", l.last()-1)) }, true},
		"not old enough": {func(l *lab) {
			l.sql("UPDATE page SET last_changed = last_changed + 172800000")
			l.check(l.SetCursor(t.Context(), "live", l.last()))
		}, true},
		"about to be tried": {func(l *lab) {
			l.sql("UPDATE page SET next_at = 1")
			l.check(l.SetCursor(t.Context(), "live", l.last()))
		}, true},
		"led to": {func(l *lab) {
			l.seed("/b")
			l.visit("/b", to("/a", forNow))
			l.check(l.SetCursor(t.Context(), "live", l.last()))
		}, true},
		"a dead link": {func(l *lab) {
			l.seed("/b")
			l.put("/b", "list", Link{URL: at("/a"), Site: "portal"})
			l.check(l.SetCursor(t.Context(), "live", l.last()))
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			old(l, "/a")
			c.prepare(l)
			id := l.page("/a").ID
			l.purge()
			if _, err := l.Page(t.Context(), id); (err == nil) != c.stays {
				t.Errorf("after the purge: %v", err)
			}
			if past, _ := l.History(t.Context(), id); (len(past) > 0) != c.stays {
				t.Errorf("%d visits kept", len(past))
			}
			l.seed("/a")
			if l.page("/a").ID != id {
				t.Error("met again it has another id")
			}
			l.put("/a", "back")
			l.isLive(l.page("/a"), "back")
		})
	}
}

func TestAPurgedRedirectStillLeadsOn(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/b")
	l.put("/a", "one")
	l.put("/b", "two")
	id := l.page("/a").ID
	l.visit("/a", to("/b", forGood))
	l.sql("UPDATE page SET last_changed = 1, next_at = 0 WHERE id = ?", id)
	l.check(l.SetCursor(t.Context(), "live", l.last()))
	l.purge()
	for _, name := range []string{id, "/a"} {
		if l.page(name).URL != at("/b") {
			t.Errorf("%s leads to %s", name, l.page(name).URL)
		}
	}
	if added, _ := l.Seed(t.Context(), Link{URL: at("/a"), Site: "portal"}); added != 0 {
		t.Error("its URL became a new page")
	}
}

func TestPurgeRemovesBytesNobodyHas(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/b", "/c")
	first := l.put("/a", "one").Content
	l.put("/b", "shared")
	l.put("/c", "shared")
	gone := l.put("/a", "two").Content
	l.put("/a", "three")
	l.put("/b", "one") // as /a was
	l.purge()
	if _, err := l.Content(t.Context(), gone); err == nil {
		t.Error("bytes nobody has are kept")
	}
	if _, err := l.Content(t.Context(), first); err != nil {
		t.Error(err)
	}
	l.isLive(l.page("/a"), "three")
	l.isLive(l.page("/b"), "one")
	l.isLive(l.page("/c"), "shared")
	l.put("/a", "two")
	l.isLive(l.page("/a"), "two")
}

func TestTallies(t *testing.T) {
	l := newLab(t)
	if tallies, err := l.Tallies(t.Context(), day(0)); len(tallies) != 0 || err != nil {
		t.Errorf("a new archive: %v, %v", tallies, err)
	}
	l.seed("/new", "/a", "/b", "/gone")
	l.visit("/a", Visit{At: day(1), State: OK, Body: []byte("a")})
	l.visit("/b", Visit{At: day(3), State: OK, Body: []byte("b"), NextAt: day(30)})
	l.visit("/gone", Visit{At: day(4), State: Gone, NextAt: day(30)})
	l.check(l.Import(t.Context(), Import{ID: "doc", Line: []byte("x")}))
	tallies, err := l.Tallies(t.Context(), day(9))
	l.check(err)
	if len(tallies) != 2 || tallies[0].Site != "" || tallies[0].States[OK] != 1 || tallies[0].Due != 0 {
		t.Fatalf("got %+v", tallies)
	}
	p := tallies[1]
	if p.Site != "portal" || fmt.Sprint(p.States) != fmt.Sprint(map[State]int{New: 1, OK: 2, Gone: 1}) || p.Due != 2 || !p.LastGood.Equal(day(3)) {
		t.Errorf("got %+v", p)
	}
}

func TestTheLedgerIsReadInPages(t *testing.T) {
	l := newLab(t)
	l.seed("/a", "/b", "/c", "/d")
	l.visit("/a", Visit{State: OK, Role: List, Body: []byte("a")})
	l.visit("/b", Visit{State: OK, Role: Article, Body: []byte("b")})
	_, err := l.Seed(t.Context(), Link{URL: "http://other/", Site: "other", Role: List})
	l.check(err)
	for name, c := range map[string]struct {
		filter Filter
		want   []string
	}{
		"all":       {Filter{}, []string{"/a", "/b", "/c", "/d", "http://other/"}},
		"a site":    {Filter{Site: "portal"}, []string{"/a", "/b", "/c", "/d"}},
		"a state":   {Filter{Site: "portal", State: New}, []string{"/c", "/d"}},
		"a role":    {Filter{Role: List}, []string{"/a", "http://other/"}},
		"all three": {Filter{Site: "portal", State: OK, Role: Article}, []string{"/b"}},
		"nothing":   {Filter{Site: "nobody"}, nil},
	} {
		var all []Page
		for after := ""; ; after = all[len(all)-1].ID {
			some, err := l.Pages(t.Context(), c.filter, after, 2)
			l.check(err)
			if len(some) == 0 {
				break
			}
			all = append(all, some...)
		}
		got := urls(all)
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestHotQueriesUseAnIndex(t *testing.T) {
	l := newLab(t)
	var links []Link
	for i := range 50_000 {
		links = append(links, Link{URL: at(fmt.Sprint("/", i)), Site: fmt.Sprint("site ", i%3), DueAt: day(i % 100)})
	}
	if n, err := l.Seed(t.Context(), links...); n != len(links) || err != nil {
		t.Fatalf("%d seeded, %v", n, err)
	}
	for index, c := range map[string]struct {
		query string
		args  []any
	}{
		"page_due (site=? AND next_at>? AND next_at<?)": {duePages, []any{"site 1", 1, 10}},
		"page_due (site=? AND next_at>?)":               {nextDue, []any{"site 1"}},
		"page_change (change>?)":                        {changedPages, []any{7, 10}},
		"page_deleted (last_changed<?)":                 {oldTombstones, []any{1, 1, 1}},
		"page_role (role=? AND site=? AND rowid>?)":     {oldFiles, []any{"site 1", 1, 1, 10}},
		"page USING INTEGER PRIMARY KEY (rowid=?)":      {attachmentsOf, []any{"id", maxOffering + 1, maxOffering, maxAttachments}},
	} {
		plan := l.plan(c.query, c.args...)
		if !strings.Contains(plan, index) || strings.Contains(plan, "SCAN page") || strings.Contains(plan, "TEMP B-TREE") {
			t.Errorf("want %s, the plan is\n%s", index, plan)
		}
	}
	for index, query := range map[string]string{"page_head (head=?)": missing, "page_role (role=? AND site=?)": missingMapped} {
		plan := l.plan(query, view{}.args(sql.Named("of", "site 1"), sql.Named("after", 0), sql.Named("limit", 10))...)
		if !strings.Contains(plan, index) || strings.Contains(plan, "SCAN page") {
			t.Errorf("want %s, the plan is\n%s", index, plan)
		}
	}
	due, err := l.Due(t.Context(), "site 1", day(0), 10)
	if err != nil || len(due) != 10 {
		t.Errorf("%d due, %v", len(due), err)
	}
}

func (l *lab) plan(query string, args ...any) (plan string) {
	l.Helper()
	l.check(l.state.View(l.Context(), func(tx *sql.Tx) error {
		found, err := tx.QueryContext(l.Context(), "EXPLAIN QUERY PLAN "+query, args...)
		if err != nil {
			return err
		}
		type step struct {
			id, parent, unused int
			detail             string
		}
		steps, err := collect(found, func(s *step) []any { return []any{&s.id, &s.parent, &s.unused, &s.detail} })
		for _, s := range steps {
			plan += s.detail + "\n"
		}
		return err
	}))
	return plan
}

func TestPagesOfSomeHostsAreLeftOutOfWhatIsDue(t *testing.T) {
	l := newLab(t)
	l.seed("http://slow.example/1", "http://slow.example/2", "http://slow.example.cn/3", "https://slow.example/4", "http://快.example/5")
	due, err := l.Due(t.Context(), "portal", day(1), 2, "http://slow.example/", "https://slow.example/")
	if err != nil || len(due) != 2 || due[0].URL != "http://slow.example.cn/3" || due[1].URL != "http://快.example/5" {
		t.Errorf("due are %v, %v", due, err)
	}
}

func TestAnyNumberOfHostsMayBeLeftOutOfWhatIsDue(t *testing.T) {
	l := newLab(t)
	var waiting []string
	for i := range 3000 {
		waiting = append(waiting, fmt.Sprintf("http://host%d.example/", i))
	}
	l.seed("http://host7.example/a", "http://host2999.example/a", "http://host.example/a")
	due, err := l.Due(t.Context(), "portal", day(1), 5, waiting...)
	if err != nil || len(due) != 1 || due[0].URL != "http://host.example/a" {
		t.Errorf("due are %v, %v", due, err)
	}
}
