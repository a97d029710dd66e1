package bluge

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"terrace/index"
	"terrace/index/indextest"
)

func TestZZ(t *testing.T) {
	root := "/work/shared/data/retrieval/"
	var docs []index.Document
	runes := 0
	for _, set := range []string{"statutes", "news", "letters"} {
		b, _ := os.ReadFile(root + set + "/corpus.jsonl")
		for _, l := range strings.Split(string(b), "\n") {
			var x struct{ Id string `json:"_id"`; Title, Text, Reply string }
			if json.Unmarshal([]byte(l), &x) != nil { continue }
			docs = append(docs, index.Document{ID: set + x.Id, Title: x.Title, Body: x.Text + "\n" + x.Reply, Kind: "news", Copies: []index.Copy{{Site: set, Date: index.Date(20200101 + len(docs)%28)}}})
			runes += len(x.Text)/3
		}
	}
	a := indextest.Analyzer()
	ix, _ := Open("/tmp/bluge/real", a, quiet)
	defer ix.Close()
	if gs, _ := ix.Generations(t.Context()); len(gs) == 0 {
		g, _ := ix.Create(t.Context(), index.Fingerprints{})
		at := time.Now()
		must(t, g.Put(t.Context(), docs...))
		must(t, ix.Promote(t.Context(), g.Name()))
		fmt.Println("build", time.Since(at), len(docs), runes/len(docs))
		time.Sleep(20*time.Second)
	}
	v, _ := ix.live.view()
	fmt.Println("segments", len(v.parts), "MB", folderSize(ix.live.path)>>20)
	v.close()
	for _, set := range []string{"statutes/questions", "news/queries"} {
		b, _ := os.ReadFile(root + set + ".jsonl")
		var qs []index.Query
		terms := 0
		for _, l := range strings.Split(string(b), "\n") {
			var x struct{ Text string }
			if json.Unmarshal([]byte(l), &x) != nil || len(qs) == 1000 { continue }
			m := a.Analyze(&index.Document{Body: x.Text})
			q := index.Query{Floor: .5, Limit: 10, Facets: []index.Facet{{Field: index.Site, Size: 5}}}
			for _, t := range m.Body.Terms { q.Score = append(q.Score, index.Group{{{Field: index.Body, Text: string(t.Text), Weight: 1}}}) }
			for _, t := range m.Body.Terms { q.Score = append(q.Score, index.Group{{{Field: index.Title, Text: string(t.Text), Weight: .3}}}) }
			terms += 2*len(m.Body.Terms)
			qs = append(qs, q)
		}
		for range 6 {
			at, post := time.Now(), 0
			for _, q := range qs { r, err := ix.Search(t.Context(), q); must(t, err); for _, n := range r.DocFreq { post += n } }
			fmt.Println(set, "terms", terms/len(qs), "postings", post/len(qs), "per query", time.Since(at)/time.Duration(len(qs)))
		}
	}
}
