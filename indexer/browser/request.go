package browser

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/cdp/jsonv2"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
)

// paused settles one request of the browser: it is answered or refused, never let through. fresh: it is one that the page had not made before.
func (t *tab) paused(raw jsonv2.Value) (fresh bool, err error) {
	var e fetch.EventRequestPaused
	if err := jsonv2.Unmarshal(raw, &e, jsonv2.AllowInvalidUTF8(true)); err != nil {
		return false, fmt.Errorf("request of the browser: %w", err)
	}
	u, err := url.Parse(e.Request.URL)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || idle(e.Request.Headers) {
		return false, t.refuse(e)
	}
	if isPreflight(e) {
		return false, t.allow(e)
	}
	q := Request{Method: e.Request.Method, URL: u, Header: spoken(e.Request.Headers)}
	switch e.ResourceType {
	case network.ResourceTypeDocument:
		if e.FrameID != t.frame || e.Request.Headers["Upgrade-Insecure-Requests"] == nil { // a frame, which is a page of its own, or a download
			return false, t.refuse(e)
		}
		if t.begun {
			t.leave(u)
			t.loaded = true // what it was loading is given up
			return true, t.refuse(e)
		}
		t.begun, q.Document = true, true
	case network.ResourceTypeScript, network.ResourceTypeStylesheet:
		q.Static = true
	case network.ResourceTypeXHR, network.ResourceTypeFetch:
	default:
		return false, t.refuse(e)
	}
	if q.Method != http.MethodGet && q.Method != http.MethodPost {
		return false, t.refuse(e)
	}
	for _, part := range e.Request.PostDataEntries {
		q.Body = append(q.Body, part.Bytes...)
	}
	if e.Request.HasPostData && len(q.Body) == 0 || len(q.Body) > maxPosted {
		t.out.Refused++
		return false, t.refuse(e)
	}
	return t.ask(e, q)
}

// ask has a request answered, once for the page: one that it repeats gets the same answer.
func (t *tab) ask(e fetch.EventRequestPaused, q Request) (fresh bool, err error) {
	key := q.Method + " " + q.URL.String() + "\n" + string(q.Body)
	res, known := t.answers[key]
	if !known {
		if len(t.answers) >= maxRequests || t.bytes > maxBytes {
			t.out.Refused++
			return false, t.refuse(e)
		}
		res, err = t.answer(t.ctx, q)
		if t.ctx.Err() != nil {
			return false, t.ctx.Err()
		}
		if err == nil && t.bytes+len(res.Body) > maxBytes {
			t.out.Refused++
			res = nil
		}
		if err != nil {
			res = nil
		}
		t.answers[key] = res
	}
	if res == nil {
		return !known, t.refuse(e)
	}
	t.bytes += len(res.Body)
	return !known, t.fulfill(e, res)
}

// idle reports a request that nothing waits for: for a page that may be opened, or for news without end.
func idle(h network.Headers) bool {
	return h["Sec-Purpose"] != nil || h["Accept"] == "text/event-stream"
}

// leave notes where a page's scripts lead to. One that only loads itself again stays where it is.
func (t *tab) leave(to *url.URL) {
	from := *t.url
	from.Fragment = ""
	if to.String() != from.String() {
		t.out.MovedTo = to.String()
	}
}

func (t *tab) refuse(e fetch.EventRequestPaused) error {
	reason := network.ErrorReasonBlockedByClient
	if e.ResourceType == network.ResourceTypeDocument {
		reason = network.ErrorReasonAborted // else an error page would take the place of the page
	}
	_, err := cdp.Call(t.ctx, t.browser, fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: reason})
	return t.unlessGone(err)
}

func (t *tab) fulfill(e fetch.EventRequestPaused, res *Response) error {
	params := fetch.FulfillRequestParams{RequestID: e.RequestID, ResponseCode: int64(res.Status), Body: res.Body}
	for name, values := range res.Header {
		if unheard[name] {
			continue
		}
		for _, v := range values {
			params.ResponseHeaders = append(params.ResponseHeaders, &fetch.HeaderEntry{Name: name, Value: v})
		}
	}
	_, err := cdp.Call(t.ctx, t.browser, fetch.FulfillRequest, params)
	return t.unlessGone(err)
}

// unlessGone passes over that a request was given up by the page before its answer came.
func (t *tab) unlessGone(err error) error {
	if err != nil && strings.Contains(err.Error(), "Invalid InterceptionId") {
		return nil
	}
	return err
}

// unheard are headers of an answer that are about the way it came, or would have the browser keep or do something.
var unheard = map[string]bool{
	"Content-Length": true, "Content-Encoding": true, "Transfer-Encoding": true, "Connection": true, "Keep-Alive": true, "Alt-Svc": true,
	"Set-Cookie": true, "Strict-Transport-Security": true, "Clear-Site-Data": true, "Refresh": true, "Content-Disposition": true, "Link": true,
	"Nel": true, "Report-To": true, "Reporting-Endpoints": true, "Content-Security-Policy-Report-Only": true, "Speculation-Rules": true,
}

// unspoken are headers of a request that the crawl sets itself, or does not send.
var unspoken = []string{"Cookie", "Host", "User-Agent", "Accept-Encoding", "Accept-Language", "Connection", "Content-Length", "Range", "If-Range", "If-None-Match",
	"If-Modified-Since", "Cache-Control", "Pragma", "Upgrade-Insecure-Requests", "Dnt", "Te", "Authorization"}

// spoken are the headers that a page's script may have meant: what it accepts, what it sends, and names of its own.
func spoken(all network.Headers) http.Header {
	out := http.Header{}
	for name, value := range all {
		name = http.CanonicalHeaderKey(name)
		text, ok := value.(string)
		if !ok || slices.Contains(unspoken, name) || strings.HasPrefix(name, "Sec-") || strings.HasPrefix(name, "Proxy-") || len(text) > 4096 {
			continue
		}
		out.Set(name, text)
	}
	return out
}
