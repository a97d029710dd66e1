package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"terrace/db"
	"terrace/indexer/archive"
	"terrace/site"
)

// A town is one site on loopback, its archive, and what was asked of it.
type town struct {
	*testing.T
	server  *httptest.Server
	archive *archive.Archive
	site    site.Site
	mu      sync.Mutex
	asked   []string
	busy    int // requests under way
	most    int
}

func newTown(t *testing.T, pages map[string]string) *town {
	return newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		body, ok := pages[r.URL.RequestURI()]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if to, moved := strings.CutPrefix(body, "301 "); moved {
			http.Redirect(w, r, to, http.StatusMovedPermanently)
			return
		}
		fmt.Fprint(w, body)
	})
}

func newTownOf(t *testing.T, answer http.HandlerFunc) *town {
	t.Helper()
	n := &town{T: t}
	n.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.mu.Lock()
		n.asked = append(n.asked, r.URL.RequestURI())
		n.busy++
		n.most = max(n.most, n.busy)
		n.mu.Unlock()
		answer(w, r)
		n.mu.Lock()
		n.busy--
		n.mu.Unlock()
	}))
	t.Cleanup(n.server.Close)
	dir := t.TempDir()
	open := func(name string) *db.DB {
		d, err := db.Open(t.Context(), filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	a, err := archive.Open(t.Context(), open("state.db"), open("pages.db"))
	if err != nil {
		t.Fatal(err)
	}
	n.archive = a
	n.site = site.Site{ID: "town", Hosts: []string{strings.TrimPrefix(n.server.URL, "http://")}, AllowPrivate: true}
	return n
}

func (n *town) crawl(change func(*Options)) {
	n.Helper()
	r, err := site.New(site.Cluster{Sites: []site.Site{n.site}})
	if err != nil {
		n.Fatal(err)
	}
	o := Options{Archive: n.archive, Registry: r, Delay: -1, Once: true}
	if change != nil {
		change(&o)
	}
	c, err := New(o)
	if err != nil {
		n.Fatal(err)
	}
	if err := c.Run(n.Context()); err != nil {
		n.Fatal(err)
	}
}

// state is a page's state, and the reason where there is one.
func (n *town) state(path string) string {
	n.Helper()
	p, err := n.archive.Page(n.Context(), n.server.URL+path)
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(p.State) + " " + p.Reason)
}

func (n *town) wasAsked(path string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, a := range n.asked {
		if a == path {
			return true
		}
	}
	return false
}

func TestEveryPageEndsWithAStateAndAReason(t *testing.T) {
	n := newTown(t, map[string]string{
		"/": `<title>首页</title><a href="/a.html">甲</a><a href="/private/b.html">乙</a><a rel=nofollow href="/c.html">丙</a><a href="/gone.html">丁</a>
			<a href="/old.html">旧</a><a href="/out.html">外</a><a href="/loop1.html">圈</a><a href="http://elsewhere.example/">别处</a><a href="/t.docx">附件</a>
			<a href="/stub.html">转</a><a href="/x/y/x/y/x/y/z.html">陷阱</a>`,
		"/robots.txt": "User-agent: *\nDisallow: /private/\n",
		"/a.html":     "<title>甲</title><p>正文一段，足够长。</p>",
		"/c.html":     "<title>丙</title>",
		"/old.html":   "301 /new.html",
		"/new.html":   "<title>新</title><p>搬来的正文。</p>",
		"/out.html":   "301 http://elsewhere.example/x",
		"/loop1.html": "301 /loop2.html",
		"/loop2.html": "301 /loop1.html",
		"/stub.html":  `<meta http-equiv="refresh" content="0;url=/a.html">`,
	})
	n.crawl(nil)
	for path, want := range map[string]string{
		"/":                   "ok",
		"/a.html":             "ok",
		"/private/b.html":     "robots robots.txt forbids it",
		"/c.html":             "unknown",
		"/gone.html":          "gone status 404",
		"/out.html":           "out_of_scope status 301: leads out of the cluster, to elsewhere.example",
		"/new.html":           "ok",
		"/t.docx":             "unsupported attachments are not read",
		"/x/y/x/y/x/y/z.html": "quarantined trap: a path segment repeats",
	} {
		if got := n.state(path); got != want {
			t.Errorf("%s is %q, want %q", path, got, want)
		}
	}
	for _, path := range []string{"/loop1.html", "/old.html", "/stub.html"} {
		if got := n.state(path); strings.HasPrefix(got, "new") || got == "unknown" {
			t.Errorf("%s is %q", path, got)
		}
	}
	for _, path := range []string{"/private/b.html", "/c.html", "/t.docx"} {
		if n.wasAsked(path) {
			t.Errorf("%s was asked for", path)
		}
	}
	if n.most > 1 {
		t.Errorf("%d requests at a time to one host", n.most)
	}
}

