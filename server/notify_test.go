package server

import (
	"context"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"terrace/indexer/crawl"
	terracev1 "terrace/proto/terrace/v1"
)

const siteToken = "the-key-of-gjj-0123"

// told notes what it is told of; it refuses what is not of the site's host.
type told struct {
	site string
	urls []string
}

func (n *told) Notify(_ context.Context, site string, urls []string) (refused []crawl.RefusedPage, err error) {
	n.site, n.urls = site, nil
	for _, u := range urls {
		if strings.HasPrefix(u, "http://gjj.yunhe.example/") {
			n.urls = append(n.urls, u)
		} else {
			refused = append(refused, crawl.RefusedPage{URL: u, Reason: "不是这个站点的网址"})
		}
	}
	return refused, nil
}

func TestASiteTellsOfItsPagesWithItsKey(t *testing.T) {
	tn := build(t, nil)
	c := terracev1.NewSiteServiceClient(tn.grpc)
	res, err := c.NotifyPages(bearing(t.Context(), "Bearer "+siteToken), &terracev1.NotifyPagesRequest{Urls: []string{"http://gjj.yunhe.example/1", "http://other.example/"}})
	if err != nil || res.Accepted != 1 || len(res.Refused) != 1 || tn.told.site != "gjj" {
		t.Errorf("%v, %v, told %+v", res, err, tn.told)
	}
	if _, err := c.NotifyPages(bearing(t.Context(), "Bearer "+token), &terracev1.NotifyPagesRequest{Urls: []string{"http://gjj.yunhe.example/1"}}); err != nil || tn.told.site != "" {
		t.Errorf("an administrator: %v, told %+v", err, tn.told)
	}
	if _, err := c.NotifyPages(bearing(t.Context(), "Bearer "+siteToken), &terracev1.NotifyPagesRequest{Urls: make([]string, maxNotified+1)}); reason(err) != "BAD_PARAMETER" {
		t.Errorf("too many: %v", err)
	}
}

func TestIndexNow(t *testing.T) {
	tn := build(t, nil)
	post := func(body string) *http.Request {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, tn.http.URL+"/indexnow", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	get := func(query string) *http.Request {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tn.http.URL+"/indexnow?"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	for _, c := range []struct {
		request *http.Request
		status  int
		urls    []string
	}{
		{get("key=" + siteToken + "&url=http%3A%2F%2Fgjj.yunhe.example%2F1"), 200, []string{"http://gjj.yunhe.example/1"}},
		{post(`{"host":"gjj.yunhe.example","key":"` + siteToken + `","urlList":["http://gjj.yunhe.example/1","http://gjj.yunhe.example/2"]}`), 200,
			[]string{"http://gjj.yunhe.example/1", "http://gjj.yunhe.example/2"}},
		{post(`{"key":"` + siteToken + `","urlList":["http://gjj.yunhe.example/1","http://other.example/"]}`), 422, []string{"http://gjj.yunhe.example/1"}},
		{post(`{"key":"wrong","urlList":["http://gjj.yunhe.example/1"]}`), 403, nil},
		{get("key=" + token + "&url=http%3A%2F%2Fgjj.yunhe.example%2F1"), 403, nil},
		{post(`{"key":"` + siteToken + `","urlList":[]}`), 400, nil},
		{post(`[`), 400, nil},
	} {
		tn.told = told{}
		res, err := http.DefaultClient.Do(c.request)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != c.status || !slices.Equal(tn.told.urls, c.urls) {
			t.Errorf("%s: %d %s, told %v", c.request.URL, res.StatusCode, body, tn.told.urls)
		}
	}
}
