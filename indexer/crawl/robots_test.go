package crawl

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"terrace/indexer/archive"
	"terrace/site"
)

func TestRobotsRulesAreThoseOfTheRFC(t *testing.T) {
	for _, c := range []struct{ about, robots, allowed, refused string }{
		{"the group for all", "User-agent: *\nDisallow: /a\n", "/ /b", "/a /ab /a/b /a?x"},
		{"our group goes before that for all", "User-agent: *\nDisallow: /\nUser-agent: Terrace\nUser-agent: Other\nDisallow: /x\n", "/y", "/x"},
		{"our product token with a version", "User-agent: *\nDisallow:\n\nUser-agent: Terrace/1.0 (search)\nDisallow: /x\n", "/y", "/x"},
		{"a longer token is another's", "User-agent: TerraceBot\nDisallow: /\n", "/", ""},
		{"groups for the same crawler are one", "User-agent: TERRACE\nDisallow: /a\n\nUser-agent: *\nDisallow: /c\n\nUser-agent: terrace\nDisallow: /b\n", "/c", "/a /b"},
		{"our empty group allows all", "User-agent: *\nDisallow: /\n\nUser-agent: terrace\nDisallow:\n", "/ /a", ""},
		{"rules before any group are nobody's", "Disallow: /\nUser-agent: *\nDisallow: /a\n", "/ /b", "/a"},
		{"the longest rule decides", "User-agent: *\nAllow: /a/b\nDisallow: /a\nDisallow: /a/b/c\n", "/a/b /a/bc", "/a /a/c /a/b/c"},
		{"of rules as long, the one that allows", "User-agent: *\nDisallow: /page\nAllow: /page\nDisallow: /*.htm\nAllow: /x.htm\n", "/page /x.htm", "/y.htm"},
		{"* and $", "User-agent: *\nDisallow: /*.php$\nDisallow: /a/*/c\nDisallow: /*?sid=\n", "/x.php?a=1 /x.php5 /a/c /x?id=1", "/x.php /d/x.php /a/b/c /a/b/b/cd /x?sid=1"},
		{"* and $ in an address stand for themselves", "User-agent: *\nDisallow: /a%2Ab\nDisallow: /c$d\n", "/axb /c", "/a*b /a%2ab /c$d"},
		{"plain and escaped", "User-agent: *\nDisallow: /中文\nDisallow: /%64oc/\nDisallow: /a%2fb\n", "/d /a/b", "/%E4%B8%AD%e6%96%87/1 /doc/x /%64oc/x /a%2Fb"},
		{"other records end no group", "User-agent: *\nSitemap: http://h/s.xml\nHost: h\nDisallow: /a\nCrawl-delay: 1\nDisallow: /b\n", "/c", "/a /b"},
		{"a byte order mark, blanks, comments, old line ends", "\ufeff  USER-AGENT : *  # all\r\r\n disallow :/a # b\rDisallow: /c", "/b", "/a /c"},
		{"a page in its place", "<!DOCTYPE html>\n<title>404</title>\n<p>Disallow: /</p>", "/ /a", ""},
		{"beyond 500 KiB nothing is read", "User-agent: *\nDisallow: /a\n#" + strings.Repeat("x", maxRobots) + "\nDisallow: /b\n", "/b", "/a"},
		{"half a rule at the limit is none", "User-agent: *\n#" + strings.Repeat("x", maxRobots-27) + "\nDisallow: /abcdef\n", "/abcdef /a", ""},
	} {
		t.Run(c.about, func(t *testing.T) {
			r := parseRobots([]byte(c.robots))
			for want, paths := range map[bool]string{true: c.allowed, false: c.refused} {
				for _, path := range strings.Fields(paths) {
					u, err := url.Parse("http://h" + path)
					if err != nil {
						t.Fatal(err)
					}
					if got := r.allows(u); got != want {
						t.Errorf("%s is allowed: %v, want %v", path, got, want)
					}
				}
			}
		})
	}
}

func TestRobotsDelayAndSitemaps(t *testing.T) {
	r := parseRobots([]byte("User-agent: *\nCrawl-delay: 3.5\nSitemap: http://h/a.xml\nSitemap: /b.xml\n"))
	if r.delay != 3500*time.Millisecond || fmt.Sprint(r.sitemaps) != "[http://h/a.xml /b.xml]" {
		t.Errorf("delay %v, sitemaps %v", r.delay, r.sitemaps)
	}
	for _, delay := range []string{"-1", "NaN", "x", "0"} {
		if r := parseRobots([]byte("User-agent: *\nCrawl-delay: " + delay)); r.delay != 0 {
			t.Errorf("a crawl-delay of %s is %v", delay, r.delay)
		}
	}
	if r := parseRobots([]byte("User-agent: *\nCrawl-delay: 1e300")); r.delay != maxCrawlDelay {
		t.Errorf("a crawl-delay without end is %v", r.delay)
	}
}

