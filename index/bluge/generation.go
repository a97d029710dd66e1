package bluge

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"terrace/index"
)

// A generation is a folder of the index, open for reading and writing.
type generation struct {
	ix       *Index
	name     string
	path     string
	manifest manifest // Served is guarded by ix.mu

	// What uses the generation holds the lock for reading, so that closing it waits. gone says why it cannot be used.
	using  sync.RWMutex
	gone   error
	writer *writer // nil where gone from the start

	described sync.Mutex
	state     string // of the view that sites was counted in
	sites     map[string]index.SiteInfo
}

// loadGeneration opens a folder. It returns nothing for a folder that is no generation.
func (ix *Index) loadGeneration(name string) (*generation, error) {
	g := &generation{ix: ix, name: name, path: filepath.Join(ix.dir, name)}
	m, err := readManifest(g.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		ix.log.Warn("index: folder is no generation", "path", g.path)
		return nil, nil
	case errors.Is(err, ErrDamaged):
		g.gone = err
	case err != nil:
		return nil, err
	default:
		g.manifest = m
		g.gone = m.check()
	}
	if g.gone == nil {
		g.writer, g.gone = openWriter(ix.disk, g.path, ix.log)
		if g.gone != nil && !errors.Is(g.gone, ErrDamaged) {
			g.gone = fmt.Errorf("%w: %w", ErrDamaged, g.gone)
		}
	}
	if g.gone != nil {
		ix.log.Error("index: generation cannot be used", "generation", name, "error", g.gone)
	}
	return g, nil
}

// enter keeps the generation open until leave.
func (g *generation) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.using.RLock()
	if g.gone != nil {
		g.using.RUnlock()
		return fmt.Errorf("generation %s: %w", g.name, g.gone)
	}
	return nil
}

func (g *generation) leave() { g.using.RUnlock() }

// shut waits for what uses the generation and closes it; what comes later fails with why.
func (g *generation) shut(why error) error {
	g.using.Lock()
	defer g.using.Unlock()
	g.gone = why
	if g.writer == nil {
		return nil
	}
	w := g.writer
	g.writer = nil
	if err := w.close(); err != nil {
		return fmt.Errorf("close generation %s: %w", g.name, err)
	}
	return nil
}

// Name is the generation's name.
func (g *generation) Name() string { return g.name }

// Put adds or replaces documents.
func (g *generation) Put(ctx context.Context, docs ...index.Document) error {
	if err := g.enter(ctx); err != nil {
		return fmt.Errorf("put: %w", err)
	}
	defer g.leave()
	if err := index.CheckSizes(docs); err != nil {
		return fmt.Errorf("put: %w", err)
	}
	if err := g.writer.put(ctx, docs, g.ix.analyzer); err != nil {
		return fmt.Errorf("put %d documents: %w", len(docs), err)
	}
	return nil
}

// Delete removes documents.
func (g *generation) Delete(ctx context.Context, ids ...string) error {
	if err := g.enter(ctx); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	defer g.leave()
	if len(ids) == 0 {
		return nil
	}
	r := &request{deletes: ids}
	err := g.writer.submit(ctx, r)
	if err == nil {
		err = r.wait(ctx)
	}
	if err != nil {
		return fmt.Errorf("delete %d documents: %w", len(ids), err)
	}
	return nil
}

// Search asks this generation.
func (g *generation) Search(ctx context.Context, q index.Query) (*index.Result, error) {
	if err := g.enter(ctx); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	defer g.leave()
	return g.search(ctx, &q)
}

// search asks a generation that is entered.
func (g *generation) search(ctx context.Context, q *index.Query) (*index.Result, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	v, err := g.view()
	if err != nil {
		return nil, fmt.Errorf("search generation %s: %w", g.name, err)
	}
	defer v.close()
	r, err := v.search(ctx, q, g.ix.analyzer)
	if err != nil {
		return nil, fmt.Errorf("search generation %s: %w", g.name, err)
	}
	return r, nil
}

func (g *generation) view() (*view, error) {
	snapshot, err := g.writer.bluge.Reader()
	if err != nil {
		return nil, err
	}
	return newView(snapshot, &g.ix.lists)
}

// Drop removes the generation and its files.
func (g *generation) Drop(ctx context.Context) error {
	if err := g.ix.drop(ctx, g); err != nil {
		return fmt.Errorf("drop generation %s: %w", g.name, err)
	}
	return nil
}

// info describes the generation. What it can say without the index it says beside an error too.
func (g *generation) info(ctx context.Context) (index.Info, error) {
	out := index.Info{Name: g.name, Made: g.manifest.Made, Created: g.manifest.Created, Bytes: folderSize(g.path)}
	if err := g.enter(ctx); err != nil {
		return out, err
	}
	defer g.leave()
	v, err := g.view()
	if err != nil {
		return out, err
	}
	defer v.close()
	out.Documents = v.docs
	g.described.Lock()
	defer g.described.Unlock()
	if state := v.state(); g.sites == nil || g.state != state {
		sites, err := v.sites()
		if err != nil {
			return out, fmt.Errorf("describe generation %s: %w", g.name, err)
		}
		g.state, g.sites = state, sites
	}
	out.Sites = make(map[string]index.SiteInfo, len(g.sites))
	for s, info := range g.sites {
		out.Sites[s] = info
	}
	return out, nil
}

func folderSize(path string) int64 {
	var size int64
	entries, err := os.ReadDir(path)
	if err != nil {
		return 0
	}
	for _, e := range entries {
		if i, err := e.Info(); err == nil {
			size += i.Size()
		}
	}
	return size
}
