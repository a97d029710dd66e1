package querylog

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"
)

// Run writes entries, in a transaction each second or each 500, and once a day forgets what is too old, until the context ends; then it writes
// what is queued and returns. Errors meanwhile are logged, and the entries tried again; it fails only where the last ones could not be written.
func (l *Log) Run(ctx context.Context) error {
	var eg errgroup.Group
	eg.Go(func() error { l.age(ctx); return nil })
	eg.Go(func() error { return l.follow(ctx) })
	return eg.Wait()
}

func (l *Log) follow(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	failing, dropped := false, int64(0)
	for {
		select {
		case <-ctx.Done():
			return l.Flush(context.WithoutCancel(ctx))
		case <-tick.C:
		case <-l.full:
		}
		err := l.Flush(ctx)
		if err != nil && !failing && ctx.Err() == nil {
			l.log.Error("the query log cannot be written, trying on", "error", err)
		}
		failing = err != nil
		if now := l.Dropped(); now > dropped {
			l.log.Warn("entries of the query log dropped, they came too fast", "entries", now-dropped)
			dropped = now
		}
	}
}

// Flush writes what was noted before.
func (l *Log) Flush(ctx context.Context) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	for left := len(l.pending) + len(l.queue); left > 0; {
		for len(l.pending) < min(left, maxBatch) {
			l.pending = append(l.pending, <-l.queue) // there are as many: nobody else takes them
		}
		if err := l.write(ctx, l.pending); err != nil {
			return fmt.Errorf("write query log: %w", err)
		}
		left -= len(l.pending)
		l.pending = l.pending[:0]
	}
	return nil
}

// age forgets at once and then every day.
func (l *Log) age(ctx context.Context) {
	tick := time.NewTicker(24 * time.Hour)
	defer tick.Stop()
	for {
		if err := l.Forget(ctx); err != nil && ctx.Err() == nil {
			l.log.Error("the query log could not forget what is too old", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