func TestWhatTheAnswerForRobotsAllows(t *testing.T) {
	body := func(status int, text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); fmt.Fprint(w, text) }
	}
	const refused, cannot = "robots robots.txt forbids it", "retry robots.txt cannot be had: "
	for about, c := range map[string]struct {
		robots http.HandlerFunc
		want   string
	}{
		"not there":            {body(404, "User-agent: *\nDisallow: /"), "ok"},
		"forbidden":            {body(403, ""), "ok"},
		"there":                {body(200, "User-agent: *\nDisallow: /"), refused},
		"the server's failure": {body(500, ""), cannot + "HOST/robots.txt answers with status 500"},
		"the server is busy":   {body(429, ""), cannot + "HOST/robots.txt answers with status 429"},
		"no answer":            {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, cannot + "no answer: EOF"},
		"larger than any page": {body(200, "User-agent: *\nDisallow: /\n"+strings.Repeat("# a comment\n", 1<<17)), refused},
		"a picture":            {body(200, "\x89PNG\r\n\x1a\n\x00\x00User-agent\x00: *\nDisallow: /"), "ok"},
		"without end": {func(w http.ResponseWriter, _ *http.Request) {
			_, err := fmt.Fprint(w, "User-agent: *\nDisallow: /\n")
			for err == nil {
				_, err = fmt.Fprint(w, strings.Repeat("# a comment\n", 1000))
			}
		}, refused},
		"redirects out": {http.RedirectHandler("http://elsewhere.example/", 302).ServeHTTP, "ok"},
		"five redirects": {func(w http.ResponseWriter, r *http.Request) {
			if hop := r.URL.RawQuery; len(hop) < 5 {
				http.Redirect(w, r, "/robots.txt?"+hop+"x", 302)
				return
			}
			fmt.Fprint(w, "User-agent: *\nDisallow: /")
		}, refused},
		"redirects without end": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/robots.txt?"+r.URL.RawQuery+"x", 302)
		}, "ok"},
	} {
		t.Run(about, func(t *testing.T) {
			n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
				switch r.URL.Path {
				case "/robots.txt":
					c.robots(w, r)
				case "/":
					fmt.Fprint(w, "<title>首页</title>")
				default:
					http.NotFound(w, r)
				}
			})
			n.crawl(func(o *Options) { o.MaxBody = 1 << 20 })
			if got := n.state("/"); got != strings.ReplaceAll(c.want, "HOST", n.server.URL) {
				t.Errorf("the page is %q, want %q", got, c.want)
			}
		})
	}
}

func TestARobotsRedirectIsFollowedUnderTheOtherSitesTerms(t *testing.T) {
	asked := 0
	private := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked++
		fmt.Fprint(w, "User-agent: *\nDisallow: /")
	}))
	defer private.Close()
	n := newTown(t, map[string]string{"/": "<title>首页</title>", "/robots.txt": "301 " + private.URL + "/robots.txt"})
	n.others = []site.Site{{ID: "private", Hosts: []string{strings.TrimPrefix(private.URL, "http://")}}}
	n.crawl(nil)
	if asked != 0 || !strings.HasPrefix(n.state("/"), "retry robots.txt cannot be had: "+private.URL+"/robots.txt: address is private") {
		t.Errorf("asked %d times at a private address; the page is %q", asked, n.state("/"))
	}
}

func TestAHostWithoutRobotsWaitsAndItsPagesAreNotBlamed(t *testing.T) {
	down := false
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case down:
			w.WriteHeader(http.StatusBadGateway)
		case r.URL.Path == "/":
			fmt.Fprint(w, `<title>首页</title><a href="/a.html">甲</a><a href="/b.html">乙</a>`)
		case r.URL.Path == "/a.html", r.URL.Path == "/b.html":
			fmt.Fprint(w, "<title>文章</title>", r.URL.Path)
		default:
			http.NotFound(w, r)
		}
	})
	n.crawl(nil)
	down = true
	n.recrawl()
	n.asked = nil
	n.crawl(nil)
	if len(n.asked) != 1 {
		t.Errorf("a server that is down was asked for %v", n.asked)
	}
	for _, path := range []string{"/", "/a.html", "/b.html"} {
		if p := n.page(path); p.Fails != 0 || p.Content == "" {
			t.Errorf("%s: %d failures, content %q", path, p.Fails, p.Content)
		}
	}
}

