package index

import (
	"errors"
	"fmt"
	"slices"
)

// A Query says which documents are asked for and in which order.
//
// Score orders, Match says what is a result; see Floor. Filters, Require and Exclude are sets outside the score.
type Query struct {
	Score        []Group            // what the documents are scored by: the sum of the groups
	TitleWeights map[string]float32 // by site id of the original: what the Title terms of Score are multiplied by, not below zero; absent: 1
	Keys         []string           // documents with one of these keys come before all others, by level, date descending, score, id

	// Match = { score ≥ Floor · s10 } ∪ { holds every phrase of All } ∪ { has one of Keys }, then filtered. s10 is the tenth highest score of all
	// candidates before any filter (0 where there are fewer than ten). A candidate holds at least one term of Score.
	// Where the filters leave nothing of Match, s10 is taken inside the filters and Result.Relaxed is set.
	Floor float32
	All   []Phrase // Text is not looked at: the conjunction of the terms

	Filter  Filter
	Require []Phrase // "quoted": every one holds
	Exclude []Phrase // -excluded: none holds

	Sort    Sort
	OnlyAll bool    // Match is { holds every phrase of All } alone; with an empty All every document matches
	Facets  []Facet // which to count
	Offset  int     // rank of the first hit wanted, from 0
	Limit   int     // how many hits at most; 0 asks for totals and facets alone
}

// MaxRank is the rank beyond which nothing is served: Offset + Limit is at most this.
const MaxRank = 1000

// A Group is the best of its alternatives: a word and its synonyms.
type Group []Alternative

// An Alternative is a weighted sum of terms.
type Alternative []Term

// A Term scores a document by BM25 (k1 1.2; b .75 in Body and .3 in Title) times its idf and Weight. One of Body stands in a document where its body or its attachments
// hold it; see Weighting.
type Term struct {
	Field  Field // Body or Title
	Text   string
	Weight float32 // not below zero
	Prefix bool    // all terms that begin with Text, counted as one term
}

// A Phrase holds in a document where each of Terms stands in Field and the normalised text of the field contains Text.
// The field's text is Document.PhraseText. An empty Text is not checked.
type Phrase struct {
	Field Field
	Terms []string
	Text  string // normalised, without line breaks
}

// A Filter is the set of documents that every user's condition allows.
type Filter struct {
	Values   map[Field][]string // a document must hold one of the values in each field named
	From, To Date               // inclusive days of publication; zero means open. Undated documents drop out where either is set
	Dated    []Phrase           // documents that hold one of these meet From and To whatever their day; Text is not looked at
}

// Sort is the order of the hits. Ties order by id, ascending.
type Sort int

const (
	ByScore Sort = iota // highest first
	ByDate              // latest first, undated last
)

// A Facet asks for the values of a keyword field among the results and how many hold each.
// A document counts where it meets every condition but the filter on Field itself, so that a reader sees what choosing another value would give.
type Facet struct {
	Field Field
	Size  int // at most so many values, most frequent first, ties by value
}

// A Result is the answer to a Query.
type Result struct {
	Total        int  // documents that match
	TotalIsExact bool // false where a phrase had more candidates than are verified
	Relaxed      bool // see Query.Floor
	Hits         []Hit
	Facets       map[Field][]Count
	DocFreq      map[TermKey]int // documents that hold each term of Score
	Documents    int             // in the generation

	AverageLength map[Field]float64 // of Body and Title, tokens a document
}

// TermKey names a term of Score in Result.DocFreq.
type TermKey struct {
	Field Field
	Text  string
}

// A Hit is one document found.
type Hit struct {
	Document Document // as it was put
	Score    float32
	Exact    bool // has one of Query.Keys

	TitleLength int // Analysis.Title.Length
}

// A Count is one value of a facet.
type Count struct {
	Value string
	Count int
}

// ErrQuery is wrapped by errors that say what is wrong with a Query.
var ErrQuery = errors.New("bad query")

// Check reports what a Query asks that no Index answers: a window beyond MaxRank, an unknown field, an empty term.
func (q *Query) Check() error {
	switch {
	case q.Offset < 0 || q.Limit < 0:
		return fmt.Errorf("%w: negative window", ErrQuery)
	case q.Offset+q.Limit > MaxRank:
		return fmt.Errorf("%w: rank %d asked for, %d is the last", ErrQuery, q.Offset+q.Limit, MaxRank)
	}
	for site, w := range q.TitleWeights {
		if !(w >= 0) {
			return fmt.Errorf("%w: title weight %v of site %q", ErrQuery, w, site)
		}
	}
	for _, g := range q.Score {
		for _, a := range g {
			for _, t := range a {
				if t.Text == "" || t.Field != Body && t.Field != Title || !(t.Weight >= 0) {
					return fmt.Errorf("%w: term %q in field %q of weight %v", ErrQuery, t.Text, t.Field, t.Weight)
				}
			}
		}
	}
	for _, ps := range [][]Phrase{q.All, q.Require, q.Exclude, q.Filter.Dated} {
		for _, p := range ps {
			if len(p.Terms) == 0 || slices.Contains(p.Terms, "") || p.Field != Body && p.Field != Title {
				return fmt.Errorf("%w: phrase %q in field %q", ErrQuery, p.Text, p.Field)
			}
		}
	}
	for f := range q.Filter.Values {
		if !slices.Contains(Keywords, f) {
			return fmt.Errorf("%w: filter on unknown field %q", ErrQuery, f)
		}
	}
	if slices.Contains(q.Keys, "") {
		return fmt.Errorf("%w: empty key", ErrQuery)
	}
	for _, f := range q.Facets {
		if !slices.Contains(Keywords, f.Field) {
			return fmt.Errorf("%w: facet of unknown field %q", ErrQuery, f.Field)
		}
	}
	return nil
}

// MaxVerified is how many candidates of Require and Exclude an engine verifies on stored text, best first. Beyond them a required phrase is
// taken to hold, an excluded one not to, and Result.TotalIsExact is false.
const MaxVerified = 2000
