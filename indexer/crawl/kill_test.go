package crawl

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"

	"terrace/site"
)

// The variables through which a test run as a child of another learns what to crawl.
const (
	childFolder = "TERRACE_CRAWL_FOLDER"
	childHost   = "TERRACE_CRAWL_HOST"
)

// TestCrawlAsChild is a crawl that waits to be killed; without a parent it is none.
func TestCrawlAsChild(t *testing.T) {
	if os.Getenv(childFolder) == "" {
		t.Skip("is run by TestAKilledCrawlGoesOnWhereItWas")
	}
	n := &town{TB: t, archive: openArchive(t, os.Getenv(childFolder)), site: site.Site{ID: "town", Hosts: []string{os.Getenv(childHost)}, AllowPrivate: true}}
	n.crawl(nil)
}

func TestAKilledCrawlGoesOnWhereItWas(t *testing.T) {
	const pages = 300
	var asked, killAt atomic.Int64
	var child atomic.Pointer[os.Process]
	n := newTownOf(t, func(w http.ResponseWriter, r *http.Request) {
		if p := child.Load(); p != nil && asked.Add(1) == killAt.Load() {
			p.Kill()
		}
		var i int
		switch n, _ := fmt.Sscanf(r.URL.Path, "/%d.html", &i); {
		case r.URL.Path == "/":
			for i := range pages {
				fmt.Fprintf(w, `<a href="/%d.html">第 %d 篇</a>`, i, i)
			}
		case n == 1 && i < pages:
			fmt.Fprintf(w, "<title>第 %d 篇</title><p>正文。</p>", i)
		default:
			http.NotFound(w, r)
		}
	})
	dir := t.TempDir()
	for _, at := range []int64{5, 40, 90} {
		asked.Store(0)
		killAt.Store(at)
		command := exec.Command(os.Args[0], "-test.run", "^TestCrawlAsChild$")
		command.Env = append(os.Environ(), childFolder+"="+dir, childHost+"="+n.site.Hosts[0])
		if err := command.Start(); err != nil {
			t.Fatal(err)
		}
		child.Store(command.Process)
		if err := command.Wait(); err == nil {
			t.Fatal("the crawl ended before it was killed")
		}
		child.Store(nil)
	}
	n.archive = openArchive(t, dir)
	n.crawl(nil)
	times := map[string]int{}
	for _, path := range n.asked {
		times[path]++
	}
	for i := range pages {
		if path := fmt.Sprintf("/%d.html", i); n.state(path) != "ok" || times[path] > 4 {
			t.Errorf("%s is %q, asked for %d times", path, n.state(path), times[path])
		}
	}
	if len(n.asked) > pages+150 {
		t.Errorf("%d requests for %d pages: what was fetched before a kill was fetched again", len(n.asked), pages)
	}
}
