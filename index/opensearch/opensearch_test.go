package opensearch

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
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
		Bare:      true, // the cluster counts a term's documents in bodies and in attachments apart
	}, open(t, t.TempDir(), a, Options{small: -1, exact: 100}), a)
	if answered.Near > answered.Idle/2 {
		t.Errorf("of %d queries %d were not compared in full", answered.Idle, answered.Near)
	}
}

// hasLongPrefix reports whether Score has a prefix that the cluster gives no BM25.
func hasLongPrefix(q index.Query) bool {
	return slices.ContainsFunc(distinct(q.Score), key.isLong)
}

func TestAnswersAsThePlainIndex(t *testing.T) {
	for seed, shards := range []int{1, 1, 2} {
		a := indextest.Analyzer()
		indextest.Differential(t, indextest.DifferentialOptions{Seed: uint64(seed)}, open(t, t.TempDir(), a, Options{Shards: shards}), a)
	}
}

func TestAnswersAsThePlainIndexWhenReopened(t *testing.T) {
	dir, a := t.TempDir(), indextest.Analyzer()
	ix := open(t, dir, a, Options{})
	indextest.Differential(t, indextest.DifferentialOptions{
		Seed: 100,
		Between: func(step int) index.Index {
			if step%5 == 0 {
				ix = open(t, dir, a, Options{})
			}
			return ix
		},
	}, ix, a)
}

// Two programs on one cluster: what one writes and promotes, the other serves.
func TestTwoProgramsShareACluster(t *testing.T) {
	dir, a := t.TempDir(), indextest.Analyzer()
	writer, reader := open(t, dir, a, Options{}), open(t, dir, a, Options{})
	for n := range 4 {
		g, err := writer.Create(t.Context(), index.Fingerprints{})
		must(t, err)
		must(t, g.Put(t.Context(), notices(0, 10+n)...))
		must(t, writer.Promote(t.Context(), g.Name()))
		r, err := reader.Search(t.Context(), meetings())
		must(t, err)
		if r.Total != 10+n && r.Total != 10+n-1 {
			t.Errorf("%d documents, want %d, or for a moment one less", r.Total, 10+n)
		}
	}
}

// words is a document of n words, and a query that asks for all of them.
func words(n int) (index.Document, index.Query) {
	var all []string
	q := index.Query{Limit: 10}
	for i := range n {
		w := fmt.Sprint("w", i)
		all = append(all, w)
		q.Score = append(q.Score, index.Group{{{Field: index.Body, Text: w, Weight: 1}}})
		q.All = append(q.All, index.Phrase{Field: index.Body, Terms: []string{w}})
		q.Require = append(q.Require, index.Phrase{Field: index.Body, Terms: []string{w}, Text: w})
	}
	return index.Document{ID: "a", Body: strings.Join(all, " "), Copies: []index.Copy{{Site: "s"}}}, q
}

func TestAQueryOfMoreTermsThanTheClusterTakesIsCutAndSaysSo(t *testing.T) {
	ix := open(t, t.TempDir(), indextest.Analyzer(), Options{})
	g, err := ix.Create(t.Context(), index.Fingerprints{})
	must(t, err)
	d, q := words(3000)
	other := index.Document{ID: "b", Body: "w1 w2 \xff"}
	must(t, g.Put(t.Context(), d, other))
	for name, change := range map[string]func(*index.Query){
		"scored":   func(q *index.Query) { q.All, q.Require = nil, nil },
		"all":      func(q *index.Query) { q.Score, q.Require, q.OnlyAll = nil, nil, true },
		"together": func(q *index.Query) { q.Require = nil },
		"excluded": func(q *index.Query) { q.Exclude, q.Require = q.Require[3:150], nil },
		"a phrase": func(q *index.Query) {
			q.Score, q.All, q.OnlyAll = nil, nil, true
			var terms []string
			for _, p := range q.Require {
				terms = append(terms, p.Terms...)
			}
			q.Require = []index.Phrase{{Field: index.Body, Terms: terms}}
		},
	} {
		asked := q
		change(&asked)
		r, err := g.Search(t.Context(), asked)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if r.TotalIsExact || r.Total == 0 && name != "excluded" {
			t.Errorf("%s: total %d, exact: %v", name, r.Total, r.TotalIsExact)
		}
	}
}

func TestAnyStringGoesThereAndBack(t *testing.T) {
	for _, s := range []string{"", "公积金", "\xff\xfe", "a\x01b\x02c\x00", "\U0010FE41\U0010FF01", "\xf4\x8f", "\U0010FFFF", "e\u0301<&>\u2028"} {
		var back string
		must(t, json.Unmarshal(toJSON(encode(s)), &back))
		if decode(back) != s || strings.ContainsAny(back, "\x01\x02") {
			t.Errorf("%q comes back as %q, by way of %q", s, decode(back), back)
		}
	}
	long := strings.Repeat("公", 1000)
	if a, b := term(long+"1"), term(long+"2"); a == b || len(a) > maxTerm || !wasCut(a) || !strings.HasPrefix(a, "公公") || wasCut(term("公")) {
		t.Errorf("long values: %q, %q", a, b)
	}
}

func FuzzEncode(f *testing.F) {
	f.Add("公积金\xff\x01", "b")
	f.Fuzz(func(t *testing.T, a, b string) {
		if decode(encode(a)) != a || (a != b) != (encode(a) != encode(b)) || (a != b) != (term(a) != term(b)) || (a != b) != (idTerm(a) != idTerm(b)) {
			t.Errorf("%q and %q", a, b)
		}
	})
}
