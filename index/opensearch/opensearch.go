// Package opensearch keeps an index.Index on an OpenSearch cluster, 2.19 or newer.
//
// Each generation is an index of its own with a versioned mapping, and an alias names the live one. The terms that index.Analyzer makes are
// stored as they are; the cluster finds candidates by its own BM25, whose field lengths are rounded to a byte, and filters, counts and sorts
// them. Here the best of them are scored again exactly as package index defines it, from their stored text. So:
//
//   - filters, facets, dates, phrases, All, Keys, document frequencies and lengths are exact;
//   - which documents reach Query.Floor is exact where at most 100 documents hold a term of Score, and so are scores and order where at
//     most 100 documents are found;
//   - where there are more, the scores of the first 30 are exact. The cluster's own, in the measure of the exact ones, order the rest and
//     decide which documents reach Query.Floor; they are off by a few hundredths of themselves;
//   - a facet of a field with more than a thousand values counts what each shard thinks is frequent.
//
// What Put and Delete have acknowledged is on disk on every copy of a shard that is in sync. Several processes may use one cluster; a
// generation has one writer for each document at a time.
package opensearch

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"time"

	"terrace/index"
)

// Options for Open. All but URL may be zero.
type Options struct {
	URL      string // of the cluster; several nodes parted by commas: any of them may fail
	User     string
	Password string
	CA       []byte // PEM certificates to trust in place of the system's

	Name     string // tells the indices of several programs on one cluster apart: lower case letters, digits, _; "": main
	Shards   int    // of a new generation; 0: 1
	Replicas *int   // of a new generation; nil: 1 where the cluster has another data node, else 0

	SearchTimeout time.Duration // of a search whose context has no earlier deadline; 0: 10 s
	WriteTimeout  time.Duration // how long a write is tried again while the cluster cannot take it; 0: 2 min

	Log *slog.Logger // what was tried again or cut; nil: slog.Default

	small int // up to so many candidates are all scored here; 0: 100, below 0: none
	exact int // of more, so many are scored here; 0: 30
}

// An Index is an index.Index on a cluster. Its methods may be called from several goroutines.
type Index struct {
	client   *client
	analyzer index.Analyzer
	options  Options
	prefix   string // of the names of its indices
	alias    string // of the live one
	bulks    chan struct{}

	changing sync.Mutex // held by Create, Promote and Drop, one after the other

	mu          sync.RWMutex // guards what follows; not held while waiting
	generations map[string]*generation
	live        string
	liveUntil   time.Time // when live is looked up again, for another process may promote
	closed      bool
}

var validName = regexp.MustCompile(`^[a-z0-9_]{1,64}$`)

// Open connects to a cluster. It fails where the cluster does not answer or does not accept the user. It changes nothing.
func Open(ctx context.Context, o Options, a index.Analyzer) (*Index, error) {
	o = o.complete()
	if !validName.MatchString(o.Name) {
		return nil, fmt.Errorf("open index on opensearch: name %q: lower case letters, digits and _ are allowed", o.Name)
	}
	c, err := newClient(o)
	if err != nil {
		return nil, fmt.Errorf("open index on opensearch: %w", err)
	}
	prefix := "terrace-" + o.Name + "-"
	ix := &Index{
		client: c, analyzer: a, options: o, prefix: prefix, alias: prefix + "live", bulks: make(chan struct{}, bulksAtOnce),
		generations: map[string]*generation{},
	}
	ctx, cancel := context.WithTimeout(ctx, o.SearchTimeout)
	defer cancel()
	if err := ix.checkServer(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open index on %s: %w", o.hosts(), err), c.close())
	}
	return ix, nil
}

