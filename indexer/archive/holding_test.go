package archive

import (
	"fmt"
	"slices"
	"testing"
)

func TestWhichListsHoldAPageAndWhatTheyHold(t *testing.T) {
	l := newLab(t)
	l.seed("/a/", "/b/")
	l.list("/a/", 0, []string{"/1", "/2"}, []string{"/a/2"})
	l.list("/a/2", 0, []string{"/2", "/3"}, nil)
	l.list("/b/", 0, []string{"/3", "/4"}, nil)
	l.put("/1", "text", Link{URL: at("/4"), Site: "portal"})
	a, b := l.page("/a/").ID, l.page("/b/").ID
	for path, want := range map[string][]string{"/1": {a}, "/2": {a}, "/3": {a, b}, "/4": {b}, "/none": nil} {
		got, err := l.ListsHolding(t.Context(), "live", at(path))
		l.check(err)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s stands in %q, want %q", path, got, want)
		}
	}
	if n, err := l.CountEntries(t.Context(), "live", a); err != nil || n != 3 {
		t.Errorf("%d entries, %v", n, err)
	}
	var got []string
	for after := int64(0); ; {
		urls, next, err := l.EntryURLs(t.Context(), "live", a, after, 2)
		l.check(err)
		got = append(got, urls...)
		if after = next; next == 0 {
			break
		}
	}
	if want := []string{at("/1"), at("/2"), at("/3")}; !slices.Equal(got, want) {
		t.Errorf("entries %q, want %q", got, want)
	}
}

func TestAGenerationTellsShortLists(t *testing.T) {
	l := newLab(t)
	l.seed("/s/", "/other/", "/page")
	l.put("/s/", "short", Link{URL: at("/1"), Site: "portal"}, Link{URL: at("/2"), Site: "portal"}, Link{URL: at("/other/"), Site: "portal"}, Link{URL: at("/frame"), Site: "portal"},
		Link{URL: at("/home"), Site: "portal", Role: Home})
	l.put("/other/", "another short one", Link{URL: at("/frame"), Site: "portal"})
	l.put("/page", "no list", Link{URL: at("/1"), Site: "portal"})
	for i := range maxOffering {
		p := fmt.Sprintf("/a%d", i)
		l.seed(p)
		l.put(p, p, Link{URL: at("/frame"), Site: "portal"})
	}
	s := l.page("/s/").ID
	l.check(l.SetOutcomes(t.Context(), "live", []Outcome{{s, ListPage}, {l.page("/other/").ID, ListPage}, {l.page("/page").ID, "no text"}}))
	urls, _, err := l.EntryURLs(t.Context(), "live", s, 0, 10)
	l.check(err)
	if want := []string{at("/1"), at("/2")}; !slices.Equal(urls, want) {
		t.Errorf("entries %q, want %q", urls, want)
	}
	if n, err := l.CountEntries(t.Context(), "live", s); err != nil || n != 2 {
		t.Errorf("%d entries, %v", n, err)
	}
	if got, err := l.ListsHolding(t.Context(), "live", at("/1")); err != nil || !slices.Equal(got, []string{s}) {
		t.Errorf("/1 stands in %q, %v", got, err)
	}
	if got, err := l.ListsHolding(t.Context(), "another", at("/1")); err != nil || len(got) > 0 {
		t.Errorf("in another generation it stands in %q, %v", got, err)
	}
	var got []string
	for after := ""; ; {
		some, err := l.WithOutcome(t.Context(), "live", "portal", []string{ListPage}, after, 1)
		l.check(err)
		if len(some) == 0 {
			break
		}
		after = some[0].ID
		got = append(got, some[0].URL)
	}
	slices.Sort(got)
	if want := []string{at("/other/"), at("/s/")}; !slices.Equal(got, want) {
		t.Errorf("short lists %q, want %q", got, want)
	}
}
