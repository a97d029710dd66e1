package crawl

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"terrace/indexer/listing"
	"terrace/indexer/markup"
	"terrace/site"
)

// A fiend is a server that writes bytes of its own for /bad and what begins so; it is else a site whose home page leads there.
type fiend struct {
	net.Listener
	bad     func(c net.Conn, path string)
	written atomic.Int64
	mu      sync.Mutex
	asked   []string
}

func newFiend(t *testing.T, bad func(c net.Conn, path string)) *fiend {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	f := &fiend{Listener: l, bad: bad}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			all.Go(func() { f.serve(&counted{c, &f.written}) })
		}
	})
	t.Cleanup(func() { l.Close(); all.Wait() })
	return f
}

// counted counts what is written.
type counted struct {
	net.Conn
	n *atomic.Int64
}

func (c *counted) Write(p []byte) (int, error) {
	n, err := c.Conn.Write(p)
	c.n.Add(int64(n))
	return n, err
}

func (f *fiend) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	req, err := http.ReadRequest(in)
	if err != nil {
		return
	}
	path := req.URL.RequestURI()
	f.mu.Lock()
	f.asked = append(f.asked, path)
	f.mu.Unlock()
	switch {
	case strings.HasPrefix(path, "/bad"):
		f.bad(c, path)
	case path == "/":
		io.WriteString(c, page(`<title>首页</title><a href="/bad">坏页</a>`))
	default:
		io.WriteString(c, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	}
}

// page is a good answer.
func page(body string, headers ...string) string {
	return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: %d\r\n%s\r\n%s", len(body), strings.Join(append(headers, ""), "\r\n"), body)
}

// moved leads elsewhere.
func moved(to string, headers ...string) string {
	return fmt.Sprintf("HTTP/1.1 302 Found\r\nLocation: %s\r\nConnection: close\r\nContent-Length: 0\r\n%s\r\n", to, strings.Join(append(headers, ""), "\r\n"))
}

// says is a server that writes one thing and ends.
func says(answer string) func(net.Conn, string) {
	return func(c net.Conn, _ string) { io.WriteString(c, answer) }
}

// forever writes a piece until nobody reads on.
func forever(head, piece string, pause time.Duration) func(net.Conn, string) {
	return func(c net.Conn, _ string) {
		_, err := io.WriteString(c, head)
		for err == nil {
			time.Sleep(pause) // how slow the server is
			_, err = io.WriteString(c, piece)
		}
	}
}

func zipped(pieces ...string) string {
	var b bytes.Buffer
	for _, p := range pieces {
		z := gzip.NewWriter(&b)
		io.WriteString(z, p)
		z.Close()
	}
	return b.String()
}

const (
	fiendBody    = 1 << 20 // bytes allowed in these tests
	fiendTimeout = 700 * time.Millisecond
	packed       = "Content-Encoding: gzip"
)

// fiends are by the names under which testdata/hostile.tsv tells what their page comes to.
var fiends = map[string]func(net.Conn, string){
	"headers of a megabyte":        says(page("<title>好</title>", "X-Long: "+strings.Repeat("a", 1<<20))),
	"headers without end":          forever("HTTP/1.1 200 OK\r\n", "X-More: "+strings.Repeat("a", 4000)+"\r\n", 0),
	"interim answers without end":  forever("", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n", 0),
	"an answer without end":        forever("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", strings.Repeat("没完没了", 1000), 0),
	"chunks without end":           forever("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1000\r\n"+strings.Repeat("a", 0x1000)+"\r\n", 0),
	"a declared gigabyte":          says("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\nabc"),
	"a gzip bomb":                  says(page(zipped(strings.Repeat("\x00", 64<<20)), packed)),
	"a gzip bomb of empty members": forever("HTTP/1.1 200 OK\r\n"+packed+"\r\n\r\n", strings.Repeat(zipped(""), 1000), 0),
	"gzip in gzip":                 says(page(zipped(zipped(strings.Repeat("\x00", 64<<20))), packed)),
	"gzip that is none":            says(page("<title>好</title>", packed)),
	"gzip that breaks off":         says(page(zipped("<title>好</title>")[:20], packed)),
	"packed unasked":               says(page("\x1b\x00", "Content-Encoding: br")),
	"a slow drip":                  forever("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", "a", 20*time.Millisecond),
	"slow headers":                 forever("HTTP/1.1 200 OK\r\nX-Slow: ", "a", 20*time.Millisecond),
	"no answer":                    func(c net.Conn, _ string) { io.Copy(io.Discard, c) },
	"a hang-up":                    says(""),
	"half an answer":               says("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nabc"),
	"another protocol":             says("SSH-2.0-OpenSSH_9.2\r\n"),
	"two lengths":                  says("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"),
	"a switch of protocols":        says("HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"),
	"a status of its own":          says("HTTP/1.1 999 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
	"a cookie wall":                says(moved("/bad", "Set-Cookie: a=b")),
	"a cookie wall of a session":   says(moved("/bad;jsessionid=0123ABCD", "Set-Cookie: JSESSIONID=0123ABCD")),
	"a cookie wall by script":      says(page(`<script>document.cookie="a=b";location.reload()</script>`)),
	"a cookie wall of two pages": func(c net.Conn, path string) {
		io.WriteString(c, moved(map[string]string{"/bad": "/bad2", "/bad2": "/bad"}[path], "Set-Cookie: a=b"))
	},
	"a redirect to a file":          says(moved("file:///etc/passwd")),
	"a redirect to a script":        says(moved("javascript:alert(1)")),
	"a redirect out":                says(moved("http://elsewhere.example/a")),
	"a redirect to no URL":          says(moved("http://[::1")),
	"a redirect to nowhere":         says("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"),
	"a refresh out":                 says(page(`<meta http-equiv=refresh content="0;url=http://elsewhere.example/">`)),
	"a million links":               says(page("<title>链接</title>" + links(1_000_000))),
	"a page that explodes":          says(page("<title>爆炸</title><div>" + strings.Repeat("<b a=1>", 200) + "</div>" + strings.Repeat("<div>字</div>", 50_000))),
	"more bytes than are read":      says(page("<title>很长</title>" + strings.Repeat("字", 6<<20))),
	"a media type that goes on":     says("HTTP/1.1 200 OK\r\nContent-Type: \xff/" + strings.Repeat("x", 100_000) + "\r\nConnection: close\r\n\r\n\x00\x01\x02"),
	"a picture called a page":       says(page("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00")),
	"boxes in boxes":                says(page("<title>深</title>" + strings.Repeat("<div>", 100_000) + "到底了")),
	"a script and a file for links": says(page(`<title>链接</title><a href="javascript:alert(1)">甲</a><a href="file:///etc/passwd">乙</a><a href="data:text/html,x">丙</a>`)),
	"a page that leads to itself":   says(page(`<title>自己</title><a href="/bad">自己</a><link rel=canonical href="file:///bad">`)),
}

func links(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "<a href=//e.example/%d>", i)
	}
	return b.String()
}

