package withdraw

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"terrace/analysis"
	"terrace/db"
	"terrace/index"
	"terrace/index/indextest"
	"terrace/segment"
)

type fataler interface {
	Helper()
	Fatal(...any)
}

func must(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T) (*List, *db.DB) {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "state.db"))
	must(t, err)
	t.Cleanup(func() { d.Close() })
	l, err := Open(t.Context(), d)
	must(t, err)
	return l, d
}

func (l *List) put(t fataler, e Entry, pages ...Page) Entry {
	t.Helper()
	e.At = time.Now()
	e, err := l.Add(context.Background(), e, pages...)
	must(t, err)
	return e
}

func TestWhatAnEntryIsAbout(t *testing.T) {
	l, d := open(t)
	l.put(t, Entry{Page: "p1"}, Page{ID: "p1", URL: "http://a.example/1"})
	l.put(t, Entry{Page: "http://a.example/2"}, Page{ID: "p2", URL: "http://a.example/2"})
	l.put(t, Entry{Pattern: `^http://b\.example/x/`})
	again, err := Open(t.Context(), d)
	must(t, err)
	for name, list := range map[string]*List{"at once": l, "after a restart": again} {
		for _, c := range []struct {
			id, url string
			want    bool
		}{
			{"p1", "http://a.example/elsewhere", true},
			{"other", "http://a.example/1", false}, // another import may be at that URL
			{"other", "http://a.example/2", true},
			{"other", "https://www.a.example/2", true},
			{"p2", "http://a.example/moved", true},
			{"", "http://b.example/x/1", true},
			{"", "http://b.example/y/1", false},
			{"other", "", false},
		} {
			if _, got := list.Of(c.id, c.url); got != c.want {
				t.Errorf("%s, page %q at %q is withdrawn: %v", name, c.id, c.url, got)
			}
		}
	}
}

func TestAnUndoneEntryIsOutOfForceAndMustBeFollowed(t *testing.T) {
	l, _ := open(t)
	e := l.put(t, Entry{Page: "p1", By: "张三", Reason: "错"}, Page{ID: "p1"})
	must(t, l.Settle(t.Context(), e))
	version := l.Version()
	undone, err := l.Undo(t.Context(), e.ID, "李四", time.Now())
	must(t, err)
	if _, on := l.Of("p1", ""); on || undone.InForce() || undone.UndoneBy != "李四" || undone.By != "张三" || l.Version() == version {
		t.Errorf("undone: %+v", undone)
	}
	must(t, l.Settle(t.Context(), e)) // by one who followed it while it was in force
	if left, err := l.Unsettled(t.Context()); err != nil || len(left) != 1 {
		t.Errorf("to be followed: %+v, %v", left, err)
	}
	must(t, l.Settle(t.Context(), undone))
	if left, err := l.Unsettled(t.Context()); err != nil || len(left) != 0 {
		t.Errorf("to be followed: %+v, %v", left, err)
	}
}

func TestWordsThatHoldAWithdrawnTitleAreHidden(t *testing.T) {
	l, _ := open(t)
	kept := l.put(t, Entry{Page: "p1"}, Page{ID: "p1"})
	must(t, l.SetTitles(t.Context(), kept.ID, []Page{{ID: "p1", Title: "赵钱孙困难救助公示"}, {ID: "p2", Title: "通知公告"}, {ID: "p3", Title: "……"}}))
	purged := l.put(t, Entry{Page: "p4", Purge: true}, Page{ID: "p4"})
	must(t, l.SetTitles(t.Context(), purged.ID, []Page{{ID: "p4", Title: "周吴郑王低保名单"}}))
	for text, want := range map[string]bool{
		"赵钱孙 困难救助公示": true, "查询赵錢孫困难救助公示结果": true, "困难救助公示": false, "赵钱孙": false,
		"通知公告": true, "县政府通知公告": false, "周吴郑王低保名单": true, "": false, "\xff": false, strings.Repeat("公", 10_000): false,
	} {
		if got := l.Hides(text); got != want {
			t.Errorf("%.40q is hidden: %v", text, got)
		}
	}
	if pages, err := l.PagesOf(t.Context(), purged.ID); err != nil || len(pages) != 1 || pages[0].Title != "" {
		t.Errorf("of what is purged the list still tells %+v, %v", pages, err)
	}
	if _, err := l.Undo(t.Context(), kept.ID, "", time.Now()); err != nil || l.Hides("赵钱孙困难救助公示") {
		t.Errorf("undone, it is still hidden (%v)", err)
	}
}

