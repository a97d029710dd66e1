package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"terrace/db/dbtest"
	"terrace/indexer/archive"
	"terrace/indexer/weburl"
	"terrace/site"
)

// A town is one site on loopback, its archive, and what was asked of it.
type town struct {
	testing.TB
	server   *httptest.Server
	archive  *archive.Archive
	site     site.Site
	others   []site.Site
	mu       sync.Mutex
	asked    []string
	answered []string // path and status
	busy     int      // requests under way
	most     int
}

func newTown(t testing.TB, pages map[string]string) *town {
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

func newTownOf(t testing.TB, answer http.HandlerFunc) *town {
	t.Helper()
	n := &town{TB: t}
	n.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n.mu.Lock()
		n.asked = append(n.asked, r.URL.RequestURI())
		n.busy++
		n.most = max(n.most, n.busy)
		n.mu.Unlock()
		seen := &watched{w, http.StatusOK}
		defer func() {
			n.mu.Lock()
			n.busy--
			n.answered = append(n.answered, fmt.Sprintf("%s %d\n", r.URL.RequestURI(), seen.status))
			n.mu.Unlock()
		}()
		answer(seen, r)
	}))
	t.Cleanup(n.server.Close)
	n.archive = newArchive(t)
	n.site = site.Site{ID: "town", Hosts: []string{strings.TrimPrefix(n.server.URL, "http://")}, AllowPrivate: true}
	return n
}

func newArchive(t testing.TB) *archive.Archive { return openArchive(t, t.TempDir()) }

