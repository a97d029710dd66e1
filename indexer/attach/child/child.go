// Package child reads attached files in child processes of this program, so that a file that makes a reader hang, crash or take all memory costs one process
// and gives an error. The next file gets a new one.
//
// A child has a pipe to ask it and one to answer, no environment, a working directory that is gone, and limits (see Serve). On Linux it also has no network,
// sees no other process and dies with its parent, as far as the kernel grants that; where it refuses, the log says so once.
package child

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"terrace/indexer/attach"
)

// Why a child gave no answer. The errors of Pool.Read wrap them.
var (
	ErrTimeout = errors.New("reading takes too long")
	ErrMemory  = errors.New("reading takes too much memory")
	ErrCrashed = errors.New("reading ended its process") // a panic, an exit, or an answer that is none
)

// Options of a Pool. Only Command must be given.
type Options struct {
	Command []string      // this program, by its absolute path, and the arguments with which it calls Serve
	Workers int           // children at work at the same time; 0: 1
	Timeout time.Duration // of one file, the start of its child included; 0: 30 s
	Memory  int64         // bytes of a child's own memory (resident, not shared); 0: 512 MiB
	Recycle int           // files after which a child is replaced; 0: 100
	Log     *slog.Logger  // nil: slog.Default
}

// A Pool reads files in child processes of this program. It may be used by several goroutines.
type Pool struct {
	o         Options
	life      context.Context
	end       context.CancelFunc
	slots     chan *process // one for each worker; nil where no child runs
	isolation atomic.Int32  // the strongest that the kernel grants
	close     sync.Once
}

// NewPool makes a Pool. Children start with the first file that needs one.
func NewPool(o Options) *Pool {
	o.Workers = cmp.Or(o.Workers, 1)
	o.Timeout = cmp.Or(o.Timeout, 30*time.Second)
	o.Memory = cmp.Or(o.Memory, 512<<20)
	o.Recycle = cmp.Or(o.Recycle, 100)
	o.Log = cmp.Or(o.Log, slog.Default())
	p := &Pool{o: o, slots: make(chan *process, o.Workers)}
	p.life, p.end = context.WithCancel(context.Background())
	for range o.Workers {
		p.slots <- nil
	}
	return p
}

// Close ends the children; a Read that is going on fails with os.ErrClosed, and so does every later one.
func (p *Pool) Close() {
	p.close.Do(func() {
		p.end()
		for range p.o.Workers {
			if c := <-p.slots; c != nil {
				c.stop()
			}
		}
	})
}

// Read reads a file in a child, waiting for one that is free. An error of the reader comes with the text taken so far, its message, and the errors of plain
// that it wraps. Other errors come without text: they wrap ErrTimeout, ErrMemory or ErrCrashed, the error of ctx when it ends, or say that no child could be
// started. A child that crashes or takes too much memory after other files does so for nothing: the file is read again in a new one.
func (p *Pool) Read(ctx context.Context, f attach.File) (attach.Text, error) {
	var c *process
	select {
	case c = <-p.slots:
	case <-ctx.Done():
		return attach.Text{}, fmt.Errorf("wait for a child process to read %q: %w", f.Name, ctx.Err())
	case <-p.life.Done():
		return attach.Text{}, fmt.Errorf("read %q in a child process: %w", f.Name, os.ErrClosed)
	}
	defer func() { p.slots <- c }()
	if c != nil && c.hasExited() {
		c.stop()
		c = nil
	}
	used := c != nil
	var a answer
	var err error
	a, c, err = p.readIn(ctx, c, f)
	if used && (errors.Is(err, ErrCrashed) || errors.Is(err, ErrMemory)) {
		a, c, err = p.readIn(ctx, nil, f) // it may have been the harm of a file before
	}
	if err != nil {
		return attach.Text{}, fmt.Errorf("read %q in a child process: %w", f.Name, err)
	}
	return a.text, a.err
}

// readIn reads a file in child c, or in a new one where that is nil. It returns the child for the next file, or nil.
func (p *Pool) readIn(ctx context.Context, c *process, f attach.File) (a answer, next *process, err error) {
	if c == nil {
		if c, err = p.start(); err != nil {
			return a, nil, fmt.Errorf("start it: %w", err)
		}
	}
	a, err = p.exchange(ctx, c, f)
	if err != nil || c.files >= p.o.Recycle {
		c.stop()
		return a, nil, err
	}
	return a, c, nil
}

// exchange asks a child and waits for its answer, and kills it where the file asks for too much. A child is good for another file only where there is no error.
func (p *Pool) exchange(ctx context.Context, c *process, f attach.File) (answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(p.life, func() { cancel(os.ErrClosed) })()
	ctx, stopTimer := context.WithTimeoutCause(ctx, p.o.Timeout, ErrTimeout)
	defer stopTimer()
	alive := context.AfterFunc(ctx, c.kill)
	go c.watch(ctx, p.o.Memory, func() { cancel(ErrMemory) })

	c.files++
	err := writeRequest(c.in, request{Number: c.files, Name: f.Name, Memory: p.o.Memory, Time: p.o.Timeout / 3 * 2}, f.Data)
	if err != nil {
		err = fmt.Errorf("ask: %w", err)
	}
	var a answer
	if err == nil {
		a, err = readAnswer(c.out, c.files)
	}
	if !alive() {
		return a, context.Cause(ctx)
	}
	if err != nil {
		err = c.autopsy(err)
		p.o.Log.Debug("a child process failed", "file", f.Name, "error", err, "stderr", c.stderr.String())
	}
	return a, err
}

// start starts a child as far from the rest of the system as the kernel allows.
func (p *Pool) start() (*process, error) {
	for {
		n := p.isolation.Load()
		attr, last := isolation(int(n))
		c, err := startProcess(p.o.Command, attr)
		if err == nil || last || !isRefusal(err) {
			return c, err
		}
		if _, last = isolation(int(n + 1)); p.isolation.CompareAndSwap(n, n+1) && last {
			p.o.Log.Warn("the system refuses to keep processes that read attached files from the network", "error", err)
		}
	}
}
