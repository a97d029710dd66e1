package crawl

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"terrace/indexer/archive"
	"terrace/site"
)

func TestNothingOfAClosedSiteIsAsked(t *testing.T) {
	closed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { t.Errorf("%s is asked", r.URL) }))
	defer closed.Close()
	n := newTown(t, map[string]string{
		"/":           `<a href="` + closed.URL + `/a.html">旧网站的网页</a> <a href=/moved.html>搬走的</a> <a href=/b.html>网页</a>`,
		"/b.html":     "<title>网页</title><p>正文。",
		"/moved.html": "<script>location.href='" + closed.URL + "/c.html'</script>",
	})
	old := site.Site{ID: "old", Hosts: []string{strings.TrimPrefix(closed.URL, "http://")}, AllowPrivate: true, Closed: true}
	r, err := site.New(site.Cluster{Sites: []site.Site{n.site, old}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := n.archive.Seed(t.Context(), archive.Link{URL: closed.URL + "/known.html", Site: "old", DueAt: time.Now()}); err != nil {
		t.Fatal(err)
	}
	c, err := New(Options{Archive: n.archive, Registry: r, Delay: -1, Once: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]archive.State{"/b.html": archive.OK, "/moved.html": archive.OutOfScope} {
		if got := n.state(path); !strings.HasPrefix(got, string(want)) {
			t.Errorf("%s is %s, want %s", path, got, want)
		}
	}
	if pages, err := n.archive.Pages(t.Context(), archive.Filter{Site: "old"}, "", 10); err != nil || len(pages) != 1 || pages[0].State != archive.New {
		t.Errorf("of the closed site there are %+v, %v", pages, err)
	}
	refused, err := (&Notifier{n.archive, r, c}).Notify(t.Context(), "", []string{closed.URL + "/known.html"})
	if err != nil || len(refused) != 1 || !strings.Contains(refused[0].Reason, "已关闭") {
		t.Errorf("refused %v, %v", refused, err)
	}
}
