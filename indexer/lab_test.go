package indexer

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"terrace/analysis"
	"terrace/db/dbtest"
	"terrace/index"
	"terrace/index/indextest"
	"terrace/indexer/archive"
	"terrace/indexer/attach"
	"terrace/indexer/attached"
	"terrace/segment"
	"terrace/site"
)

// A lab is an indexer over a temporary archive and an index in memory, and short words for what the tests do with them.
type lab struct {
	*testing.T
	*Indexer
	dir   string
	index *indextest.Memory
}

var cluster = site.Cluster{
	Name: "云河州", Portal: "portal",
	Sites: []site.Site{
		{ID: "portal", Name: "云河州人民政府", Hosts: []string{"www.yunhe.example"}},
		{ID: "gjj", Name: "公积金中心网站", Hosts: []string{"gjj.yunhe.example"}, Department: "gjj"},
	},
	Departments: []site.Department{{ID: "gjj", Name: "住房公积金中心", Names: []string{"公积金中心"}}},
}

func newLab(t *testing.T) *lab {
	dict, err := segment.LoadDictionary(strings.NewReader("公积金 500\n提取 300\n"))
	if err != nil {
		t.Fatal(err)
	}
	return openLab(t, t.TempDir(), indextest.NewMemory(analysis.Index(segment.New(dict))), cluster, "1")
}

// again is what a restart of the program makes of the same folder, with another configuration or dictionary perhaps.
func (l *lab) again(c site.Cluster, dictionary string) *lab {
	return openLab(l.T, l.dir, l.index, c, dictionary)
}

func openLab(t *testing.T, dir string, ix *indextest.Memory, c site.Cluster, dictionary string) *lab {
	t.Helper()
	state := dbtest.Open(t, dir, "state.db")
	a, err := archive.Open(t.Context(), state, dbtest.Open(t, dir, "pages.db"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := site.New(c)
	if err != nil {
		t.Fatal(err)
	}
	x, err := New(t.Context(), Options{
		Archive: a, State: state, Relations: dbtest.Open(t, dir, "relations.db"), Index: ix, Registry: r, Files: attached.New(a, attach.NewReader("")), Analyzer: "1", Dictionary: dictionary, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return &lab{t, x, dir, ix}
}

func (l *lab) check(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// run runs the indexer until the test ends or stop is called.
func (l *lab) run() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- l.Indexer.Run(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			l.Error(err)
		}
	}
	l.Cleanup(stop)
	return stop
}

func (l *lab) start(o Order) Job {
	l.Helper()
	j, err := l.Start(l.Context(), o)
	l.check(err)
	return j
}

// wait asks for a job until it is as it should be.
func (l *lab) wait(id string, until func(Job) bool) Job {
	l.Helper()
	ctx, cancel := context.WithTimeout(l.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		j, err := l.Job(ctx, id)
		l.check(err)
		if until(j) {
			return j
		}
	}
	l.Fatalf("job %s does not get there", id)
	return Job{}
}

func (l *lab) ended(id string) Job {
	l.Helper()
	return l.wait(id, func(j Job) bool { return j.State != Running })
}

// at makes the URL of a path of a site.
func at(site, path string) string {
	if strings.Contains(path, "://") {
		return path
	}
	return map[string]string{"portal": "http://www.yunhe.example", "gjj": "http://gjj.yunhe.example"}[site] + path
}

// crawl records a visit to each of some pages of a site as the crawler would: text with the path as its headline, or none where it is gone.
func (l *lab) crawl(site string, state archive.State, text string, paths ...string) {
	l.Helper()
	for _, path := range paths {
		_, err := l.archive.Seed(l.Context(), archive.Link{URL: at(site, path), Site: site, DueAt: time.Now()})
		l.check(err)
		p, err := l.archive.Page(l.Context(), at(site, path))
		l.check(err)
		v := archive.Visit{ID: p.ID, At: time.Now(), State: state, Status: 410, Reason: "410", NextAt: time.Now().Add(time.Hour)}
		if state == archive.OK {
			l.publish(site, path, "关于"+path+"的通知", "", "<p>"+strings.Repeat(text, 20)+"</p>")
			continue
		}
		l.check(l.archive.Record(l.Context(), v))
	}
	_, err := l.archive.Settle(l.Context(), site, time.Now().Add(time.Hour)) // a few losses have taken effect by then
	l.check(err)
}

// publish records that a page was fetched. body is HTML, meta what stands beside it such as 来源：甲.
func (l *lab) publish(site, path, title, meta, body string) {
	l.Helper()
	_, err := l.archive.Seed(l.Context(), archive.Link{URL: at(site, path), Site: site, DueAt: time.Now()})
	l.check(err)
	p, err := l.archive.Page(l.Context(), at(site, path))
	l.check(err)
	l.check(l.archive.Record(l.Context(), archive.Visit{
		ID: p.ID, At: time.Now(), State: archive.OK, Status: 200, ContentType: "text/html; charset=utf-8", NextAt: time.Now().Add(time.Hour),
		Body: fmt.Appendf(nil, "<title>%[1]s</title><h1>%[1]s</h1><p>%[2]s</p><div class=content>%[3]s</div>", title, meta, body),
	}))
}

// found are the documents in the live generation, by the path of their page.
func (l *lab) found() map[string]index.Document {
	l.Helper()
	out := map[string]index.Document{}
	l.check(l.index.Each(l.Context(), func(d *index.Document) error {
		u, err := url.Parse(d.Copies[0].URL)
		l.check(err)
		out[u.Path] = *d
		return nil
	}))
	return out
}

func paths(n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("/art/%d.html", i))
	}
	return out
}

// live tells the titles of the documents in the live generation.
func (l *lab) live() []string {
	l.Helper()
	res, err := l.index.Search(l.Context(), index.Query{
		Score: []index.Group{{{{Field: index.Body, Text: "公积", Weight: 1}}}}, Limit: index.MaxRank,
	})
	l.check(err)
	var titles []string
	for _, h := range res.Hits {
		titles = append(titles, h.Document.Title)
	}
	slices.Sort(titles)
	return titles
}

func (l *lab) lives(n int) {
	l.Helper()
	if got := l.live(); len(got) != n {
		l.Errorf("%d documents are in the index, want %d: %v", len(got), n, got)
	}
}

// generations tells how many there are and what the live one was made with.
func (l *lab) generations() (n int, live index.Info) {
	l.Helper()
	infos, err := l.index.Generations(l.Context())
	l.check(err)
	for _, i := range infos {
		if i.Live {
			live = i
		}
	}
	return len(infos), live
}
