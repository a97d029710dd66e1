// Command peer is bleve as an engine to measure, with the same terms as terrace's own index. It is a module of its own, so that the product
// does not depend on bleve.
package main

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/index/scorch/mergeplan"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"
	"github.com/blevesearch/bleve/v2/search/query"

	terms "terrace/analysis"
	"terrace/bench/corpus"
	"terrace/bench/engine"
	"terrace/index"
	"terrace/segment"
)

func main() { engine.Main(&peer{}) }

type peer struct {
	seg *segment.Segmenter
	ix  bleve.Index
}

// analyzer gives bleve the terms of package analysis, each as often as it stands in the text and at a place of its own.
type analyzer struct {
	analyze func(*index.Document) index.Analysis
	title   bool
}

// Analyze makes the terms of a title, or of a document's text.
func (a analyzer) Analyze(text []byte) (out analysis.TokenStream) {
	d := index.Document{Body: string(text)}
	if a.title {
		d = index.Document{Title: string(text)}
	}
	found := a.analyze(&d)
	counts := found.Body
	if a.title {
		counts = found.Title
	}
	for _, t := range counts.Terms {
		for range t.Count {
			out = append(out, &analysis.Token{Term: []byte(t.Text), Position: len(out) + 1, Start: 0, End: len(t.Text)})
		}
	}
	return out
}

// register makes the dictionary and the analyzers known. Bleve asks for analyzers by name.
func (p *peer) register() error {
	d, err := segment.EmbeddedDictionary()
	if err != nil {
		return err
	}
	p.seg = segment.New(d)
	analyze := terms.Index(p.seg).Analyze
	for _, field := range []index.Field{index.Body, index.Title} {
		a := analyzer{analyze, field == index.Title}
		err := registry.RegisterAnalyzer(string(field), func(map[string]any, *registry.Cache) (analysis.Analyzer, error) { return a, nil })
		if err != nil {
			return err
		}
	}
	return nil
}

func scheme() mapping.IndexMapping {
	text := func(f index.Field) *mapping.FieldMapping {
		m := bleve.NewTextFieldMapping()
		m.Analyzer, m.Store, m.IncludeTermVectors, m.IncludeInAll, m.DocValues = string(f), false, false, false, false
		return m
	}
	stored := bleve.NewTextFieldMapping()
	stored.Name, stored.Index, stored.Store, stored.IncludeInAll, stored.DocValues = "text", false, true, false, false
	word := func() *mapping.FieldMapping {
		m := bleve.NewKeywordFieldMapping()
		m.Store, m.IncludeTermVectors, m.IncludeInAll = false, false, false
		return m
	}
	day := bleve.NewDateTimeFieldMapping()
	day.Store, day.IncludeInAll = false, false
	d := bleve.NewDocumentStaticMapping()
	d.AddFieldMappingsAt("body", text(index.Body))
	d.AddFieldMappingsAt("title", text(index.Title))
	d.AddFieldMappingsAt("text", stored)
	for _, f := range []string{"site", "department", "year"} {
		d.AddFieldMappingsAt(f, word())
	}
	d.AddFieldMappingsAt("date", day)
	m := bleve.NewIndexMapping()
	m.DefaultMapping = d
	m.ScoringModel = "bm25"
	return m
}

// portion is how many documents a batch has.
const portion = 500

// Build indexes the documents and merges the segments.
func (p *peer) Build(ctx context.Context, dir string, docs iter.Seq2[corpus.Document, error]) (err error) {
	if err := p.register(); err != nil {
		return err
	}
	if p.ix, err = bleve.New(dir+"/bleve", scheme()); err != nil {
		return err
	}
	b := p.ix.NewBatch()
	for d, err := range docs {
		if err != nil {
			return err
		}
		day, err := time.Parse(time.DateOnly, d.Date)
		if err != nil {
			return err
		}
		whole := index.Document{Title: d.Title, Body: d.Text}
		err = b.Index(d.ID, map[string]any{
			"title": d.Title, "body": whole.Text(index.Body), "text": d.Title + "\n" + d.Text,
			"site": d.Site, "department": d.Department, "year": d.Year(), "date": day,
		})
		if err != nil {
			return err
		}
		if b.Size() == portion {
			if err := p.ix.Batch(b); err != nil {
				return err
			}
			b = p.ix.NewBatch()
		}
	}
	if err := p.ix.Batch(b); err != nil {
		return err
	}
	return p.merge(ctx)
}

// merge leaves as few segments as terrace does.
func (p *peer) merge(ctx context.Context) error {
	inner, err := p.ix.Advanced()
	if err != nil {
		return err
	}
	if err := inner.(*scorch.Scorch).ForceMerge(ctx, &mergeplan.SingleSegmentMergePlanOptions); err != nil {
		return fmt.Errorf("merge: %w", err)
	}
	return p.Close()
}

// Open opens the index, with the dictionary.
func (p *peer) Open(dir string) (err error) {
	if err := p.register(); err != nil {
		return err
	}
	p.ix, err = bleve.Open(dir + "/bleve")
	return err
}

// Close closes the index.
func (p *peer) Close() error { return p.ix.Close() }

// Ask asks for any of the query's units, in the text and with half the weight in the title.
func (p *peer) Ask(ctx context.Context, q corpus.Query, kind engine.Kind) (int, error) {
	var any []query.Query
	for _, u := range terms.Query(p.seg, q.Text).Units {
		any = append(any, unit(u, "body", 1), unit(u, "title", .5))
	}
	var ask query.Query = bleve.NewDisjunctionQuery(any...)
	if kind == engine.Site {
		site := bleve.NewTermQuery(q.Site)
		site.SetField("site")
		boolean := bleve.NewBooleanQuery()
		boolean.AddMust(ask)
		boolean.AddFilter(site)
		ask = boolean
	}
	r := bleve.NewSearchRequest(ask)
	r.Fields = []string{"text"}
	switch kind {
	case engine.Facets:
		for _, f := range []string{"site", "department", "year"} {
			r.AddFacet(f, bleve.NewFacetRequest(f, 10))
		}
	case engine.Date:
		r.SortBy([]string{"-date", "_id"})
	}
	found, err := p.ix.SearchInContext(ctx, r)
	if err != nil {
		return 0, err
	}
	return int(found.Total), nil
}

func unit(u terms.Unit, field string, share float64) query.Query {
	if u.Prefix {
		q := bleve.NewPrefixQuery(u.Text)
		q.SetField(field)
		q.SetBoost(float64(u.Weight) * share)
		return q
	}
	q := bleve.NewTermQuery(u.Text)
	q.SetField(field)
	q.SetBoost(float64(u.Weight) * share)
	return q
}
