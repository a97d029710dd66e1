package query

import (
	"context"
	"fmt"
	"sync"
	"time"

	"terrace/index"
)

// remembered is something about the live generation that changes slowly and is dear to find out.
type remembered[T any] struct {
	mu      sync.Mutex
	value   T
	version uint64 // of the withdrawals that the value is without
	fetched time.Time
	busy    bool
}

const statsAge = 10 * time.Second

// get gives the value as it was at most statsAge ago, under a version. Only one caller at a time fetches it anew; the others take what was known.
func (m *remembered[T]) get(version uint64, fetch func() (T, error)) (T, error) {
	m.mu.Lock()
	if known := !m.fetched.IsZero() && m.version == version; known && (m.busy || time.Since(m.fetched) < statsAge) {
		defer m.mu.Unlock()
		return m.value, nil
	}
	m.busy = true
	m.mu.Unlock()
	value, err := fetch()
	m.mu.Lock()
	defer m.mu.Unlock()
	m.busy = false
	if err == nil {
		m.value, m.version, m.fetched = value, version, time.Now()
	}
	return value, err
}

// liveInfo describes the live generation.
func (s *Searcher) liveInfo(ctx context.Context) (index.Info, error) {
	return s.live.get(s.list.Version(), func() (index.Info, error) {
		all, err := s.ix.Generations(ctx)
		if err != nil {
			return index.Info{}, fmt.Errorf("describe the live generation: %w", err)
		}
		for _, g := range all {
			if g.Live {
				return g, nil
			}
		}
		return index.Info{}, index.ErrNoGeneration
	})
}

// Overview counts everything there is: the total and the facets, without hits. Its counts may be ten seconds old.
func (s *Searcher) Overview(ctx context.Context) (*Response, error) {
	return s.overview.get(s.list.Version(), func() (*Response, error) {
		q := index.Query{OnlyAll: true, Facets: facets()}
		res, err := s.ix.Search(ctx, q)
		if err != nil {
			return nil, fmt.Errorf("count everything: %w", err)
		}
		return s.active.Load().respond(ctx, Request{Page: 1}, parsed{}, q, res)
	})
}
