// Package analysis is the scheme of terms that both sides share: which terms a document is indexed by, and which a query asks for.
//
// The scheme is a mix: of every Han run all bigrams, its last character with an end mark, and the dictionary words of three and more
// characters; Latin words and numbers whole; single characters in the title alone.
package analysis

import (
	"sync"
	"sync/atomic"

	"terrace/docno"
	"terrace/index"
	"terrace/segment"
)

// Version names the scheme and the normaliser; a generation made by another is due for a rebuild.
const Version = "mix-3"

// Index gives the engines what they need.
func Index(s *segment.Segmenter) index.Analyzer { return NewScheme(s).Index() }

// A Scheme is the scheme of terms with user words that can be exchanged while documents are indexed: each is cut with those of the moment.
type Scheme struct {
	seg atomic.Pointer[segment.Segmenter]
}

// NewScheme makes a Scheme that cuts with s.
func NewScheme(s *segment.Segmenter) *Scheme {
	c := &Scheme{}
	c.Use(s)
	return c
}

// Use lets the documents that are analysed from now on be cut with s, which must be over the same dictionary as the one before.
func (c *Scheme) Use(s *segment.Segmenter) { c.seg.Store(s) }

// Segmenter is what documents are cut with now.
func (c *Scheme) Segmenter() *segment.Segmenter { return c.seg.Load() }

// Index gives the engines what they need.
func (c *Scheme) Index() index.Analyzer {
	return index.Analyzer{
		Analyze:   func(d *index.Document) index.Analysis { return analyze(c.seg.Load(), d) },
		Normalize: segment.Normalize,
	}
}

func analyze(s *segment.Segmenter, d *index.Document) index.Analysis {
	key := segment.TitleKey(d.Title)
	keys := []string{key}
	if key == "" {
		keys = nil
	}
	for _, n := range docno.Find(segment.Normalize(d.DocNo)) {
		keys = append(keys, n.Key())
	}
	a := index.Analysis{
		Body:      count(s, d.Text(index.Body), false),
		Title:     Title(s, d.Title),
		Keys:      keys,
		TitleForm: segment.TitleForm(key),
	}
	if len(d.Attachments) > 0 {
		a.Attached = count(s, d.Text(index.Attached), false)
	}
	return a
}

// Title gives the terms of a title, as the Title field holds them.
func Title(s *segment.Segmenter, title string) index.TermCounts { return count(s, title, true) }

// indexed tells whether a token is a term of its own.
func indexed(t segment.Token, singles bool) bool {
	switch t.Kind {
	case segment.Word:
		return t.Runes >= 3
	case segment.Single:
		return singles
	}
	return true
}

func count(s *segment.Segmenter, text string, singles bool) index.TermCounts {
	var c index.TermCounts
	at := counters.Get().(map[string]int)
	s.Each(text, func(t segment.Token) {
		if !indexed(t, singles) {
			return
		}
		c.Length++
		if i, ok := at[string(t.Text)]; ok {
			c.Terms[i].Count++
			return
		}
		term := string(t.Text)
		at[term] = len(c.Terms)
		c.Terms = append(c.Terms, index.TermCount{Text: term, Count: 1})
	})
	if len(at) <= largest {
		clear(at)
		counters.Put(at)
	}
	return c
}

// largest is how many terms a map may have held to be used again: to clear it takes as long as it is large.
const largest = 4096

// counters are empty maps that have grown already.
var counters = sync.Pool{New: func() any { return map[string]int{} }}
