package crawl

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"

	"terrace/site"
)

// Reasons for which the transport refuses or ends a request.
var (
	errPrivate  = errors.New("address is private")
	errTooLarge = errors.New("page is larger than the cap")
	errBroken   = errors.New("answer cannot be read to its end")
)

// A transport sends one site's requests. It refuses private addresses where the site does not allow them, and reads every body to its end, up to
// the cap, before it hands the response on: what comes out is complete or an error.
type transport struct {
	inner   *http.Transport
	maxBody int64
	private bool // private addresses are allowed
}

func newTransport(s *site.Site, proxy *url.URL, maxBody int64) *transport {
	t := &transport{maxBody: maxBody, private: s.AllowPrivate}
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	if !s.AllowPrivate && proxy == nil {
		dialer.Control = func(_, address string, _ syscall.RawConn) error { return checkAddress(address) }
	}
	t.inner = &http.Transport{
		DialContext:           dialer.DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		IdleConnTimeout:       time.Minute,
		MaxIdleConnsPerHost:   1,
		DisableCompression:    true, // bodies are unpacked here, under the cap
		TLSClientConfig:       &tls.Config{InsecureSkipVerify: s.InsecureTLS},
	}
	if proxy != nil {
		t.inner.Proxy = http.ProxyURL(proxy)
	}
	return t
}

// checkAddress refuses addresses that are not of the public internet.
func checkAddress(address string) error {
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", errPrivate, address)
	}
	if !Public(ap.Addr()) {
		return fmt.Errorf("%w: %s", errPrivate, ap.Addr())
	}
	return nil
}

var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"),
}

// Public reports an address of the public internet. Others are asked only where a site allows it.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsMulticast() || a.IsUnspecified() || a.IsInterfaceLocalMulticast() {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// RoundTrip sends a request and reads the whole response. The header's charset is moved to X-Charset, so that nobody decodes by it unasked.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if a, err := netip.ParseAddr(req.URL.Hostname()); err == nil && !t.private && !Public(a) {
		return nil, fmt.Errorf("%w: %s", errPrivate, a)
	}
	req.Header.Set("Accept-Encoding", "gzip")
	res, err := t.inner.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := t.read(res)
	if err != nil {
		return nil, err
	}
	res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	res.Header.Del("Content-Encoding")
	res.Uncompressed = true // colly would unpack again, without a cap
	res.Header.Set(rawType, res.Header.Get("Content-Type"))
	mediaType, _, _ := strings.Cut(res.Header.Get("Content-Type"), ";")
	res.Header.Set("Content-Type", strings.ToLower(strings.TrimSpace(mediaType)))
	return res, nil
}

// cut is the key of a context under which a longer body is cut at that many bytes instead of refused.
type cut struct{}

func cutAt(ctx context.Context, n int64) context.Context { return context.WithValue(ctx, cut{}, n) }

// capped is the key of a context under which the cap is another.
type capped struct{}

func capAt(ctx context.Context, n int64) context.Context { return context.WithValue(ctx, capped{}, n) }

// rawType is the header under which the type and charset as sent travel through colly.
const rawType = "X-Terrace-Content-Type"

func (t *transport) read(res *http.Response) ([]byte, error) {
	most, cut := res.Request.Context().Value(cut{}).(int64)
	maxBody, larger := res.Request.Context().Value(capped{}).(int64)
	if !larger {
		maxBody = t.maxBody
	}
	if res.ContentLength > maxBody && !cut {
		return nil, fmt.Errorf("%w: %d bytes declared, %d allowed", errTooLarge, res.ContentLength, maxBody)
	}
	var r io.Reader = res.Body
	if strings.EqualFold(res.Header.Get("Content-Encoding"), "gzip") {
		z, err := gzip.NewReader(res.Body)
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", errBroken, err)
		}
		r = z
	}
	if cut {
		r = io.LimitReader(r, most)
	}
	body, err := io.ReadAll(io.LimitReader(r, maxBody+1))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBroken, err)
	}
	if int64(len(body)) > maxBody {
		return nil, fmt.Errorf("%w: more than %d bytes", errTooLarge, maxBody)
	}
	return body, nil
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
