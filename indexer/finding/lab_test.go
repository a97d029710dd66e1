package finding

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"terrace/db/dbtest"
	"terrace/indexer/archive"
	"terrace/indexer/attach"
	"terrace/indexer/attached"
	"terrace/site"
)

// A lab is a Watcher over a temporary archive, with a clock of its own, and short words for what the tests do with them.
type lab struct {
	*testing.T
	*Watcher
	clock     time.Time
	withdrawn map[string]bool
	indexed   int64 // up to which change the index is; below 0: all
}

const town = "http://www.yunhe.example"

var cluster = site.Cluster{Name: "云河州", Portal: "portal", Sites: []site.Site{
	{ID: "portal", Name: "云河州人民政府", Hosts: []string{"www.yunhe.example"}, SiteIDCode: "5399000001"},
	{ID: "gjj", Name: "公积金中心", Hosts: []string{"gjj.yunhe.example"}},
}}

func newLab(t *testing.T, domains ...string) *lab {
	t.Helper()
	return newLabOf(t, cluster, domains...)
}

func newLabOf(t *testing.T, cluster site.Cluster, domains ...string) *lab {
	t.Helper()
	dir := t.TempDir()
	a, err := archive.Open(t.Context(), dbtest.Open(t, dir, "state.db"), dbtest.Open(t, dir, "pages.db"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := site.New(cluster)
	if err != nil {
		t.Fatal(err)
	}
	in, err := ParseIndicators(nil)
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{T: t, clock: time.Date(2026, 6, 30, 4, 0, 0, 0, time.UTC), withdrawn: map[string]bool{}, indexed: -1}
	l.Watcher, err = Open(t.Context(), Options{
		Archive: a, DB: dbtest.Open(t, dir, "findings.db"), Registry: r, Files: attached.New(a, attach.NewReader("")), Indicators: in, Domains: domains,
		Now:       func() time.Time { return l.clock },
		Withdrawn: func(_, url string) bool { return l.withdrawn[url] },
		Indexed: func(ctx context.Context) (string, int64, error) {
			if l.indexed >= 0 {
				return "live", l.indexed, nil
			}
			n, err := a.LastChange(ctx)
			return "live", n, err
		},
	})
	l.check(err)
	return l
}

func (l *lab) check(err error) {
	l.Helper()
	if err != nil {
		l.Fatal(err)
	}
}

// visit records what came of a visit to a path of the portal, or to a URL. Links are made of the paths in it.
func (l *lab) visit(path string, v archive.Visit, links ...archive.Link) {
	l.Helper()
	url, owner := path, "gjj"
	if strings.HasPrefix(path, "/") {
		url, owner = town+path, "portal"
	}
	_, err := l.Archive.Seed(l.Context(), archive.Link{URL: url, Site: owner})
	l.check(err)
	p, err := l.Archive.Page(l.Context(), url)
	l.check(err)
	v.ID, v.At, v.Links = p.ID, l.clock, links
	if v.Body != nil {
		v.State, v.Status, v.ContentType = archive.OK, 200, "text/html; charset=utf-8"
		if v.Role == archive.Unknown {
			v.Role = archive.Article
		}
	}
	l.check(l.Archive.Record(l.Context(), v))
}

// page records that a page was fetched with a body.
func (l *lab) page(path, body string, links ...archive.Link) {
	l.Helper()
	l.visit(path, archive.Visit{Body: []byte("<html><body>" + body + "</body></html>")}, links...)
}

// gone records that a page is not there, twice.
func (l *lab) gone(path string) {
	l.Helper()
	l.visit(path, archive.Visit{State: archive.Gone, Status: 404, Reason: "status 404"})
}

func to(path string) archive.Link { return archive.Link{URL: town + path, Site: "portal"} }

// list catches up and gives the open findings of a rule.
func (l *lab) list(rule string) []Finding {
	l.Helper()
	l.check(l.CatchUp(l.Context()))
	found, err := l.List(l.Context(), Query{Rule: rule, Limit: 1000})
	l.check(err)
	return found
}

// one is the only open finding of a rule.
func (l *lab) one(rule string) Finding {
	l.Helper()
	found := l.list(rule)
	if len(found) != 1 {
		l.Fatalf("%d findings of %s, want one: %v", len(found), rule, found)
	}
	return found[0]
}

// text is long enough to be told from others.
func text(n int) string {
	return fmt.Sprintf("<p>第%d号：职工购买自住住房的，可以凭购房合同申请提取住房公积金，由单位核实后到服务窗口办理，材料齐全的当场办结，不收取任何费用；材料不齐全的，一次告知需要补充的全部材料。</p>", n)
}
