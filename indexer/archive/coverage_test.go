package archive

import (
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
)

// list records that a list page was fetched, with its entries and the pages of the list that it leads to.
func (l *lab) list(path string, listed int, entries, pages []string) {
	l.Helper()
	var links []Link
	for _, p := range entries {
		links = append(links, Link{URL: at(p), Site: "portal", Text: "关于" + p + "的通知", Entry: true})
	}
	for _, p := range pages {
		links = append(links, Link{URL: at(p), Site: "portal", Role: List, Continues: true})
	}
	l.visit(path, Visit{State: OK, Role: List, Body: []byte(path + fmt.Sprint(entries)), Links: links, Listed: listed})
}

// shown is each column by the path of its first page: how many pages, what it says, how many entries.
func (l *lab) shown() (out []string) {
	l.Helper()
	columns, _, err := l.Columns(l.Context(), "live", "portal")
	l.check(err)
	for _, c := range columns {
		n := 0
		for _, k := range c.Entries {
			n += k
		}
		out = append(out, fmt.Sprintf("%s %d pages of %d: %d", c.URL[len(at("")):], c.Pages, c.Said, n))
	}
	return out
}

func TestPagesOfOneListAreOneColumn(t *testing.T) {
	for name, c := range map[string]struct {
		visit func(*lab)
		want  []string
	}{
		"from the first page": {func(l *lab) {
			l.seed("/1")
			l.list("/1", 5, []string{"/a", "/b"}, []string{"/2", "/3"})
			l.list("/2", 5, []string{"/b", "/c"}, []string{"/1", "/3"})
			l.list("/3", 5, []string{"/d"}, []string{"/2"})
		}, []string{"/1 3 pages of 5: 4"}},
		"from the middle": {func(l *lab) {
			l.seed("/3", "/1")
			l.list("/3", 0, []string{"/d"}, []string{"/4"})
			l.list("/4", 7, []string{"/e"}, nil)
			l.list("/1", 0, []string{"/a"}, []string{"/2", "/3", "/4"})
		}, []string{"/1 4 pages of 7: 3"}},
		"a second address of the first page": {func(l *lab) {
			l.seed("/", "/index.html")
			l.list("/", 3, []string{"/a"}, []string{"/2"})
			l.list("/index.html", 3, []string{"/a"}, []string{"/2"})
		}, []string{"/ 3 pages of 3: 1"}},
		"two lists": {func(l *lab) {
			l.seed("/x1", "/y1")
			l.list("/x1", 0, []string{"/a"}, []string{"/x2"})
			l.list("/y1", 0, []string{"/a", "/b"}, []string{"/y2"})
		}, []string{"/x1 2 pages of 0: 1", "/y1 2 pages of 0: 2"}},
		"the first page moves for good": {func(l *lab) {
			l.seed("/old", "/new")
			l.list("/old", 2, []string{"/a"}, []string{"/2"})
			l.list("/new", 2, []string{"/a", "/b"}, nil)
			l.visit("/old", Visit{State: Redirect, MovedTo: at("/new"), Permanent: true})
		}, []string{"/new 2 pages of 2: 2"}},
		"entries that an article is linked as in passing": {func(l *lab) {
			l.seed("/1")
			l.list("/1", 0, []string{"/a", "/b"}, nil)
			l.list("/1", 0, []string{"/b"}, nil)
		}, []string{"/1 1 pages of 0: 1"}},
		"a list that is gone": {func(l *lab) {
			l.seed("/1")
			l.list("/1", 0, []string{"/a"}, nil)
			l.visit("/1", Visit{State: Gone})
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			c.visit(l)
			if got := l.shown(); !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestAnEntryIsLookedAtWhereItLeads(t *testing.T) {
	l := newLab(t)
	l.seed("/1", "/target")
	l.list("/1", 0, []string{"/moved", "/trap", "/soft", "/off"}, nil)
	l.put("/target", "text")
	l.visit("/moved", Visit{State: Redirect, MovedTo: at("/target")})
	l.visit("/trap", Visit{State: Quarantined, Reason: "trap: /N goes on without end"})
	l.visit("/soft", Visit{State: Quarantined, Reason: "soft 404: the same as for an address that does not exist"})
	l.visit("/off", Visit{State: WAF, Reason: "status 521"})
	l.check(l.SetCursor(t.Context(), "live", l.last()))
	got := func() (out []string) {
		entries, next, err := l.Missing(t.Context(), "live", l.page("/1").ID, "", 10)
		if l.check(err); next != "" {
			t.Errorf("there is more behind %s", next)
		}
		for _, e := range entries {
			out = append(out, e.Page.URL[len(at("")):]+" "+e.Outcome)
		}
		return out
	}
	if want := []string{"/trap trap", "/soft soft404", "/off waf"}; !slices.Equal(got(), want) {
		t.Errorf("%q, want %q", got(), want)
	}
	l.check(l.SetOutcomes(t.Context(), "live", []Outcome{{l.page("/target").ID, "no text"}, {"unknown", "no text"}}))
	if want := []string{"/moved no text", "/trap trap", "/soft soft404", "/off waf"}; !slices.Equal(got(), want) {
		t.Errorf("%q, want %q", got(), want)
	}
	if _, _, err := l.Missing(t.Context(), "live", l.page("/target").ID, "", 10); !errors.Is(err, ErrUnknown) {
		t.Errorf("an article as a column: %v", err)
	}
}

func TestASiteIsHeldAgainstItsSitemaps(t *testing.T) {
	l := newLab(t)
	l.seed("/sitemap.xml")
	l.visit("/sitemap.xml", Visit{State: OK, Role: Sitemap, Body: []byte("<urlset>"), Listed: 3, Links: []Link{{URL: at("/a"), Site: "portal"}, {URL: at("/b"), Site: "portal"}}})
	l.put("/a", "text")
	l.check(l.SetCursor(t.Context(), "live", l.last()))
	sites, told, err := l.Coverage(t.Context(), "live", "portal")
	l.check(err)
	if len(sites) != 1 || !told || sites[0].Sitemap != 3 || sites[0].SitemapFound != 1 {
		t.Errorf("%+v, %v", sites, told)
	}
}

func TestOutcomesGoWithTheirGeneration(t *testing.T) {
	l := newLab(t)
	l.seed("/a")
	l.put("/a", "text")
	outcome := func() string {
		sites, _, err := l.Coverage(t.Context(), "live", "")
		l.check(err)
		return sites[0].Groups[0].Outcome
	}
	if got := outcome(); got != Pending {
		t.Errorf("before its generation has it: %s", got)
	}
	l.check(l.SetCursor(t.Context(), "live", l.last()))
	l.check(l.SetOutcomes(t.Context(), "live", []Outcome{{l.page("/a").ID, "noindex"}}))
	if got := outcome(); got != "noindex" {
		t.Errorf("it asks not to be indexed, and is %s", got)
	}
	l.check(l.state.Update(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), "UPDATE cursor SET outcomes = 0") // as a version left it that kept none
		return err
	}))
	if _, told, err := l.Coverage(t.Context(), "live", ""); told || err != nil || outcome() != Untold {
		t.Errorf("in a generation without outcomes: %s, %v, %v", outcome(), told, err)
	}
	l.check(l.DropCursor(t.Context(), "live"))
	l.check(l.SetCursor(t.Context(), "live", l.last()))
	if got := outcome(); got != Indexed {
		t.Errorf("in another generation of that name: %s", got)
	}
}
