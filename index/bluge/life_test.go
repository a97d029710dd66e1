package bluge

import (
	"errors"
	"os"
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
