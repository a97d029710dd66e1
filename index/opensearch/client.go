package opensearch

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/opensearch-project/opensearch-go/v4"

	"terrace/index"
)

// An Error is what the cluster answers in place of a result.
type Error struct {
	Status int
	Type   string // such as index_not_found_exception
	Reason string
}

// Error names status, type and reason.
func (e *Error) Error() string {
	return fmt.Sprintf("opensearch: %d %s: %s", e.Status, e.Type, e.Reason)
}

// Unwrap makes a missing index an index.ErrNoGeneration and a body that is not accepted an index.ErrTooLarge.
func (e *Error) Unwrap() error {
	switch {
	case e.Type == "index_not_found_exception":
		return index.ErrNoGeneration
	case e.Status == http.StatusRequestEntityTooLarge:
		return index.ErrTooLarge
	case e.Type == "too_many_nested_clauses" || e.Type == "too_many_clauses":
		return index.ErrQuery
	}
	return nil
}

// passing reports whether the same request may succeed later: the cluster is busy, or a node of it went away.
func (e *Error) passing() bool {
	switch e.Status {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	switch e.Type {
	case "node_disconnected_exception", "node_not_connected_exception", "node_closed_exception", "connect_transport_exception",
		"receive_timeout_transport_exception", "no_node_available_exception", "already_closed_exception":
		return true
	}
	return false
}

func isMissing(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Status == http.StatusNotFound
}

// A client talks to the cluster and tries again what may succeed later. All that it sends may be sent twice.
type client struct {
	api *opensearch.Client
	log *slog.Logger
}

func (o *Options) addresses() []string {
	return strings.FieldsFunc(o.URL, func(r rune) bool { return r == ',' || r == ' ' })
}

// hosts names the cluster in errors, without a password that a URL may hold.
func (o *Options) hosts() string {
	var out []string
	for _, a := range o.addresses() {
		if u, err := url.Parse(a); err == nil {
			out = append(out, u.Redacted())
		}
	}
	return strings.Join(out, ",")
}

func newClient(o Options) (*client, error) {
	addresses := o.addresses()
	if len(addresses) == 0 {
		return nil, errors.New("no address")
	}
	for i, a := range addresses {
		u, err := url.Parse(a)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("address %d is not of the form https://host:port", i+1)
		}
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 32
	api, err := opensearch.NewClient(opensearch.Config{
		Addresses: addresses, Username: o.User, Password: o.Password, CACert: o.CA, Transport: transport,
		DisableRetry: true, MaxRetryClusterHealth: -1, ResurrectTimeoutInitial: time.Second, ResurrectTimeoutMax: 5 * time.Second,
	})
	if err != nil {
		return nil, err
	}
	return &client{api: api, log: o.Log}, nil
}

func (c *client) close() error { return c.api.Close() }

// A call is one request.
type call struct {
	method, path string
	body         []byte
	lines        bool          // body is newline-delimited JSON
	attempt      time.Duration // longest wait for one answer; 0: 5 s
}

// maxAnswer bounds the memory that one answer takes.
const maxAnswer = 256 << 20

// do sends a call until it is answered or ctx ends, and decodes the answer into out. The error is an *Error, or wraps index.ErrUnavailable and
// ctx's own.
func (c *client) do(ctx context.Context, r call, out any) error {
	return c.patiently(ctx, r.method+" "+r.path, func(ctx context.Context) error {
		b, err := c.once(ctx, r)
		if err != nil || out == nil {
			return err
		}
		if err := json.Unmarshal(b, out); err != nil {
			return &unanswered{fmt.Errorf("decode answer: %w", err)}
		}
		return nil
	})
}

// unanswered is an attempt that may succeed later.
type unanswered struct{ cause error }

func (u *unanswered) Error() string { return u.cause.Error() }
func (u *unanswered) Unwrap() error { return u.cause }

// patiently repeats try while it fails with unanswered, with longer and longer pauses of random length, until ctx ends.
func (c *client) patiently(ctx context.Context, what string, try func(context.Context) error) error {
	var last error
	for attempt := 0; ; attempt++ {
		err := try(ctx)
		if last != nil && errors.Is(err, context.DeadlineExceeded) && err == ctx.Err() {
			return fmt.Errorf("%w: %w: %w", index.ErrUnavailable, err, last)
		}
		if _, again := errors.AsType[*unanswered](err); !again {
			return err
		}
		last = err
		pause := time.Duration(rand.Int64N(int64(min(50*time.Millisecond<<min(attempt, 6), 2*time.Second)))) + 10*time.Millisecond
		if attempt == 2 {
			c.log.Warn("opensearch: trying again", "request", what, "error", err)
		}
		if stop := wait(ctx, pause); stop != nil {
			if errors.Is(stop, context.Canceled) {
				return stop
			}
			return fmt.Errorf("%w: %w: %w", index.ErrUnavailable, stop, err)
		}
	}
}

// wait ends early, with ctx's error, where ctx ends or will end meanwhile.
func wait(ctx context.Context, pause time.Duration) error {
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < pause {
		pause = time.Until(deadline)
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	}
	return ctx.Err()
}

// once sends a call once.
func (c *client) once(ctx context.Context, r call) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if r.attempt == 0 {
		r.attempt = 5 * time.Second
	}
	attempt, cancel := context.WithTimeout(ctx, r.attempt)
	defer cancel()
	req, err := http.NewRequestWithContext(attempt, r.method, r.path, bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	if r.lines {
		req.Header.Set("Content-Type", "application/x-ndjson")
	} else if len(r.body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := c.api.Stream(req)
	if err != nil || res == nil {
		return nil, failed(ctx, err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, failed(ctx, err)
	case len(b) > maxAnswer:
		return nil, fmt.Errorf("answer of more than %d bytes", maxAnswer)
	case res.StatusCode >= 300:
		return nil, readError(res.StatusCode, b).orUnanswered()
	}
	return b, nil
}

// failed is a request that got no answer: for good where the caller gave up or the server is not to be trusted.
func failed(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	if _, untrusted := errors.AsType[*tls.CertificateVerificationError](err); untrusted {
		return err
	}
	return &unanswered{err}
}

// readError reads the cluster's error.
func readError(status int, body []byte) *Error {
	var answer struct{ Error json.RawMessage }
	e := &Error{Status: status, Type: http.StatusText(status)}
	if json.Unmarshal(body, &answer) == nil {
		var cause struct{ Type, Reason string }
		if json.Unmarshal(answer.Error, &cause) == nil && cause.Type != "" {
			e.Type, e.Reason = cause.Type, cause.Reason
		}
	}
	return e
}

func (e *Error) orUnanswered() error {
	if e.passing() {
		return &unanswered{e}
	}
	return e
}
