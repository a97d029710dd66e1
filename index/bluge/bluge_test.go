package bluge_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"terrace/index"
	"terrace/index/bluge"
	"terrace/index/indextest"
)

func open(t *testing.T, dir string, a index.Analyzer) *bluge.Index {
	t.Helper()
	ix, err := bluge.Open(dir, a, bluge.Options{Log: slog.New(slog.DiscardHandler), CacheBytes: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ix.Close(); err != nil {
			t.Error(err)
		}
	})
	return ix
}

func TestKeepsThePromisesOfIndex(t *testing.T) {
	indextest.Run(t, func(t *testing.T, dir string, a index.Analyzer) (index.Index, func() error) {
		ix := open(t, dir, a)
		return ix, ix.Close
	})
}

func TestAnswersAsThePlainIndex(t *testing.T) {
	for seed := range uint64(6) {
		indextest.Differential(t, indextest.DifferentialOptions{Seed: seed}, open(t, t.TempDir(), indextest.Analyzer()), indextest.Analyzer())
	}
}

// TestSoak asks until it has asked enough: so many queries, or for so long, as TERRACE_SOAK says. The index is written, merged, promoted,
// opened anew, and replaced by its own backup meanwhile.
func TestSoak(t *testing.T) {
	enough := func(asked int, _ time.Duration) bool { return asked >= 5000 }
	if s := os.Getenv("TERRACE_SOAK"); s != "" {
		if n, err := strconv.Atoi(s); err == nil {
			enough = func(asked int, _ time.Duration) bool { return asked >= n }
		} else {
			long, err := time.ParseDuration(s)
			if err != nil {
				t.Fatalf("TERRACE_SOAK=%s: a number of queries or a duration is wanted", s)
			}
			enough = func(_ int, took time.Duration) bool { return took >= long }
		}
	}
	began := time.Now()
	var asked indextest.Answered
	for seed := uint64(1000); !enough(asked.Idle+asked.Writing, time.Since(began)); seed++ {
		n := soak(t, seed)
		asked.Idle, asked.Writing = asked.Idle+n.Idle, asked.Writing+n.Writing
		if seed%50 == 0 {
			t.Logf("%v: %d queries, %d of them while something was written", time.Since(began).Round(time.Second), asked.Idle+asked.Writing, asked.Writing)
		}
	}
	if asked.Writing*20 < asked.Idle {
		t.Errorf("%d queries while nothing was written, only %d while something was", asked.Idle, asked.Writing)
	}
	t.Logf("%d queries, %d of them while something was written", asked.Idle+asked.Writing, asked.Writing)
}

func soak(t *testing.T, seed uint64) indextest.Answered {
	dir, a := t.TempDir(), indextest.Analyzer()
	ix := open(t, dir, a)
	defer func() { must(t, ix.Close()) }()
	return indextest.Differential(t, indextest.DifferentialOptions{
		Seed: seed, Documents: 20 << (seed % 5), Steps: 30, Queries: 30, Readers: 2,
		Between: func(step int) index.Index {
			switch step % 10 {
			case 4:
				must(t, ix.Close())
				ix = open(t, dir, a)
			case 9:
				becomeBackup(t, ix, filepath.Join(dir+"-backup", strconv.Itoa(step)))
			}
			return ix
		},
	}, ix, a)
}

// becomeBackup promotes a copy of the live generation.
func becomeBackup(t *testing.T, ix *bluge.Index, folder string) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(folder), 0o700))
	infos, err := ix.Generations(t.Context())
	must(t, err)
	live := infos[slices.IndexFunc(infos, func(i index.Info) bool { return i.Live })].Name
	must(t, ix.Backup(t.Context(), live, folder))
	name, err := ix.Restore(t.Context(), folder)
	must(t, err)
	must(t, ix.Promote(t.Context(), name))
	must(t, os.RemoveAll(folder))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
