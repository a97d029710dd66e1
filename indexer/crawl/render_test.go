package crawl

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"terrace/indexer/archive"
	"terrace/indexer/browser"
	"terrace/site"
)

const shell = `<!DOCTYPE html><html><head><title>%s</title><script defer src="/js/app.js"></script><script src="http://analytics.invalid/hm.js"></script></head>
	<body><noscript>We're sorry but it doesn't work without JavaScript enabled.</noscript><div id="app"></div></body></html>`

const application = `
	const app = document.getElementById('app'), at = location.pathname;
	const get = path => fetch(path).then(r => r.json());
	new WebSocket('ws://' + location.host + '/socket');
	if (at === '/') get('/api/list').then(all => { app.innerHTML = all.map(x => '<li><a href="/a/' + x.id + '">' + x.title + '</a><span>2025-03-0' + x.id + '</span></li>').join('') });
	else if (at === '/away') location.replace('/a/1');
	else get('/api/article?id=' + at.split('/').pop()).then(x => { document.title = x.title; app.innerHTML = '<h1>' + x.title + '</h1><p data-nonce="' + Math.random() + '">' + x.text + '</p>' });`

// A portal is a site whose pages one application shows, from data that its server gives.
type portal struct {
	*town
	mu   sync.Mutex
	text string // of its articles
	etag bool   // the shell has a validator
}

func newPortal(t *testing.T) *portal {
	b := &portal{text: strings.Repeat("各县市人民政府：现将办法印发给你们，请认真贯彻执行。", 6)}
	b.town = newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		b.mu.Lock()
		defer b.mu.Unlock()
		switch path := r.URL.Path; {
		case path == "/robots.txt":
			fmt.Fprint(w, "User-agent: *\nDisallow: /secret/")
		case path == "/js/app.js":
			w.Header().Set("Content-Type", "text/javascript")
			fmt.Fprint(w, application)
		case path == "/api/list":
			fmt.Fprint(w, `[{"id":1,"title":"关于印发公积金办法的通知"},{"id":2,"title":"关于表彰先进集体的决定"},{"id":3,"title":"二〇二五年工作要点"}]`)
		case path == "/api/article":
			fmt.Fprintf(w, `{"title":"第 %s 号文件的通知","text":"%s号文件。%s"}`, r.URL.Query().Get("id"), r.URL.Query().Get("id"), b.text)
		case path == "/plain":
			fmt.Fprintf(w, "<title>静态的公告</title><p>%s</p>", b.text)
		case r.Header.Get("If-None-Match") != "":
			w.WriteHeader(http.StatusNotModified)
		case path == "/sitemap.xml":
			http.NotFound(w, r)
		default: // like the servers of applications, whatever the path
			if b.etag {
				w.Header().Set("ETag", `"shell"`)
			}
			fmt.Fprintf(w, shell, "政务公开")
		}
	})
	b.site.Browser = site.Browser{Needed: true}
	return b
}

func newBrowser(t *testing.T) *browser.Renderer {
	t.Helper()
	r, err := browser.New(browser.Options{Path: os.Getenv("CHROMIUM")})
	if err != nil {
		t.Skip("needs Chromium")
	}
	t.Cleanup(r.Close)
	return r
}

func (b *portal) content(path string) string {
	b.Helper()
	body, err := b.archive.Content(b.Context(), b.page(path).Content)
	if err != nil {
		b.Fatal(path, err)
	}
	return string(body)
}

func (b *portal) times(asked string) (n int) {
	for _, a := range b.asked {
		if a == asked {
			n++
		}
	}
	return n
}

func TestAnApplicationsPagesAreReadInTheBrowser(t *testing.T) {
	b, r := newPortal(t), newBrowser(t)
	b.crawl(func(o *Options) { o.Browser = r })
	if body := b.content("/"); !strings.Contains(body, `<a href="/a/1">关于印发公积金办法的通知</a>`) {
		t.Errorf("the list was not read:\n%s", body)
	}
	for _, path := range []string{"/a/1", "/a/2", "/a/3"} {
		if p := b.page(path); p.State != archive.OK || !strings.Contains(b.content(path), b.text) {
			t.Errorf("%s is %s (%s)", path, p.State, p.Reason)
		}
	}
	if p := b.page("/a/1"); p.Anchor != "关于印发公积金办法的通知" || p.ListDate != "2025-03-01" {
		t.Errorf("its list calls it %q of %s", p.Anchor, p.ListDate)
	}
	if n := b.times("/js/app.js"); n != 1 {
		t.Errorf("the script was asked for %d times", n)
	}
	if b.times("/socket") > 0 {
		t.Error("a socket was opened")
	}
	if b.most > 1 {
		t.Errorf("%d requests at a time", b.most)
	}
}

