package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"terrace/demo"
	"terrace/indexer"
	"terrace/indexer/archive"
	"terrace/indexer/crawl"
	"terrace/query"
	"terrace/server"
)

// A fault answers in a site's place. It is called with what the site itself would answer, to be asked where it is needed.
type fault struct {
	name   string
	answer func(w http.ResponseWriter, r *http.Request, real func() string)
	cause  string // in the alarm
	always bool   // part of every test run
}

func page(body string) func(http.ResponseWriter, *http.Request, func() string) {
	return func(w http.ResponseWriter, _ *http.Request, _ func() string) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, body)
	}
}

func code(status int) func(http.ResponseWriter, *http.Request, func() string) {
	return func(w http.ResponseWriter, _ *http.Request, _ func() string) { w.WriteHeader(status) }
}

// except leaves robots.txt to the site.
func except(answer func(http.ResponseWriter, *http.Request, func() string)) func(http.ResponseWriter, *http.Request, func() string) {
	return func(w http.ResponseWriter, r *http.Request, real func() string) {
		if r.URL.Path == "/robots.txt" {
			io.WriteString(w, real())
			return
		}
		answer(w, r, real)
	}
}

var faults = []fault{
	{"500", code(500), "取不到 robots.txt", true},
	{"500 of pages alone", except(code(500)), "HTTP 500", false},
	{"timeout", func(_ http.ResponseWriter, r *http.Request, _ func() string) { <-r.Context().Done() }, "超时", false},
	{"reset", func(w http.ResponseWriter, _ *http.Request, _ func() string) {
		c, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			panic(err)
		}
		c.(*net.TCPConn).SetLinger(0)
		c.Close()
	}, "连接被对方中断", true},
	{"empty body", page(""), "返回空白页", false},
	{"login page", page("<title>统一身份认证平台</title><form>用户名<input name=u>密码<input type=password name=p><button>登录</button></form>"), "返回登录页", true},
	{"firewall's page", page("<script>document.cookie='__jsl_clearance=1';location.reload()</script>"), "防火墙的验证页", false},
	{"firewall's status", except(code(412)), "HTTP 412", false},
	{"wrong charset", except(func(w http.ResponseWriter, r *http.Request, real func() string) {
		var b strings.Builder
		for _, c := range []byte(real()) {
			b.WriteRune(rune(c))
		}
		page(b.String())(w, r, real)
	}), "返回乱码", true},
	{"redirect to itself", except(func(w http.ResponseWriter, r *http.Request, _ func() string) {
		http.Redirect(w, r, r.URL.RequestURI(), http.StatusFound)
	}), "转向自己", false},
	{"redirect loop", except(func(w http.ResponseWriter, r *http.Request, _ func() string) {
		to, back := strings.CutPrefix(r.URL.RequestURI(), "/loop")
		if !back {
			to = "/loop" + to
		}
		http.Redirect(w, r, to, http.StatusMovedPermanently)
	}), "转向成环", true},
	{"parked domain", page("<title>域名出售</title><h1>该域名正在出售</h1><p>如果您对该域名感兴趣，请点击这里提供您的报价。</p>"), "返回的是别的页面", false},
	{"redirect to a parked domain", except(func(w http.ResponseWriter, r *http.Request, _ func() string) {
		http.Redirect(w, r, "http://parked.example/", http.StatusFound)
	}), "转到集群之外：parked.example", true},
	{"redirect to the home page", except(func(w http.ResponseWriter, r *http.Request, _ func() string) {
		if r.URL.Path == "/" {
			page("<title>系统维护</title><p>系统正在维护升级，请稍后再访问，给您带来不便敬请谅解。</p>")(w, r, nil)
			return
		}
		http.Redirect(w, r, "/", http.StatusMovedPermanently)
	}), "HTTP 301", false},
	{"404", except(code(404)), "HTTP 404", true},
	{"410", except(code(410)), "HTTP 410", false},
	{"noindex", except(func(w http.ResponseWriter, r *http.Request, real func() string) {
		page(strings.Replace(real(), "<head>", `<head><meta name="robots" content="noindex">`, 1))(w, r, real)
	}), "声明不收录", true},
	{"robots.txt", page("User-agent: *\nDisallow: /\n"), "robots.txt 不许抓取", true},
}

// A drill is two sites of the sample cluster, one of them behind a proxy with a fault, and a clock.
type drill struct {
	*testing.T
	node  *node
	site  string
	host  string
	proxy *url.URL
	mu    sync.Mutex
	fault func(w http.ResponseWriter, r *http.Request, real func() string) // nil: none
	now   time.Time
}

func newDrill(t *testing.T, articles int) *drill {
	t.Helper()
	d := &drill{T: t, site: "gjj", now: time.Now().Add(time.Minute)}
	ctx, cancel := context.WithCancel(t.Context())
	cluster := demo.New(demo.Options{Pages: articles})
	if err := cluster.Start(ctx); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cluster.Run(ctx) }()
	proxy := httptest.NewServer(d)
	c := demoConfig(cluster, t.TempDir(), "127.0.0.1:0")
	kept := c.Sites[:0]
	for _, s := range c.Sites {
		if s.ID == d.site || s.ID == c.Portal {
			kept = append(kept, s)
		}
		if s.ID == d.site {
			d.host = s.Hosts[0]
		}
	}
	c.Sites, c.Crawl.Proxy, c.Crawl.Timeout = kept, proxy.URL, 5*time.Second
	var err error
	if d.proxy, err = url.Parse(proxy.URL); err != nil {
		t.Fatal(err)
	}
	if d.node, err = openNode(ctx, c, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.node.close()
		proxy.Close()
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return d
}

