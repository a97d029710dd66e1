package bluge

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"terrace/index"
)

// Generations lists what is kept, oldest first. One that cannot be read is listed without documents and sites.
func (ix *Index) Generations(ctx context.Context) ([]index.Info, error) {
	ix.mu.RLock()
	generations, live, err := slices.Clone(ix.generations), ix.live, ix.usable(ctx)
	ix.mu.RUnlock()
	if err != nil {
		return nil, fmt.Errorf("list generations: %w", err)
	}
	var out []index.Info
	for _, g := range generations {
		info, err := g.info(ctx)
		switch {
		case errors.Is(err, index.ErrNoGeneration): // dropped meanwhile
			continue
		case err != nil && !errors.Is(err, ErrFormat) && !errors.Is(err, ErrDamaged):
			return nil, fmt.Errorf("list generations: %w", err)
		}
		info.Live, info.Err = g == live, err
		out = append(out, info)
	}
	return out, nil
}

// Open returns a generation by name. What is done with one that cannot be read fails with ErrFormat or ErrDamaged.
func (ix *Index) Open(ctx context.Context, name string) (index.Generation, error) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if err := ix.usable(ctx); err != nil {
		return nil, fmt.Errorf("open generation %q: %w", name, err)
	}
	if g := ix.find(name); g != nil {
		return g, nil
	}
	return nil, fmt.Errorf("open generation %q: %w", name, index.ErrNoGeneration)
}

// Create makes a generation, named by the moment in UTC.
func (ix *Index) Create(ctx context.Context, made index.Fingerprints) (index.Generation, error) {
	ix.changing.Lock()
	defer ix.changing.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("create generation: %w", err)
	}
	g, err := ix.make(manifest{Format: format, Created: time.Now().UTC(), Made: made}, func(string) error { return nil })
	if err != nil {
		return nil, fmt.Errorf("create generation: %w", err)
	}
	return g, nil
}

// make makes a generation's folder, filled by fill, in one step for a crash. The caller holds changing.
func (ix *Index) make(m manifest, fill func(folder string) error) (*generation, error) {
	ix.mu.RLock()
	closed := ix.closed
	ix.mu.RUnlock()
	if closed {
		return nil, index.ErrClosed
	}
	name, err := ix.newName(&m)
	if err != nil {
		return nil, err
	}
	making := filepath.Join(ix.dir, newPrefix+name)
	if err := ix.disk.makeDir(making); err != nil {
		return nil, err
	}
	err = fill(making)
	if err == nil {
		err = writeManifest(ix.disk, making, m)
	}
	if err == nil {
		err = ix.disk.rename(making, filepath.Join(ix.dir, name))
	}
	if err == nil {
		err = ix.disk.syncDir(ix.dir)
	}
	if err != nil {
		return nil, errors.Join(err, ix.disk.remove(making))
	}
	g, err := ix.loadGeneration(name)
	if err != nil {
		return nil, err
	}
	if g.writer != nil {
		g.writer.merging.building.Store(true)
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.generations = append(ix.generations, g)
	sortGenerations(ix.generations)
	return g, nil
}

// newName finds a name that was not used before, as far as the clock tells, and moves the moment to it.
func (ix *Index) newName(m *manifest) (string, error) {
	ix.mu.RLock()
	if n := len(ix.generations); n > 0 && !m.Created.After(ix.generations[n-1].manifest.Created) {
		m.Created = ix.generations[n-1].manifest.Created.Add(time.Millisecond)
	}
	ix.mu.RUnlock()
	for {
		name := m.Created.Format("20060102-150405.000")
		_, err := os.Lstat(filepath.Join(ix.dir, name))
		if errors.Is(err, fs.ErrNotExist) {
			return name, nil
		}
		if err != nil {
			return "", err
		}
		m.Created = m.Created.Add(time.Millisecond)
	}
}

// Promote makes a generation live. Of those that were live before, it keeps the one that it replaces and drops the others; those being
// built stay.
func (ix *Index) Promote(ctx context.Context, name string) error {
	ix.changing.Lock()
	defer ix.changing.Unlock()
	ix.mu.RLock()
	g, live, err := ix.find(name), ix.live, ix.usable(ctx)
	ix.mu.RUnlock()
	switch {
	case err != nil:
	case g == nil:
		err = index.ErrNoGeneration
	case g == live:
		return nil
	default:
		err = ix.promote(ctx, g)
	}
	if err != nil {
		return fmt.Errorf("promote generation %q: %w", name, err)
	}
	return nil
}

func (ix *Index) promote(ctx context.Context, g *generation) error {
	if err := g.enter(ctx); err != nil {
		return err
	}
	err := g.writer.ripen(ctx)
	g.leave() // it stays: dropping takes ix.changing
	if err != nil {
		return err
	}
	if !g.manifest.Served {
		m := g.manifest
		m.Served = true
		if err := writeManifest(ix.disk, g.path, m); err != nil {
			return err
		}
		ix.mu.Lock()
		g.manifest.Served = true
		ix.mu.Unlock()
	}
	if err := writeCurrent(ix.disk, ix.dir, g.name); err != nil {
		return err
	}
	ix.mu.Lock()
	replaced := ix.live
	ix.live = g
	var old []*generation
	for _, o := range ix.generations {
		if o.manifest.Served && o != g && o != replaced {
			old = append(old, o)
		}
	}
	ix.mu.Unlock()
	for _, o := range old {
		if err := ix.remove(o); err != nil {
			ix.log.Error("index: drop an old generation", "generation", o.name, "error", err) // the promotion stands
		}
	}
	return nil
}

// drop removes a generation that is not live.
func (ix *Index) drop(ctx context.Context, g *generation) error {
	ix.changing.Lock()
	defer ix.changing.Unlock()
	ix.mu.RLock()
	live, here, err := ix.live == g, ix.find(g.name) == g, ix.usable(ctx)
	ix.mu.RUnlock()
	switch {
	case err != nil:
		return err
	case !here:
		return index.ErrNoGeneration
	case live:
		return index.ErrLive
	}
	return ix.remove(g)
}

// remove takes a generation off the list, waits for what runs on it and removes its folder, in one step for a crash.
func (ix *Index) remove(g *generation) error {
	ix.mu.Lock()
	ix.generations = slices.DeleteFunc(slices.Clone(ix.generations), func(o *generation) bool { return o == g })
	ix.mu.Unlock()
	err := g.shut(index.ErrNoGeneration)
	going := filepath.Join(ix.dir, dropPrefix+g.name)
	if err := ix.disk.rename(g.path, going); err != nil {
		return err
	}
	return errors.Join(err, ix.disk.syncDir(ix.dir), ix.disk.remove(going))
}

func sortGenerations(gs []*generation) {
	slices.SortFunc(gs, func(a, b *generation) int {
		return cmp.Or(a.manifest.Created.Compare(b.manifest.Created), cmp.Compare(a.name, b.name))
	})
}
