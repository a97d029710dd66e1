package crawl

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"terrace/indexer/archive"
	"terrace/site"
)

func TestWhatASiteTellsOfIsFetchedBeforeAllThatIsDue(t *testing.T) {
	links := ""
	pages := map[string]string{"/new.html": "<title>新</title><p>刚发布。"}
	for i := range 400 {
		path := fmt.Sprintf("/%d.html", i)
		pages[path] = "<title>旧</title><p>早已发布。"
		links += "<a href=" + path + ">旧</a> "
	}
	pages["/"] = links
	n := newTown(t, pages)
	r, err := site.New(site.Cluster{Sites: []site.Site{n.site}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(Options{Archive: n.archive, Registry: r, Delay: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx) }()
	until := func(condition func() bool) {
		for !condition() && ctx.Err() == nil {
			runtime.Gosched()
		}
	}
	asked := func() []string {
		n.mu.Lock()
		defer n.mu.Unlock()
		return slices.Clone(n.asked)
	}
	until(func() bool { return len(asked()) > 10 })
	var all []string // as a site does that tells of whatever it has
	for path := range pages {
		if path != "/new.html" {
			all = append(all, n.server.URL+path)
		}
	}
	if _, err := (&Notifier{n.archive, r, c}).Notify(ctx, "town", all); err != nil {
		t.Error(err)
	}
	refused, err := (&Notifier{n.archive, r, c}).Notify(ctx, "town", []string{n.server.URL + "/new.html", "https://www.other.example/", "new.html"})
	before := len(asked())
	if err != nil || len(refused) != 2 || refused[0].Reason != "不是这个站点的网址" || refused[1].Reason != "不是完整的网址" {
		t.Errorf("refused %v, %v", refused, err)
	}
	until(func() bool { return strings.HasPrefix(n.state("/new.html"), string(archive.OK)) })
	if i := slices.Index(asked(), "/new.html"); i < 0 || i > before+3 {
		t.Errorf("asked for as number %d, told of after %d", i, before)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestWhatIsNewOnAListDoesNotWaitBehindABacklog(t *testing.T) {
	pages := map[string]string{"/": `<title>首页</title><a href="/old.html">旧</a>`, "/old.html": "<title>旧</title><p>早已发布。", "/new.html": "<title>新</title><p>刚发布。"}
	n := newTown(t, pages)
	n.crawl(nil)
	pages["/"] += `<a href="/new.html">新</a>`
	var backlog []archive.Link
	for i := range 6 * dueAtOnce {
		backlog = append(backlog, archive.Link{URL: fmt.Sprintf("%s/%d.html", n.server.URL, i), Site: "town", DueAt: time.Now().Add(-time.Hour)})
	}
	if _, err := n.archive.Seed(t.Context(), backlog...); err != nil {
		t.Fatal(err)
	}
	n.recrawl()
	n.asked = nil
	n.crawl(nil)
	if i := slices.Index(n.asked, "/new.html"); i < 0 || i > 2*dueAtOnce {
		t.Errorf("asked for as number %d of %d", i, len(n.asked))
	}
}
