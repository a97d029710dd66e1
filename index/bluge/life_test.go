package bluge

import (
	"context"
	"errors"
	"math"
	"os"
	"runtime"
	"testing"

	"terrace/index"
)

func TestPromotingLeavesTheLiveGenerationAndTheOneBeforeOnDisk(t *testing.T) {
	ix, _ := liveWith(t, t.TempDir(), 30, 10)
	for range 3 {
		g, err := ix.Create(t.Context(), index.Fingerprints{})
		must(t, err)
		must(t, g.Put(t.Context(), notices(0, 35)...))
		must(t, ix.Promote(t.Context(), g.Name()))
	}
	entries, err := os.ReadDir(ix.dir)
	must(t, err)
	if len(entries) != 4 { // CURRENT, LOCK and two folders
		t.Fatalf("left in the directory: %v", entries)
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

// An ending context ends after so many looks at it.
type ending struct {
	context.Context
	left int
}

func (e *ending) Err() error {
	if e.left--; e.left < 0 {
		return context.Canceled
	}
	return nil
}

func TestASearchEndsWithItsContextWhereverThatEnds(t *testing.T) {
	ix, _ := liveWith(t, t.TempDir(), 3000, 1000)
	phrase := index.Phrase{Field: index.Body, Terms: []string{"会议", "议内", "内容"}, Text: "会议内容"}
	q := titled("会议")
	q.All, q.Require, q.Filter.From = []index.Phrase{phrase}, []index.Phrase{phrase}, 20200101
	for _, f := range index.Keywords {
		q.Facets = append(q.Facets, index.Facet{Field: f, Size: 10})
	}
	looks := &ending{t.Context(), math.MaxInt}
	_, err := ix.Search(looks, q)
	must(t, err)
	all := math.MaxInt - looks.left
	if all < 2*index.MaxVerified { // two a document that is verified, and more
		t.Errorf("the context is looked at only %d times", all)
	}
	for n := 0; n < all; n += 1 + n/50 {
		if r, err := ix.Search(&ending{t.Context(), n}, q); !errors.Is(err, context.Canceled) {
			t.Fatalf("ended after %d looks of %d: %v, %v", n, all, r, err)
		}
	}
}

func TestAFolderGoesWhenTheLastReaderHasLeft(t *testing.T) {
	ix, old := liveWith(t, t.TempDir(), 10, 10)
	must(t, old.enter(t.Context()))
	successor := func() string {
		g, err := ix.Create(t.Context(), index.Fingerprints{})
		must(t, err)
		must(t, g.Put(t.Context(), notices(0, 20)...))
		return g.Name()
	}
	must(t, ix.Promote(t.Context(), successor())) // keeps old, to roll back to
	promoted := make(chan error, 1)
	next := successor()
	go func() { promoted <- ix.Promote(t.Context(), next) }()
	for ix.kept(old.name) {
		runtime.Gosched()
	}
	q := titled("会议")
	if r, err := old.search(t.Context(), &q); err != nil || r.Total != 10 {
		t.Errorf("the reader of the dropped generation gets %+v, %v", r, err)
	}
	if n := count(t, ix); n != 20 {
		t.Errorf("the new one has %d documents", n)
	}
	if _, err := os.Stat(old.path); err != nil {
		t.Errorf("its folder is gone while it is read: %v", err)
	}
	old.leave()
	must(t, <-promoted)
	if _, err := os.Stat(old.path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("its folder is there when it was left: %v", err)
	}
}

func (ix *Index) kept(name string) bool {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return ix.find(name) != nil
}

func TestSegmentsBecomeOneWhenNobodyWrites(t *testing.T) {
	ix, g := liveWith(t, t.TempDir(), 3000, 100)
	for segments := 0; segments != 1; runtime.Gosched() {
		v, err := g.view()
		must(t, err)
		segments = len(v.parts)
		v.close()
	}
	if n := count(t, ix); n != 3000 {
		t.Errorf("%d documents are found, want 3000", n)
	}
}
