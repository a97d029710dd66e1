package opensearch

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"terrace/index"
)

// nameForm is the moment of creation in UTC, which is a generation's name.
const nameForm = "20060102-150405.000"

var generationName = regexp.MustCompile(`^\d{8}-\d{6}\.\d{3}$`)

// A listed is a generation as the cluster describes it.
type listed struct {
	name string
	meta meta
	live bool
}

// list describes the generations among the indices that a pattern names, oldest first.
func (ix *Index) list(ctx context.Context, pattern string) ([]listed, error) {
	var found map[string]struct {
		Aliases  map[string]any
		Mappings struct {
			Meta struct{ Terrace *meta } `json:"_meta"`
		}
	}
	if err := ix.client.do(ctx, call{method: "GET", path: "/" + pattern}, &found); err != nil {
		return nil, err
	}
	var out []listed
	for indexName, f := range found {
		name := strings.TrimPrefix(indexName, ix.prefix)
		if !generationName.MatchString(name) || f.Mappings.Meta.Terrace == nil {
			continue
		}
		_, live := f.Aliases[ix.alias]
		out = append(out, listed{name, *f.Mappings.Meta.Terrace, live})
	}
	slices.SortFunc(out, func(a, b listed) int {
		return cmp.Or(a.meta.Created.Compare(b.meta.Created), cmp.Compare(a.name, b.name))
	})
	return out, nil
}

func (ix *Index) all(ctx context.Context) ([]listed, error) { return ix.list(ctx, ix.prefix+"*") }

// patient bounds what administrators ask for like a write.
func (ix *Index) patient(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, ix.options.WriteTimeout)
}

// Generations lists what is kept, oldest first.
func (ix *Index) Generations(ctx context.Context) ([]index.Info, error) {
	if err := ix.usable(ctx); err != nil {
		return nil, fmt.Errorf("list generations: %w", err)
	}
	ctx, cancel := ix.patient(ctx)
	defer cancel()
	found, err := ix.all(ctx)
	if err != nil {
		return nil, fmt.Errorf("list generations: %w", err)
	}
	var out []index.Info
	for _, l := range found {
		info := index.Info{Name: l.name, Live: l.live, Made: l.meta.Made, Created: l.meta.Created, Err: l.meta.check()}
		if info.Err == nil {
			err := ix.generation(l.name).describe(ctx, &info)
			if errors.Is(err, index.ErrNoGeneration) { // dropped meanwhile
				continue
			}
			if err != nil {
				return nil, fmt.Errorf("list generations: describe %s: %w", l.name, err)
			}
		}
		out = append(out, info)
	}
	return out, nil
}

// Open returns a generation by name. What is done with one of another mapping fails with index.ErrFormat.
func (ix *Index) Open(ctx context.Context, name string) (index.Generation, error) {
	err := ix.usable(ctx)
	if err == nil {
		ctx, cancel := ix.patient(ctx)
		defer cancel()
		_, err = ix.find(ctx, name)
	}
	if err != nil {
		return nil, fmt.Errorf("open generation %q: %w", name, err)
	}
	return ix.generation(name), nil
}

func (ix *Index) find(ctx context.Context, name string) (listed, error) {
	if !generationName.MatchString(name) {
		return listed{}, index.ErrNoGeneration
	}
	found, err := ix.list(ctx, ix.prefix+name)
	if err == nil && len(found) == 0 {
		err = index.ErrNoGeneration
	}
	if err != nil {
		return listed{}, err
	}
	return found[0], nil
}

// Create makes a generation, named by the moment in UTC.
func (ix *Index) Create(ctx context.Context, made index.Fingerprints) (index.Generation, error) {
	ix.changing.Lock()
	defer ix.changing.Unlock()
	g, err := ix.create(ctx, made)
	if err != nil {
		return nil, fmt.Errorf("create generation: %w", err)
	}
	return g, nil
}

