package server

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"terrace/db/dbtest"
	"terrace/indexer/archive"
	"terrace/indexer/finding"
	"terrace/site"
)

// watched is a Watcher of the town's sites, with three pages of the portal that have a malformed link each.
func watched(t *testing.T) *finding.Watcher {
	t.Helper()
	dir := t.TempDir()
	a, err := archive.Open(t.Context(), dbtest.Open(t, dir, "state.db"), dbtest.Open(t, dir, "pages.db"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		url := fmt.Sprintf("http://www.yunhe.example/%d.html", i)
		if _, err = a.Seed(t.Context(), archive.Link{URL: url, Site: "portal"}); err != nil {
			t.Fatal(err)
		}
		p, err := a.Page(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		body := fmt.Sprintf(`<html><body><p>正文</p><a href="file:///C:/%d.doc">附件</a></body></html>`, i)
		if err := a.Record(t.Context(), archive.Visit{ID: p.ID, At: time.Now(), State: archive.OK, Role: archive.Article, Status: 200, ContentType: "text/html", Body: []byte(body)}); err != nil {
			t.Fatal(err)
		}
	}
	registry, err := site.New(cluster())
	if err != nil {
		t.Fatal(err)
	}
	in, err := finding.ParseIndicators(nil)
	if err != nil {
		t.Fatal(err)
	}
	w, err := finding.Open(t.Context(), finding.Options{Archive: a, DB: dbtest.Open(t, dir, "findings.db"), Registry: registry, Indicators: in, Indexed: func(ctx context.Context) (string, int64, error) {
		n, err := a.LastChange(ctx)
		return "live", n, err
	}})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestFindingsAreToldToAdministrators(t *testing.T) {
	tn := build(t, func(o *Options) { o.Findings = watched(t) })
	auth := []string{"Authorization", "Bearer " + token}
	if got := tn.do("POST", "/api/v1/findings:update", "{}", auth...); got.code != 200 {
		t.Fatalf("update: %d %s", got.code, got.body)
	}
	rules := tn.do("GET", "/api/v1/findings:rules?site=portal", "", auth...)
	for _, want := range []string{`"name":"bad-link"`, `"siteName":"云河州人民政府"`, `"open":3`, `"left":0`} {
		if !strings.Contains(rules.body, want) {
			t.Errorf("rules lack %s: %s", want, rules.body)
		}
	}
	first := tn.do("GET", "/api/v1/findings?rule=bad-link&page_size=2", "", auth...)
	for _, want := range []string{`"subject":"file:///C:/0.doc"`, `"severity":"fault"`, `"evidence":"「附件」在 body"`, `"nextPageToken":"2"`} {
		if !strings.Contains(first.body, want) {
			t.Errorf("the first page lacks %s: %s", want, first.body)
		}
	}
	second := tn.do("GET", "/api/v1/findings?rule=bad-link&page_size=2&page_token=2", "", auth...)
	if !strings.Contains(second.body, "2.doc") || strings.Contains(second.body, "1.doc") || !strings.Contains(second.body, `"nextPageToken":""`) {
		t.Errorf("the second page is %s", second.body)
	}
	if gone := tn.do("GET", "/api/v1/findings?gone=true", "", auth...); !strings.Contains(gone.body, `"findings":[]`) {
		t.Errorf("gone are %s", gone.body)
	}
}

func TestFindingsThatCannotBeMeantAreRefused(t *testing.T) {
	tn := build(t, func(o *Options) { o.Findings = watched(t) })
	auth := []string{"Authorization", "Bearer " + token}
	for query, want := range map[string]string{
		"site=nowhere": "没有这个站点：nowhere", "rule=none": "没有这条规则：none", "page_size=1001": "page_size 应为 1 到 1000", "page_size=-1": "page_size 应为", "page_token=x": "page_token",
		"pages=1": "没有“pages”这个参数", "gone=perhaps": "",
	} {
		if got := tn.do("GET", "/api/v1/findings?"+query, "", auth...); got.code < 400 || got.code >= 500 || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d %s", query, got.code, got.body)
		}
	}
	if got := build(t, nil).do("GET", "/api/v1/findings", "", auth...); got.code != 501 || !strings.Contains(got.body, "没有开启") {
		t.Errorf("without findings: %d %s", got.code, got.body)
	}
}
