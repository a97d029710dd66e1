package indexer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"terrace/db"
	"terrace/index"
	"terrace/indexer/archive"
	"terrace/indexer/attach"
	"terrace/indexer/attached"
	"terrace/indexer/extract"
	"terrace/indexer/relate"
	"terrace/moves"
	"terrace/site"
	"terrace/withdraw"
)

// Options are what an Indexer works with. All but Files and Log are needed.
type Options struct {
	Archive    *archive.Archive
	State      *db.DB          // where jobs are kept
	Relations  *db.DB          // where it is kept how documents hang together
	Files      *attached.Files // texts of attachments; nil: they are known by name alone
	Index      index.Index
	Registry   *site.Registry
	Analyzer   string // fingerprints of what the index is cut with
	Dictionary string
	KeepFiles  time.Duration // how long bytes of attached files are kept whose texts are; 0: for ever
	Backups    string        // the folder that backups of the index lie in, made when the first is
	Log        *slog.Logger
}

// An Indexer keeps the live generation equal to the archive, while it runs, and carries out Orders.
type Indexer struct {
	archive   *archive.Archive
	state     *db.DB
	relations *relate.Store
	files     *attached.Files
	withdrawn *withdraw.List
	moves     *moves.List
	ix        index.Index
	registry  *site.Registry
	extractor *extract.Extractor
	made      atomic.Pointer[index.Fingerprints] // what a generation is made with from now on
	keepFiles time.Duration
	backups   string
	log       *slog.Logger

	wake   chan struct{}
	orders chan *jobRow

	mu    sync.Mutex
	job   *jobRow // running, or waiting for Run
	recut bool    // what was cut with another dictionary is to be rebuilt as soon as no job runs

	applying  sync.Mutex // held while a generation is written and while one goes live: neither may go by another list of withdrawals than the other
	proposing sync.Mutex // held while moves are proposed
	settling  sync.Mutex // held before applying, from before a withdrawal is listed until it is followed
}

// New prepares an Indexer.
func New(ctx context.Context, o Options) (*Indexer, error) {
	if err := o.State.Migrate(ctx, "jobs", jobSteps); err != nil {
		return nil, err
	}
	if err := o.State.Migrate(ctx, "upkeep", upkeepSteps); err != nil {
		return nil, err
	}
	relations, err := relate.Open(ctx, o.Relations)
	if err != nil {
		return nil, err
	}
	withdrawn, err := withdraw.Open(ctx, o.State)
	if err != nil {
		return nil, err
	}
	moved, err := moves.Open(ctx, o.State)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	x := &Indexer{
		archive: o.Archive, state: o.State, relations: relations, withdrawn: withdrawn, moves: moved, files: o.Files, ix: o.Index, registry: o.Registry, keepFiles: o.KeepFiles, backups: o.Backups, log: o.Log,
		extractor: extract.New(o.Registry),
		wake:      make(chan struct{}, 1),
		orders:    make(chan *jobRow, 1),
	}
	x.made.Store(&index.Fingerprints{
		Extractor: extract.Version + "+" + readers(o.Files), Analyzer: o.Analyzer, Dictionary: o.Dictionary, Registry: o.Registry.Fingerprint(),
	})
	x.withhold()
	return x, nil
}

// readers is the version of what reads attached files.
func readers(f *attached.Files) string {
	if f != nil && f.More {
		return attach.Version + " and more"
	}
	return attach.Version
}

// Wake says that the archive has changed, so that sync need not wait for its next look.
func (x *Indexer) Wake() {
	select {
	case x.wake <- struct{}{}:
	default:
	}
}

// look is how long sync waits before it looks for changes unasked.
const look = 500 * time.Millisecond