func TestPatternsAreBounded(t *testing.T) {
	l, _ := open(t)
	for _, p := range []string{"(", strings.Repeat("a", MaxPattern+1), "\xff", "(a{1000}){1000}"} {
		if _, err := l.Add(t.Context(), Entry{Pattern: p, At: time.Now()}); err == nil {
			t.Errorf("%.20q is taken", p)
		}
	}
	for i := range MaxPatterns {
		l.put(t, Entry{Pattern: fmt.Sprint("/", i, "/")})
	}
	if _, err := l.Add(t.Context(), Entry{Pattern: "/more/", At: time.Now()}); err == nil {
		t.Error("one more than may be in force is taken")
	}
}

// TestAnswersAreThoseOfAnIndexWithoutTheDocuments compares the filter over an index that still holds what is withdrawn with an index that never did.
func TestAnswersAreThoseOfAnIndexWithoutTheDocuments(t *testing.T) {
	dict, err := segment.LoadDictionary(strings.NewReader("公积金 1\n通知 1\n"))
	must(t, err)
	analyzer := analysis.Index(segment.New(dict))
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		d, err := db.Open(context.Background(), filepath.Join(t.TempDir(), "state.db"))
		must(rt, err)
		defer d.Close()
		l, err := Open(context.Background(), d)
		must(rt, err)
		docs := rapid.SliceOfN(rapid.Custom(drawDocument(&n)), 1, 30).Draw(rt, "documents")
		drawEntries(rt, l, docs)
		var left []index.Document
		for _, doc := range docs {
			if _, on := l.Of(doc.ID, doc.Copies[0].URL); !on {
				left = append(left, doc)
			}
		}
		settled := rapid.Bool().Draw(rt, "settled, though the index has not followed")
		if settled {
			entries, err := l.Unsettled(context.Background())
			must(rt, err)
			for _, e := range entries {
				must(rt, l.Settle(context.Background(), e))
			}
		}
		held, without := memory(rt, analyzer, docs), memory(rt, analyzer, left)
		over := Over(held, l)
		for _, q := range []index.Query{
			{OnlyAll: true, Limit: 1000}, {OnlyAll: true, Limit: 5, Offset: 3}, {OnlyAll: true, Limit: 1},
			{OnlyAll: true, Limit: 1000, Filter: index.Filter{Values: map[index.Field][]string{index.Department: {"甲"}}}},
			{OnlyAll: true, Limit: 1000, All: []index.Phrase{{Field: index.Body, Terms: []string{"公积"}}}},
		} {
			q.Sort = index.ByDate
			if q.Limit > 1 {
				q.Facets = []index.Facet{{Field: index.Site, Size: 9}, {Field: index.Kind, Size: 9}}
			}
			if settled {
				showsNone(rt, over, l, q)
			} else {
				compare(rt, over, without, q, q.Limit == 1000)
			}
		}
		if got, want := all(rt, over), all(rt, without); !slices.Equal(got, want) {
			rt.Fatalf("each document: %v, want %v", got, want)
		}
	})
}

func drawDocument(n *int) func(*rapid.T) index.Document {
	return func(t *rapid.T) index.Document {
		*n++
		word := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "word") }
		return index.Document{
			ID: fmt.Sprint("d", *n), Title: word("公积金通知", "通知", "名单"), Body: word("公积金", "别的"), Kind: word(index.News, index.Policy),
			Copies: []index.Copy{{
				URL: fmt.Sprintf("http://%s.example/%s/%d", word("a", "b"), word("x", "y"), *n), Site: word("a", "b"), Department: word("甲", "乙"),
				Date: index.Date(20240101 + rapid.IntRange(0, 20).Draw(t, "day")),
			}},
		}
	}
}

func drawEntries(t *rapid.T, l *List, docs []index.Document) {
	for range rapid.IntRange(0, 5).Draw(t, "entries") {
		d := rapid.SampledFrom(docs).Draw(t, "withdrawn")
		e := rapid.SampledFrom([]Entry{{Page: d.ID}, {Page: d.Copies[0].URL}, {Pattern: `/x/\d*[13579]$`}}).Draw(t, "entry")
		l.put(t, e)
	}
}

func memory(t fataler, a index.Analyzer, docs []index.Document) *indextest.Memory {
	ix := indextest.NewMemory(a)
	g, err := ix.Create(context.Background(), index.Fingerprints{})
	must(t, err)
	must(t, g.Put(context.Background(), docs...))
	must(t, ix.Promote(context.Background(), g.Name()))
	return ix
}