func openArchive(t testing.TB, dir string) *archive.Archive {
	t.Helper()
	a, err := archive.Open(t.Context(), dbtest.Open(t, dir, "state.db"), dbtest.Open(t, dir, "pages.db"))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (n *town) crawl(change func(*Options)) {
	n.Helper()
	n.crawlUntil(n.Context(), change)
}

// crawlUntil crawls until the context ends, or nothing is due.
func (n *town) crawlUntil(ctx context.Context, change func(*Options)) {
	n.Helper()
	r, err := site.New(site.Cluster{Sites: append([]site.Site{n.site}, n.others...)})
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
	if err := c.Run(ctx); err != nil {
		n.Fatal(err)
	}
}

// watched remembers the status of an answer.
type watched struct {
	http.ResponseWriter
	status int
}

func (w *watched) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// recrawl makes every page due.
func (n *town) recrawl() {
	n.Helper()
	if _, err := n.archive.Recrawl(n.Context(), archive.Scope{}, time.Now()); err != nil {
		n.Fatal(err)
	}
}

func (n *town) page(path string) archive.Page {
	n.Helper()
	p, err := n.archive.Page(n.Context(), n.server.URL+path)
	if err != nil {
		n.Fatal(err)
	}
	return p
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
		if got := weburl.Public(netip.MustParseAddr(address)); got != want {
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

func TestPagesOfAHostThatWaitsDoNotHoldUpOthers(t *testing.T) {
	n := newTown(t, map[string]string{"/": "<title>首页</title>", "/late.html": "<title>晚到</title><p>正文。</p>"})
	busy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer busy.Close()
	n.site.Hosts = append(n.site.Hosts, strings.TrimPrefix(busy.URL, "http://"))
	var links []archive.Link
	for i := range 3 * dueAtOnce {
		links = append(links, archive.Link{URL: fmt.Sprintf("%s/%d.html", busy.URL, i), Site: "town", DueAt: time.Now().Add(-time.Hour)})
	}
	links = append(links, archive.Link{URL: n.server.URL + "/late.html", Site: "town"})
	if _, err := n.archive.Seed(t.Context(), links...); err != nil {
		t.Fatal(err)
	}
	n.crawl(nil)
	if got := n.state("/late.html"); got != "ok" {
		t.Errorf("the page behind 300 of a host that waits is %q", got)
	}
}

func TestNothingIsLeftRunningAfterACrawl(t *testing.T) {
	n := newTown(t, map[string]string{"/": `<a href="/a.html">甲</a>`, "/a.html": "<title>甲</title>"})
	before := goleak.IgnoreCurrent()
	n.crawl(nil)
	if err := goleak.Find(before); err != nil {
		t.Error(err)
	}
}

func TestACrawlWhoseTimeIsUpIsNoFailure(t *testing.T) {
	n := newTown(t, map[string]string{"/": ""})
	ctx, cancel := context.WithDeadline(t.Context(), time.Now())
	defer cancel()
	r, err := site.New(site.Cluster{Sites: []site.Site{n.site}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(Options{Archive: n.archive, Registry: r})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(ctx); err != nil {
		t.Error(err)
	}
}

func TestPagesThatChangeAreVisitedMoreOften(t *testing.T) {
	const day = 24 * time.Hour
	for _, c := range []struct {
		about   string
		role    archive.Role
		revisit time.Duration
		before  time.Duration
		changed bool
		want    time.Duration
	}{
		{"an article at first", archive.Article, 0, 0, true, day},
		{"one that stayed", archive.Article, 0, 4 * day, false, 8 * day},
		{"one that stayed long", archive.Article, 0, 40 * day, false, 60 * day},
		{"one that changed", archive.Article, 0, 8 * day, true, 4 * day},
		{"one that changes often", archive.Article, 0, day, true, day},
		{"a list at first", archive.List, 0, 0, true, 30 * time.Minute},
		{"a list that stayed", archive.List, 0, 40 * time.Minute, false, time.Hour},
		{"a list that changed", archive.Home, 0, 15 * time.Minute, true, 10 * time.Minute},
		{"a site with a rhythm of its own", archive.Sitemap, 2 * time.Hour, 30 * time.Minute, true, 2 * time.Hour},
		{"a list that turned out an article", archive.Article, 0, 30 * time.Minute, false, day},
	} {
		a := &actor{site: &site.Site{Revisit: c.revisit}}
		v := archive.Visit{At: time.Now(), Role: c.role}
		a.plan(&v, archive.Page{Interval: c.before, Content: "hash"}, c.changed)
		if v.Interval != c.want || v.NextAt.Sub(v.At) != c.want {
			t.Errorf("%s: again after %v, want %v", c.about, v.Interval, c.want)
		}
	}
}

func TestWithoutValidatorsTheContentTellsWhetherAPageStayed(t *testing.T) {
	visits := 0
	text := "正文"
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" && r.URL.Path != "/a.html" {
			http.NotFound(w, r)
			return
		}
		visits++
		fmt.Fprintf(w, `<title>甲</title><a href="/a.html">甲</a><p>%s</p><p>阅读 %d 次</p>`, text, visits)
	})
	for _, step := range []struct {
		text string
		want time.Duration
	}{{"正文", 24 * time.Hour}, {"正文", 48 * time.Hour}, {"正文", 96 * time.Hour}, {"改过的正文", 48 * time.Hour}} {
		text = step.text
		n.crawl(nil)
		if p := n.page("/a.html"); p.Interval != step.want {
			t.Errorf("with %q it is visited again after %v, want %v", step.text, p.Interval, step.want)
		}
		n.recrawl()
	}
}

func TestAFailureKeepsAPagesRhythm(t *testing.T) {
	down := false
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path != "/":
			http.NotFound(w, r)
		case down:
			w.WriteHeader(http.StatusInternalServerError)
		default:
			fmt.Fprint(w, "<title>首页</title>")
		}
	})
	n.crawl(nil)
	before := n.page("/").Interval
	down = true
	n.recrawl()
	n.crawl(nil)
	if p := n.page("/"); p.State != archive.Retry || p.Interval != before {
		t.Errorf("after a failure the page is %s and its interval %v, before %v", p.State, p.Interval, before)
	}
}
