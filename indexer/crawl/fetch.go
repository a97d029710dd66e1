package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gocolly/colly/v2"
)

// A request is one URL to ask for: by POST where it has a form or posts a body, else by GET, on condition that it changed where it has validators.
type request struct {
	url                *url.URL
	form               url.Values
	etag, lastModified string

	header http.Header // over the usual ones
	post   bool
	body   []byte
}

// A response is what one request came to.
type response struct {
	status int
	header http.Header
	body   []byte
}

// fetcher is colly as a fetch engine: one request a visit, no queue, no cookies, no redirects, no limits of its own.
type fetcher struct {
	collector *colly.Collector
	transport *transport
	timeout   time.Duration
}

func newFetcher(t *transport, userAgent string, timeout time.Duration) *fetcher {
	c := colly.NewCollector(colly.AllowURLRevisit(), colly.ParseHTTPErrorResponse(), colly.IgnoreRobotsTxt(), colly.UserAgent(userAgent), colly.MaxBodySize(0))
	c.WithTransport(t)
	c.DisableCookies()
	c.SetRequestTimeout(0) // the context of each request ends it; the client's own would hide what it ended
	return &fetcher{c, t, timeout}
}

// send sends a request once. Every status is a response; only what never got one is an error.
func (f *fetcher) send(ctx context.Context, q request) (*response, error) {
	ctx, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	var page []byte
	c := f.collector.Clone()
	c.Context = context.WithValue(ctx, wholeBody{}, &page)
	var out *response
	var failed error
	c.OnRequest(func(r *colly.Request) {
		r.Headers.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5")
		r.Headers.Set("Accept-Language", "zh-CN,zh;q=0.9,en;q=0.5")
		if q.form != nil {
			r.Headers.Set("Content-Type", "application/x-www-form-urlencoded")
		}
		if q.etag != "" {
			r.Headers.Set("If-None-Match", q.etag)
		}
		if q.lastModified != "" {
			r.Headers.Set("If-Modified-Since", q.lastModified)
		}
		for name, values := range q.header {
			(*r.Headers)[name] = values
		}
	})
	c.OnResponse(func(r *colly.Response) { out = &response{status: r.StatusCode, header: *r.Headers, body: page} })
	c.OnError(func(r *colly.Response, err error) { failed = err })
	method, body := http.MethodGet, io.Reader(nil)
	switch {
	case q.form != nil:
		method, body = http.MethodPost, strings.NewReader(q.form.Encode())
	case q.post:
		method, body = http.MethodPost, bytes.NewReader(q.body)
	}
	if err := c.Request(method, q.url.String(), body, nil, nil); err != nil && failed == nil {
		failed = err
	}
	if out == nil {
		return nil, cause(ctx, failed, f.timeout)
	}
	return out, nil
}

// cause is why a request failed, in a line that does not repeat the URL.
func cause(ctx context.Context, failed error, timeout time.Duration) error {
	var wrapped *url.Error
	if errors.As(failed, &wrapped) {
		failed = wrapped.Err
	}
	switch {
	case errors.Is(failed, errPrivate):
		var dial *net.OpError
		if errors.As(failed, &dial) { // which names the address again
			return dial.Err
		}
		return failed
	case errors.Is(failed, errTooLarge), errors.Is(failed, errHeaders), errors.Is(failed, errPacked):
		return failed
	case errors.Is(failed, errBroken) && ctx.Err() != nil:
		return fmt.Errorf("%w within %v: %w", errBroken, timeout, ctx.Err())
	case errors.Is(failed, errBroken):
		return failed
	case ctx.Err() != nil:
		return fmt.Errorf("no answer within %v: %w", timeout, ctx.Err())
	case failed == nil:
		return errors.New("no request was sent")
	}
	return fmt.Errorf("no answer: %w", failed)
}
