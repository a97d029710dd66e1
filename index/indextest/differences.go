package indextest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"terrace/index"
)

// Differences says, a line each, in which points two answers to one query differ; none where they agree. Nil and empty are the same, and
// so are a count of 0 and an absent one.
func Differences(want, got *index.Result) []string {
	var out differences
	out.compare("Total", want.Total, got.Total)
	out.compare("TotalIsExact", want.TotalIsExact, got.TotalIsExact)
	out.compare("Relaxed", want.Relaxed, got.Relaxed)
	out.compare("Documents", want.Documents, got.Documents)
	for _, f := range []index.Field{index.Body, index.Title} {
		out.compare("average length of "+string(f), want.AverageLength[f], got.AverageLength[f])
	}
	out.compareHits(want.Hits, got.Hits)
	for _, f := range index.Keywords {
		if !slices.Equal(want.Facets[f], got.Facets[f]) {
			out.add("facet "+string(f), want.Facets[f], got.Facets[f])
		}
	}
	keys := maps.Clone(want.DocFreq)
	if keys == nil {
		keys = map[index.TermKey]int{}
	}
	maps.Copy(keys, got.DocFreq)
	for key := range keys {
		out.compare(fmt.Sprintf("DocFreq of %s:%q", key.Field, key.Text), want.DocFreq[key], got.DocFreq[key])
	}
	slices.Sort(out)
	return out
}

// statistics leaves of an answer what no Floor changes.
func statistics(r *index.Result) *index.Result {
	return &index.Result{TotalIsExact: r.TotalIsExact, DocFreq: r.DocFreq, Documents: r.Documents, AverageLength: r.AverageLength}
}

type differences []string

func (d *differences) add(what string, want, got any) {
	*d = append(*d, fmt.Sprintf("%s: want %v, got %v", what, want, got))
}

func (d *differences) compare(what string, want, got any) {
	if want != got {
		d.add(what, want, got)
	}
}

func (d *differences) compareHits(want, got []index.Hit) {
	d.compare("number of hits", len(want), len(got))
	for i := range min(len(want), len(got)) {
		w, g := want[i], got[i]
		at := fmt.Sprintf("hit %d", i)
		d.compare(at+" id", w.Document.ID, g.Document.ID)
		if math.Float32bits(w.Score) != math.Float32bits(g.Score) {
			d.add(at+" score", w.Score, g.Score)
		}
		d.compare(at+" exact", w.Exact, g.Exact)
		d.compare(at+" title length", w.TitleLength, g.TitleLength)
		if w.Document.ID == g.Document.ID && !sameDocument(w.Document, g.Document) {
			d.add(at+" document", fmt.Sprintf("%+v", w.Document), fmt.Sprintf("%+v", g.Document))
		}
	}
}

func sameDocument(a, b index.Document) bool {
	copies := slices.Equal(a.Copies, b.Copies)
	a.Copies, b.Copies = nil, nil
	return copies && fmt.Sprintf("%#v", a) == fmt.Sprintf("%#v", b)
}

func renderResult(r *index.Result) string {
	if r == nil {
		return "nothing"
	}
	var hits []string
	for _, h := range r.Hits {
		exact := ""
		if h.Exact {
			exact = " exact"
		}
		hits = append(hits, fmt.Sprintf("%s %v%s", h.Document.ID, h.Score, exact))
	}
	return fmt.Sprintf("total %d of %d, relaxed %v, exact total %v, hits [%s], facets %v, docfreq %v",
		r.Total, r.Documents, r.Relaxed, r.TotalIsExact, strings.Join(hits, ", "), r.Facets, r.DocFreq)
}

func renderList(lines []string) string { return "  " + strings.Join(lines, "\n  ") }
