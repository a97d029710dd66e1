package crawl

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"terrace/site"
)

// pipes is a network of pipes: it has no addresses and, in a synctest bubble, no time of its own.
type pipes struct {
	calls  chan net.Conn
	closed chan struct{}
}

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.calls <- theirs:
		return ours, nil
	case <-p.closed:
		return nil, errors.New("closed")
	}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.calls:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

// paced crawls a site of a home page and a few articles under a false clock and tells when each request began, from the first on.
// answer writes what the server says to the n-th request.
func paced(t *testing.T, change func(*site.Site), answer func(n int, w http.ResponseWriter, r *http.Request), stop time.Duration) (starts []time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		network := &pipes{make(chan net.Conn), make(chan struct{})}
		begun := time.Now()
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			starts = append(starts, time.Since(begun))
			answer(len(starts), w, r)
		})}
		served := make(chan error, 1)
		go func() { served <- server.Serve(network) }()
		s := site.Site{ID: "town", Hosts: []string{"www.town.example"}, AllowPrivate: true}
		change(&s)
		r, err := site.New(site.Cluster{Sites: []site.Site{s}})
		if err != nil {
			t.Fatal(err)
		}
		c, err := New(Options{Archive: newArchive(t), Registry: r, Once: stop == 0})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range c.fetchers {
			f.transport.inner.DialContext = network.dial
		}
		ctx := t.Context()
		if stop > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, stop)
			defer cancel()
		}
		if err := c.Run(ctx); err != nil {
			t.Error(err)
		}
		server.Close()
		<-served
	})
	return starts
}

// gaps are the times between the beginnings of requests.
func gaps(starts []time.Duration) []time.Duration {
	var out []time.Duration
	for i := 1; i < len(starts); i++ {
		out = append(out, starts[i]-starts[i-1])
	}
	return out
}

// townPages answers with a home page that leads to two articles.
func townPages(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/":
		fmt.Fprint(w, `<title>首页</title><a href="/1.html">一</a><a href="/2.html">二</a>`)
	case r.URL.Path == "/1.html", r.URL.Path == "/2.html":
		fmt.Fprint(w, "<title>文章</title>", strings.Repeat("正文", len(r.URL.Path)), r.URL.Path)
	default:
		http.NotFound(w, r)
	}
}

func TestTheDelayRunsFromTheEndOfAResponse(t *testing.T) {
	for _, c := range []struct {
		about  string
		delay  time.Duration // configured
		robots string
		took   time.Duration // of a response
		gap    time.Duration
	}{
		{"as configured", 2 * time.Second, "", 500 * time.Millisecond, 2500 * time.Millisecond},
		{"a second where nothing is", 0, "", 0, time.Second},
		{"as long as robots.txt asks", 2 * time.Second, "User-agent: *\nCrawl-delay: 7", time.Second, 8 * time.Second},
		{"longer than robots.txt asks", 2 * time.Second, "User-agent: *\nCrawl-delay: 1", 0, 2 * time.Second},
		{"as long as the server takes", time.Second, "", 5 * time.Second, 10 * time.Second},
	} {
		t.Run(c.about, func(t *testing.T) {
			starts := paced(t, func(s *site.Site) { s.Delay = c.delay }, func(_ int, w http.ResponseWriter, r *http.Request) {
				time.Sleep(c.took) // under the false clock: how long the server takes
				if r.URL.Path == "/robots.txt" {
					fmt.Fprint(w, c.robots)
					return
				}
				townPages(w, r)
			}, 0)
			if len(starts) < 5 {
				t.Fatalf("%d requests", len(starts))
			}
			for i, gap := range gaps(starts) {
				if i > 0 && gap != c.gap { // robots.txt itself came under the configured delay
					t.Errorf("request %d came %v after the one before, want %v", i+2, gap, c.gap)
				}
			}
		})
	}
}