func (d *drill) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	answer := d.fault
	d.mu.Unlock()
	if answer == nil || r.URL.Host != d.host {
		(&httputil.ReverseProxy{Rewrite: func(*httputil.ProxyRequest) {}}).ServeHTTP(w, r)
		return
	}
	answer(w, r, func() string {
		res, err := http.Get(r.URL.String())
		if err != nil {
			return err.Error()
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		return string(body)
	})
}

// round crawls what is due after a while, or all of the site, and indexes it.
func (d *drill) round(after time.Duration, all bool) {
	d.Helper()
	ctx, timeout := d.Context(), 5*time.Second
	d.mu.Lock()
	d.now = d.now.Add(after)
	now := d.now
	if d.fault != nil {
		timeout = 300 * time.Millisecond
	}
	d.mu.Unlock()
	if all {
		if _, err := d.node.archive.Recrawl(ctx, archive.Scope{Site: d.site}, now); err != nil {
			d.Fatal(err)
		}
	}
	c, err := crawl.New(crawl.Options{
		Archive: d.node.archive, Registry: d.node.registry, Proxy: d.proxy, Delay: -1, Once: true, Timeout: timeout, Clock: crawl.Clock{Now: d.time, Wait: d.wait},
	})
	if err != nil {
		d.Fatal(err)
	}
	if err := c.Run(ctx); err != nil {
		d.Fatal(err)
	}
	if err := d.node.indexer.CatchUp(ctx); err != nil {
		d.Fatal(err)
	}
}

func (d *drill) time() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *drill) wait(ctx context.Context, until time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if until.After(d.now) {
		d.now = until
	}
	return ctx.Err()
}

// found is how many documents of the site a search finds.
func (d *drill) found(site string) int {
	d.Helper()
	res, err := d.node.searcher.Search(d.Context(), query.Request{Site: []string{site}})
	if err != nil {
		d.Fatal(err)
	}
	return res.Total
}

func (d *drill) losses() []indexer.Loss {
	d.Helper()
	losses, err := d.node.indexer.Losses(d.Context(), "")
	if err != nil {
		d.Fatal(err)
	}
	return losses
}

// fresh checks that every page of the site that has content was verified since a moment. One that asks not to be indexed as ever was verified before, too.
func (d *drill) fresh(since time.Time) {
	d.Helper()
	pages, err := d.node.archive.Pages(d.Context(), archive.Filter{Site: d.site}, "", 100_000)
	if err != nil {
		d.Fatal(err)
	}
	for _, p := range pages {
		if asks := strings.Contains(p.Reason, "asks not to be indexed"); p.Content != "" && !asks && (p.State != archive.OK || p.LastVerified.Before(since)) {
			d.Errorf("%s is %s (%s), verified %v", p.URL, p.State, p.Reason, p.LastVerified)
		}
	}
}

// Whatever one site answers, for ten rounds: its documents stay, the alarm names site and cause, search goes on; once it is back everything is fresh
// again and the alarm is over. TERRACE_DRILL=1 (make drill-outage) takes every fault and all ten rounds.
func TestAnOutageLosesNothing(t *testing.T) {
	whole := os.Getenv("TERRACE_DRILL") != ""
	rounds := 3
	if whole {
		rounds = 10
	}
	d := newDrill(t, 150)
	d.round(0, true)
	before, others := d.found(d.site), d.found(d.node.config.Portal)
	if before < 5 || others < 5 || len(d.losses()) != 0 {
		t.Fatalf("%d and %d documents to begin with, losses %+v", before, others, d.losses())
	}
	for _, f := range faults {
		if !whole && !f.always {
			continue
		}
		d.mu.Lock()
		d.fault = f.answer
		d.mu.Unlock()
		for n := range rounds {
			d.round(6*time.Hour, true)
			if got := d.found(d.site); got != before {
				t.Fatalf("%s: %d documents after round %d, before %d", f.name, got, n+1, before)
			}
		}
		text := lossesText(server.Losses(d.losses()), false)
		told := fmt.Sprintf("（%s）：", d.site)
		if strings.Count(text, "起告警") != 1 || !strings.Contains(text, told) || !strings.Contains(text, f.cause) {
			t.Errorf("%s: the alarm says\n%s", f.name, text)
		}
		t.Logf("%s: %s", f.name, alarmsText(server.Losses(d.losses())))
		if err := d.node.ready(t.Context()); err != nil {
			t.Errorf("%s: not serving: %v", f.name, err)
		}
		d.mu.Lock()
		d.fault = nil
		d.mu.Unlock()
		back := d.time()
		for range 6 {
			d.round(time.Hour, false)
		}
		d.fresh(back)
		if got := d.found(d.site); got != before {
			t.Errorf("%s: %d documents once it is back, before %d", f.name, got, before)
		}
		if l := d.losses(); len(l) != 0 {
			t.Errorf("%s: once it is back there is still\n%s", f.name, lossesText(server.Losses(l), true))
		}
		if t.Failed() {
			return
		}
	}
	if got := d.found(d.node.config.Portal); got != others {
		t.Errorf("the other site had %d documents and has %d", others, got)
	}
}
