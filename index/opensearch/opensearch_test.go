package opensearch

import (
	"slices"
	"testing"

	"terrace/index"
	"terrace/index/indextest"
)

func TestKeepsThePromisesOfIndex(t *testing.T) {
	needsNode(t)
	indextest.Run(t, func(t *testing.T, dir string, a index.Analyzer) (index.Index, func() error) {
		ix := open(t, dir, a, Options{})
		return ix, ix.Close
	})
}

func TestMatchesAsThePlainIndexWhereTheClusterDecides(t *testing.T) {
	a := indextest.Analyzer()
	answered := indextest.Differential(t, indextest.DifferentialOptions{
		Seed:      15,
		Documents: 5000, // so many ids that hardly a document is replaced, for those count in the cluster's own scores
		Tolerance: .15,  // lengths are rounded down to a byte
		Loose:     hasLongPrefix,
	}, open(t, t.TempDir(), a, Options{small: -1}), a)
	if answered.Near > answered.Idle/2 {
		t.Errorf("of %d queries %d were not compared in full", answered.Idle, answered.Near)
	}
}

// hasLongPrefix reports whether Score has a prefix that the cluster gives no BM25.
func hasLongPrefix(q index.Query) bool {
	return slices.ContainsFunc(distinct(q.Score), func(k key) bool { return k.prefix && !isFirst(k.Text) })
}

func TestAnswersAsThePlainIndex(t *testing.T) {
	for seed := range uint64(4) {
		a := indextest.Analyzer()
		indextest.Differential(t, indextest.DifferentialOptions{Seed: seed}, open(t, t.TempDir(), a, Options{}), a)
	}
}