func TestABusyServerIsLeftAloneAsLongAsItSays(t *testing.T) {
	for about, after := range map[string]func() string{
		"seconds": func() string { return "120" },
		"a date":  func() string { return time.Now().Add(2 * time.Minute).UTC().Format(http.TimeFormat) },
	} {
		t.Run(about, func(t *testing.T) {
			starts := paced(t, func(*site.Site) {}, func(n int, w http.ResponseWriter, r *http.Request) {
				if n == 3 {
					w.Header().Set("Retry-After", after())
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				townPages(w, r)
			}, 0)
			if got := gaps(starts); len(got) < 3 || got[2] != 2*time.Minute {
				t.Errorf("gaps %v, want 2m after the third", got)
			}
		})
	}
}

func TestPagesOfHTTPDoNotWaitForHTTPSThatFails(t *testing.T) {
	var asked []string
	starts := paced(t, func(*site.Site) {}, func(n int, w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		if r.URL.Path == "/" {
			fmt.Fprint(w, `<title>首页</title><a href="https://www.town.example/3.html">三</a>`) // the server speaks no TLS
		}
		townPages(w, r)
	}, 0)
	for _, want := range []string{"/1.html", "/2.html"} {
		if !slices.Contains(asked, want) {
			t.Errorf("%s was not asked for: %v", want, asked)
		}
	}
	if last := starts[len(starts)-1]; last > time.Minute {
		t.Errorf("the last request was made after %v", last)
	}
}

func TestPagesThatAreAlwaysBusyDoNotHoldUpTheOthers(t *testing.T) {
	served := map[string]bool{}
	starts := paced(t, func(*site.Site) {}, func(n int, w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/":
			for i := range 12 {
				fmt.Fprintf(w, `<a href="/app/%d.do">应用</a><a href="/%d.html">文</a>`, i, i)
			}
		case strings.HasPrefix(r.URL.Path, "/app/"):
			w.WriteHeader(http.StatusServiceUnavailable)
		case strings.HasSuffix(r.URL.Path, ".html") && len(r.URL.Path) < len("/100.html"):
			served[r.URL.Path] = true
			fmt.Fprint(w, "<title>文章</title>", strings.Repeat("正文"+r.URL.Path, 30))
		default:
			http.NotFound(w, r)
		}
	}, 0)
	if last := starts[len(starts)-1]; len(served) != 12 || last > time.Hour {
		t.Errorf("%d of 12 articles were served, the last request was made after %v", len(served), last)
	}
}

func TestRequestsAreMadeInTheSitesHoursOnly(t *testing.T) {
	// The false clock begins at midnight UTC, eight in the morning in Shanghai.
	starts := paced(t, func(s *site.Site) { s.Hours = site.Hours{From: 10 * 60, To: 10*60 + 5} },
		func(_ int, w http.ResponseWriter, r *http.Request) { townPages(w, r) }, 4*time.Hour)
	if len(starts) < 3 {
		t.Fatalf("%d requests", len(starts))
	}
	if first, last := starts[0], slices.Max(starts); first < 2*time.Hour || last >= 2*time.Hour+6*time.Minute {
		t.Errorf("requests from %v to %v after eight, want them between ten and five past", first, last)
	}
}

func TestPausesDoubleAndAreForgiven(t *testing.T) {
	busy := &response{status: http.StatusTooManyRequests, header: http.Header{}}
	h := &host{}
	now := time.Now()
	pause := func() time.Duration {
		d := h.pause(now, busy, nil)
		now = now.Add(d)
		h.paused = now
		return d
	}
	for want := time.Minute; want < longestWait; want *= 2 {
		if got := pause(); got < want || got >= want*5/4 {
			t.Fatalf("a pause of %v, want %v and up to a quarter more", got, want)
		}
	}
	if got := pause(); got < longestWait || got >= longestWait*5/4 {
		t.Errorf("the longest pause is %v", got)
	}
	now = now.Add(31 * time.Minute)
	if got := pause(); got >= 2*time.Minute {
		t.Errorf("after half an hour of quiet the pause is %v", got)
	}
}

func TestASilentServerIsLeftAloneFromTheThirdTimeOn(t *testing.T) {
	h := &host{}
	silence := errors.New("connection reset")
	for i, want := range []bool{false, false, true} {
		if got := h.pause(time.Now(), nil, silence) > 0; got != want {
			t.Errorf("pause after silence %d: %v", i+1, got)
		}
	}
	h.pause(time.Now(), &response{status: 200}, nil)
	if h.pause(time.Now(), nil, silence) > 0 || h.pause(time.Now(), nil, errTooLarge) > 0 || h.pause(time.Now(), nil, errTooLarge) > 0 {
		t.Error("a pause, though the server had answered meanwhile")
	}
}

func TestACrawlThatLeavesPagesOfBusyHostsSaysSo(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/1.html" {
			w.Header().Set("Retry-After", "3600")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		townPages(w, r)
	})
	var log bytes.Buffer
	n.crawl(func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	if !strings.Contains(log.String(), "the crawl ends with pages due") || !strings.Contains(log.String(), "site=town") {
		t.Errorf("the log says %q", log.String())
	}
}
