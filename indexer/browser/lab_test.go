package browser

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// A lab is a web server on loopback that knows which requests came from the caller's function and which from somewhere else, and a Renderer.
type lab struct {
	testing.TB
	*Renderer
	server *httptest.Server

	mu    sync.Mutex
	asked []string // by the function
	stray []string // by anyone else
}

const ours = "X-Ours"

// newLab serves pages by path. A page "/" comes as HTML, what ends in .js as a script, all else as JSON.
func newLab(t testing.TB, pages map[string]string) *lab {
	t.Helper()
	r, err := New(Options{Path: os.Getenv("CHROMIUM"), UserAgent: "Terrace"})
	if err != nil {
		t.Skip("needs Chromium")
	}
	l := &lab{TB: t, Renderer: r}
	t.Cleanup(r.Close)
	l.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		if r.Header.Get(ours) == "" {
			l.stray = append(l.stray, r.URL.Path)
		} else {
			l.asked = append(l.asked, r.URL.RequestURI())
		}
		l.mu.Unlock()
		body, ok := pages[r.URL.Path]
		switch {
		case !ok:
			http.NotFound(w, r)
			return
		case strings.HasSuffix(r.URL.Path, ".js"):
			w.Header().Set("Content-Type", "text/javascript")
		case strings.HasPrefix(r.URL.Path, "/api"):
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Access-Control-Allow-Origin", "*")
		default:
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
		}
		if to, moved := strings.CutPrefix(body, "302 "); moved {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		fmt.Fprint(w, strings.NewReplacer("HOST", r.Host, "OTHER", otherHost(r.Host)).Replace(body))
	}))
	t.Cleanup(l.server.Close)
	return l
}

// otherHost is a second name of the lab's server.
func otherHost(host string) string { return strings.Replace(host, "127.0.0.1", "data.example", 1) }

// fetch asks the lab's server, and nobody else.
func (l *lab) fetch(ctx context.Context, q Request) (*Response, error) {
	if q.URL.Host == otherHost(strings.TrimPrefix(l.server.URL, "http://")) {
		q.URL.Host = strings.TrimPrefix(l.server.URL, "http://")
	}
	if "http://"+q.URL.Host != l.server.URL {
		return nil, fmt.Errorf("%s is out of scope", q.URL.Host)
	}
	req, err := http.NewRequestWithContext(ctx, q.Method, q.URL.String(), strings.NewReader(string(q.Body)))
	if err != nil {
		return nil, err
	}
	req.Header = q.Header
	req.Header.Set(ours, "yes")
	res, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return &Response{res.StatusCode, res.Header, body}, err
}

// open renders a page.
func (l *lab) open(path string) (Rendered, error) {
	l.Helper()
	u, err := url.Parse(l.server.URL + path)
	if err != nil {
		l.Fatal(err)
	}
	out, err := l.Render(l.Context(), u, l.fetch)
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.stray) > 0 {
		l.Errorf("the browser itself asked for %q", l.stray)
	}
	return out, err
}

// shows renders a page and fails where it does not show a text.
func (l *lab) shows(path, text string) Rendered {
	l.Helper()
	out, err := l.open(path)
	if err != nil {
		l.Fatal(err)
	}
	if !strings.Contains(string(out.HTML), text) {
		l.Errorf("%s does not show %q:\n%.2000s", path, text, out.HTML)
	}
	return out
}

func (l *lab) wasAsked(path string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Contains(l.asked, path)
}
