package crawl

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/klauspost/compress/gzip"

	"terrace/indexer/weburl"
	"terrace/site"
)

// Reasons for which the transport refuses or ends a request.
var (
	errPrivate  = errors.New("address is private")
	errTooLarge = errors.New("page is larger than the cap")
	errBroken   = errors.New("answer cannot be read to its end")
	errHeaders  = errors.New("headers are larger than the cap")
	errPacked   = errors.New("answer is packed in a way that was not asked for")
)

// A transport sends one site's requests. It refuses private addresses where the site does not allow them, and reads every body to its end, up to
// the cap, before it hands the response on: what comes out is complete or an error.
type transport struct {
	inner   *http.Transport
	dialer  *net.Dialer
	site    *site.Site
	maxBody int64
	private bool // private addresses are allowed
}

// maxHeaders are the bytes that the headers of an answer may have; browsers stop at about as many.
const maxHeaders = 256 << 10

func newTransport(s *site.Site, proxy *url.URL, maxBody int64) *transport {
	t := &transport{maxBody: maxBody, private: s.AllowPrivate, site: s, dialer: &net.Dialer{Timeout: 10 * time.Second}}
	if !s.AllowPrivate && proxy == nil {
		t.dialer.Control = func(_, address string, _ syscall.RawConn) error { return checkAddress(address) }
	}
	t.inner = &http.Transport{
		DialContext:           t.dialer.DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   1,
		DisableCompression:    true, // bodies are unpacked here, under the cap
		TLSClientConfig:       TLSConfig(s.InsecureTLS, s.LegacyTLS),

		MaxResponseHeaderBytes: maxHeaders,
		ReadBufferSize:         32 << 10, // most pages come packed to less, and each read of the line costs a turn of the scheduler
	}
	if proxy != nil {
		t.inner.Proxy = http.ProxyURL(proxy)
	}
	return t
}

// RoundTrip sends a request and reads the whole response. The header's charset is moved to X-Charset, so that nobody decodes by it unasked.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if a, err := netip.ParseAddr(req.URL.Hostname()); err == nil && !t.private && !weburl.Public(a) {
		return nil, fmt.Errorf("%w: %s", errPrivate, a)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := t.inner.RoundTrip(req)
	if err != nil && strings.Contains(err.Error(), "response headers exceeded") { // it has no type to know it by
		return nil, fmt.Errorf("%w: %d bytes allowed", errHeaders, maxHeaders)
	}
	if err != nil {
		return nil, advise(err, t.site)
	}
	defer res.Body.Close()
	body, err := t.read(res)
	if err != nil {
		return nil, err
	}
	if whole, ok := req.Context().Value(wholeBody{}).(*[]byte); ok {
		*whole, body = body, nil // past colly, which would copy it
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	res.Header.Del("Content-Encoding")
	res.Uncompressed = true // colly would unpack again, without a cap
	res.Header.Set(rawType, res.Header.Get("Content-Type"))
	mediaType, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	res.Header.Set("Content-Type", strings.ToLower(strings.TrimSpace(mediaType)))
	if to := res.Header.Get("Location"); to != "" {
		res.Header.Set(rawLocation, to)
		res.Header.Del("Location") // net/http would follow it, and takes one that it cannot read for no answer
	}
	return res, nil
}

// wholeBody is the key of a context under which there is a *[]byte for the body.
type wholeBody struct{}

// cut is the key of a context under which a longer body is cut at that many bytes instead of refused.
type cut struct{}

func cutAt(ctx context.Context, n int64) context.Context { return context.WithValue(ctx, cut{}, n) }

// capKey is the key of a context under which the cap is another.
type capKey struct{}

func capAt(ctx context.Context, n int64) context.Context { return context.WithValue(ctx, capKey{}, n) }

// Headers under which the type and charset as sent, and where a redirect leads, travel through colly.
const (
	rawType     = "X-Terrace-Content-Type"
	rawLocation = "X-Terrace-Location"
)

func (t *transport) read(res *http.Response) ([]byte, error) {
	most, cut := res.Request.Context().Value(cut{}).(int64)
	maxBody, larger := res.Request.Context().Value(capKey{}).(int64)
	if !larger {
		maxBody = t.maxBody
	}
	if res.ContentLength > maxBody && !cut {
		return nil, fmt.Errorf("%w: %d bytes declared, %d allowed", errTooLarge, res.ContentLength, maxBody)
	}
	var r io.Reader = &capped{res.Body, maxBody, maxBody}
	switch packed := strings.ToLower(res.Header.Get("Content-Encoding")); packed {
	case "", "identity":
	case "gzip", "x-gzip":
		z := unpackers.Get().(*gzip.Reader)
		defer unpackers.Put(z)
		begun := buffers.Get().(*bytes.Buffer)
		defer buffers.Put(begun)
		err := z.Reset(ahead(r, begun))
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, unread(err)
		}
		r = z
	default:
		return nil, fmt.Errorf("%w: %q", errPacked, packed)
	}
	if cut {
		r = io.LimitReader(r, most)
	}
	body, err := readWhole(io.LimitReader(r, maxBody+1))
	if err != nil {
		return nil, unread(err)
	}
	if int64(len(body)) > maxBody {
		return nil, fmt.Errorf("%w: more than %d bytes", errTooLarge, maxBody)
	}
	return body, nil
}

// unread says of an error that it came while a body was read.
func unread(err error) error {
	if errors.Is(err, errTooLarge) {
		return err
	}
	return fmt.Errorf("%w: %w", errBroken, err)
}

// What reading takes is used again: a page is read into a buffer that has grown before, and copied when its size is known.
var (
	unpackers = sync.Pool{New: func() any { return new(gzip.Reader) }}
	buffers   = sync.Pool{New: func() any { return new(bytes.Buffer) }}
)

const keptBuffer = 1 << 20 // bytes; larger ones are not kept

func readWhole(r io.Reader) ([]byte, error) {
	b := buffers.Get().(*bytes.Buffer)
	defer func() {
		if b.Cap() <= keptBuffer {
			buffers.Put(b)
		}
	}()
	b.Reset()
	if _, err := b.ReadFrom(r); err != nil {
		return nil, err
	}
	return bytes.Clone(b.Bytes()), nil
}

const readAhead = 64 << 10 // bytes

// ahead reads the beginning of a packed body into a buffer, mostly all of it: it is unpacked sooner from there. An error comes when it is read again.
func ahead(r io.Reader, into *bytes.Buffer) io.Reader {
	into.Reset()
	if n, err := into.ReadFrom(io.LimitReader(r, readAhead)); err == nil && n < readAhead {
		return bytes.NewReader(into.Bytes())
	}
	return bufio.NewReader(io.MultiReader(bytes.NewReader(into.Bytes()), r))
}

// capped is a body of which no more than so many bytes are read, as they come over the line.
type capped struct {
	body       io.Reader
	most, left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left < 0 {
		return 0, fmt.Errorf("%w: more than %d bytes", errTooLarge, c.most)
	}
	n, err := c.body.Read(p[:min(int64(len(p)), c.left+1)])
	c.left -= int64(n)
	return n, err
}

// wait sleeps until a moment or the end of the context.
func wait(ctx context.Context, until time.Time) error {
	d := time.Until(until)
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
