package bluge

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"terrace/index"
	"terrace/index/indextest"
)

const (
	benchDocs  = 200_000
	benchRunes = 338
)

// A corpus is text whose characters and words are as unevenly frequent as in Chinese.
type corpus struct {
	*rand.Rand
	words []string
}

func newCorpus() *corpus {
	c := &corpus{Rand: rand.New(rand.NewPCG(3, 4))}
	for range 30_000 {
		var word strings.Builder
		for range 2 + c.IntN(2) {
			word.WriteRune(rune(0x4e00 + c.skewed(3500)))
		}
		c.words = append(c.words, word.String())
	}
	return c
}

func (c *corpus) skewed(n int) int {
	return int(math.Pow(float64(n), c.Float64())) - 1
}

func (c *corpus) text(runes int) string {
	var out strings.Builder
	for n := 0; n < runes; {
		w := c.words[c.skewed(len(c.words))]
		out.WriteString(w)
		if n += len(w) / 3; c.IntN(12) == 0 {
			out.WriteString("，")
		}
	}
	return out.String()
}

func (c *corpus) document(i int) index.Document {
	site := fmt.Sprintf("s%02d", c.skewed(60))
	return index.Document{
		ID: fmt.Sprintf("%08d", i), Title: c.text(18), Body: c.text(benchRunes - 18), Kind: index.Kinds[c.skewed(len(index.Kinds))],
		Copies: []index.Copy{{
			URL: fmt.Sprintf("http://%s.example.gov.cn/%d.html", site, i), Site: site, Department: "d" + site, Column: fmt.Sprint("栏目", c.skewed(200)),
			Date: index.Date(20100101 + 10000*c.IntN(15) + 100*c.IntN(12) + c.IntN(28)),
		}},
	}
}

// query is n body terms and as many title terms, of a text out of the corpus.
func (c *corpus) query(a index.Analyzer, n int) (q index.Query) {
	made := a.Analyze(&index.Document{Body: c.text(2 * n)})
	for _, t := range made.Body.Terms[:min(n, len(made.Body.Terms))] {
		q.Score = append(q.Score, index.Group{{{Field: index.Body, Text: string(t.Text), Weight: 1}}})
	}
	for _, g := range q.Score {
		q.Score = append(q.Score, index.Group{{{Field: index.Title, Text: g[0][0].Text, Weight: .3}}})
	}
	q.Floor, q.Limit = .5, 10
	return q
}

// A watched context knows the longest time that passed between two looks at it.
type watched struct {
	context.Context
	last time.Time
	most time.Duration
}

func (w *watched) Err() error {
	now := time.Now()
	w.most, w.last = max(w.most, now.Sub(w.last)), now
	return w.Context.Err()
}

func BenchmarkSearch(b *testing.B) {
	a := indextest.Analyzer()
	ix, err := Open(b.TempDir(), a, quiet)
	if err != nil {
		b.Fatal(err)
	}
	defer ix.Close()
	c := newCorpus()
	g, err := ix.Create(b.Context(), index.Fingerprints{})
	for i := 0; err == nil && i < benchDocs; i += 5000 {
		docs := make([]index.Document, 5000)
		for j := range docs {
			docs[j] = c.document(i + j)
		}
		err = g.Put(b.Context(), docs...)
	}
	if err == nil {
		err = ix.Promote(b.Context(), g.Name())
	}
	if err != nil {
		b.Fatal(err)
	}
	queries := make([]index.Query, 200)
	for i := range queries {
		queries[i] = c.query(a, 30)
	}
	for name, change := range map[string]func(*index.Query){
		"plain": func(*index.Query) {},
		"site":  func(q *index.Query) { q.Filter.Values = map[index.Field][]string{index.Site: {"s03"}} },
		"facets": func(q *index.Query) {
			q.Facets = []index.Facet{{Field: index.Site, Size: 20}, {Field: index.Kind, Size: 7}, {Field: index.Year, Size: 20}}
		},
		"browse": func(q *index.Query) {
			*q = index.Query{OnlyAll: true, Sort: index.ByDate, Limit: 10, Filter: index.Filter{Values: map[index.Field][]string{index.Department: {"ds03"}}}}
			for _, f := range index.Keywords {
				q.Facets = append(q.Facets, index.Facet{Field: f, Size: 200})
			}
		},
		"everything": func(q *index.Query) {
			*q = index.Query{OnlyAll: true, Sort: index.ByDate, Limit: 10}
			for _, f := range index.Keywords {
				q.Facets = append(q.Facets, index.Facet{Field: f, Size: 200})
			}
		},
		"date":    func(q *index.Query) { q.Sort = index.ByDate },
		"weights": func(q *index.Query) { q.TitleWeights = map[string]float32{"s03": .5} },
		"top100":  func(q *index.Query) { q.Limit = 100 },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			postings := 0
			ctx := &watched{Context: b.Context()}
			for i := 0; b.Loop(); i++ {
				q := queries[i%len(queries)]
				change(&q)
				ctx.last = time.Now()
				r, err := ix.Search(ctx, q)
				ctx.Err()
				if err != nil {
					b.Fatal(err)
				}
				for _, n := range r.DocFreq {
					postings += n
				}
			}
			b.ReportMetric(float64(postings)/float64(b.N), "postings/op")
			b.ReportMetric(ctx.most.Seconds()*1e3, "ms-deaf") // at most, between two looks at the context
		})
	}
	v, err := g.(*generation).view()
	if err != nil {
		b.Fatal(err)
	}
	defer v.close()
	b.Logf("%d segments, %d MB on disk", len(v.parts), folderSize(g.(*generation).path)>>20)
}
