package indextest

import (
	"context"
	"fmt"
	"math"
	"strings"

	"terrace/index"
)

// loans are ten documents that say loan once and one that says it among much else.
func loans() []index.Document {
	var docs []index.Document
	for i := range 10 {
		docs = append(docs, doc(fmt.Sprintf("n%d", i), "", "loan"))
	}
	return append(docs, at(doc("weak", "", "loan "+strings.Repeat("school ", 200)), index.Copy{Site: "t"}))
}

var matchPromises = []promise{
	{"a word that stands nowhere finds nothing", func(l *lab) {
		l.serve(doc("a", "", "loan"))
		r := l.search(find("school"))
		l.same("result", []any{r.Total, r.TotalIsExact, len(r.Hits), r.DocFreq[index.TermKey{Field: index.Body, Text: "school"}]}, []any{0, true, 0, 0})
	}},
	{"what holds more of the words comes first", func(l *lab) {
		l.serve(doc("a", "", "loan"), doc("b", "", "loan school"), doc("c", "", "park"))
		l.finds(find("loan", "school"), "b a")
	}},
	{"a rare word is worth more than a common one", func(l *lab) {
		l.serve(doc("a", "", "loan"), doc("b", "", "loan"), doc("c", "", "school"))
		l.finds(find("loan", "school"), "c a b")
	}},
	{"scores are those of Weighting, to the last bit", func(l *lab) {
		l.serve(doc("a", "loan", "loan school"), doc("b", "", "park"))
		q := find("loan")
		q.Score[0][0] = append(q.Score[0][0], index.Term{Field: index.Title, Text: "loan", Weight: .5})
		// the body's text is title, document number and body: loan loan school, and park
		body := index.NewWeighting(index.Body, 1, 1, 2, 2).Add(2, 3)
		title := index.NewWeighting(index.Title, .5, 1, 2, .5).Add(1, 1)
		l.same("score", l.search(q).Hits[0].Score, body+title)
	}},
	{"a word of an attachment finds its document, below those whose body says it", func(l *lab) {
		l.serve(doc("a", "", "school loan"), attached(doc("b", "", "school"), "park", "loan"), attached(doc("c", "", "school"), "park"), doc("d", "", "school"))
		l.finds(find("loan"), "a b")
		r := l.search(find("loan"))
		l.same("documents that hold it", r.DocFreq[index.TermKey{Field: index.Body, Text: "loan"}], 2)
		// the attachments of b and c hold 2 and 1 tokens
		w, share := index.NewWeighting(index.Body, 1, 2, 4, 1.25), index.NewSaturation(index.Attached, 1.5)
		l.same("scores", []float32{r.Hits[0].Score, r.Hits[1].Score}, []float32{w.Add(1, 2), w.Times(index.WithAttached(0, share.Of(1, 2)))})
	}},
	{"an attachment's name is searched with what it says", func(l *lab) {
		d := doc("a", "", "school")
		d.Attachments = []index.Attachment{{Name: "loan form"}}
		l.serve(d)
		l.finds(find("loan"), "a")
	}},
	{"what an attachment repeats is worth no more", func(l *lab) {
		l.serve(attached(doc("a", "", "loan"), "loan loan"), doc("b", "", "loan"))
		hits := l.search(find("loan")).Hits
		l.same("scores", hits[0].Score, hits[1].Score)
	}},
	{"a prefix and a phrase hold in an attachment, and no phrase over its edge", func(l *lab) {
		l.serve(attached(doc("a", "", "school"), "house loan"), attached(doc("b", "", "house"), "loan"))
		q := find("lo")
		q.All, q.Score[0][0][0].Prefix = nil, true
		l.finds(q, "b a")
		q = find("loan")
		q.Require = []index.Phrase{{Field: index.Body, Terms: []string{"house", "loan"}, Text: "house loan"}}
		l.finds(q, "a")
		q.Require, q.Exclude = nil, q.Require
		l.finds(q, "b")
	}},
	{"an attachment's words are none of the title's", func(l *lab) {
		l.serve(attached(doc("a", "school", ""), "loan"))
		l.finds(index.Query{Score: []index.Group{{{{Field: index.Title, Text: "loan", Weight: 1}}}}, Limit: 10}, "")
	}},
	{"statistics leave out what was deleted or replaced", func(l *lab) {
		l.serve(doc("a", "", "loan"), doc("b", "", "loan loan loan"), doc("c", "", "loan"))
		l.put(doc("b", "town", "school"))
		l.must(l.live.Delete(l.Context(), "c"))
		r := l.search(find("loan"))
		l.same("statistics", []any{r.Documents, r.DocFreq[index.TermKey{Field: index.Body, Text: "loan"}], r.AverageLength},
			[]any{2, 1, map[index.Field]float64{index.Body: 1.5, index.Title: .5}})
	}},
	{"a group scores its best alternative", func(l *lab) {
		l.serve(doc("a", "", "loan school"), doc("b", "", "loan"), doc("c", "", "park"))
		both := find("loan")
		both.Score[0] = append(both.Score[0], index.Alternative{{Field: index.Body, Text: "school", Weight: 1}})
		best := l.search(find("school")).Hits[0].Score
		if got := l.search(both).Hits[0].Score; got != best {
			l.Errorf("score %v, the best alternative alone %v", got, best)
		}
	}},
	{"a prefix is one term", func(l *lab) {
		l.serve(doc("a", "", "loan loans"), doc("b", "", "lone"), doc("c", "", "school"))
		q := find("lo")
		q.All, q.Score[0][0][0].Prefix = nil, true
		l.finds(q, "a b")
		l.same("document frequency", l.search(q).DocFreq[index.TermKey{Field: index.Body, Text: "lo"}], 2)
	}},
	{"a title weighs what its site's titles weigh", func(l *lab) {
		l.serve(at(doc("a", "loan", ""), index.Copy{Site: "s"}, index.Copy{Site: "u"}), at(doc("b", "loan", ""), index.Copy{Site: "t"}))
		q := index.Query{Score: []index.Group{{{{Field: index.Title, Text: "loan", Weight: 1}}}}, Limit: 10}
		plain := l.search(q).Hits[0].Score
		q.TitleWeights = map[string]float32{"s": .5, "u": 9}
		hits := l.search(q).Hits
		l.same("hits", []any{hits[0].Document.ID, hits[0].Score, hits[1].Score}, []any{"b", plain, plain * .5})
	}},
	{"a result scores at least Floor of the tenth", func(l *lab) {
		l.serve(loans()...)
		q := find("loan")
		q.All, q.Floor = nil, .9
		l.finds(q, "n0 n1 n2 n3 n4 n5 n6 n7 n8 n9")
		q.Floor = .01
		l.finds(q, "n0 n1 n2 n3 n4 n5 n6 n7 n8 n9 weak")
	}},
	{"a result below Floor holds every phrase of All", func(l *lab) {
		l.serve(loans()...)
		q := find("loan", "school")
		q.Score, q.Floor = q.Score[:1], .9
		l.finds(q, "n0 n1 n2 n3 n4 n5 n6 n7 n8 n9 weak")
	}},
	{"fewer than ten candidates have no floor", func(l *lab) {
		l.serve(loans()[2:]...)
		q := find("loan")
		q.All, q.Floor = nil, .9
		l.finds(q, "n2 n3 n4 n5 n6 n7 n8 n9 weak")
	}},
	{"conditions that leave nothing take the floor inside them", func(l *lab) {
		l.serve(loans()...)
		q := find("loan")
		q.All, q.Floor = nil, .9
		inside := where(q, index.Site, "t")
		l.finds(inside, "weak")
		l.same("relaxed", []bool{l.search(q).Relaxed, l.search(inside).Relaxed}, []bool{false, true})
	}},
	{"OnlyAll leaves out what lacks a phrase", func(l *lab) {
		l.serve(doc("a", "", "loan"), doc("b", "", "loan school"))
		q := find("loan", "school")
		q.OnlyAll = true
		l.finds(q, "b")
	}},
	{"OnlyAll without a phrase admits every document", func(l *lab) {
		l.serve(dated(doc("a", "", "loan"), 20240101), doc("b", "", ""), dated(doc("c", "", "school"), 20240102))
		q := index.Query{OnlyAll: true, Sort: index.ByDate, Limit: 10}
		l.finds(q, "c a b")
		q.Filter.From = 20240101
		l.finds(q, "c a")
	}},
	{"an exact title is a result and comes first", func(l *lab) {
		l.serve(doc("a", "town", "loan loan loan"), doc("b", "Loan, school!", "park"), doc("c", "loan school park", ""))
		q := find("town")
		q.Keys = []string{"loanschool"}
		l.finds(q, "b a")
		hits := l.search(q).Hits
		l.same("exact", []bool{hits[0].Exact, hits[1].Exact}, []bool{true, false})
	}},
	{"equal titles come by level, then the latest, then by score, then by id", func(l *lab) {
		titled := func(id, body string, level int, day index.Date) index.Document {
			d := dated(doc(id, "loan", body), day)
			d.Level = level
			return d
		}
		l.serve(titled("e", "", 2, 20250101), titled("d", "", 0, 20230101), titled("c", "loan loan", 0, 20230101), titled("b", "", 0, 20240101),
			titled("a", "", 0, 20230101))
		q := find("loan")
		q.Keys = []string{"loan"}
		l.finds(q, "b c a d e")
	}},
	{"a page of hits begins at Offset", func(l *lab) {
		l.serve(loans()...)
		q := find("loan")
		for _, c := range []struct {
			offset, limit int
			want          string
		}{{0, 3, "n0 n1 n2"}, {9, 5, "n9 weak"}, {11, 5, ""}, {990, 10, ""}, {0, 0, ""}} {
			q.Offset, q.Limit = c.offset, c.limit
			r := l.search(q)
			l.same(fmt.Sprintf("hits from %d", c.offset), []any{idsOf(r), r.Total}, []any{c.want, 11})
		}
	}},
	{"a query that no index answers is refused with the reason", func(l *lab) {
		l.serve(doc("a", "", "loan"))
		for name, change := range map[string]func(*index.Query){
			"a negative offset":     func(q *index.Query) { q.Offset = -1 },
			"a negative limit":      func(q *index.Query) { q.Limit = -1 },
			"beyond the last rank":  func(q *index.Query) { q.Offset = index.MaxRank },
			"an empty term":         func(q *index.Query) { q.Score[0][0][0].Text = "" },
			"a weight below zero":   func(q *index.Query) { q.Score[0][0][0].Weight = -1 },
			"a title weight of NaN": func(q *index.Query) { q.TitleWeights = map[string]float32{"s": float32(math.NaN())} },
			"an empty key":          func(q *index.Query) { q.Keys = []string{""} },
			"a term of a keyword":   func(q *index.Query) { q.Score[0][0][0].Field = index.Site },
			"a phrase of no terms":  func(q *index.Query) { q.Require = []index.Phrase{{Field: index.Body}} },
			"a filter on text":      func(q *index.Query) { q.Filter.Values = map[index.Field][]string{index.Body: {"x"}} },
			"a facet of no keyword": func(q *index.Query) { q.Facets = []index.Facet{{Field: "colour", Size: 1}} },
		} {
			q := find("loan")
			change(&q)
			_, err := l.ix.Search(l.Context(), q)
			l.fails(name, err, index.ErrQuery)
		}
	}},
	{"a search ends with its context", func(l *lab) {
		l.serve(doc("a", "", "loan"))
		ctx, cancel := context.WithCancel(l.Context())
		cancel()
		_, err := l.ix.Search(ctx, find("loan"))
		l.fails("search", err, context.Canceled)
	}},
	{"a query of a thousand terms, one of them of ten kilobytes, is answered", func(l *lab) {
		l.serve(doc("a", "", "w999"))
		words := []string{strings.Repeat("x", 10_000)}
		for i := range 1000 {
			words = append(words, fmt.Sprint("w", i))
		}
		l.finds(find(words...), "a")
	}},
}

