package indexer

import (
	"context"
	"errors"
	"fmt"

	"terrace/index"
)

// SetDictionary says what dictionary documents are cut with from now on: the analyzer of the index must cut with it already, so that no generation is taken
// for made with it that holds documents of the one before. Where it is another, it orders the rebuild in the background; while a job runs the rebuild follows
// that, which is then the Job, and waits is true. The Job is zero where nothing is to be rebuilt.
func (x *Indexer) SetDictionary(ctx context.Context, fingerprint string) (j Job, waits bool, err error) {
	x.mu.Lock()
	made := *x.made.Load()
	if made.Dictionary != fingerprint {
		made.Dictionary, x.recut = fingerprint, true
		x.made.Store(&made)
	}
	due := x.recut
	x.mu.Unlock()
	if !due {
		return Job{}, false, nil
	}
	j, err = x.rebuild(ctx)
	if !errors.Is(err, ErrBusy) {
		return j, false, err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.job != nil {
		j = x.job.Job
	}
	return j, true, nil
}

// rebuild orders that everything is rebuilt because of what it was made with.
func (x *Indexer) rebuild(ctx context.Context) (Job, error) {
	j, err := x.Start(ctx, Order{Mode: Rebuild})
	if err != nil && !errors.Is(err, ErrBusy) {
		return j, fmt.Errorf("rebuild for another dictionary: %w", err)
	}
	return j, err
}

// follows orders the rebuild that had to wait for the end of a job. A job that an earlier Run left may have built with another dictionary: then one follows
// it too.
func (x *Indexer) follows(ctx context.Context, ended *jobRow) error {
	x.mu.Lock()
	due := x.recut
	x.mu.Unlock()
	if ended.takenUp && ended.State == Done && !due {
		old, err := x.outdated(ctx)
		if errors.Is(err, index.ErrUnavailable) {
			x.log.Error("the index is not available: whether it is outdated is seen at the next start", "error", err)
			return nil
		}
		if err != nil {
			return err
		}
		due = old
	}
	if !due {
		return nil
	}
	if _, err := x.rebuild(ctx); err != nil && !errors.Is(err, ErrBusy) {
		return err
	}
	return nil
}
