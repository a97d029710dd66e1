package indextest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"terrace/index"
)

// Memory is an index.Index in this process's memory, slow and plain: the reference of what the contract means. It never cuts verification
// short, so its totals are always exact. It may be used from several goroutines.
type Memory struct {
	kept   *kept
	closed bool // guarded by kept.mu
}

// kept is what a directory would hold: it outlives Close.
type kept struct {
	mu          sync.RWMutex
	analyzer    index.Analyzer
	generations []*generation // oldest first
	live        *generation
	created     int
}

type generation struct {
	name      string
	made      index.Fingerprints
	created   time.Time
	served    bool // has been live
	documents map[string]*document
}

// NewMemory is a Memory without generations.
func NewMemory(a index.Analyzer) *Memory {
	return &Memory{kept: &kept{analyzer: a}}
}

// Close makes every later use fail with index.ErrClosed. Closing twice does nothing.
func (m *Memory) Close() error {
	m.kept.mu.Lock()
	defer m.kept.mu.Unlock()
	m.closed = true
	return nil
}

// Reopen is what opening a closed index's directory again gives: another Memory that holds the same.
func (m *Memory) Reopen() *Memory {
	return &Memory{kept: m.kept}
}

// Search is index.Index's.
func (m *Memory) Search(ctx context.Context, q index.Query) (*index.Result, error) {
	m.kept.mu.RLock()
	defer m.kept.mu.RUnlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	if m.kept.live == nil {
		return nil, fmt.Errorf("search: %w", index.ErrNoGeneration)
	}
	return m.kept.live.search(ctx, q)
}

// Each is index.Index's.
func (m *Memory) Each(ctx context.Context, f func(*index.Document) error) error {
	m.kept.mu.RLock()
	defer m.kept.mu.RUnlock()
	if err := m.usable(ctx); err != nil {
		return err
	}
	if m.kept.live == nil {
		return fmt.Errorf("read documents: %w", index.ErrNoGeneration)
	}
	for _, d := range m.kept.live.byID() {
		copied := clone(d.Document)
		if err := cmp.Or(ctx.Err(), f(&copied)); err != nil {
			return err
		}
	}
	return nil
}

// Generations is index.Index's.
func (m *Memory) Generations(ctx context.Context) ([]index.Info, error) {
	m.kept.mu.RLock()
	defer m.kept.mu.RUnlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	var out []index.Info
	for _, g := range m.kept.generations {
		out = append(out, index.Info{
			Name: g.name, Live: g == m.kept.live, Documents: len(g.documents), Made: g.made, Created: g.created, Sites: g.sites(),
		})
	}
	return out, nil
}

// Open is index.Index's.
func (m *Memory) Open(ctx context.Context, name string) (index.Generation, error) {
	m.kept.mu.RLock()
	defer m.kept.mu.RUnlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	g, err := m.find(name)
	if err != nil {
		return nil, err
	}
	return &handle{m, g}, nil
}

// Create is index.Index's.
func (m *Memory) Create(ctx context.Context, made index.Fingerprints) (index.Generation, error) {
	m.kept.mu.Lock()
	defer m.kept.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return nil, err
	}
	m.kept.created++
	g := &generation{name: fmt.Sprintf("g%06d", m.kept.created), made: made, created: time.Now(), documents: map[string]*document{}}
	m.kept.generations = append(m.kept.generations, g)
	return &handle{m, g}, nil
}

// Promote is index.Index's. Of the generations that were live before, it keeps the one it replaces; those being built stay.
func (m *Memory) Promote(ctx context.Context, name string) error {
	m.kept.mu.Lock()
	defer m.kept.mu.Unlock()
	if err := m.usable(ctx); err != nil {
		return err
	}
	g, err := m.find(name)
	if err != nil || g == m.kept.live {
		return err
	}
	replaced := m.kept.live
	m.kept.live, g.served = g, true
	m.kept.generations = slices.DeleteFunc(m.kept.generations, func(o *generation) bool {
		return o.served && o != g && o != replaced
	})
	return nil
}

func (m *Memory) usable(ctx context.Context) error {
	if m.closed {
		return index.ErrClosed
	}
	return ctx.Err()
}

func (m *Memory) find(name string) (*generation, error) {
	for _, g := range m.kept.generations {
		if g.name == name {
			return g, nil
		}
	}
	return nil, fmt.Errorf("generation %q: %w", name, index.ErrNoGeneration)
}

// handle is an index.Generation. It fails with ErrNoGeneration once its generation is dropped.
type handle struct {
	m *Memory
	g *generation
}

func (h *handle) usable(ctx context.Context) error {
	if err := h.m.usable(ctx); err != nil {
		return err
	}
	_, err := h.m.find(h.g.name)
	return err
}

func (h *handle) Name() string { return h.g.name }

func (h *handle) Put(ctx context.Context, docs ...index.Document) error {
	h.m.kept.mu.Lock()
	defer h.m.kept.mu.Unlock()
	if err := h.usable(ctx); err != nil {
		return err
	}
	if err := index.CheckSizes(docs); err != nil {
		return err
	}
	for _, d := range docs {
		h.g.documents[d.ID] = newDocument(d, h.m.kept.analyzer)
	}
	return nil
}

func (h *handle) Delete(ctx context.Context, ids ...string) error {
	h.m.kept.mu.Lock()
	defer h.m.kept.mu.Unlock()
	if err := h.usable(ctx); err != nil {
		return err
	}
	for _, id := range ids {
		delete(h.g.documents, id)
	}
	return nil
}

func (h *handle) Search(ctx context.Context, q index.Query) (*index.Result, error) {
	h.m.kept.mu.RLock()
	defer h.m.kept.mu.RUnlock()
	if err := h.usable(ctx); err != nil {
		return nil, err
	}
	return h.g.search(ctx, q)
}

func (h *handle) Drop(ctx context.Context) error {
	h.m.kept.mu.Lock()
	defer h.m.kept.mu.Unlock()
	if err := h.usable(ctx); err != nil {
		return err
	}
	if h.g == h.m.kept.live {
		return fmt.Errorf("drop %s: %w", h.g.name, index.ErrLive)
	}
	h.m.kept.generations = slices.DeleteFunc(h.m.kept.generations, func(o *generation) bool { return o == h.g })
	return nil
}

func (g *generation) sites() map[string]index.SiteInfo {
	out := map[string]index.SiteInfo{}
	type siteForm struct{ site, form string }
	seen := map[siteForm]bool{}
	for _, d := range g.documents {
		site := d.site()
		info := out[site]
		info.Documents++
		if f := (siteForm{site, d.titleForm}); f.form != "" && !seen[f] {
			seen[f] = true
			info.TitleForms++
		}
		out[site] = info
	}
	return out
}

// byID are the documents in order of id, so that every pass over them is the same.
func (g *generation) byID() []*document {
	out := make([]*document, 0, len(g.documents))
	for _, d := range g.documents {
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b *document) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