func TestHostileAnswersComeToAStateAndAReason(t *testing.T) {
	want := hostileStates(t)
	for about, bad := range fiends {
		t.Run(about, func(t *testing.T) {
			t.Parallel()
			f := newFiend(t, bad)
			n := &town{TB: t, archive: newArchive(t), site: site.Site{ID: "town", Hosts: []string{f.Addr().String()}, AllowPrivate: true}}
			most := int64(fiendBody)
			if about == "a million links" || about == "more bytes than are read" {
				most = 64 << 20
			}
			n.crawl(func(o *Options) { o.MaxBody, o.Timeout = most, fiendTimeout*time.Duration(most/fiendBody) })
			p, err := n.archive.Page(t.Context(), "http://"+f.Addr().String()+"/bad")
			if err != nil {
				t.Fatal(err)
			}
			got := strings.TrimSpace(string(p.State) + " " + strings.ReplaceAll(p.Reason, f.Addr().String(), "HOST"))
			if got != want[about] {
				t.Errorf("the page is %q, want %q", got, want[about])
			}
			if w := f.written.Load(); w > most+16<<20 { // what the kernel holds of it included
				t.Errorf("%d bytes were taken", w)
			}
			if len(p.ContentType) > 2*maxType || len(p.Reason) > 2*maxReason {
				t.Errorf("%d bytes of type, %d of reason", len(p.ContentType), len(p.Reason))
			}
			if home, err := n.archive.Page(t.Context(), "http://"+f.Addr().String()+"/"); err != nil || home.State != "ok" {
				t.Errorf("the home page is %q, %v", home.State, err)
			}
		})
	}
}

// hostileStates reads testdata/hostile.tsv: a name, the state and reason in the archive, and what people are told, which package indexer checks.
func hostileStates(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("testdata/hostile.tsv")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Split(strings.TrimSpace(line), "\t"); len(f) == 3 {
			out[f[0]] = f[1]
		}
	}
	return out
}

func TestRedirectsWithoutEndEnd(t *testing.T) {
	for about, status := range map[string]string{"for now": "302 Found", "for good": "301 Moved Permanently"} {
		t.Run(about, func(t *testing.T) {
			f := newFiend(t, func(c net.Conn, path string) {
				fmt.Fprintf(c, "HTTP/1.1 %s\r\nLocation: %sx\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", status, path)
			})
			n := &town{TB: t, archive: newArchive(t), site: site.Site{ID: "town", Hosts: []string{f.Addr().String()}, AllowPrivate: true}}
			n.crawl(nil)
			last, err := n.archive.Page(t.Context(), "http://"+f.Addr().String()+"/bad"+strings.Repeat("x", maxRedirects))
			if want := "status " + status[:3] + ": redirects in a row: 10"; err != nil || last.State != "quarantined" || last.Reason != want {
				t.Errorf("the last is %q %q, %v", last.State, last.Reason, err)
			}
			if len(f.asked) > maxRedirects+5 {
				t.Errorf("asked for %q", f.asked)
			}
		})
	}
}

