package moves

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terrace/db"
)

func open(t *testing.T) (*List, *db.DB) {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "state.db"))
	check(t, err)
	t.Cleanup(func() { d.Close() })
	l, err := Open(t.Context(), d)
	check(t, err)
	return l, d
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// put takes in pairs of an old and a new URL.
func (l *List) put(t *testing.T, pairs ...string) {
	t.Helper()
	var rows []Row
	for i := 0; i < len(pairs); i += 2 {
		rows = append(rows, Row{Line: i, Old: pairs[i], New: pairs[i+1]})
	}
	taken := Take(rows, Added, "张三", time.Now())
	if len(taken.Bad) > 0 {
		t.Fatalf("%+v", taken.Bad)
	}
	check(t, l.Put(t.Context(), taken.Moves, taken.Pages, taken.Keys))
}

// propose takes in proposals; one without a new URL is ambiguous.
func (l *List) propose(t *testing.T, at time.Time, pairs ...string) {
	t.Helper()
	var moves []Move
	for i := 0; i < len(pairs); i += 2 {
		old, err := ParseOld(pairs[i])
		check(t, err)
		m := Move{Old: old, New: pairs[i+1], State: Proposal, Origin: Proposed, At: at}
		if m.New == "" {
			m.State = Ambiguous
		}
		moves = append(moves, m)
	}
	check(t, l.Propose(t.Context(), moves))
}

// state writes down the whole list.
func (l *List) state(t *testing.T) string {
	t.Helper()
	all, err := l.Entries(t.Context(), "", "", 100)
	check(t, err)
	var b strings.Builder
	for _, m := range all {
		fmt.Fprintf(&b, "%s %s %s\n", m.Old.Text, m.State, m.New)
	}
	return b.String()
}

func TestTheLongestPrefixAndTheVeryPageBeforeIt(t *testing.T) {
	l, d := open(t)
	l.put(t, "old.example", "http://new.example/home.html", "old.example/zw/", "http://new.example/jyj/zw/", "old.example/zw/tz/*", "http://new.example/tz/",
		"http://www.old.example/zw/1.html", "http://new.example/one.html", "http://old.example/%D6%D0.html", "http://new.example/gbk.html",
		"old.example/%D5%FE%B2%DF/*", "http://new.example/zc/")
	again, err := Open(t.Context(), d)
	check(t, err)
	for name, list := range map[string]*List{"at once": l, "after a restart": again} {
		for url, want := range map[string]string{
			"https://old.example/zw/1.html":               "http://new.example/one.html",
			"http://old.example/%E4%B8%AD.html":           "http://new.example/gbk.html", // typed as UTF-8
			"http://old.example/zw/2.html?a=1&b":          "http://new.example/jyj/zw/2.html?a=1&b",
			"http://old.example/zw/":                      "http://new.example/jyj/zw/",
			"http://old.example/zw/tz/x/3.html":           "http://new.example/tz/x/3.html",
			"http://old.example/zw/tz/%2e%2e/q":           "http://new.example/jyj/zw/q",
			"http://old.example/zwx":                      "http://new.example/home.html",
			"http://old.example/?u=/zw/tz/4.html":         "http://new.example/home.html",
			"http://old.example/%d5%fe%b2%df/%D6%D0.html": "http://new.example/zc/%D6%D0.html",
			"http://old.example/政策/中/1.html?a":            "http://new.example/zc/%E4%B8%AD/1.html?a",
			"http://old.example:8080/zw/1.html":           "",
			"http://other.example/zw/1.html":              "",
		} {
			u, err := Parse(url)
			check(t, err)
			m, ok, err := list.Exact(t.Context(), Key(u))
			check(t, err)
			if !ok {
				m, _ = list.Under(Key(u))
			}
			if m.New != want {
				t.Errorf("%s, %s leads to %q, want %q", name, url, m.New, want)
			}
		}
	}
}