func TestAPageThatIsNotModifiedStaysAndIsNotSentAgain(t *testing.T) {
	sent := 0
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		if r.Header.Get("If-None-Match") == `"1"` {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		sent++
		w.Header().Set("ETag", `"1"`)
		fmt.Fprint(w, "<title>首页</title>")
	})
	n.crawl(nil)
	before, err := n.archive.LastChange(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.archive.Recrawl(t.Context(), archive.Scope{}, time.Now()); err != nil {
		t.Fatal(err)
	}
	n.crawl(nil)
	after, err := n.archive.LastChange(t.Context())
	if err != nil || sent != 1 || after != before || n.state("/") != "ok not modified" {
		t.Errorf("sent %d times, change %d then %d, state %q, %v", sent, before, after, n.state("/"), err)
	}
}

func TestAPageOverTheCapIsRefusedAndNotKept(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/robots.txt" {
			http.NotFound(w, r)
			return
		}
		chunk := make([]byte, 64<<10)
		for range 100 << 20 / len(chunk) {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	})
	n.crawl(func(o *Options) { o.MaxBody = 1 << 20 })
	if got := n.state("/"); !strings.HasPrefix(got, "too_large") {
		t.Errorf("state %q", got)
	}
}

func TestPrivateAddressesAreRefusedUnlessTheSiteAllowsThem(t *testing.T) {
	n := newTown(t, map[string]string{"/": "<title>内网</title>"})
	n.site.AllowPrivate = false
	n.crawl(nil)
	if len(n.asked) != 0 {
		t.Errorf("asked for %v", n.asked)
	}
	n.site.Hosts = []string{strings.Replace(n.site.Hosts[0], "127.0.0.1", "localhost", 1)}
	n.crawl(nil)
	if len(n.asked) != 0 {
		t.Errorf("by name, asked for %v", n.asked)
	}
	for address, want := range map[string]bool{"8.8.8.8": true, "10.1.2.3": false, "127.0.0.1": false, "169.254.1.1": false, "100.64.0.1": false,
		"::1": false, "::ffff:10.0.0.1": false, "fd00::1": false, "2400:3200::1": true, "0.0.0.0": false, "224.0.0.1": false} {
		if got := public(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s is public: %v, want %v", address, got, want)
		}
	}
}

func TestACrawlThatWasStoppedGoesOnWhereItWas(t *testing.T) {
	pages := map[string]string{"/": ""}
	for i := range 50 {
		pages["/"] += fmt.Sprintf(`<a href="/%d.html">第 %d 篇文章</a>`, i, i)
		pages[fmt.Sprintf("/%d.html", i)] = fmt.Sprintf("<title>第 %d 篇</title><p>正文 %d</p>", i, i)
	}
	n := newTown(t, pages)
	ctx, cancel := context.WithCancel(t.Context())
	r, err := site.New(site.Cluster{Sites: []site.Site{n.site}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(Options{Archive: n.archive, Registry: r, Delay: -1, Once: true, Progress: func(p Progress) {
		if p.Visited >= 1 {
			cancel()
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(ctx); err != nil {
		t.Fatal(err)
	}
	n.crawl(nil)
	times := map[string]int{}
	for _, a := range n.asked {
		times[a]++
	}
	for path := range pages {
		if n.state(path) != "ok" || times[path] > 2 {
			t.Errorf("%s is %q, asked for %d times", path, n.state(path), times[path])
		}
	}
}

func TestRobots(t *testing.T) {
	r := parseRobots([]byte("\ufeffDisallow: /\nUser-agent: other\nDisallow: /\n\nUser-agent: *\nDisallow: /a\nAllow: /a/b\nDisallow: /*.php$\nDisallow: /中文\nCrawl-delay: 3\nSitemap: http://x/s.xml\n"))
	for path, want := range map[string]bool{"/": true, "/a": false, "/ab": false, "/a/b": true, "/x.php": false, "/x.php?a=1": true, "/%E4%B8%AD%E6%96%87/1": false, "/c": true} {
		u, err := url.Parse("http://x" + path)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.allows(u); got != want {
			t.Errorf("%s is allowed: %v, want %v", path, got, want)
		}
	}
	if r.delay != 3*time.Second || len(r.sitemaps) != 1 {
		t.Errorf("delay %v, sitemaps %v", r.delay, r.sitemaps)
	}
	ours := parseRobots([]byte("User-agent: *\nDisallow: /\nUser-agent: Terrace\nUser-agent: Other\nDisallow: /x\n"))
	if u, _ := url.Parse("http://h/y"); !ours.allows(u) {
		t.Error("the group for us is not taken before the one for all")
	}
}

func TestAHostThatIsBusyIsLeftAlone(t *testing.T) {
	h := &host{}
	now := time.Now()
	h.answered(now, time.Second, &response{status: 503, header: http.Header{"Retry-After": {"120"}}})
	if got := h.next.Sub(now); got != 2*time.Minute {
		t.Errorf("asked to wait 120 s, waits %v", got)
	}
	first := h.pause(now.Add(time.Minute), "")
	second := h.pause(now.Add(2*time.Minute), "")
	if first < 2*time.Minute || second < 4*time.Minute {
		t.Errorf("pauses %v, then %v", first, second)
	}
	if forgiven := h.pause(now.Add(time.Hour), ""); forgiven > 2*time.Minute {
		t.Errorf("after an hour the pause is %v", forgiven)
	}
}
