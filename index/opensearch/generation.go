package opensearch

import (
	"context"
	"fmt"
	"sync"

	"terrace/index"
)

// A generation is an index.Generation.
type generation struct {
	ix   *Index
	name string

	using sync.RWMutex // read-locked by what uses the generation; guards what follows
	gone  error
	known bool // its mapping was looked at
}

func (g *generation) index() string      { return g.ix.prefix + g.name }
func (g *generation) writeAlias() string { return g.ix.prefix + g.name + "-write" }

// generation returns the one of a name, whether the cluster has it or not.
func (ix *Index) generation(name string) *generation {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	g := ix.generations[name]
	if g == nil {
		g = &generation{ix: ix, name: name}
		ix.generations[name] = g
	}
	return g
}

// enter keeps the generation until leave.
func (g *generation) enter(ctx context.Context) error {
	if err := g.ix.usable(ctx); err != nil {
		return err
	}
	if err := g.look(ctx); err != nil {
		return fmt.Errorf("generation %s: %w", g.name, err)
	}
	g.using.RLock()
	if g.gone != nil {
		g.using.RUnlock()
		return fmt.Errorf("generation %s: %w", g.name, g.gone)
	}
	return nil
}

func (g *generation) leave() { g.using.RUnlock() }

// look reads the mapping once. ErrFormat where another version of this program made it.
func (g *generation) look(ctx context.Context) error {
	g.using.RLock()
	known := g.known
	g.using.RUnlock()
	if known {
		return nil
	}
	found, err := g.ix.list(ctx, g.index())
	if isMissing(err) || err == nil && len(found) == 0 {
		return index.ErrNoGeneration
	}
	if err != nil {
		return err
	}
	if err := found[0].meta.check(); err != nil {
		return err
	}
	g.using.Lock()
	defer g.using.Unlock()
	g.known = true
	return nil
}

// shut waits for what uses the generation; what comes later fails with why.
func (g *generation) shut(why error) {
	g.using.Lock()
	defer g.using.Unlock()
	g.gone = why
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
	last := make(map[string]int, len(docs))
	for i := range docs {
		last[docs[i].ID] = i
	}
	var put []int
	for i := range docs {
		if last[docs[i].ID] == i {
			put = append(put, i)
		}
	}
	if len(put) == 0 {
		return nil
	}
	if err := g.write(ctx, len(put), func(i int) operation { return g.ix.addition(docs[put[i]]) }); err != nil {
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
	if err := g.write(ctx, len(ids), func(i int) operation { return deletion(ids[i]) }); err != nil {
		return fmt.Errorf("delete %d documents: %w", len(ids), err)
	}
	return nil
}

// Search asks this generation.
func (g *generation) Search(ctx context.Context, q index.Query) (*index.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, g.ix.options.SearchTimeout)
	defer cancel()
	return g.run(ctx, &q)
}

func (g *generation) run(ctx context.Context, q *index.Query) (*index.Result, error) {
	if err := g.enter(ctx); err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	defer g.leave()
	if err := q.Check(); err != nil {
		return nil, err
	}
	r, err := g.search(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("search generation %s: %w", g.name, err)
	}
	return r, nil
}

// Drop removes the generation from the cluster. It waits for this process's searches; another's fail with index.ErrNoGeneration.
func (g *generation) Drop(ctx context.Context) error {
	if err := g.ix.drop(ctx, g); err != nil {
		return fmt.Errorf("drop generation %s: %w", g.name, err)
	}
	return nil
}