// Run syncs the live generation, carries out jobs and tends the archive until the context ends. A job that a restart interrupted goes on; a generation made by
// another version of the program, dictionary or registry is rebuilt in the background.
func (x *Indexer) Run(ctx context.Context) error {
	if err := x.resume(ctx); ctx.Err() != nil {
		return nil
	} else if err != nil {
		return fmt.Errorf("indexer: %w", err)
	}
	eg, ctx := errgroup.WithContext(ctx)
	eg.Go(func() error { return x.follow(ctx) })
	eg.Go(func() error { return x.work(ctx) })
	eg.Go(func() error { return x.tend(ctx) })
	err := eg.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// resume takes up the job that an earlier Run left, or orders the rebuild that a change of the program calls for.
func (x *Indexer) resume(ctx context.Context) error {
	if _, err := x.live(ctx); err != nil {
		return err
	}
	if begun, err := x.takeUp(ctx); begun || err != nil {
		return err
	}
	old, err := x.outdated(ctx)
	if err != nil || !old {
		return err
	}
	x.log.Info("the index was made by another version, dictionary or registry: rebuilding it in the background")
	if _, err = x.Start(ctx, Order{Mode: Rebuild}); errors.Is(err, ErrBusy) {
		return nil
	}
	return err
}

// takeUp begins the job that an earlier Run left. begun tells that there is a job, that one or one that Start began by now.
func (x *Indexer) takeUp(ctx context.Context) (begun bool, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.job != nil {
		return true, nil
	}
	rows, err := x.jobRows(ctx, `WHERE state = 'running' ORDER BY created`)
	if err != nil || len(rows) == 0 {
		return false, err
	}
	rows[0].takenUp = true
	x.begin(rows[0])
	return true, nil
}

// follow keeps the live generation equal to the archive.
func (x *Indexer) follow(ctx context.Context) error {
	for {
		err := x.CatchUp(ctx)
		switch {
		case errors.Is(err, index.ErrUnavailable):
			x.log.Error("the index is not available, what has changed waits", "error", err)
		case err != nil:
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-x.wake:
		case <-time.After(look):
		}
	}
}

// CatchUp brings the live generation up to the list of withdrawals and the archive's newest change.
func (x *Indexer) CatchUp(ctx context.Context) error {
	if err := x.SettleWithdrawals(ctx); err != nil {
		return err
	}
	g, err := x.live(ctx)
	if err != nil {
		return err
	}
	if err := x.dropForgotten(ctx, g); err != nil {
		return err
	}
	return x.sync(ctx, g, func(synced) error { return nil })
}

// work carries out jobs, one after the other.
func (x *Indexer) work(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case j := <-x.orders:
			if err := x.carryOut(ctx, j); err != nil {
				return err
			}
			if err := x.follows(ctx, j); err != nil {
				return err
			}
		}
	}
}

// carryOut runs a job to its end. The error is nil but where the context ended: then the job goes on after a restart.
func (x *Indexer) carryOut(ctx context.Context, j *jobRow) error {
	defer close(j.ended)
	defer context.AfterFunc(ctx, func() { j.cancel(ctx.Err()) })()
	err := x.do(j.ctx, j)
	for errors.Is(err, index.ErrUnavailable) && j.ctx.Err() == nil {
		x.log.Error("the index is not available, the job waits", "job", j.ID, "error", err)
		select {
		case <-j.ctx.Done():
		case <-time.After(look):
			err = x.do(j.ctx, j)
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	state, reason := Done, ""
	switch {
	case errors.Is(context.Cause(j.ctx), errCancelled) && err != nil:
		state, reason = Cancelled, "管理员已取消"
	case err != nil:
		state, reason = Failed, err.Error()
		x.log.Error("job failed", "job", j.ID, "error", err)
	}
	if err != nil {
		x.abandon(ctx, j)
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.job = nil
	j.Ended, j.State, j.Reason = time.Now(), state, reason
	if err := x.save(ctx, j); err != nil {
		return fmt.Errorf("end job %s: %w", j.ID, err)
	}
	return nil
}

// abandon drops what a rebuild built.
func (x *Indexer) abandon(ctx context.Context, j *jobRow) {
	if j.generation == "" {
		return
	}
	g, err := x.ix.Open(ctx, j.generation)
	if err == nil {
		err = g.Drop(ctx)
	}
	if err == nil {
		err = x.forget(ctx, j.generation)
	}
	if err != nil && !errors.Is(err, index.ErrNoGeneration) {
		x.log.Warn("what the job built could not be dropped", "job", j.ID, "generation", j.generation, "error", err)
	}
}

func (x *Indexer) do(ctx context.Context, j *jobRow) error {
	scope := archive.Scope{Site: j.Order.Site, URL: j.Order.URL}
	switch {
	case j.Order.Mode == Recrawl:
		return x.recrawl(ctx, j, scope)
	case scope == archive.Scope{}:
		return x.rebuildAll(ctx, j)
	}
	return x.rebuildPart(ctx, j, scope)
}

// note changes the job under the lock and writes its row.
func (x *Indexer) note(ctx context.Context, j *jobRow, change func()) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	change()
	return x.save(ctx, j)
}
