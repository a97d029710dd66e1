package query

import (
	"context"
	"fmt"
	"sync"
	"time"

	"terrace/index"
)

// siteStats remembers what the live generation holds of each site. It changes slowly and is dear to count.
type siteStats struct {
	mu      sync.Mutex
	info    index.Info
	fetched time.Time
	busy    bool
}

const statsAge = 10 * time.Second

// live describes the live generation as it was at most statsAge ago. Only one search at a time counts anew; the others take what was known.
func (s *Searcher) live(ctx context.Context) (index.Info, error) {
	st := &s.sites
	st.mu.Lock()
	if known := !st.fetched.IsZero(); known && (st.busy || time.Since(st.fetched) < statsAge) {
		defer st.mu.Unlock()
		return st.info, nil
	}
	st.busy = true
	st.mu.Unlock()
	info, err := s.countLive(ctx)
	st.mu.Lock()
	defer st.mu.Unlock()
	st.busy = false
	if err == nil {
		st.info, st.fetched = info, time.Now()
	}
	return info, err
}

func (s *Searcher) countLive(ctx context.Context) (index.Info, error) {
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
}
