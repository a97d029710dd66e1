package archive

import (
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
		got, err := l.ListsHolding(t.Context(), at(path))
		l.check(err)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s stands in %q, want %q", path, got, want)
		}
	}
	if n, err := l.CountEntries(t.Context(), a); err != nil || n != 3 {
		t.Errorf("%d entries, %v", n, err)
	}
	var got []string
	for after := int64(0); ; {
		urls, next, err := l.EntryURLs(t.Context(), a, after, 2)
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
