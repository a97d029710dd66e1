// Package index says what can be searched: the Document, the Query, the Result, and the Index that holds documents in generations.
//
// The write side puts Documents, the read side asks Queries, and they meet only here. Every engine keeps the same promises;
// package indextest is the list of them, as tests.
package index

import (
	"context"
	"errors"
	"time"
)

// An Index keeps documents in generations. One is live and answers every search.
type Index interface {
	// Search asks the live generation. It fails with ErrNoGeneration before the first Promote.
	Search(ctx context.Context, q Query) (*Result, error)
	// Each calls f with every document of the live generation, in no order, until one returns an error, which it gives back. What is put or deleted
	// meanwhile may or may not be seen. ErrNoGeneration before the first Promote.
	Each(ctx context.Context, f func(*Document) error) error
	// Generations lists what is kept, oldest first.
	Generations(ctx context.Context) ([]Info, error)
	// Open returns a generation by name: the live one, one being built, or one kept for rollback. ErrNoGeneration where there is none.
	Open(ctx context.Context, name string) (Generation, error)
	// Create makes a generation, new and empty, beside the live one.
	Create(ctx context.Context, made Fingerprints) (Generation, error)
	// Promote makes a generation live, atomically for searches and for a crash. The one it replaces is kept; older ones are dropped
	// once no search reads them. Promoting the live one does nothing.
	Promote(ctx context.Context, name string) error
}

// A Generation is one complete body of documents. Its methods may be called from several goroutines.
type Generation interface {
	Name() string
	// Put adds documents or replaces those with the same id; of equal ids in one call the last wins. Durable and visible on return.
	// ErrTooLarge, and nothing is put, where a document has more text than CheckSizes allows.
	// After an error the state is unknown: repeat.
	Put(ctx context.Context, docs ...Document) error
	// Delete removes the documents with the given ids. An id that is not there is ignored. Durable and visible on return.
	Delete(ctx context.Context, ids ...string) error
	// Search asks this generation, to check it before it goes live.
	Search(ctx context.Context, q Query) (*Result, error)
	// Drop removes the generation and its files; searches that read it finish first. ErrLive for the live one.
	Drop(ctx context.Context) error
}

// Info describes a generation.
type Info struct {
	Name      string
	Live      bool
	Documents int
	Bytes     int64 // on disk; 0 where the engine does not say
	Made      Fingerprints
	Created   time.Time
	Err       error               // why it cannot be read: ErrFormat or ErrDamaged; then Documents and Sites are not known
	Sites     map[string]SiteInfo // by site id of the original; "" for documents of no site
}

// SiteInfo counts a site's documents in a generation.
type SiteInfo struct {
	Documents  int // by the original's site
	TitleForms int // distinct Analysis.TitleForm among the documents that have one
}

// Fingerprints say what a generation was made with. A generation whose fingerprints differ from the program's is due for a rebuild.
type Fingerprints struct {
	Extractor  string `json:"extractor"`
	Analyzer   string `json:"analyzer"` // normaliser and term scheme
	Dictionary string `json:"dictionary"`
	Registry   string `json:"registry"` // sites, departments, places
}

var (
	ErrNoGeneration = errors.New("no such index generation")
	ErrLive         = errors.New("generation is live")
	ErrClosed       = errors.New("index is closed")
	ErrTooLarge     = errors.New("document too large")
	// ErrUnavailable is returned by an engine on other machines that do not answer, or refuse for want of capacity, until patience or the
	// deadline ends.
	ErrUnavailable = errors.New("index is not available")

	// ErrFormat is returned for a generation that another version of this program wrote in another format. It is due for a rebuild.
	ErrFormat = errors.New("index generation of another format")
	// ErrDamaged is returned for a generation whose files cannot be read. It is due for a rebuild.
	ErrDamaged = errors.New("index generation is damaged")
)
