package crawl

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"terrace/demo"
	"terrace/site"
)

// A witness is a forward proxy that notes how each host is asked.
type witness struct {
	sync.Mutex
	hosts map[string]*watchedHost
	wrong []string
	bad   func(address string) string // why a URL may not be asked for; empty: it may
}

type watchedHost struct {
	busy    int
	asked   int
	last    time.Time
	nearest time.Duration // between the beginnings of two requests
}

// ServeHTTP passes a request on. It is over, for the witness, before the first byte of its answer is sent: a second one meanwhile is one too many.
func (w *witness) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.begin(r.URL)
	r.RequestURI = ""
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		w.end(r.URL)
		http.Error(out, err.Error(), http.StatusBadGateway)
		return
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	w.end(r.URL)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	for name, values := range res.Header {
		out.Header()[name] = values
	}
	out.WriteHeader(res.StatusCode)
	out.Write(body)
}

func (w *witness) begin(u *url.URL) {
	now := time.Now()
	w.Lock()
	defer w.Unlock()
	h := w.hosts[u.Host]
	if h == nil {
		h = &watchedHost{nearest: time.Hour}
		w.hosts[u.Host] = h
		if u.Path != "/robots.txt" {
			w.wrong = append(w.wrong, "before robots.txt: "+u.String())
		}
	}
	if h.busy > 0 {
		w.wrong = append(w.wrong, "while another was under way: "+u.String())
	}
	if h.asked > 0 {
		h.nearest = min(h.nearest, now.Sub(h.last))
	}
	h.busy, h.asked, h.last = h.busy+1, h.asked+1, now
	if why := w.bad(u.String()); why != "" {
		w.wrong = append(w.wrong, why+": "+u.String())
	}
}

func (w *witness) end(u *url.URL) {
	w.Lock()
	defer w.Unlock()
	w.hosts[u.Host].busy--
}

func TestTheWholeDemoIsAskedOneAtATimeAtItsPaceAndAsItsRobotsAllow(t *testing.T) {
	const delay = 4 * time.Millisecond
	d := demo.New(demo.Options{Pages: 500})
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	truth := d.Expect()
	w := &witness{hosts: map[string]*watchedHost{}, bad: func(address string) string {
		for why, prefixes := range map[string][]string{
			"against robots.txt": truth.Private, "against nofollow": truth.NoFollow, "out of the cluster": truth.OffCluster,
		} {
			for _, p := range prefixes {
				if strings.HasPrefix(address, p) {
					return why
				}
			}
		}
		return ""
	}}
	proxy := httptest.NewServer(w)
	defer func() {
		proxy.Close()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	through, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	n := &town{TB: t, archive: newArchive(t)}
	for _, s := range d.Sites() {
		n.others = append(n.others, site.Site{ID: s.ID, Hosts: []string{s.Host}, AllowPrivate: true})
	}
	n.site, n.others = n.others[0], n.others[1:]
	n.crawl(func(o *Options) { o.Proxy, o.Delay = through, delay })
	asked := 0
	for host, h := range w.hosts {
		asked += h.asked
		if h.nearest < delay {
			t.Errorf("%s was asked twice within %v", host, h.nearest)
		}
	}
	if len(w.wrong) > 0 || len(w.hosts) != len(d.Sites()) || asked < 500 {
		t.Errorf("%d hosts, %d requests; wrong: %q", len(w.hosts), asked, w.wrong)
	}
}

func TestManySitesWhoseRobotsLeadToOneHostDoNotAskItAtTheSameTime(t *testing.T) {
	w := &witness{hosts: map[string]*watchedHost{}, bad: func(string) string { return "" }}
	central := newTownOf(t, func(out http.ResponseWriter, r *http.Request) {
		u := &url.URL{Host: "central", Path: "/robots.txt"}
		w.begin(u)
		time.Sleep(5 * time.Millisecond) // how long the server takes
		w.end(u)
		if r.URL.Path != "/" && r.URL.Path != "/robots.txt" {
			http.NotFound(out, r)
		}
	})
	for _, id := range []string{"a", "b", "c", "d", "e", "f"} {
		server := httptest.NewServer(http.RedirectHandler(central.server.URL+"/robots.txt", http.StatusFound))
		defer server.Close()
		central.others = append(central.others, site.Site{ID: id, Hosts: []string{strings.TrimPrefix(server.URL, "http://")}, AllowPrivate: true})
	}
	central.crawl(nil)
	if len(w.wrong) > 0 || w.hosts["central"].asked < 7 {
		t.Errorf("%d requests; wrong: %q", w.hosts["central"].asked, w.wrong)
	}
}
