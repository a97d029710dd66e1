package browser

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/chromedp"
)

const (
	pagesEach  = 200         // pages after which the browser is started anew: it grows
	idleFor    = time.Minute // after which it is ended
	startsIn   = 30 * time.Second
	closesIn   = 5 * time.Second
	watchEvery = 200 * time.Millisecond
)

// A Renderer opens pages, one at a time, whoever asks. Its browser is started for the first page.
type Renderer struct {
	path string
	Options

	turn chan struct{} // of capacity 1; whoever holds it may use what follows

	root   context.Context // of the browser that runs; nil: none
	ended  func()
	dir    string
	opened int
	idle   *time.Timer
	closed bool
	once   sync.Once
}

// New finds the browser. It wraps ErrNone where there is none.
func New(o Options) (*Renderer, error) {
	path, err := Find(o.Path)
	if err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Renderer{path: path, Options: o, turn: make(chan struct{}, 1)}, nil
}

// Render opens a page and waits until its scripts are done. The error is the context's, or one of this package's; the browser is then started anew for the
// next page.
func (r *Renderer) Render(ctx context.Context, u *url.URL, answer Fetch) (Rendered, error) {
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return Rendered{}, ctx.Err()
	}
	defer func() { <-r.turn }()
	if r.closed {
		return Rendered{}, fmt.Errorf("%w: it was closed", ErrStart)
	}
	if r.idle != nil {
		r.idle.Stop()
	}
	if r.root == nil || r.root.Err() != nil || r.opened >= pagesEach {
		r.end()
		if err := r.start(); err != nil {
			return Rendered{}, err
		}
	}
	r.opened++
	out, err := r.open(ctx, u, answer)
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	if err != nil && !errors.Is(err, ErrTooLarge) {
		r.Log.Warn("page was not rendered", "url", u, "error", err)
		r.end()
		return out, err
	}
	r.idle = time.AfterFunc(idleFor, r.rest)
	return out, err
}

// rest ends the browser where no page is open.
func (r *Renderer) rest() {
	select {
	case r.turn <- struct{}{}:
		r.end()
		<-r.turn
	default:
	}
}

// Close ends the browser once the page that is open is done. Pages are no longer opened.
func (r *Renderer) Close() {
	r.turn <- struct{}{}
	defer func() { <-r.turn }()
	r.closed = true
	if r.idle != nil {
		r.idle.Stop()
	}
	r.end()
}

// start starts the browser: without a network, and where the system does not allow that, with one that it cannot use.
func (r *Renderer) start() (err error) {
	for _, alone := range []bool{true, false} {
		if err = r.launch(alone); err == nil {
			r.opened = 0
			return nil
		}
		r.Log.Debug("browser does not start", "alone", alone, "error", err)
	}
	return fmt.Errorf("%w: %w", ErrStart, err)
}

func (r *Renderer) launch(alone bool) error {
	if err := r.makeDir(); err != nil {
		return err
	}
	base, endBase := chromedp.NewExecAllocator(context.Background(), r.flags(alone)...)
	root, endRoot := chromedp.NewContext(base, chromedp.WithBrowserOption(chromedp.WithBrowserLogf(r.debug), chromedp.WithBrowserErrorf(r.debug)))
	r.root, r.ended = root, func() { endRoot(); endBase() }
	limit := time.AfterFunc(startsIn, endRoot)
	defer limit.Stop()
	_, err := chromedp.CallBrowser(root, fetch.Enable, fetch.EnableParams{})
	if err != nil {
		r.end()
	}
	return err
}

func (r *Renderer) debug(format string, args ...any) {
	r.Log.Debug("browser", "says", fmt.Sprintf(format, args...))
}

func (r *Renderer) makeDir() (err error) {
	if r.dir = r.Dir; r.dir == "" {
		if r.dir, err = os.MkdirTemp("", "terrace-browser"); err != nil {
			return err
		}
	}
	return errors.Join(os.RemoveAll(r.dir), os.MkdirAll(filepath.Join(r.dir, "tmp"), 0o700))
}

// end ends the browser with all its processes, and removes what it has written.
func (r *Renderer) end() {
	if r.root == nil {
		return
	}
	if pid := r.pid(); pid != 0 {
		graceful, cancel := context.WithTimeout(r.root, closesIn)
		if chromedp.Cancel(graceful) != nil {
			kill(pid)
		}
		cancel()
	}
	r.ended()
	if err := os.RemoveAll(r.dir); err != nil {
		r.Log.Warn("what the browser has written is not removed", "dir", r.dir, "error", err)
	}
	r.root = nil
}

// pid is the browser's, 0 where it does not run.
func (r *Renderer) pid() int {
	c := chromedp.FromContext(r.root)
	if r.root.Err() != nil || c.Browser == nil || c.Browser.Process() == nil {
		return 0
	}
	return c.Browser.Process().Pid
}
