package bluge_test

import (
	"log/slog"
	"testing"

	"terrace/index"
	"terrace/index/bluge"
	"terrace/index/indextest"
)

func open(t *testing.T, dir string, a index.Analyzer) *bluge.Index {
	t.Helper()
	ix, err := bluge.Open(dir, a, bluge.Options{Log: slog.New(slog.DiscardHandler)})
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

func TestAnswersAsThePlainIndexWhenReopened(t *testing.T) {
	dir, a := t.TempDir(), indextest.Analyzer()
	ix := open(t, dir, a)
	indextest.Differential(t, indextest.DifferentialOptions{
		Seed: 100,
		Between: func(step int) index.Index {
			if step%5 != 0 {
				return nil
			}
			if err := ix.Close(); err != nil {
				t.Fatal(err)
			}
			ix = open(t, dir, a)
			return ix
		},
	}, ix, a)
}