func TestWhatAnAdministratorDecidedIsNotProposedOver(t *testing.T) {
	l, _ := open(t)
	l.put(t, "http://old.example/put", "http://new.example/put")
	first := time.Now()
	l.propose(t, first, "http://old.example/put", "http://new.example/x", "http://old.example/a", "http://new.example/a", "http://old.example/b", "http://new.example/b",
		"http://old.example/c", "", "http://old.example/d", "http://new.example/d")
	decide := func(d Decision, urls ...string) int {
		var olds []Old
		for _, u := range urls {
			o, err := ParseOld(u)
			check(t, err)
			olds = append(olds, o)
		}
		done, err := l.Decide(t.Context(), d, olds, "李四", time.Now())
		check(t, err)
		return len(done)
	}
	if n := decide(Accept, "http://old.example/a", "http://old.example/c", "http://old.example/none"); n != 1 {
		t.Errorf("%d are accepted: one that is ambiguous cannot be", n)
	}
	if n := decide(Reject, "http://old.example/b", "http://old.example/c", "http://old.example/put"); n != 2 {
		t.Errorf("%d are rejected: what is in force can only be removed", n)
	}
	second := first.Add(time.Second)
	l.propose(t, second, "http://old.example/a", "http://new.example/y", "http://old.example/b", "http://new.example/b", "http://old.example/c", "http://new.example/c", "http://old.example/e", "http://new.example/e")
	check(t, l.Forget(t.Context(), second))
	want := `http://old.example/a in_force http://new.example/a
http://old.example/b rejected http://new.example/b
http://old.example/c rejected 
http://old.example/e proposed http://new.example/e
http://old.example/put in_force http://new.example/put
`
	if got := l.state(t); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	l.propose(t, second, "http://old.example/b", "http://new.example/another")
	if got := l.state(t); !strings.Contains(got, "/b proposed http://new.example/another") {
		t.Errorf("a page that was not rejected is not proposed:\n%s", got)
	}
	if n := decide(Remove, "http://old.example/put", "http://old.example/e"); n != 2 {
		t.Errorf("%d are removed", n)
	}
	counts, err := l.Counts(t.Context())
	check(t, err)
	if counts[InForce] != 1 || counts[Proposal] != 1 || counts[Rejected] != 1 {
		t.Errorf("left: %v", counts)
	}
}

func TestARemovedPrefixLeadsNowhere(t *testing.T) {
	l, _ := open(t)
	l.put(t, "old.example/zw/", "http://new.example/zw/")
	o, err := ParseOld("old.example/zw/*")
	check(t, err)
	if _, err := l.Decide(t.Context(), Remove, []Old{o}, "", time.Now()); err != nil {
		t.Fatal(err)
	}
	if m, ok := l.Under("old.example/zw/1"); ok {
		t.Errorf("%+v", m)
	}
}

func TestPrefixesAreBounded(t *testing.T) {
	l, _ := open(t)
	var moves []Move
	for i := range MaxPrefixes + 1 {
		o, err := ParseOld(fmt.Sprintf("old%d.example", i))
		check(t, err)
		moves = append(moves, Move{Old: o, New: "http://new.example/", State: InForce, At: time.Now()})
	}
	if err := l.Put(t.Context(), moves, nil, nil); !errors.Is(err, ErrPrefix) {
		t.Fatal(err)
	}
	if got := l.state(t); got != "" {
		t.Errorf("some are kept: %.100s", got)
	}
	check(t, l.Put(t.Context(), moves[1:], nil, nil))
	if err := l.Put(t.Context(), moves[:1], nil, nil); !errors.Is(err, ErrPrefix) {
		t.Errorf("one more: %v", err)
	}
	l.put(t, "old1.example", "http://new.example/again/", "http://old1.example/1.html", "http://new.example/1.html") // in place of one, and a page
}

func TestThePrefixesInMemoryAreThoseOfTheDatabase(t *testing.T) {
	l, d := open(t)
	at := time.Now()
	l.put(t, "a.example", "http://new.example/a/", "b.example", "http://new.example/b/", "http://c.example/1", "http://new.example/1")
	l.put(t, "b.example", "http://new.example/other/")
	var proposed []Move
	for _, text := range []string{"a.example", "c.example", "d.example", "e.example"} {
		o, err := ParseOld(text)
		check(t, err)
		proposed = append(proposed, Move{Old: o, New: "http://new.example/p/", State: Proposal, Origin: Proposed, At: at})
	}
	check(t, l.Propose(t.Context(), proposed))
	for decision, m := range map[Decision]Move{Accept: proposed[1], Reject: proposed[2], Remove: proposed[0]} {
		done, err := l.Decide(t.Context(), decision, []Old{m.Old}, "张三", at)
		check(t, err)
		if len(done) != 1 {
			t.Errorf("%s of %s is not possible", decision, m.Old.Text)
		}
	}
	again, err := Open(t.Context(), d)
	check(t, err)
	for name, list := range map[string]*List{"at once": l, "after a restart": again} {
		var got []string
		for _, m := range list.Prefixes() {
			got = append(got, m.Old.Text+" "+m.New)
		}
		if want := "b.example/* http://new.example/other/, c.example/* http://new.example/p/"; strings.Join(got, ", ") != want {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, ", "), want)
		}
	}
}

func TestWhatIsKnownOfAnOldPageIsNotForgotten(t *testing.T) {
	l, _ := open(t)
	for _, row := range []Row{{Old: "http://old.example/1", Title: "甲", Date: "2020-05-01"}, {Old: "http://www.old.example/1", DocNo: "云发〔2020〕1号"}} {
		taken := Take([]Row{row}, Imported, "", time.Now())
		check(t, l.Put(t.Context(), taken.Moves, taken.Pages, taken.Keys))
	}
	p, ok, err := l.Page(context.Background(), "old.example/1")
	if err != nil || !ok || p != (Page{"http://www.old.example/1", "甲", "2020-05-01", "云发〔2020〕1号"}) {
		t.Errorf("%+v %v %v", p, ok, err)
	}
}
