package indextest

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"terrace/index"
)

// Open opens the index kept in dir, which is empty the first time. Its close function releases it, so that the same dir can be opened
// again, and may be called twice.
type Open func(t *testing.T, dir string, a index.Analyzer) (ix index.Index, close func() error)

// Run checks every promise of index.Index against an engine, each in a directory of its own.
func Run(t *testing.T, open Open) {
	for _, part := range []struct {
		name     string
		promises []promise
	}{
		{"documents", documentPromises}, {"match", matchPromises}, {"phrases", phrasePromises}, {"conditions", conditionPromises},
		{"generations", generationPromises}, {"together", togetherPromises},
	} {
		t.Run(part.name, func(t *testing.T) {
			for _, p := range part.promises {
				t.Run(p.name, func(t *testing.T) {
					l := &lab{T: t, open: open, dir: t.TempDir()}
					l.reopen()
					p.check(l)
				})
			}
		})
	}
}

// A promise is one sentence of the contract and how it is checked.
type promise struct {
	name  string
	check func(*lab)
}

// A lab is an index under test and its live generation.
type lab struct {
	*testing.T
	open  Open
	dir   string
	ix    index.Index
	close func() error
	live  index.Generation
}

// reopen closes the index, if it is open, and opens its directory again.
func (l *lab) reopen() {
	l.Helper()
	if l.close != nil {
		l.must(l.close())
	}
	l.ix, l.close = l.open(l.T, l.dir, Analyzer())
	if l.live != nil {
		g, err := l.ix.Open(l.Context(), l.live.Name())
		l.must(err)
		l.live = g
	}
}

// serve makes a generation of documents and promotes it.
func (l *lab) serve(docs ...index.Document) index.Generation {
	l.Helper()
	g := l.build(docs...)
	l.must(l.ix.Promote(l.Context(), g.Name()))
	l.live = g
	return g
}

// build makes a generation of documents.
func (l *lab) build(docs ...index.Document) index.Generation {
	l.Helper()
	g, err := l.ix.Create(l.Context(), index.Fingerprints{})
	l.must(err)
	l.must(g.Put(l.Context(), docs...))
	return g
}

func (l *lab) put(docs ...index.Document) {
	l.Helper()
	l.must(l.live.Put(l.Context(), docs...))
}

func (l *lab) search(q index.Query) *index.Result {
	l.Helper()
	r, err := l.ix.Search(l.Context(), q)
	l.must(err)
	return r
}

// finds demands the ids of the hits, in order, as "a b c", and as many results.
func (l *lab) finds(q index.Query, want string) {
	l.Helper()
	r := l.search(q)
	if got := idsOf(r); got != want || r.Total != len(strings.Fields(want)) || !r.TotalIsExact {
		l.Errorf("found %q of %d (exact: %v), want %q", got, r.Total, r.TotalIsExact, want)
	}
}

func idsOf(r *index.Result) string {
	var ids []string
	for _, h := range r.Hits {
		ids = append(ids, h.Document.ID)
	}
	return strings.Join(ids, " ")
}

// counts demands a facet's values as "a:2 b:1".
func (l *lab) counts(q index.Query, f index.Field, want string) {
	l.Helper()
	var got []string
	for _, c := range l.search(q).Facets[f] {
		got = append(got, fmt.Sprintf("%s:%d", c.Value, c.Count))
	}
	if strings.Join(got, " ") != want {
		l.Errorf("facet %s is %q, want %q", f, got, want)
	}
}

// documents demands how many the live generation holds.
func (l *lab) documents(want int) {
	l.Helper()
	info, err := liveInfo(l.Context(), l.ix)
	l.must(err)
	if info.Documents != want {
		l.Errorf("%d documents, want %d", info.Documents, want)
	}
}

func (l *lab) same(what string, got, want any) {
	l.Helper()
	if !reflect.DeepEqual(got, want) {
		l.Errorf("%s: %+v, want %+v", what, got, want)
	}
}

func (l *lab) must(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

func (l *lab) fails(what string, err, want error) {
	l.Helper()
	if !errors.Is(err, want) {
		l.Errorf("%s: %v, want %v", what, err, want)
	}
}

// doc is a document of one copy at site s.
func doc(id, title, body string) index.Document {
	return index.Document{ID: id, Title: title, Body: body, Copies: []index.Copy{{Site: "s"}}}
}

// dated is a document whose original is of a day.
func dated(d index.Document, day index.Date) index.Document {
	d.Copies = slices.Clone(d.Copies)
	d.Copies[0].Date = day
	return d
}

// at is a document published at places.
func at(d index.Document, copies ...index.Copy) index.Document {
	d.Copies = copies
	return d
}

// attached is a document with attachments that say texts.
func attached(d index.Document, texts ...string) index.Document {
	for _, t := range texts {
		d.Attachments = append(d.Attachments, index.Attachment{Text: t})
	}
	return d
}

// find asks for documents that hold any of the words, best first; each word is one term of the body.
func find(words ...string) index.Query {
	q := index.Query{Limit: 100}
	for _, w := range words {
		q.Score = append(q.Score, index.Group{{{Field: index.Body, Text: w, Weight: 1}}})
		q.All = append(q.All, index.Phrase{Field: index.Body, Terms: []string{w}})
	}
	return q
}

func where(q index.Query, f index.Field, values ...string) index.Query {
	filters := map[index.Field][]string{f: values}
	for k, v := range q.Filter.Values {
		if k != f {
			filters[k] = v
		}
	}
	q.Filter.Values = filters
	return q
}

func counting(q index.Query, f index.Field, size int) index.Query {
	q.Facets = append(slices.Clone(q.Facets), index.Facet{Field: f, Size: size})
	return q
}
