// Package tika asks an Apache Tika server (https://tika.apache.org, 2 or newer) for the text of files that the product's own readers have none of: formats they do not know, damaged files,
// and scans, which the server reads where it has OCR.
package tika

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"terrace/indexer/attach"
	"terrace/indexer/attach/plain"
)

// A Reader reads a file; child.Pool is one.
type Reader interface {
	Read(ctx context.Context, f attach.File) (attach.Text, error)
}

// A Client is a Reader that asks the server where another one has no text.
type Client struct {
	first  Reader
	server *url.URL
	http   *http.Client
}

const (
	timeout   = 2 * time.Minute // of one file: OCR takes seconds a page
	maxAnswer = 32 << 20        // bytes of an answer that are looked at
)

// New makes a Client that asks the server at a URL such as http://127.0.0.1:9998. Files are sent to that host alone.
func New(first Reader, server *url.URL) *Client {
	c := &http.Client{Timeout: timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &Client{first, server, c}
}

// Version asks the server what it is.
func (c *Client) Version(ctx context.Context) (string, error) {
	answer, status, err := c.ask(ctx, http.MethodGet, "version", attach.File{})
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("tika: status %d", status)
	}
	return strings.TrimSpace(string(answer)), err
}

// Read gives what the first reader makes of a file or, where that is no text, what the server does. Where the server has none either, the first one's answer stands. An error that is none of package
// plain's says that the server cannot be asked now.
func (c *Client) Read(ctx context.Context, f attach.File) (attach.Text, error) {
	t, err := c.first.Read(ctx, f)
	if !t.NeedsOCR && !errors.Is(err, plain.ErrUnsupported) && !errors.Is(err, plain.ErrBroken) {
		return t, err
	}
	answer, status, failed := c.ask(ctx, http.MethodPut, "tika", f)
	switch {
	case failed != nil:
		return t, failed
	case status == http.StatusTooManyRequests || status >= 500:
		return t, fmt.Errorf("tika: status %d", status)
	case status != http.StatusOK: // 204, 415, 422: it cannot read it either
		return t, err
	}
	out := plain.New(attach.MaxText)
	for line := range strings.Lines(string(answer)) {
		for cell := range strings.SplitSeq(line, "\t") {
			out.Write(cell)
			out.Cell()
		}
		out.End()
	}
	if !strings.ContainsFunc(out.String(), unicode.IsLetter) {
		return t, err
	}
	return attach.Text{Format: "tika", Body: out.String(), Cut: out.Cut()}, nil
}

// ask sends a request and reads the answer.
func (c *Client) ask(ctx context.Context, method, path string, f attach.File) (answer []byte, status int, err error) {
	req, err := http.NewRequestWithContext(ctx, method, c.server.JoinPath(path).String(), bytes.NewReader(f.Data))
	if err != nil {
		return nil, 0, fmt.Errorf("tika: %w", err)
	}
	req.Header.Set("Accept", "text/plain")
	if f.Name != "" {
		req.Header.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(f.Name))
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, 0, fmt.Errorf("tika: %w", err)
	}
	defer res.Body.Close()
	if answer, err = io.ReadAll(io.LimitReader(res.Body, maxAnswer)); err != nil {
		return nil, 0, fmt.Errorf("tika: %w", err)
	}
	return answer, res.StatusCode, nil
}