func TestAPageThatReadsTheSameIsNoChangeAndANewTextIs(t *testing.T) {
	b, r := newPortal(t), newBrowser(t)
	b.etag = true
	visit := func(hours int) {
		b.recrawl()
		b.crawl(func(o *Options) {
			ahead := time.Duration(hours) * time.Hour
			o.Browser = r
			o.Clock.Now = func() time.Time { return time.Now().Add(ahead) }
			o.Clock.Wait = func(ctx context.Context, until time.Time) error { return wait(ctx, until.Add(-ahead)) }
		})
	}
	visit(0)
	before := b.page("/a/1")
	visit(1)
	if p := b.page("/a/1"); p.State != archive.OK || p.Change != before.Change || !p.LastVerified.After(before.LastVerified) {
		t.Errorf("%s, change %d after %d, verified %s", p.State, p.Change, before.Change, p.LastVerified)
	}
	b.mu.Lock()
	b.text = "修改后：" + b.text
	b.mu.Unlock()
	visit(2)
	if p := b.page("/a/1"); p.Change == before.Change || !strings.Contains(b.content("/a/1"), "修改后") {
		t.Errorf("the new text was not seen: %s (%s)", p.State, p.Reason)
	}
}

func TestWithoutABrowserSuchPagesAreNamedAndOthersRead(t *testing.T) {
	b := newPortal(t)
	b.site.Seeds = []string{b.server.URL + "/", b.server.URL + "/plain"}
	for _, now := range []struct {
		want string
		site.Browser
	}{
		{"no browser is to open it", site.Browser{}}, {"there is no Chromium", site.Browser{Needed: true}}, {"there is no Chromium", site.Browser{Patterns: []string{"/"}}},
	} {
		b.site.Browser = now.Browser
		b.recrawl()
		b.crawl(nil)
		if p := b.page("/"); p.State != archive.NeedsJS || !strings.Contains(p.Reason, now.want) || p.Content != "" {
			t.Errorf("%s (%s), want %q", p.State, p.Reason, now.want)
		}
		if p := b.page("/plain"); p.State != archive.OK {
			t.Errorf("/plain is %s (%s)", p.State, p.Reason)
		}
	}
}

func TestAPageWithTextIsNotLostToItsApplication(t *testing.T) {
	b, r := newPortal(t), newBrowser(t)
	b.crawl(func(o *Options) { o.Browser = r })
	kept := b.page("/a/1").Content
	for _, now := range []struct {
		site.Browser
		archive.State
		reason string
	}{
		{site.Browser{}, archive.Suspect, "a page that its scripts make in its place"},
		{site.Browser{Needed: true}, archive.NeedsJS, "its scripts make its text, and there is no Chromium"}, // any more
	} {
		b.site.Browser = now.Browser
		b.recrawl()
		b.crawl(nil)
		if p := b.page("/a/1"); p.State != now.State || p.Content != kept || p.Reason != now.reason {
			t.Errorf("%s (%s), content %q; want %s", p.State, p.Reason, p.Content, now.State)
		}
	}
}

func TestOnlyPagesOfThePatternsAreRendered(t *testing.T) {
	b, r := newPortal(t), newBrowser(t)
	b.site.Seeds = []string{b.server.URL + "/a/1", b.server.URL + "/b/2", b.server.URL + "/away"}
	b.site.Browser = site.Browser{Patterns: []string{"/a/", "/away$"}}
	b.crawl(func(o *Options) { o.Browser = r })
	for path, want := range map[string]archive.State{"/a/1": archive.OK, "/b/2": archive.NeedsJS, "/away": archive.Redirect} {
		if p := b.page(path); p.State != want {
			t.Errorf("%s is %s (%s), want %s", path, p.State, p.Reason, want)
		}
	}
}

