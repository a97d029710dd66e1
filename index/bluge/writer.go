package bluge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"time"

	blugeindex "github.com/blugelabs/bluge/index"
	"golang.org/x/sync/errgroup"

	"terrace/index"
)

// A commit writes what waits, up to
const (
	maxBatchDocs  = 2000
	maxBatchBytes = 8 << 20
)

// A writer commits batches one after the other. While one is being made durable the next gathers, so a lone document waits for nothing and
// many share a commit.
type writer struct {
	log     *slog.Logger
	files   *directory
	bluge   *blugeindex.Writer
	queue   chan *request
	commits sync.WaitGroup // run
	workers sync.WaitGroup // bluge's own
	stop    chan struct{}  // closed when closing begins
	merging merging
}

// A request is what is put or deleted together.
type request struct {
	puts    []*entry
	deletes []string
	done    chan error // holds the outcome
}

func (r *request) size() (docs, bytes int) {
	for _, e := range r.puts {
		bytes += e.size
	}
	return len(r.puts) + len(r.deletes), bytes
}

func openWriter(on disk, path string, log *slog.Logger) (*writer, error) {
	d := newDirectory(on, path, log)
	newest, err := d.sweep()
	if err != nil {
		return nil, err
	}
	w := &writer{log: log, files: d, queue: make(chan *request, maxBatchDocs), stop: make(chan struct{})}
	c := engineConfig(d)
	c.MergePlanOptions = w.merging.options()
	c.NumAnalysisWorkers = 1 // documents come analysed
	c.GoFunc = func(f func()) { w.workers.Go(f) }
	c.AsyncError = func(err error) { w.failed(log, err) }
	if w.bluge, err = blugeindex.OpenWriter(c); err != nil {
		return nil, err
	}
	w.commits.Go(w.run)
	snapshot, err := w.bluge.Reader()
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	defer snapshot.Close()
	if err := holds(snapshot, newest); err != nil {
		return nil, errors.Join(err, w.close())
	}
	return w, nil
}

// holds reports ErrDamaged where bluge did not load the newest snapshot: it then falls back to an older one and says nothing.
func holds(snapshot *blugeindex.Snapshot, newest []uint64) error {
	there := map[uint64]bool{}
	for _, s := range snapshot.Segments() {
		there[s.ID()] = true
	}
	for _, id := range newest {
		if !there[id] {
			return fmt.Errorf("%w: segment %x cannot be read", ErrDamaged, id)
		}
	}
	return nil
}

// engineConfig is bluge's configuration as far as reading needs it.
func engineConfig(d *directory) blugeindex.Config {
	c := blugeindex.DefaultConfigWithDirectory(func() blugeindex.Directory { return d })
	return c.WithSegmentPlugin(&plugin).WithNormCalc(norm)
}

// failed logs an error of bluge's own goroutines. They try again at once and for ever, so it holds them up for a moment.
func (w *writer) failed(log *slog.Logger, err error) {
	log.Error("index storage", "error", err)
	w.merging.whole.Store(false)
	select {
	case <-w.stop:
	case <-time.After(time.Second):
	}
}

// run commits until the queue is closed and empty. When nothing came for a while it has the segments merged.
func (w *writer) run() {
	for idle := time.NewTimer(calm); ; {
		select {
		case r, ok := <-w.queue:
			if !ok {
				return
			}
			w.commit(r)
			idle.Reset(calm)
		case <-idle.C:
			merging, err := w.tidy()
			if err != nil {
				w.log.Warn("index: segments are not merged", "error", err)
			} else if merging {
				idle.Reset(calm)
			}
		}
	}
}

// commit writes a request and those that wait behind it.
func (w *writer) commit(r *request) {
	w.merging.whole.Store(false)
	batch := w.gather(r)
	err := w.files.cause(w.bluge.Batch(merge(batch)))
	for _, r := range batch {
		r.done <- err
	}
}

func (w *writer) gather(r *request) []*request {
	batch := []*request{r}
	for docs, bytes := r.size(); docs < maxBatchDocs && bytes < maxBatchBytes; {
		select {
		case next, ok := <-w.queue:
			if !ok {
				return batch
			}
			d, b := next.size()
			docs, bytes = docs+d, bytes+b
			batch = append(batch, next)
		default:
			return batch
		}
	}
	return batch
}

// merge makes one batch of requests. Of several for one id the last counts: bluge would keep every one.
func merge(requests []*request) *blugeindex.Batch {
	last := map[string]*entry{}
	var order []string
	note := func(id string, e *entry) {
		if _, seen := last[id]; !seen {
			order = append(order, id)
		}
		last[id] = e
	}
	for _, r := range requests {
		for _, e := range r.puts {
			note(e.id, e)
		}
		for _, id := range r.deletes {
			note(id, nil)
		}
	}
	b := blugeindex.NewBatch()
	for _, id := range order {
		if e := last[id]; e != nil {
			b.Update(idTerm(id), e)
		} else {
			b.Delete(idTerm(id))
		}
	}
	return b
}

// submit queues a request. Its outcome comes through done.
func (w *writer) submit(ctx context.Context, r *request) error {
	r.done = make(chan error, 1)
	select {
	case w.queue <- r:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// close commits what waits and closes bluge. Nothing may be submitted any more.
func (w *writer) close() error {
	close(w.stop)
	close(w.queue)
	w.commits.Wait()
	err := w.bluge.Close()
	w.workers.Wait()
	return err
}

// put analyses and submits documents in portions that make a commit each, one being analysed while the one before is committed.
func (w *writer) put(ctx context.Context, docs []index.Document, a index.Analyzer) error {
	before := &request{done: make(chan error, 1)}
	before.done <- nil
	for len(docs) > 0 {
		n := portion(docs)
		entries, err := analyze(ctx, docs[:n], a)
		if err != nil {
			return err
		}
		r := &request{puts: entries}
		if err := errors.Join(before.wait(ctx), w.submit(ctx, r)); err != nil {
			return err
		}
		before, docs = r, docs[n:]
	}
	return before.wait(ctx)
}

func (r *request) wait(ctx context.Context) error {
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// portion is how many documents fill a commit.
func portion(docs []index.Document) int {
	bytes := 0
	for i := range docs {
		if bytes += len(docs[i].Title) + len(docs[i].Body); i > 0 && (bytes > maxBatchBytes || i == maxBatchDocs) {
			return i
		}
	}
	return len(docs)
}

func analyze(ctx context.Context, docs []index.Document, a index.Analyzer) ([]*entry, error) {
	out := make([]*entry, len(docs))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range docs {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			out[i] = newEntry(&docs[i], a.Analyze(&docs[i]))
			return nil
		})
	}
	return out, g.Wait()
}