func TestWhileRobotsCannotBeHadPagesAreNotVisited(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	var links []archive.Link
	begun := time.Now()
	for i := range 300 {
		links = append(links, archive.Link{URL: fmt.Sprintf("%s/%d.html", n.server.URL, i), Site: "town", DueAt: begun.Add(-time.Hour)})
	}
	if _, err := n.archive.Seed(t.Context(), links...); err != nil {
		t.Fatal(err)
	}
	now, visited := begun, 0
	ctx, stop := context.WithCancel(t.Context())
	n.crawlUntil(ctx, func(o *Options) {
		o.Once, o.Progress = false, func(p Progress) { visited = p.Visited }
		o.Clock.Now = func() time.Time { return now }
		o.Clock.Wait = func(_ context.Context, until time.Time) error {
			if until.After(now) {
				now = until
			}
			if now.Sub(begun) > 35*time.Minute {
				stop()
			}
			return ctx.Err()
		}
	})
	if len(n.asked) != 4 || visited != len(n.asked) {
		t.Errorf("in 35 minutes robots.txt was asked for %d times and %d pages were visited", len(n.asked), visited)
	}
}

func TestARobotsFileCannotMultiplyItsRules(t *testing.T) {
	text := strings.Repeat("User-agent: *\nUser-agent: terrace\n", 5000) + strings.Repeat("Allow: /\n", 10_000) + strings.Repeat("Sitemap: /s\n", 10_000)
	if r := parseRobots([]byte(text)); len(r.rules) != 10_000 || len(r.sitemaps) != maxNamedMaps {
		t.Errorf("%d rules, %d sitemaps", len(r.rules), len(r.sitemaps))
	}
}

func TestARobotsFileThatDripsIsWaitedForNoLongerThanAPage(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		for r.URL.Path == "/robots.txt" && r.Context().Err() == nil {
			fmt.Fprint(w, "#")
			w.(*watched).ResponseWriter.(http.Flusher).Flush()
			time.Sleep(10 * time.Millisecond) // how slow the server is
		}
	})
	n.crawl(func(o *Options) { o.Timeout = 300 * time.Millisecond })
	if got := n.state("/"); got != "retry robots.txt cannot be had: answer cannot be read to its end within 300ms: context deadline exceeded" {
		t.Errorf("the page is %q", got)
	}
}

func TestAPageThatRobotsForbadeByMistakeIsAllowedSoonAfterTheyAreMended(t *testing.T) {
	pages := map[string]string{"/robots.txt": "User-agent: *\nDisallow: /a"}
	n := newTown(t, pages)
	r, err := site.New(site.Cluster{Sites: []site.Site{n.site}})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	c, err := New(Options{Archive: n.archive, Registry: r, Delay: -1, Clock: Clock{Now: func() time.Time { return now }, Wait: func(context.Context, time.Time) error { return nil }}})
	if err != nil {
		t.Fatal(err)
	}
	a := c.newActor(&r.Cluster().Sites[0])
	allowed := func(path string, after time.Duration) bool {
		t.Helper()
		now = now.Add(after)
		u, err := url.Parse(n.server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		rules, outage, err := a.rules(t.Context(), u)
		if err != nil || outage != nil {
			t.Fatal(outage, err)
		}
		return rules.allows(u)
	}
	if allowed("/a.html", 0) || !allowed("/b.html", 0) || n.count("/robots.txt") != 1 {
		t.Fatalf("at first: asked for %v", n.asked)
	}
	pages["/robots.txt"] = "User-agent: *\nDisallow: /b"
	if !allowed("/b.html", time.Hour) || n.count("/robots.txt") != 1 {
		t.Errorf("for a page that it allows it is not asked for again within a day: %v", n.asked)
	}
	if !allowed("/a.html", 0) || n.count("/robots.txt") != 2 {
		t.Errorf("a page that it forbade is still forbidden: %v", n.asked)
	}
	if allowed("/b.html", robotsRetry-time.Second) || n.count("/robots.txt") != 2 {
		t.Errorf("it is asked for again within %v: %v", robotsRetry, n.asked)
	}
}

func TestAHeaderAsksNotToIndexAFile(t *testing.T) {
	for value, want := range map[string][2]bool{
		"noindex":                           {true, false},
		"NoIndex, nofollow":                 {true, true},
		"none":                              {true, true},
		"terrace: noindex":                  {true, false},
		"otherbot: noindex":                 {false, false},
		"otherbot: none, all":               {false, false},
		"max-snippet:0":                     {false, false},
		"noindex, max-snippet:0":            {true, false},
		"max-image-preview: none, nofollow": {false, true},
		"terrace: max-snippet:0, noindex":   {true, false},
		"noindex, unavailable_after: 25 Jun 2020 15:00:00 PST": {true, false},
	} {
		noIndex, noFollow := robotsTag(http.Header{"X-Robots-Tag": {value}})
		if got := [2]bool{noIndex, noFollow}; got != want {
			t.Errorf("%q: %v, want %v", value, got, want)
		}
	}
}
