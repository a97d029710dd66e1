package bluge

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"sync"
	"testing"

	"terrace/index"
)

func TestSearchesFinishWhileGenerationsAreBuiltPromotedAndDropped(t *testing.T) {
	ix, _ := liveWith(t, t.TempDir(), 30, 10)
	stop := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				r, err := ix.Search(t.Context(), titled("会议"))
				if err != nil || r.Total != 30 || len(r.Hits) != 10 {
					t.Errorf("search: %v, %+v", err, r)
					return
				}
				if _, err := ix.Generations(t.Context()); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 5 {
		g, err := ix.Create(t.Context(), index.Fingerprints{})
		must(t, err)
		must(t, g.Put(t.Context(), notices(0, 35)...))
		must(t, g.Delete(t.Context(), "n00030", "n00031", "n00032", "n00033", "n00034"))
		must(t, ix.Promote(t.Context(), g.Name()))
	}
	close(stop)
	readers.Wait()
	infos, err := ix.Generations(t.Context())
	must(t, err)
	if len(infos) != 2 || infos[0].Live || !infos[1].Live {
		t.Fatalf("kept %+v, want the live generation and the one before", infos)
	}
	entries, err := os.ReadDir(ix.dir)
	must(t, err)
	if len(entries) != 4 { // CURRENT, LOCK and two folders
		t.Fatalf("left in the directory: %v", entries)
	}
}

func TestManyWritersShareCommits(t *testing.T) {
	ix, g := liveWith(t, t.TempDir(), 0, 1)
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			for i := range 10 {
				d := notices(i, i+1)[0]
				d.ID = fmt.Sprint(w, "-", i)
				if err := g.Put(t.Context(), d, d); err != nil {
					t.Error(err)
				}
				if i%2 == 1 {
					if err := g.Delete(t.Context(), d.ID); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	writers.Wait()
	if got := count(t, ix); got != 40 {
		t.Fatalf("%d documents, want 40", got)
	}
}

func TestCloseKeepsWhatIsBeingPutAndRefusesTheRest(t *testing.T) {
	dir := t.TempDir()
	ix, g := liveWith(t, dir, 1, 1)
	put := make(chan error)
	go func() { put <- g.Put(t.Context(), notices(1, 1500)...) }()
	must(t, ix.Close())
	err := <-put
	if got := count(t, openAt(t, dir)); err == nil && got != 1500 || err != nil && (!errors.Is(err, index.ErrClosed) || got != 1) {
		t.Fatalf("%d documents, put: %v", got, err)
	}
	if err := g.Put(t.Context(), notices(0, 1)...); !errors.Is(err, index.ErrClosed) {
		t.Fatalf("put after close: %v", err)
	}
	if _, err := ix.Search(t.Context(), titled("会议")); !errors.Is(err, index.ErrClosed) {
		t.Fatalf("search after close: %v", err)
	}
}

func TestADocumentComesBackAsItWasPutWhateverItsBytes(t *testing.T) {
	ix, g := liveWith(t, t.TempDir(), 1, 1)
	odd := index.Document{
		ID: "\xff", Title: "会议\xff\xfe", Body: "会议\x00\xc0正文", Kind: "\xffkind", DocNo: "\xe4", Source: "\xff", Written: -1, Level: -3,
		Copies: []index.Copy{
			{URL: "\xff", Site: "\xffsite", Department: "a\xffb", County: "\xf0", Column: "\xff\xff", Date: 20240131},
			{Site: "s2", Column: "要闻"},
		},
	}
	must(t, g.Put(t.Context(), odd))
	q := titled("会议")
	q.Filter.Values = map[index.Field][]string{index.Department: {"a\xffb"}, index.Column: {"要闻"}}
	q.Facets = []index.Facet{{Field: index.Site, Size: 5}}
	r, err := ix.Search(t.Context(), q)
	must(t, err)
	if len(r.Hits) != 1 || !reflect.DeepEqual(r.Hits[0].Document, odd) {
		t.Fatalf("hits %+v, want %+v", r.Hits, odd)
	}
	if want := []index.Count{{Value: "s2", Count: 1}, {Value: "\xffsite", Count: 1}}; !slices.Equal(r.Facets[index.Site], want) {
		t.Fatalf("facet %+v, want %+v", r.Facets[index.Site], want)
	}
	must(t, g.Delete(t.Context(), "\xff"))
	if got := count(t, ix); got != 1 {
		t.Fatalf("%d documents, want 1", got)
	}
}

func TestPhrasesAreVerifiedUpToALimit(t *testing.T) {
	ix, _ := liveWith(t, t.TempDir(), index.MaxVerified+500, 1000)
	for name, c := range map[string]struct {
		change func(*index.Query, []index.Phrase)
		total  int
	}{
		"required": {func(q *index.Query, p []index.Phrase) { q.Require = p }, 500},
		"excluded": {func(q *index.Query, p []index.Phrase) { q.Exclude = p }, index.MaxVerified + 500},
	} {
		q := titled("会议")
		c.change(&q, []index.Phrase{{Field: index.Body, Terms: []string{"会议"}, Text: "会议会议"}}) // nowhere
		r, err := ix.Search(t.Context(), q)
		must(t, err)
		if r.Total != c.total || r.TotalIsExact {
			t.Errorf("%s: total %d, exact %v, want %d and false", name, r.Total, r.TotalIsExact, c.total)
		}
	}
}
