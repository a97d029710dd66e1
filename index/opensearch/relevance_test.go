package opensearch

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terrace/analysis"
	"terrace/index"
	"terrace/index/bluge"
	"terrace/query"
	"terrace/segment"
	"terrace/site"
)

// TestRanksAsTheEmbeddedIndex compares the two engines on real questions, whole searches with re-ranking. It takes minutes.
func TestRanksAsTheEmbeddedIndex(t *testing.T) {
	if os.Getenv("TERRACE_RELEVANCE") == "" {
		t.Skip("TERRACE_RELEVANCE is not set")
	}
	data := os.Getenv("TERRACE_DATA")
	if data == "" {
		data = filepath.Join("..", "..", "..", "shared", "data")
	}
	if _, err := os.Stat(filepath.Join(data, "retrieval")); err != nil {
		t.Skip("there is no retrieval data: ", err)
	}
	d, err := segment.EmbeddedDictionary()
	must(t, err)
	seg := segment.New(d)
	registry, err := site.New(site.Cluster{})
	must(t, err)
	for set, questions := range map[string]string{"statutes": "questions.jsonl", "news": "queries.jsonl", "letters": "queries.jsonl"} {
		t.Run(set, func(t *testing.T) {
			dir := filepath.Join(data, "retrieval", set)
			docs := lines[text](t, filepath.Join(dir, "corpus.jsonl"))
			a := analysis.Index(seg)
			embedded, err := bluge.Open(t.TempDir(), a, bluge.Options{})
			must(t, err)
			defer embedded.Close()
			engines := []index.Index{embedded, open(t, t.TempDir(), a, Options{})}
			var searchers []*query.Searcher
			for _, ix := range engines {
				start := time.Now()
				g, err := ix.Create(t.Context(), index.Fingerprints{})
				must(t, err)
				for from := 0; from < len(docs); from += 2000 {
					var batch []index.Document
					for _, d := range docs[from:min(from+2000, len(docs))] {
						batch = append(batch, index.Document{ID: d.ID, Title: d.Title, Body: d.Text, Copies: []index.Copy{{Site: "s"}}})
					}
					must(t, g.Put(t.Context(), batch...))
				}
				must(t, ix.Promote(t.Context(), g.Name()))
				t.Logf("%T: %d documents in %v", ix, len(docs), time.Since(start).Round(time.Millisecond))
				searchers = append(searchers, query.New(ix, seg, registry, query.Options{}))
			}
			compare(t, searchers, sample(lines[text](t, filepath.Join(dir, questions)), 300), relevant(t, dir))
		})
	}
}

// A text is a line of a set: a document or a question.
type text struct {
	ID          string `json:"_id"`
	Title, Text string
}

// compare asks both searchers and holds their first ten against each other and against the judgements.
func compare(t *testing.T, searchers []*query.Searcher, questions []text, gold map[string]map[string]float64) {
	t.Helper()
	var ndcg [2]float64
	var took [2]time.Duration
	shared, shown := 0, 0
	for _, q := range questions {
		asked := []rune(q.Text)
		asked = asked[:min(len(asked), query.MaxText)]
		var first [2][]string
		for i, s := range searchers {
			start := time.Now()
			r, err := s.Search(t.Context(), query.Request{Text: string(asked)})
			must(t, err)
			took[i] += time.Since(start)
			for _, h := range r.Hits {
				first[i] = append(first[i], h.ID)
			}
			ndcg[i] += gain(first[i], gold[q.ID])
		}
		for _, id := range first[0] {
			shown++
			if strings.Contains("\n"+strings.Join(first[1], "\n")+"\n", "\n"+id+"\n") {
				shared++
			}
		}
	}
	n := float64(len(questions))
	overlap := float64(shared) / float64(shown)
	t.Logf("%d questions: nDCG@10 embedded %.4f, opensearch %.4f; top-10 overlap %.2f %%; ms a search: embedded %.1f, opensearch %.1f", len(questions),
		ndcg[0]/n, ndcg[1]/n, 100*overlap, took[0].Seconds()*1e3/n, took[1].Seconds()*1e3/n)
	if math.Abs(ndcg[0]-ndcg[1])/n > .005 || overlap < .95 {
		t.Error("the engines rank differently")
	}
}

// gain is nDCG@10.
func gain(ids []string, gold map[string]float64) float64 {
	var got, ideal float64
	for i, id := range ids[:min(len(ids), 10)] {
		got += gold[id] / math.Log2(float64(i)+2)
	}
	for i := range min(len(gold), 10) { // all judgements are 1
		ideal += 1 / math.Log2(float64(i)+2)
	}
	if ideal == 0 {
		return 0
	}
	return got / ideal
}

func relevant(t *testing.T, dir string) map[string]map[string]float64 {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "qrels.tsv"))
	must(t, err)
	out := map[string]map[string]float64{}
	for line := range strings.Lines(string(b)) {
		part := strings.Fields(line)
		if len(part) != 3 || part[2] == "0" || part[0] == "query-id" {
			continue
		}
		if out[part[0]] == nil {
			out[part[0]] = map[string]float64{}
		}
		out[part[0]][part[1]] = 1
	}
	return out
}

// sample takes about n, evenly spread.
func sample[T any](all []T, n int) (out []T) {
	step := max(1, len(all)/n)
	for i := 0; i < len(all); i += step {
		out = append(out, all[i])
	}
	return out
}

func lines[T any](t *testing.T, path string) (out []T) {
	t.Helper()
	f, err := os.Open(path)
	must(t, err)
	defer f.Close()
	for d := json.NewDecoder(f); d.More(); {
		var v T
		must(t, d.Decode(&v))
		out = append(out, v)
	}
	return out
}
