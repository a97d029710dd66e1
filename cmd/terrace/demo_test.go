package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"terrace/demo"
	"terrace/indexer/archive"
)

// startDemo crawls and indexes a small sample cluster and serves it; the cluster is served as long as the test runs.
func startDemo(t *testing.T, pages int) (*demo.Cluster, *node, string) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	cluster := demo.New(demo.Options{Pages: pages})
	if err := cluster.Start(ctx); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 2)
	go func() { ended <- cluster.Run(ctx) }()
	n, err := openNode(ctx, demoConfig(cluster, t.TempDir(), "127.0.0.1:0"), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	c, err := n.crawler(true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if err := n.indexer.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	address := make(chan string, 1)
	go func() { ended <- n.serve(ctx, nil, func(http, _ net.Addr) { address <- "http://" + http.String() }) }()
	t.Cleanup(func() {
		cancel()
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		n.close()
	})
	select {
	case a := <-address:
		return cluster, n, a
	case err := <-ended:
		t.Fatal(err)
	}
	return nil, nil, ""
}

type answer struct {
	Total int
	Hits  []struct{ ID, URL, Department, Date string }

	Facets map[string][]struct {
		Value string
		Count int
	}
}

func ask(t *testing.T, address string, q url.Values) answer {
	t.Helper()
	res, err := http.Get(address + "/api/v1/search?" + q.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var a answer
	if err := json.NewDecoder(res.Body).Decode(&a); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%v: status %d, %v", q, res.StatusCode, err)
	}
	return a
}

func TestTheSampleClusterCanBeSearched(t *testing.T) {
	cluster, n, address := startDemo(t, 300)

	titles, found, dated := 0, 0, 0
	for want := range cluster.Expect().Articles {
		titles++
		a := ask(t, address, url.Values{"q": {want.Title}})
		original := n.originalOf(t, want.URL)
		for i, h := range a.Hits {
			if h.URL == want.URL || h.ID == original {
				found++
				if h.Date == want.Date || h.ID == original {
					dated++
				}
				break
			}
			if i == len(a.Hits)-1 {
				t.Logf("not on page one: %s %s", want.Title, want.URL)
			}
		}
	}
	t.Logf("%d of %d articles are found by their title on page one, %d with their date", found, titles, dated)
	if found*100 < titles*98 || dated*100 < found*95 {
		t.Errorf("%d of %d articles found by title, %d with their date", found, titles, dated)
	}

	all := ask(t, address, url.Values{"q": {"公积金"}})
	ours := ask(t, address, url.Values{"q": {"公积金"}, "department": {"gjj"}})
	if ours.Total == 0 || ours.Total >= all.Total {
		t.Errorf("%d of %d results are the department's", ours.Total, all.Total)
	}
	for _, h := range ours.Hits {
		if h.Department != "gjj" {
			t.Errorf("%s is of department %q", h.URL, h.Department)
		}
	}

	pages, err := n.archive.Pages(t.Context(), archive.Filter{}, "", 100_000)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		if p.State == archive.New || p.State != archive.OK && p.Reason == "" {
			t.Errorf("%s is %s without a reason", p.URL, p.State)
		}
		for _, forbidden := range cluster.Expect().Private {
			if strings.HasPrefix(p.URL, forbidden) && p.Content != "" {
				t.Errorf("%s was fetched against robots.txt", p.URL)
			}
		}
	}
}
