package crawl

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"terrace/site"
)

// later crawls what is due after a while.
func (n *town) later(ahead time.Duration) []string {
	n.Helper()
	n.asked = nil
	n.crawl(func(o *Options) {
		o.Clock.Now = func() time.Time { return time.Now().Add(ahead) }
		o.Clock.Wait = func(ctx context.Context, until time.Time) error { return wait(ctx, until.Add(-ahead)) }
	})
	var articles []string
	for _, path := range n.asked {
		if strings.HasPrefix(path, "/a") {
			articles = append(articles, path)
		}
	}
	slices.Sort(articles)
	return articles
}

func mapOf(lastmod map[string]string) string {
	text := "<urlset>"
	for _, path := range slices.Sorted(maps.Keys(lastmod)) {
		text += "<url><loc>" + path + "</loc><lastmod>" + lastmod[path] + "</lastmod></url>"
	}
	return text + "</urlset>"
}

func TestWhatASitemapSaysWasChangedIsFetchedAtOnce(t *testing.T) {
	pages := map[string]string{"/": "<p>首页</p>"}
	lastmod := map[string]string{}
	for _, path := range []string{"/a1", "/a2", "/a3"} {
		pages[path] = "<title>" + path + "</title><p>正文正文正文</p>"
		lastmod[path] = "2020-01-02"
	}
	pages["/sitemap.xml"] = mapOf(lastmod)
	n := newTown(t, pages)
	if got := n.later(0); len(got) != 3 {
		t.Fatalf("at first asked for %v", got)
	}
	if got := n.later(2 * time.Hour); len(got) != 0 {
		t.Fatalf("before anything changed asked for %v", got)
	}
	lastmod["/a2"] = time.Now().Add(3 * time.Hour).UTC().Format(time.RFC3339)
	pages["/sitemap.xml"] = mapOf(lastmod)
	if got := n.later(4 * time.Hour); !slices.Equal(got, []string{"/a2"}) {
		t.Errorf("after a change of /a2 asked for %v", got)
	}
	if got := n.later(6 * time.Hour); len(got) != 0 {
		t.Errorf("seen since, asked for %v again", got)
	}
}

func TestASitemapThatGivesEveryPageItsOwnTimeIsNotBelieved(t *testing.T) {
	pages := map[string]string{"/": "<p>首页</p>"}
	lastmod := map[string]string{}
	for i := range 12 {
		path := fmt.Sprintf("/a%d", i)
		pages[path] = "<title>" + path + "</title><p>正文正文正文</p>"
		lastmod[path] = time.Now().UTC().Format(time.RFC3339)
	}
	pages["/sitemap.xml"] = mapOf(lastmod)
	n := newTown(t, pages)
	n.later(0)
	for path := range lastmod {
		lastmod[path] = time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	}
	pages["/sitemap.xml"] = mapOf(lastmod)
	if got := n.later(2 * time.Hour); len(got) != 0 {
		t.Errorf("asked for %v", got)
	}
	if got := n.state("/sitemap.xml"); got != "ok 12 of its links have one time of change, which is not believed" {
		t.Errorf("the sitemap is %q", got)
	}
}

func TestWhenASitemapSaysAPageWasChanged(t *testing.T) {
	now := time.Date(2024, 5, 6, 12, 0, 0, 0, site.Zone)
	for said, want := range map[string]string{
		"2024-05-06T11:00:00+08:00": "2024-05-06 11:00", " 2024-05-06T03:00Z ": "2024-05-06 11:00", "2024-05-06T11:00:00.5+08:00": "2024-05-06 11:00",
		"2024-05-06 11:00:00": "2024-05-06 11:00", "2024-05-06": "2024-05-07 00:00", "2024-05-05": "2024-05-06 00:00",
		"2024-05-06T13:00:00+08:00": "", "2024-05-07": "", "2024-05": "", "昨天": "", "": "",
	} {
		got := ""
		if at := lastModified(said, now); !at.IsZero() {
			got = at.In(site.Zone).Format("2006-01-02 15:04")
		}
		if got != want {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}
