package indexer

import "context"

// Taken names the live generation and the change number of the archive up to which it has everything. While a job runs that is 0: what is less urgent than the job waits.
func (x *Indexer) Taken(ctx context.Context) (generation string, change int64, err error) {
	live, ok, err := x.liveInfo(ctx)
	if err != nil || !ok {
		return "", 0, err
	}
	x.mu.Lock()
	busy := x.job != nil
	x.mu.Unlock()
	if busy {
		return live.Name, 0, nil
	}
	change, err = x.archive.Cursor(ctx, live.Name)
	return live.Name, change, err
}