// compare demands the same hits; and where everything can be seen the same total and facets.
func compare(t *rapid.T, over, without index.Index, q index.Query, counts bool) {
	got, err := over.Search(context.Background(), q)
	must(t, err)
	want, err := without.Search(context.Background(), q)
	must(t, err)
	if !slices.Equal(ids(got), ids(want)) {
		t.Fatalf("%+v finds %v, want %v", q, ids(got), ids(want))
	}
	other := func(f index.Field) bool { return !sameCounts(got.Facets[f], want.Facets[f]) }
	if counts && (got.Total != want.Total || slices.ContainsFunc(index.Keywords, other)) {
		t.Fatalf("%+v counts %d %v, want %d %v", q, got.Total, got.Facets, want.Total, want.Facets)
	}
}

// showsNone demands that no hit is withdrawn, even where nobody expects the index to hold one.
func showsNone(t *rapid.T, over index.Index, l *List, q index.Query) {
	got, err := over.Search(context.Background(), q)
	must(t, err)
	for _, h := range got.Hits {
		if _, on := l.Of(h.Document.ID, h.Document.Copies[0].URL); on {
			t.Fatalf("%+v shows %s", q, h.Document.ID)
		}
	}
}

func sameCounts(a, b []index.Count) bool {
	counted := func(counts []index.Count) map[string]int {
		out := map[string]int{}
		for _, c := range counts {
			out[c.Value] = c.Count
		}
		return out
	}
	return fmt.Sprint(counted(a)) == fmt.Sprint(counted(b))
}

func ids(r *index.Result) (out []string) {
	for _, h := range r.Hits {
		out = append(out, h.Document.ID)
	}
	return out
}

func all(t *rapid.T, ix index.Index) (out []string) {
	must(t, ix.Each(context.Background(), func(d *index.Document) error { out = append(out, d.ID); return nil }))
	slices.Sort(out)
	return out
}

func TestPlacesAndLinksThatAreWithdrawnAreNotShown(t *testing.T) {
	dict, err := segment.LoadDictionary(strings.NewReader("公积金 1\n"))
	must(t, err)
	ix := memory(t, analysis.Index(segment.New(dict)), []index.Document{{
		ID: "d", Title: "公积金", Copies: []index.Copy{{URL: "http://a.example/1"}, {URL: "http://a.example/copy"}, {URL: "http://a.example/third"}},
		Links: []index.Link{{Kind: index.RepealedBy, ID: "p1", URL: "http://a.example/p1"}, {Kind: index.RepealedBy, ID: "p2", URL: "http://a.example/p2"}},
	}})
	l, _ := open(t)
	l.put(t, Entry{Page: "copy"}, Page{ID: "copy", URL: "http://a.example/copy"})
	l.put(t, Entry{Page: "p1"}, Page{ID: "p1", URL: "http://a.example/former"})
	for range 2 { // the index's own document stays as it is
		r, err := Over(ix, l).Search(t.Context(), index.Query{OnlyAll: true, Limit: 1})
		must(t, err)
		if d := r.Hits[0].Document; len(d.Copies) != 2 || d.Copies[1].URL != "http://a.example/third" || len(d.Links) != 1 || d.Links[0].ID != "p2" {
			t.Fatalf("shown: %+v %+v", d.Copies, d.Links)
		}
	}
}

// A leaving context ends when it has been asked for its end so many times.
type leaving struct {
	context.Context
	leave func()
	left  atomic.Int32
}

func (c *leaving) Done() <-chan struct{} {
	if c.left.Add(-1) == 0 {
		c.leave()
	}
	return c.Context.Done()
}

func TestWhatIsOnTheListIsInForceWheneverTheCallerLeaves(t *testing.T) {
	l, _ := open(t)
	const page = "http://www.example.gov.cn/a.html"
	for n, done := int32(1), false; !done; n++ {
		ctx, leave := context.WithCancel(t.Context())
		c := &leaving{Context: ctx, leave: leave}
		c.left.Store(n)
		e, err := l.Add(c, Entry{Page: page, At: time.Now()})
		all, failed := l.Entries(t.Context(), 1)
		must(t, failed)
		_, inForce := l.Of("", page)
		if kept := len(all) > 0 && all[0].InForce(); kept != inForce || kept != (err == nil) {
			t.Fatalf("the caller left after %d: kept %v, in force %v, %v", n, kept, inForce, err)
		}
		if inForce {
			_, err = l.Undo(t.Context(), e.ID, "", time.Now())
			must(t, err)
		}
		done = ctx.Err() == nil
		leave()
	}
}
