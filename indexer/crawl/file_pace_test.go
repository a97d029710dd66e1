package crawl

import (
	"fmt"
	"net"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"terrace/indexer/attach"
	"terrace/indexer/attached"
	"terrace/site"
)

func TestFilesOfSlowSitesDoNotHoldUpThoseOfOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := &pipes{make(chan net.Conn), make(chan struct{})}
		begun := time.Now()
		var quick []time.Duration // when the files of the site without a pace of its own were asked for
		server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.URL.Path == "/":
				files := 5
				if r.Host == "quick.example" {
					files = 150
				}
				for i := range files {
					fmt.Fprintf(w, "<a href=/%d.txt>附件</a>", i)
				}
			case r.URL.Path == "/robots.txt" || r.URL.Path == "/sitemap.xml":
				http.NotFound(w, r)
			default:
				w.Header().Set("Content-Type", "text/plain")
				fmt.Fprintf(w, "%s %s 的文字", r.Host, r.URL.Path)
				if r.Host == "quick.example" {
					quick = append(quick, time.Since(begun))
				}
			}
		})}
		served := make(chan error, 1)
		go func() { served <- server.Serve(network) }()
		sites := []site.Site{{ID: "quick", Hosts: []string{"quick.example"}, AllowPrivate: true}}
		for _, id := range []string{"one", "two", "three"} {
			sites = append(sites, site.Site{ID: id, Hosts: []string{id + ".example"}, AllowPrivate: true, Delay: 20 * time.Second})
		}
		r, err := site.New(site.Cluster{Sites: sites})
		if err != nil {
			t.Fatal(err)
		}
		a := newArchive(t)
		c, err := New(Options{Archive: a, Registry: r, Once: true, Files: attached.New(a, attach.NewReader(""))})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range c.fetchers {
			f.transport.inner.DialContext = network.dial
		}
		if err := c.Run(t.Context()); err != nil {
			t.Error(err)
		}
		server.Close()
		<-served
		if len(quick) != 150 || slices.Max(gaps(quick)) > 3*time.Second {
			t.Errorf("its %d files were asked for at %v", len(quick), quick)
		}
	})
}
