package browser

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

const (
	quietFor    = 500 * time.Millisecond // without a new request, after which a page that is loaded is done
	restless    = 20 * time.Second       // after which a page that has its answers is taken as it is, though it is not loaded
	snapshotsIn = 20 * time.Second
	settlesIn   = 100 * time.Millisecond // between two looks at a page that is done, which see the same
	mostLooks   = 8                      // at one that never does
)

// A tab is the one page that is open.
type tab struct {
	ctx     context.Context // of the tab, ends with maxTime
	url     *url.URL
	target  cdp.Session
	frame   cdp.FrameID
	browser cdp.Session
	answer  Fetch

	begun   bool // the document was asked for
	loaded  bool
	answers map[string]*Response // of this page, by what was asked
	bytes   int
	looks   int
	out     Rendered
}

// open opens a page in a browser context of its own.
func (r *Renderer) open(ctx context.Context, u *url.URL, answer Fetch) (Rendered, error) {
	own, closeTab := chromedp.NewContext(r.root, chromedp.WithNewBrowserContext())
	defer closeTab()
	defer context.AfterFunc(ctx, closeTab)()
	limited, cancel := context.WithTimeout(own, maxTime)
	defer cancel()
	slow := time.AfterFunc(startsIn, closeTab)
	err := chromedp.Do(own)
	if slow.Stop(); err != nil {
		return Rendered{}, fmt.Errorf("%w: %w", ErrCrashed, err)
	}
	c := chromedp.FromContext(own)
	t := &tab{
		ctx: limited, url: u, target: c.Target, frame: cdp.FrameID(c.Target.TargetID), browser: c.Browser, answer: answer, answers: map[string]*Response{},
	}
	var greedy atomic.Bool
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		r.watch(limited, func() { greedy.Store(true); kill(r.pid()) })
	}()
	out, err := t.run()
	cancel()
	<-watched
	switch {
	case err == nil || errors.Is(err, ErrTooLarge):
	case greedy.Load():
		err = ErrMemory
	case r.root.Err() != nil || errors.Is(err, ErrCrashed):
		err = ErrCrashed
	case errors.Is(err, context.DeadlineExceeded):
		err = ErrTime
	default:
		err = fmt.Errorf("%w: %w", ErrCrashed, err)
	}
	return out, err
}

// watch calls exceeded when the browser has taken more memory than it may, and returns then or when ctx ends.
func (r *Renderer) watch(ctx context.Context, exceeded func()) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if pid := r.pid(); pid != 0 && memory(pid) > maxMemory {
				exceeded()
				return
			}
		}
	}
}

// run loads the page, answers what it asks for until it has been quiet, and reads it.
func (t *tab) run() (Rendered, error) {
	paused, stop := t.browser.Subscribe(fetch.RequestPaused.Method)
	defer stop()
	loaded, stop := t.target.Subscribe(page.LoadEventFired.Method)
	defer stop()
	crashed, stop := t.target.Subscribe(inspector.TargetCrashed.Method)
	defer stop()
	dialogs, stop := t.target.Subscribe(page.JavascriptDialogOpening.Method)
	defer stop()
	if err := t.navigate(); err != nil {
		return Rendered{}, err
	}
	quiet := time.NewTimer(restless)
	defer quiet.Stop()
	looked := make(chan look, 1) // a look waits for the page's scripts, and these for what they ask for: both go on at a time
	looking := false
	for {
		select {
		case raw, ok := <-paused:
			if !ok {
				return Rendered{}, ErrCrashed
			}
			fresh, err := t.paused(raw)
			if err != nil {
				return Rendered{}, err
			}
			if t.out.MovedTo != "" {
				t.out.HTML = nil
				return t.out, nil
			}
			if fresh {
				t.out.HTML = nil
				quiet.Reset(t.patience())
			}
		case <-loaded:
			t.loaded = true
			quiet.Reset(quietFor)
		case <-dialogs: // alert and its kin stop a page until they are answered
			go func() {
				_, _ = cdp.Call(t.ctx, t.target, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{})
			}()
		case <-crashed:
			return Rendered{}, ErrCrashed
		case <-quiet.C:
			if !looking {
				looking = true
				go func() { looked <- t.look() }()
			}
		case l := <-looked:
			looking = false
			if l.err != nil {
				return Rendered{}, l.err
			}
			if t.done(l.html) {
				return t.out, nil
			}
			quiet.Reset(settlesIn)
		case <-t.ctx.Done():
			return Rendered{}, t.ctx.Err()
		}
	}
}

// done reports whether a look at a page saw what the one before did, with nothing asked for in between.
func (t *tab) done(html []byte) bool {
	t.looks++
	same := bytes.Equal(html, t.out.HTML)
	t.out.HTML = html
	return same || t.looks == mostLooks
}

func (t *tab) patience() time.Duration {
	if t.loaded {
		return quietFor
	}
	return restless
}

// navigate has the page opened, and does not wait for it: what it asks for has to be answered meanwhile.
func (t *tab) navigate() error {
	deny := browser.SetDownloadBehaviorParams{Behavior: browser.SetDownloadBehaviorBehaviorDeny}
	if _, err := cdp.Call(t.ctx, t.browser, browser.SetDownloadBehavior, deny); err != nil {
		return err
	}
	go func() { _, _ = cdp.Call(t.ctx, t.target, page.Navigate, page.NavigateParams{URL: t.url.String()}) }()
	return nil
}

// serialise waits until the page's own scripts leave it a moment, and gives its document. It runs in a world of its own, in which the page's scripts have
// changed nothing.
const serialise = `new Promise(done => requestIdleCallback(done, {timeout: 2000})).then(() => {
	const html = document.documentElement ? document.documentElement.outerHTML : '';
	return html.length > %d ? null : '<!DOCTYPE html>' + html;
})`

// A look is what was seen of a page.
type look struct {
	html []byte
	err  error
}

func (t *tab) look() look {
	html, err := t.snapshot()
	return look{html, err}
}

func (t *tab) snapshot() ([]byte, error) {
	ctx, cancel := context.WithTimeout(t.ctx, snapshotsIn)
	defer cancel()
	world, err := cdp.Call(ctx, t.target, page.CreateIsolatedWorld, page.CreateIsolatedWorldParams{FrameID: t.frame})
	if err != nil {
		return nil, err
	}
	res, err := cdp.Call(ctx, t.target, runtime.Evaluate, runtime.EvaluateParams{
		Expression: fmt.Sprintf(serialise, maxHTML), ContextID: world.ExecutionContextID, AwaitPromise: new(true), ReturnByValue: new(true),
	})
	switch {
	case err != nil:
		return nil, err
	case res.ExceptionDetails != nil:
		return nil, fmt.Errorf("read the page: %s", res.ExceptionDetails.Text)
	}
	var html *string
	if err := jsonv2.Unmarshal(res.Result.Value, &html, jsonv2.AllowInvalidUTF8(true)); err != nil {
		return nil, err
	}
	if html == nil || len(*html) > maxHTML {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, maxHTML)
	}
	return []byte(*html), nil
}
