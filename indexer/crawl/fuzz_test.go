package crawl

import (
	"fmt"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"terrace/indexer/archive"
	"terrace/indexer/weburl"
	"terrace/site"
)

func FuzzRobots(f *testing.F) {
	f.Add([]byte("User-agent: *\nDisallow: /a*b$\nAllow: /a%2fb\nCrawl-delay: 1e9\nSitemap: /s.xml\n"), "/a%2Fb?x=*")
	f.Add([]byte("\ufeffUSER-AGENT:terrace/1\rdisallow:/中\r\n#\r\nUser-agent:*\nUser-agent:*\nDisallow:/"), "/%E4%B8%AD")
	f.Fuzz(func(t *testing.T, text []byte, path string) {
		u, err := url.Parse("http://h/" + path)
		if err != nil {
			return
		}
		r := parseRobots(text)
		allowed := r.allows(u)
		if r.delay < 0 || r.delay > maxCrawlDelay || len(r.sitemaps) > maxNamedMaps || len(r.rules) > len(text) {
			t.Fatalf("delay %v, %d sitemaps, %d rules of %d bytes", r.delay, len(r.sitemaps), len(r.rules), len(text))
		}
		if !allowed && len(r.rules) == 0 {
			t.Fatal("refused without a rule")
		}
		if again := parseRobots(text).allows(u); again != allowed {
			t.Fatalf("allowed: %v, then %v", allowed, again)
		}
	})
}

func FuzzSitemap(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><urlset><url><loc>http://h/a?b&amp;c</loc></url></urlset>`))
	f.Add([]byte(`<s:sitemapindex><s:sitemap><s:loc><![CDATA[ /2.xml ]]></s:loc></s:sitemap><url><title/><loc>/c<!-- -->d`))
	f.Add([]byte("\x1f\x8b\x08\x00<urlset><loc>\xd1\xf8\xc0\xcf</loc>"))
	r, err := site.New(site.Cluster{Sites: []site.Site{{ID: "h", Hosts: []string{"h"}}}})
	if err != nil {
		f.Fatal(err)
	}
	c, err := New(Options{Archive: newArchive(f), Registry: r, MaxBody: 1 << 20})
	if err != nil {
		f.Fatal(err)
	}
	u := &url.URL{Scheme: "http", Host: "h", Path: "/sitemap.xml"}
	f.Fuzz(func(t *testing.T, body []byte) {
		v := archive.Visit{ContentType: "text/xml"}
		c.newActor(&r.Cluster().Sites[0]).sitemap(t.Context(), &v, archive.Page{ID: "p"}, u, body)
		for _, l := range v.Links {
			to, err := url.Parse(l.URL)
			if err != nil || weburl.Canonical(to) != l.URL || r.Of(to) == nil {
				t.Fatalf("%q, %v", l.URL, err)
			}
		}
	})
}

func TestASitemapSaysOfALocationWhatItsTextSays(t *testing.T) {
	for text, want := range map[string]string{
		"<url><loc> /a?b=1&amp;copy=2 </loc></url>":                                                                  "url / /a?b=1&copy=2 /",
		"<url><loc><![CDATA[/a?b=1&copy=2]]></loc></url>":                                                            "url //a?b=1&copy=2/",
		"<m:sitemap><m:loc>/a<!-- x -->b</m:loc></m:sitemap>":                                                        "map //ab/",
		"<sitemap><loc>/1</loc></sitemap><url><loc>/2</loc></url>":                                                   "map //1/url //2/",
		"<url><title/><loc>/a</loc><script>x</script><loc>/b</loc></url>":                                            "url //a/url //b/",
		"<URL><LOC>/a</LOC></URL><loc>/b<loc>/c</loc></loc><loc>/d":                                                  "url //a/url //c/",
		"<url><loc></loc></url></loc>":                                                                               "url //",
		"<url><lastmod>2024</lastmod><loc>/a</loc></url><url><loc>/b</loc><lastmod>2023<!-- x -->-1</lastmod></url>": "url //a/2024url //b/2023-1",
		"": "",
	} {
		got := ""
		for at := range places([]byte(text)) {
			kind := "url"
			if at.ofMap {
				kind = "map"
			}
			got += fmt.Sprintf("%s /%s/", kind, at.loc)
			if at.modified != "" {
				got += at.modified
			}
		}
		if got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}

func TestSitemapsMadeToExplodeAreReadInProportionToTheirBytes(t *testing.T) {
	const size = 8 << 20
	for about, piece := range map[string]string{
		"pieces of one location":   "a<!---->",
		"elements in one another":  "<a>",
		"attributes":               " a",
		"a location without end":   "aaaaaaaa",
		"entities":                 "&amp;",
		"a comment without end":    "<!-",
		"CDATA in pieces":          "<![CDATA[a]]>",
		"locations in one another": "<loc>",
	} {
		text := []byte("<urlset><url><loc>" + strings.Repeat(piece, size/len(piece)))
		if about == "attributes" {
			text = append([]byte("<urlset><url"), text[17:]...)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for at := range places(text) {
			if len(at.loc) > 8*weburl.MaxLength {
				t.Fatalf("a location of %d bytes", len(at.loc))
			}
		}
		runtime.ReadMemStats(&after)
		if got := after.TotalAlloc - before.TotalAlloc; got > 8*size {
			t.Errorf("%s: %d MB allocated for %d", about, got>>20, size>>20)
		}
	}
}