func TestAPageThatIsLedOnForGoodAgainAndAgainIsKept(t *testing.T) {
	leads := false
	f := newFiend(t, func(c net.Conn, path string) {
		if leads {
			fmt.Fprintf(c, "HTTP/1.1 301 Moved\r\nLocation: %sx\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", path)
			return
		}
		io.WriteString(c, page("<title>文章</title><p>正文。</p>"))
	})
	n := &town{TB: t, archive: newArchive(t), site: site.Site{ID: "town", Hosts: []string{f.Addr().String()}, AllowPrivate: true}}
	n.crawl(nil)
	leads = true
	n.recrawl()
	f.asked = nil
	n.crawl(nil)
	p, err := n.archive.Page(t.Context(), "http://"+f.Addr().String()+"/bad")
	if err != nil || p.State != "held" || p.Reason != "status 301" || p.Content == "" {
		t.Errorf("the page is %q %q, content %q, %v", p.State, p.Reason, p.Content, err)
	}
	if len(f.asked) > maxRedirects+5 {
		t.Errorf("asked for %q", f.asked)
	}
}

func TestALongValidatorIsNotSentBack(t *testing.T) {
	var back string
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		back += r.Header.Get("If-None-Match") + r.Header.Get("If-Modified-Since")
		w.Header().Set("ETag", `"`+strings.Repeat("e", 10_000)+`"`)
		w.Header().Set("Last-Modified", strings.Repeat("m", 10_000))
		fmt.Fprint(w, "<title>首页</title>")
	})
	n.crawl(nil)
	n.recrawl()
	n.crawl(nil)
	if p := n.page("/"); p.State != "ok" || back != "" || p.ETag != "" {
		t.Errorf("the page is %q, %d bytes came back", p.State, len(back))
	}
}

func TestSitemapsThatLeadToOneAnotherWithoutEndEnd(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/":
			fmt.Fprint(w, "<title>首页</title>")
		case strings.HasPrefix(r.URL.Path, "/sitemap"):
			name := strings.TrimSuffix(r.URL.Path, ".xml")
			fmt.Fprintf(w, "<sitemapindex><sitemap><loc>%sa.xml</loc></sitemap><sitemap><loc>%sb.xml</loc></sitemap></sitemapindex>", name, name)
		default:
			http.NotFound(w, r)
		}
	})
	n.crawl(nil)
	if got := n.count("/sitemap"); got != 1+2+4 {
		t.Errorf("asked for %d sitemaps: %v", got, n.asked)
	}
	if got := n.state("/sitemapaa.xml"); got != "ok indexes of sitemaps within one another: not followed further" {
		t.Errorf("the last is %q", got)
	}
}

func TestMoreLocationsThanASitemapMayHaveAreCounted(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			fmt.Fprint(w, "<title>首页</title>")
		case "/sitemap.xml":
			fmt.Fprint(w, "<urlset>")
			for i := range maxSitemapURLs + 7 {
				fmt.Fprintf(w, "<url><loc>/%d.html</loc></url>", min(i, maxSitemapURLs-5)%5) // the same again and again: their number counts
			}
		default:
			http.NotFound(w, r)
		}
	})
	n.crawl(nil)
	if got := n.state("/sitemap.xml"); got != "ok 7 links beyond the first 50000 left out" {
		t.Errorf("the sitemap is %q", got)
	}
}

// It took minutes where each link looked through the whole box around them all.
func TestOfManyLinksInALargeBoxEachIsSeen(t *testing.T) {
	var b strings.Builder
	b.WriteString("<html><body><div>" + strings.Repeat("x<br>", 300_000))
	for i := range markup.MaxLinks {
		fmt.Fprintf(&b, "<span><a href=/a/%d.html>关于公布名单的通知%d</a> 2024-01-02</span>", i, i)
	}
	page, err := markup.Parse(&url.URL{Scheme: "http", Host: "www.example.gov.cn", Path: "/"}, []byte(b.String()), "text/html; charset=utf-8", "")
	if err != nil {
		t.Fatal(err)
	}
	if n := len(entriesOf(page, listing.Listing{}, nil)); n != markup.MaxLinks {
		t.Errorf("%d entries", n)
	}
}

func TestARedirectToNoURLIsAnAnswer(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/robots.txt", "/sitemap.xml":
			http.NotFound(w, r)
		case "/":
			fmt.Fprint(w, "<title>首页</title>", `<a href="/1.html">甲</a><a href="/2.html">乙</a><a href="/3.html">丙</a><a href="/4.html">丁</a>`)
		default:
			w.Header().Set("Location", "/%u4E2D.html")
			w.WriteHeader(http.StatusFound)
		}
	})
	n.crawl(func(o *Options) {
		o.Clock.Wait = func(_ context.Context, until time.Time) error {
			if pause := time.Until(until); pause > firstPause/2 {
				t.Errorf("the host is left alone for %v", pause)
			}
			return nil
		}
	})
	for i := 1; i <= 4; i++ {
		if got := n.state(fmt.Sprintf("/%d.html", i)); got != "quarantined status 302 without a usable target" {
			t.Errorf("page %d is %q", i, got)
		}
	}
}