func TestPagesBeyondTheBudgetWaitEachForItsTurn(t *testing.T) {
	b, r := newPortal(t), newBrowser(t)
	b.crawl(func(o *Options) { o.Browser, o.PagesPerHour = r, 2 })
	var opened, waits []string
	var turns []time.Time
	for _, path := range []string{"/", "/a/1", "/a/2", "/a/3"} {
		switch p := b.page(path); p.State {
		case archive.OK:
			opened = append(opened, path)
		case archive.NeedsJS:
			waits = append(waits, p.Reason)
			turns = append(turns, p.NextAt)
		}
	}
	if len(opened) != 2 || len(waits) != 2 || waits[0] != "waits for its turn at the browser: 2 pages an hour" {
		t.Fatalf("opened %q, the others: %q", opened, waits)
	}
	slices.SortFunc(turns, time.Time.Compare)
	if apart := turns[1].Sub(turns[0]); apart != 30*time.Minute {
		t.Errorf("their turns are %s apart", apart)
	}
}

func TestABudgetIsThatOfAnHour(t *testing.T) {
	b, now, taken := newBudget(60), time.Now(), 0
	for range 200 {
		if b.take(now) {
			taken++
		}
	}
	first, second := b.wait(now), b.wait(now)
	if taken != 60 || first.Sub(now) != time.Minute || second.Sub(now) != 2*time.Minute {
		t.Errorf("%d at once, the next after %s and %s", taken, first.Sub(now), second.Sub(now))
	}
	if !b.take(first) || b.take(first) || !b.take(second) {
		t.Error("what was promised is not kept")
	}
}

func TestThePartsOfAPageKeepToTheRulesOfTheCrawl(t *testing.T) {
	r := newBrowser(t)
	parts := map[string]string{
		"/":           `<title>x</title><div id="app"></div><script src="/app.js"></script>`,
		"/app.js":     `Promise.allSettled(['/secret/a', '/denied/b', '/huge', '/moved', 'http://HOST2/private', 'http://OUTSIDE/x'].map(u => fetch(u).then(r => r.text()))).then(all => { app.innerHTML = all.map(x => '<p>' + (x.value || '没有').slice(0, 20) + '</p>').join('') })`,
		"/secret/a":   `禁止的`,
		"/denied/b":   `排除的`,
		"/moved":      `301 /target`,
		"/target":     `转向后的`,
		"/robots.txt": "User-agent: *\nDisallow: /secret/",
	}
	outside := newTown(t, map[string]string{"/x": "外面的"})
	private := newTown(t, map[string]string{"/private": "内网的"})
	var n *town
	n = newTownOf(t, func(w http.ResponseWriter, q *http.Request) {
		body, ok := parts[q.URL.Path]
		switch {
		case q.URL.Path == "/huge":
			for range 200 {
				if _, err := w.Write(make([]byte, 1<<20)); err != nil {
					return
				}
			}
		case strings.HasPrefix(body, "301 "):
			http.Redirect(w, q, body[4:], http.StatusMovedPermanently)
		case !ok:
			http.NotFound(w, q)
		default:
			if strings.HasSuffix(q.URL.Path, ".js") {
				w.Header().Set("Content-Type", "text/javascript")
			}
			fmt.Fprint(w, strings.NewReplacer("HOST2", private.site.Hosts[0], "OUTSIDE", outside.site.Hosts[0]).Replace(body))
		}
	})
	n.site.Browser, n.site.Deny = site.Browser{Needed: true}, []string{"/denied/"}
	n.others = []site.Site{{ID: "private", Hosts: private.site.Hosts}} // of the cluster, and not allowed to be private
	n.crawl(func(o *Options) { o.Browser, o.MaxBody = r, 1<<20 })
	p, err := n.archive.Page(t.Context(), n.server.URL+"/")
	if err != nil {
		t.Fatal(err)
	}
	body, err := n.archive.Content(t.Context(), p.Content)
	if err != nil {
		t.Fatal(p.State, p.Reason, err)
	}
	if want := "<p>没有</p><p>没有</p><p>没有</p><p>转向后的</p><p>没有</p><p>没有</p>"; !strings.Contains(string(body), want) {
		t.Errorf("the page shows %s", body)
	}
	if p.Reason != "1 of its parts forbidden by robots.txt" {
		t.Errorf("its reason is %q", p.Reason)
	}
	for _, asked := range n.asked {
		if asked == "/secret/a" || asked == "/denied/b" {
			t.Errorf("%s was asked for", asked)
		}
	}
	if len(outside.asked)+len(private.asked) > 0 {
		t.Errorf("asked outside for %q, in private for %q", outside.asked, private.asked)
	}
}