var phrasePromises = []promise{
	{"a required phrase stands in the text as it is written", func(l *lab) {
		l.serve(doc("a", "", "home loan office"), doc("b", "", "office of the home loan"), doc("c", "", "loan home office"))
		q := find("loan")
		q.Require = []index.Phrase{{Field: index.Body, Terms: []string{"home", "loan"}, Text: "home loan"}}
		l.finds(q, "a b")
	}},
	{"every required phrase holds", func(l *lab) {
		l.serve(doc("a", "", "home loan"), doc("b", "", "home loan office"))
		q := find("loan")
		q.Require = []index.Phrase{
			{Field: index.Body, Terms: []string{"home"}, Text: "home loan"}, {Field: index.Body, Terms: []string{"office"}, Text: "office"},
		}
		l.finds(q, "b")
	}},
	{"a phrase of the title stands in the title", func(l *lab) {
		l.serve(doc("a", "home loan", ""), doc("b", "office", "home loan"))
		q := find("loan")
		q.Require = []index.Phrase{{Field: index.Title, Terms: []string{"home"}, Text: "home loan"}}
		l.finds(q, "a")
	}},
	{"an excluded phrase takes out what holds it, not what holds its terms", func(l *lab) {
		l.serve(doc("a", "", "home loan"), doc("b", "", "loan home"), doc("c", "", "loan"))
		q := find("loan")
		q.Exclude = []index.Phrase{{Field: index.Body, Terms: []string{"home", "loan"}, Text: "home loan"}}
		l.finds(q, "c b")
	}},
	{"phrases are compared in normalised form", func(l *lab) {
		l.serve(doc("a", "", "Home LOAN"))
		q := find("loan")
		q.Require = []index.Phrase{{Field: index.Body, Terms: []string{"home"}, Text: "home loan"}}
		l.finds(q, "a")
	}},
	{"a phrase without text is the conjunction of its terms", func(l *lab) {
		l.serve(doc("a", "", "loan of a home"), doc("b", "", "loan"))
		q := find("loan")
		q.Require = []index.Phrase{{Field: index.Body, Terms: []string{"home", "loan"}}}
		l.finds(q, "a")
	}},
	{"a phrase stands across Chinese words", func(l *lab) {
		l.serve(doc("a", "", "住房公积金提取指南"), doc("b", "", "住房提取公积金指南"))
		q := find("公积")
		q.Require = []index.Phrase{{Field: index.Body, Terms: []string{"公积", "金提"}, Text: "公积金提取"}}
		l.finds(q, "a")
	}},
}
