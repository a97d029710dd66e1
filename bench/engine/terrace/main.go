// Command terrace is terrace's own index as an engine to measure: package index/bluge below the searcher, without re-ranking and snippets.
package main

import (
	"context"
	"fmt"
	"iter"
	"path/filepath"
	"time"

	"terrace/analysis"
	"terrace/bench/corpus"
	"terrace/bench/engine"
	"terrace/index"
	"terrace/index/bluge"
	"terrace/segment"
)

func main() { engine.Main(&terrace{}) }

type terrace struct {
	seg *segment.Segmenter
	ix  *bluge.Index
}

// Open opens the index, with the dictionary.
func (t *terrace) Open(dir string) error {
	d, err := segment.EmbeddedDictionary()
	if err != nil {
		return err
	}
	t.seg = segment.New(d)
	t.ix, err = bluge.Open(dir, analysis.Index(t.seg), bluge.Options{})
	return err
}

// Close closes the index.
func (t *terrace) Close() error { return t.ix.Close() }

// portion is how many documents are put at a time.
const portion = 8000

// Build puts the documents into a new generation and makes it live.
func (t *terrace) Build(ctx context.Context, dir string, docs iter.Seq2[corpus.Document, error]) error {
	if err := t.Open(dir); err != nil {
		return err
	}
	g, err := t.ix.Create(ctx, index.Fingerprints{})
	if err != nil {
		return err
	}
	var batch []index.Document
	for d, err := range docs {
		if err != nil {
			return err
		}
		day, err := index.ParseDate(d.Date)
		if err != nil {
			return err
		}
		batch = append(batch, index.Document{ID: d.ID, Title: d.Title, Body: d.Text, Copies: []index.Copy{{Site: d.Site, Department: d.Department, Date: day}}})
		if len(batch) == portion {
			if err := g.Put(ctx, batch...); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if err := g.Put(ctx, batch...); err != nil {
		return err
	}
	if err := t.ix.Promote(ctx, g.Name()); err != nil {
		return err
	}
	if err := merged(ctx, filepath.Join(dir, g.Name())); err != nil {
		return err
	}
	return t.Close()
}

// merged waits until a generation's segments are one file, which happens when nobody writes.
func merged(ctx context.Context, folder string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for tick := time.NewTicker(50 * time.Millisecond); ; {
		segments, err := filepath.Glob(filepath.Join(folder, "*.seg"))
		if err != nil || len(segments) == 1 {
			return err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return fmt.Errorf("%d segments are left: %w", len(segments), ctx.Err())
		}
	}
}

// Ask asks what the searcher asks.
func (t *terrace) Ask(ctx context.Context, q corpus.Query, kind engine.Kind) (int, error) {
	terms := analysis.Query(t.seg, q.Text)
	query := index.Query{
		Score: []index.Group{group(terms.Units, index.Body, 1), group(terms.Units, index.Title, .5)},
		Floor: .5,
		Limit: 10,
	}
	for _, w := range terms.Words {
		query.All = append(query.All, index.Phrase{Field: index.Body, Terms: w.Terms})
	}
	switch kind {
	case engine.Site:
		query.Filter.Values = map[index.Field][]string{index.Site: {q.Site}}
	case engine.Facets:
		for _, f := range []index.Field{index.Site, index.Department, index.Year} {
			query.Facets = append(query.Facets, index.Facet{Field: f, Size: 10})
		}
	case engine.Date:
		query.Sort = index.ByDate
	}
	r, err := t.ix.Search(ctx, query)
	if err != nil {
		return 0, fmt.Errorf("search: %w", err)
	}
	return r.Total, nil
}

func group(units []analysis.Unit, f index.Field, share float32) index.Group {
	var a index.Alternative
	for _, u := range units {
		a = append(a, index.Term{Field: f, Text: u.Text, Weight: u.Weight * share, Prefix: u.Prefix})
	}
	return index.Group{a}
}
