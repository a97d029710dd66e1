package browser

import (
	"net/http"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
)

// isPreflight reports the question whether a page may send data to another host (CORS), which the browser asks before it does.
func isPreflight(e fetch.EventRequestPaused) bool {
	return e.Request.Method == http.MethodOptions && e.Request.Headers["Access-Control-Request-Method"] != nil
}

// allow answers that question, so that it costs the host no request: whether the data are sent the caller decides, whether the page may read what comes
// back the host says with that.
func (t *tab) allow(e fetch.EventRequestPaused) error {
	asked := func(name string) string { text, _ := e.Request.Headers[name].(string); return text }
	params := fetch.FulfillRequestParams{RequestID: e.RequestID, ResponseCode: http.StatusNoContent, ResponseHeaders: []*fetch.HeaderEntry{
		{Name: "Access-Control-Allow-Origin", Value: asked("Origin")},
		{Name: "Access-Control-Allow-Methods", Value: asked("Access-Control-Request-Method")},
		{Name: "Access-Control-Allow-Headers", Value: asked("Access-Control-Request-Headers")},
		{Name: "Access-Control-Allow-Credentials", Value: "true"},
	}}
	_, err := cdp.Call(t.ctx, t.browser, fetch.FulfillRequest, params)
	return t.unlessGone(err)
}