func (ix *Index) create(ctx context.Context, made index.Fingerprints) (*generation, error) {
	if err := ix.usable(ctx); err != nil {
		return nil, err
	}
	ctx, cancel := ix.patient(ctx)
	defer cancel()
	replicas, err := ix.replicas(ctx)
	if err != nil {
		return nil, err
	}
	have, err := ix.all(ctx)
	if err != nil {
		return nil, err
	}
	m := meta{Version: mappingVersion, Created: time.Now().UTC(), Made: made, Nonce: rand.Text()}
	if n := len(have); n > 0 && !m.Created.After(have[n-1].meta.Created) {
		m.Created = have[n-1].meta.Created.Add(time.Millisecond)
	}
	for {
		g := ix.generation(m.Created.Format(nameForm))
		body := toJSON(ix.options.definition(m, replicas, g.writeAlias()))
		err := ix.client.do(ctx, call{method: "PUT", path: "/" + g.index(), body: body, attempt: 30 * time.Second}, nil)
		if e, ok := errors.AsType[*Error](err); ok && e.Type == "resource_already_exists_exception" {
			l, err := ix.find(ctx, g.name)
			if err == nil && l.meta.Nonce == m.Nonce {
				return g, nil
			}
			m.Created = m.Created.Add(time.Millisecond)
			continue
		}
		return g, err
	}
}

// replicas is how many a new generation has.
func (ix *Index) replicas(ctx context.Context) (int, error) {
	if n := ix.options.Replicas; n != nil {
		return *n, nil
	}
	var health struct {
		Nodes int `json:"number_of_data_nodes"`
	}
	err := ix.client.do(ctx, call{method: "GET", path: "/_cluster/health"}, &health)
	return min(1, max(0, health.Nodes-1)), err
}

// Promote makes a generation live in one step. Of those that were live before, it keeps the one that it replaces and drops the others; those
// being built stay.
func (ix *Index) Promote(ctx context.Context, name string) error {
	ix.changing.Lock()
	defer ix.changing.Unlock()
	if err := ix.promote(ctx, name); err != nil {
		return fmt.Errorf("promote generation %q: %w", name, err)
	}
	return nil
}

func (ix *Index) promote(ctx context.Context, name string) error {
	if err := ix.usable(ctx); err != nil {
		return err
	}
	ctx, cancel := ix.patient(ctx)
	defer cancel()
	l, err := ix.find(ctx, name)
	if err != nil || l.live {
		return err
	}
	if err := l.meta.check(); err != nil {
		return err
	}
	have, err := ix.all(ctx)
	if err != nil {
		return err
	}
	g := ix.generation(name)
	if err := g.refresh(ctx); err != nil {
		return err
	}
	if err := g.markServed(ctx, l.meta); err != nil {
		return err
	}
	if err := ix.swap(ctx, g); err != nil {
		return err
	}
	ix.setLive(name)
	for _, old := range have {
		if !old.meta.Served || old.live || old.name == name {
			continue
		}
		if err := ix.remove(ctx, ix.generation(old.name)); err != nil {
			ix.options.Log.Error("opensearch: drop an old generation", "generation", old.name, "error", err) // the promotion stands
		}
	}
	return nil
}

func (g *generation) markServed(ctx context.Context, m meta) error {
	m.Served = true
	body := toJSON(object{"_meta": object{"terrace": m}})
	return g.ix.client.do(ctx, call{method: "PUT", path: "/" + g.index() + "/_mapping", body: body, attempt: 30 * time.Second}, nil)
}

// swap moves the alias in one step of the cluster's state.
func (ix *Index) swap(ctx context.Context, g *generation) error {
	body := toJSON(object{"actions": []object{
		{"remove": object{"index": ix.prefix + "*", "alias": ix.alias, "must_exist": false}},
		{"add": object{"index": g.index(), "alias": ix.alias}},
	}})
	return ix.client.do(ctx, call{method: "POST", path: "/_aliases", body: body, attempt: 30 * time.Second}, nil)
}

// drop removes a generation that is not live.
func (ix *Index) drop(ctx context.Context, g *generation) error {
	ix.changing.Lock()
	defer ix.changing.Unlock()
	if err := ix.usable(ctx); err != nil {
		return err
	}
	ctx, cancel := ix.patient(ctx)
	defer cancel()
	l, err := ix.find(ctx, g.name)
	switch {
	case err != nil:
		return err
	case l.live:
		return index.ErrLive
	}
	return ix.remove(ctx, g)
}

// remove waits for what runs on a generation and removes its index.
func (ix *Index) remove(ctx context.Context, g *generation) error {
	g.shut(index.ErrNoGeneration)
	err := ix.client.do(ctx, call{method: "DELETE", path: "/" + g.index(), attempt: 30 * time.Second}, nil)
	if err != nil && !isMissing(err) {
		g.shut(nil)
		return err
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	delete(ix.generations, g.name)
	return nil
}