func (o Options) complete() Options {
	if o.Name == "" {
		o.Name = "main"
	}
	if o.Shards == 0 {
		o.Shards = 1
	}
	if o.SearchTimeout == 0 {
		o.SearchTimeout = 10 * time.Second
	}
	if o.WriteTimeout == 0 {
		o.WriteTimeout = 2 * time.Minute
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.small == 0 {
		o.small = ordered
	}
	if o.exact == 0 {
		o.exact = 30
	}
	return o
}

// checkServer demands a server that this package knows.
func (ix *Index) checkServer(ctx context.Context) error {
	var about struct {
		Version struct{ Distribution, Number string }
	}
	if err := ix.client.do(ctx, call{method: "GET", path: "/"}, &about); err != nil {
		return err
	}
	var major, minor int
	if _, err := fmt.Sscanf(about.Version.Number, "%d.%d", &major, &minor); err != nil || about.Version.Distribution != "opensearch" {
		return fmt.Errorf("%s %s is no OpenSearch", about.Version.Distribution, about.Version.Number)
	}
	if major < 2 || major == 2 && minor < 19 {
		return fmt.Errorf("OpenSearch %s is too old: 2.19 is the first that is known to work", about.Version.Number)
	}
	return nil
}

// Close waits for running searches and writes. Later calls of any method but Close fail with index.ErrClosed.
func (ix *Index) Close() error {
	ix.changing.Lock()
	defer ix.changing.Unlock()
	ix.mu.Lock()
	if ix.closed {
		ix.mu.Unlock()
		return nil
	}
	ix.closed = true
	generations := ix.generations
	ix.mu.Unlock()
	for _, g := range generations {
		g.shut(index.ErrClosed)
	}
	return ix.client.close()
}

// Search asks the live generation.
func (ix *Index) Search(ctx context.Context, q index.Query) (*index.Result, error) {
	if err := ix.usable(ctx); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	if err := q.Check(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, ix.options.SearchTimeout)
	defer cancel()
	for again := false; ; again = true {
		name, err := ix.liveName(ctx, again)
		if err != nil {
			return nil, fmt.Errorf("search: %w", err)
		}
		r, err := ix.generation(name).run(ctx, &q)
		if again || !errors.Is(err, index.ErrNoGeneration) {
			return r, err
		}
	}
}

// Each calls f with every document of the live generation, in order of their ids.
func (ix *Index) Each(ctx context.Context, f func(*index.Document) error) error {
	if err := ix.usable(ctx); err != nil {
		return fmt.Errorf("read documents: %w", err)
	}
	name, err := ix.liveName(ctx, false)
	if err != nil {
		return fmt.Errorf("read documents: %w", err)
	}
	g := ix.generation(name)
	if err := g.enter(ctx); err != nil {
		return fmt.Errorf("read documents: %w", err)
	}
	defer g.leave()
	search := object{"query": everything, "size": loadedDocuments, "track_total_hits": false, "docvalue_fields": []string{fieldID}, "sort": []object{{fieldID: "asc"}}}
	for {
		rs, err := g.ask(ctx, "", search)
		if err != nil {
			return fmt.Errorf("read documents: %w", err)
		}
		hits := rs[0].Hits.Hits
		for i := range hits {
			if hits[i].Source.Doc == nil {
				continue
			}
			d := hits[i].Source.Doc.document()
			if err := f(&d); err != nil {
				return err
			}
		}
		if len(hits) < loadedDocuments {
			return nil
		}
		search["search_after"] = hits[len(hits)-1].Fields.ID[:1]
	}
}

func (ix *Index) usable(ctx context.Context) error {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.closed {
		return index.ErrClosed
	}
	return ctx.Err()
}

// livePeriod is how long another process's Promote may go unnoticed. The generation that it replaces is kept, so that searches go on.
const livePeriod = time.Second

// liveName is the name of the live generation, looked up anew where that is asked for. ErrNoGeneration where there is none.
func (ix *Index) liveName(ctx context.Context, anew bool) (string, error) {
	ix.mu.RLock()
	name, until := ix.live, ix.liveUntil
	ix.mu.RUnlock()
	if !anew && name != "" && time.Now().Before(until) {
		return name, nil
	}
	var found map[string]any
	err := ix.client.do(ctx, call{method: "GET", path: "/_alias/" + ix.alias}, &found)
	if isMissing(err) {
		return "", index.ErrNoGeneration
	}
	if err != nil {
		return "", err
	}
	for indexName := range found {
		if name, ok := strings.CutPrefix(indexName, ix.prefix); ok {
			ix.setLive(name)
			return name, nil
		}
	}
	return "", index.ErrNoGeneration
}

func (ix *Index) setLive(name string) {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.live, ix.liveUntil = name, time.Now().Add(livePeriod)
}
