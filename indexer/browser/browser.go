// Package browser opens a page in Chromium and gives back what its scripts made of it.
//
// The browser never reaches the network. Every request of a page is stopped and answered by a function of the caller, who sends it, or does not, by its own
// rules; what could get past that ends at a proxy that does not exist, and where the system allows it the browser runs in a network of its own without any
// device. Pages are opened one at a time, each without anything that another has left behind.
package browser

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os/exec"
	"time"
)

// Limits on one page.
const (
	maxTime     = 90 * time.Second // with the pace at which its requests are answered
	maxRequests = 100              // different ones
	maxBytes    = 32 << 20         // of all answers
	maxHTML     = 8 << 20          // of what its scripts made
	maxMemory   = 1536 << 20       // of all processes of the browser, without what is mapped from files
	maxPosted   = 1 << 20          // of one request
)

// Reasons for which a page is not rendered.
var (
	ErrNone     = errors.New("there is no Chromium")
	ErrStart    = errors.New("the browser does not start")
	ErrCrashed  = errors.New("the browser crashed")
	ErrMemory   = errors.New("the page took too much memory")
	ErrTime     = errors.New("the page did not come to an end")
	ErrTooLarge = errors.New("the rendered page is larger than the cap")
)

// A Request is what a page asks for.
type Request struct {
	Method   string // GET or POST
	URL      *url.URL
	Header   http.Header // what the page itself has a say in; no cookies
	Body     []byte
	Document bool // the page itself
	Static   bool // a script or a style
}

// A Response is what a request is answered with. Redirects are answers: where they lead to is another request.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Fetch answers a request, or fails to. It is called for one request at a time, in the goroutine of Render.
type Fetch func(context.Context, Request) (*Response, error)

// A Rendered is what became of a page.
type Rendered struct {
	HTML    []byte // its document as it stands in the end, in UTF-8; nil where MovedTo is set
	MovedTo string // where its scripts led away to; empty: nowhere
	Refused int    // requests that were not answered for the limits on a page
}

// Options say which browser to use. Zero values work.
type Options struct {
	Path      string // of Chromium; empty: that of Find
	Dir       string // for what the browser writes, emptied at its start and its end; empty: a temporary one
	UserAgent string // that scripts see
	Log       *slog.Logger
}

// names are those under which systems install the browser.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// Find is where Chromium is: at path, or where that is empty, where programs are. It wraps ErrNone.
func Find(path string) (string, error) {
	if path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("%w at %s", ErrNone, path)
		}
		return found, nil
	}
	for _, name := range names {
		if found, err := exec.LookPath(name); err == nil {
			return found, nil
		}
	}
	return "", ErrNone
}
