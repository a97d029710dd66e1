package crawl

import (
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"terrace/indexer/archive"
)

// tricks are ways to write an address within, IN being its port, that filters of servers were got round by.
var tricks = []string{
	"http://127.0.0.1:IN/", "http://localhost:IN/", "http://2130706433:IN/", "http://0177.0.0.1:IN/", "http://0x7f.0.0.1:IN/", "http://0x7f000001:IN/",
	"http://017700000001:IN/", "http://127.1:IN/", "http://127.0.1:IN/", "http://0:IN/", "http://0.0.0.0:IN/", "http://[::1]:IN/", "http://[::]:IN/",
	"http://[::ffff:127.0.0.1]:IN/", "http://[::ffff:7f00:1]:IN/", "http://[0:0:0:0:0:ffff:127.0.0.1]:IN/", "http://[::127.0.0.1]:IN/",
	"http://[64:ff9b::127.0.0.1]:IN/", "http://[2002:7f00:1::]:IN/", "http://[fe80::1%25lo]:IN/", "http://①②⑦.⓪.⓪.①:IN/", "http://127。0。0。1:IN/",
	"http://127.0.0.1.:IN/", "http://%31%32%37.0.0.1:IN/", "http://www.town.example@127.0.0.1:IN/", "http://www.town.example:80@127.0.0.1:IN/",
	"http://127.0.0.1:IN#@www.town.example/", "http://127.0.0.1:IN?@www.town.example/", `http://127.0.0.1:IN\@www.town.example/`,
	`http:\\127.0.0.1:IN\`, "//127.0.0.1:IN/", `\\127.0.0.1:IN\`, "http:///127.0.0.1:IN/", "http://127.0.0.1:IN\t/", "ht\ntp://127.0.0.1:IN/",
	"http://169.254.169.254/latest/meta-data/", "http://www.town.example.evil.example/", "http://evilwww.town.example.evil.example/", "http://www.town.example:22/",
	"http://www.town.example:IN/", "ftp://127.0.0.1:IN/", "file:///etc/passwd", "gopher://127.0.0.1:IN/_GET", "dict://127.0.0.1:IN/", "jar:http://127.0.0.1:IN/!/",
	"view-source:http://127.0.0.1:IN/", "javascript:location='http://127.0.0.1:IN/'", "data:text/html,<a href=http://127.0.0.1:IN/>x</a>",
	"http://spoofed.ⓔxample:IN/", "http://127.0.0.1\u3002:IN/", "http://127.0.0.1%00.www.town.example:IN/", "http://127.0.0.1%0d%0aHost:www.town.example:IN/",
}

// carriers are the ways in which a page leads elsewhere.
var carriers = map[string]func(to string) (header, body string){
	"link":      func(to string) (string, string) { return "", `<a href="` + to + `">一</a>` },
	"frame":     func(to string) (string, string) { return "", `<iframe src="` + to + `"></iframe>` },
	"base":      func(to string) (string, string) { return "", `<base href="` + to + `"><a href="x.html">一</a>` },
	"canonical": func(to string) (string, string) { return "", `<link rel=canonical href="` + to + `"><p>正文</p>` },
	"opener": func(to string) (string, string) {
		return "", `<a href="javascript:;" onclick="window.open('` + to + `')">一</a>`
	},
	"refresh": func(to string) (string, string) { return "", `<meta http-equiv=refresh content="0;url=` + to + `">` },
	"script": func(to string) (string, string) {
		return "", "<script>location.href='" + html.UnescapeString(to) + "'</script>"
	},
	"form": func(to string) (string, string) {
		return "", `<form method=post action="` + to + `"><a href="javascript:__doPostBack('P','Page$2')">2</a>`
	},
	"location": func(to string) (string, string) { return to, "" },
	"map":      func(to string) (string, string) { return "", "<urlset><url><loc>" + to + "</loc></url></urlset>" },
	"index": func(to string) (string, string) {
		return "", "<sitemapindex><sitemap><loc>" + to + "</loc></sitemap></sitemapindex>"
	},
}

func TestNothingOutsideTheRegisteredHostsIsAskedByAnyTrick(t *testing.T) {
	within, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	touched := make(chan string, 1)
	go func() {
		if c, err := within.Accept(); err == nil {
			c.Close()
			touched <- c.RemoteAddr().String()
		}
	}()
	_, port, _ := net.SplitHostPort(within.Addr().String())
	pages := map[string]func(http.ResponseWriter){}
	var home, robots strings.Builder
	for i, trick := range tricks {
		to := strings.ReplaceAll(trick, "IN", port)
		fmt.Fprintf(&robots, "Sitemap: %s\n", strings.NewReplacer("\n", "", "\t", "").Replace(to))
		for name, carry := range carriers {
			header, body := carry(html.EscapeString(to))
			path := fmt.Sprintf("/%s/%s%d.xml", map[bool]string{true: "sitemap", false: "go"}[name == "map" || name == "index"], name, i)
			pages[path] = func(w http.ResponseWriter) {
				if header != "" {
					w.Header()["Location"] = []string{strings.NewReplacer("\n", "", "\t", "").Replace(html.UnescapeString(header))}
					w.WriteHeader(http.StatusFound)
				}
				fmt.Fprint(w, body)
			}
			fmt.Fprintf(&home, `<a href="%s">%s %d</a>`, path, name, i)
		}
	}
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		switch page := pages[r.URL.Path]; {
		case r.URL.Path == "/":
			fmt.Fprint(w, "<title>首页</title>", home.String())
		case r.URL.Path == "/robots.txt":
			fmt.Fprint(w, robots.String())
		case page != nil:
			page(w)
		default:
			http.NotFound(w, r)
		}
	})
	n.site.Hosts, n.site.AllowPrivate = []string{"www.town.example"}, false
	w := newWire(n)
	w.name("www.town.example", "8.8.8.8")
	w.crawl(t)
	within.Close()
	select {
	case from := <-touched:
		t.Errorf("the address within was asked from %s", from)
	default:
	}
	if out := w.outside("www.town.example"); len(out) > 0 {
		t.Errorf("dialled %q", out)
	}
	n.reasoned(len(pages))
}

// reasoned checks that every page of the archive was visited and that there are at least so many; what is not OK says why.
func (n *town) reasoned(least int) {
	n.Helper()
	all, err := n.archive.Pages(n.Context(), archive.Filter{}, "", 10_000)
	if err != nil || len(all) < least {
		n.Fatalf("%d pages, %v", len(all), err)
	}
	for _, p := range all {
		if p.State == archive.New || p.State != archive.OK && p.Reason == "" {
			n.Errorf("%s is %s %q", p.URL, p.State, p.Reason)
		}
		if !strings.HasPrefix(p.URL, "http://www.town.example/") {
			n.Errorf("%s is of the cluster", p.URL)
		}
	}
}

func TestANameOfTheClusterThatMeansAnAddressWithinIsRefused(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, "<title>%s</title>", r.Host)
		for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "good", "none"} {
			fmt.Fprintf(w, `<a href="http://%s.town.example/">%s</a>`, name, name)
		}
	})
	n.site.Hosts, n.site.AllowPrivate = []string{"www.town.example", "*.town.example"}, false
	w := newWire(n)
	for name, address := range map[string]string{
		"www": "8.8.8.8", "good": "2400:3200::1", "a": "127.0.0.1", "b": "10.1.2.3", "c": "::1", "d": "::ffff:192.168.1.1", "e": "64:ff9b::7f00:1",
		"f": "169.254.169.254", "g": "2002:a00:1::",
	} {
		w.name(name+".town.example", address)
	}
	w.crawl(t)
	for name, want := range map[string]string{
		"www": "ok ", "good": "ok ", "a": "out_of_scope address is private: 127.0.0.1", "b": "out_of_scope address is private: 10.1.2.3",
		"c": "out_of_scope address is private: ::1", "d": "out_of_scope address is private: 192.168.1.1", "e": "out_of_scope address is private: 64:ff9b::7f00:1",
		"f": "out_of_scope address is private: 169.254.169.254", "g": "out_of_scope address is private: 2002:a00:1::",
	} {
		p, err := n.archive.Page(t.Context(), "http://"+name+".town.example/")
		if got := string(p.State) + " " + p.Reason; err != nil || got != want {
			t.Errorf("%s is %q, want %q, %v", name, got, want, err)
		}
	}
	if p, err := n.archive.Page(t.Context(), "http://none.town.example/"); err != nil || !strings.HasSuffix(p.Reason, "no such host") {
		t.Errorf("a name that nobody has is %q %q, %v", p.State, p.Reason, err)
	}
}

func TestANameThatTurnsToAnAddressWithinIsRefusedFromThenOn(t *testing.T) {
	n := newTown(t, map[string]string{"/": "<title>首页</title>"})
	n.site.Hosts, n.site.AllowPrivate = []string{"www.town.example"}, false
	w := newWire(n)
	state := func() string {
		p, err := n.archive.Page(t.Context(), "http://www.town.example/")
		if err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(string(p.State) + " " + p.Reason)
	}
	w.name("www.town.example", "8.8.8.8")
	w.crawl(t)
	if state() != "ok" || len(w.reached) == 0 || w.reached[0] != "8.8.8.8:80" {
		t.Fatalf("at first it is %q, reached at %q", state(), w.reached)
	}
	w.name("www.town.example", "10.0.0.1")
	n.recrawl()
	asked := len(n.asked)
	w.crawl(t)
	if state() != "held address is private: 10.0.0.1" || len(n.asked) != asked {
		t.Errorf("then it is %q, asked for %v", state(), n.asked[asked:])
	}
}

func TestHostsOfChineseNamesAndPathsInGBKAreAskedForAsTheyAre(t *testing.T) {
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Host == "xn--9kq974e.example" && r.URL.Path == "/":
			w.Header().Set("Content-Type", "text/html; charset=gbk")
			io.WriteString(w, "<title>\xd1\xf8\xc0\xcf</title><a href=\"http://\xd4\xc6\xba\xd3.example/%D1%F8%C0%CF/a.html\">\xd2\xbb</a><a href='/s?q=%D1%F8'>\xb6\xfe</a>")
		case r.URL.RequestURI() == "/%D1%F8%C0%CF/a.html", r.URL.RequestURI() == "/s?q=%D1%F8":
			fmt.Fprint(w, "<title>文章</title><p>正文", r.URL.RequestURI())
		default:
			http.NotFound(w, r)
		}
	})
	n.site.Hosts, n.site.AllowPrivate = []string{"云河.example"}, false
	w := newWire(n)
	w.name("xn--9kq974e.example", "8.8.8.8")
	w.crawl(t)
	for _, path := range []string{"/", "/%D1%F8%C0%CF/a.html", "/s?q=%D1%F8"} {
		if p, err := n.archive.Page(t.Context(), "http://xn--9kq974e.example"+path); err != nil || p.State != archive.OK {
			t.Errorf("%s is %q %q, %v", path, p.State, p.Reason, err)
		}
	}
}
