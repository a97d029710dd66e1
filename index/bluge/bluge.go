// Package bluge keeps an index.Index in a directory on this machine.
//
// Bluge writes, merges, snapshots and recovers; reading is our own: ice's postings are decoded and scored one term after the other, exactly
// as package index defines it. Bluge's searchers, sorts and aggregations are not used: they give wrong answers and take a hundred times as
// long.
//
// Each generation is a folder with a manifest, and the file CURRENT names the live one. What Put and Delete have acknowledged outlasts a
// crash or a power cut. One process has a directory open at a time.
package bluge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/blugelabs/bluge/index/lock"

	"terrace/index"
)

var (
	// ErrLocked is returned by Open where the directory is open elsewhere.
	ErrLocked  = errors.New("index directory is in use by another process")
	ErrFormat  = index.ErrFormat
	ErrDamaged = index.ErrDamaged
)

// Options for Open. The zero value works.
type Options struct {
	Log        *slog.Logger // what was repaired at open, and errors of merging in the background; nil: slog.Default
	CacheBytes int          // of postings that are kept decoded for the searches to come, about; 0: 56 MB

	disk disk // nil: this machine's
}

// An Index is an index.Index in a directory. Its methods may be called from several goroutines.
type Index struct {
	dir      string
	analyzer index.Analyzer
	log      *slog.Logger
	disk     disk
	lock     lock.LockedFile
	lists    cache

	changing sync.Mutex // held by Create, Promote and Drop, one after the other

	mu          sync.RWMutex // guards what follows; not held while waiting
	generations []*generation
	live        *generation
	closed      bool
}

// Open opens the index in dir, which is made where it is not there. Generations that cannot be read are kept and listed; what is done with
// them fails with ErrFormat or ErrDamaged. ErrLocked where dir is open already.
func Open(dir string, a index.Analyzer, o Options) (*Index, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.disk == nil {
		o.disk = machine{}
	}
	o.CacheBytes = cmp.Or(o.CacheBytes, 56<<20)
	if err := o.makeDir(dir); err != nil {
		return nil, fmt.Errorf("open index: %w", err)
	}
	held, err := lockDirectory(dir)
	if err != nil {
		return nil, fmt.Errorf("open index %s: %w", dir, err)
	}
	ix := &Index{dir: dir, analyzer: a, log: o.Log, disk: o.disk, lock: held, lists: cache{most: o.CacheBytes}}
	if err := ix.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("open index %s: %w", dir, err), ix.Close())
	}
	return ix, nil
}

// lockDirectory fails with ErrLocked where a process has the index open.
func lockDirectory(dir string) (lock.LockedFile, error) {
	held, err := lock.OpenExclusive(filepath.Join(dir, lockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil && !errors.As(err, new(*fs.PathError)) {
		return nil, fmt.Errorf("%w (%v)", ErrLocked, err)
	}
	return held, err
}

// makeDir makes the folder of an index, with its parents, where it is not there.
func (o *Options) makeDir(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return err
	}
	if err := o.disk.makeDir(dir); err != nil {
		return err
	}
	return o.disk.syncDir(parent)
}

// load sweeps what a crash left half done and opens the generations.
func (ix *Index) load() error {
	entries, err := os.ReadDir(ix.dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := e.Name()
		switch path := filepath.Join(ix.dir, name); {
		case strings.HasPrefix(name, newPrefix), strings.HasPrefix(name, dropPrefix), strings.HasSuffix(name, temporarySuffix):
			ix.log.Info("index: removed what was left half done", "path", path)
			if err := ix.disk.remove(path); err != nil {
				return err
			}
		case e.IsDir():
			g, err := ix.loadGeneration(name)
			if err != nil {
				return err
			}
			if g != nil {
				ix.generations = append(ix.generations, g)
			}
		}
	}
	sortGenerations(ix.generations)
	current, err := readCurrent(ix.dir)
	if err != nil || current == "" {
		return err
	}
	if ix.live = ix.find(current); ix.live == nil {
		ix.log.Error("index: the live generation is not there", "generation", current)
	}
	return nil
}

// Close waits for running searches and for what is being put, then releases the directory. Later calls of any method but Close fail with
// index.ErrClosed.
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
	var errs []error
	for _, g := range generations {
		errs = append(errs, g.shut(index.ErrClosed))
	}
	errs = append(errs, ix.lock.Close())
	return errors.Join(errs...)
}

// Search asks the live generation.
func (ix *Index) Search(ctx context.Context, q index.Query) (*index.Result, error) {
	g, err := ix.enterLive(ctx)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	defer g.leave()
	return g.search(ctx, &q)
}

// Each calls f with every document of the live generation. The generation stays until it is done.
func (ix *Index) Each(ctx context.Context, f func(*index.Document) error) error {
	g, err := ix.enterLive(ctx)
	if err != nil {
		return fmt.Errorf("read documents: %w", err)
	}
	defer g.leave()
	v, err := g.view()
	if err != nil {
		return fmt.Errorf("read documents: %w", err)
	}
	defer v.close()
	for _, doc := range v.everything() {
		if err := ctx.Err(); err != nil {
			return err
		}
		d, err := v.document(doc)
		if err != nil {
			return fmt.Errorf("read documents: %w", err)
		}
		if err := f(&d); err != nil {
			return err
		}
	}
	return nil
}

// enterLive enters the live generation, so that it stays until it is left, whatever is promoted.
func (ix *Index) enterLive(ctx context.Context) (*generation, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	switch {
	case ix.closed:
		return nil, index.ErrClosed
	case ix.live == nil:
		return nil, index.ErrNoGeneration
	}
	return ix.live, ix.live.enter(ctx)
}

func (ix *Index) usable(ctx context.Context) error {
	if ix.closed {
		return index.ErrClosed
	}
	return ctx.Err()
}

func (ix *Index) find(name string) *generation {
	for _, g := range ix.generations {
		if g.name == name {
			return g
		}
	}
	return nil
}
