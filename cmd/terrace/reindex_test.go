package main

import (
	"context"
	"net/url"
	"testing"
	"time"

	"terrace/indexer"
	"terrace/query"
)

// end waits for a job's end.
func (n *node) end(t *testing.T, id string, meanwhile func()) indexer.Job {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for ctx.Err() == nil {
		j, err := n.indexer.Job(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if j.State != indexer.Running {
			return j
		}
		meanwhile()
	}
	t.Fatal("the job does not end")
	return indexer.Job{}
}

func TestReindexingNeverFailsOrEmptiesASearch(t *testing.T) {
	_, n, address := startDemo(t, 120)
	before := ask(t, address, url.Values{"q": {"公积金"}}).Total
	for _, o := range []indexer.Order{
		{Mode: indexer.Rebuild},
		{Mode: indexer.Rebuild, Site: "gjj"},
		{Mode: indexer.Rebuild, URL: ask(t, address, url.Values{"q": {"公积金"}}).Hits[0].URL},
	} {
		job, err := n.indexer.Start(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		searches := 0
		job = n.end(t, job.ID, func() {
			searches++
			res, err := n.searcher.Search(t.Context(), query.Request{Text: "公积金"})
			if err != nil || res.Total != before {
				t.Fatalf("search %d during %+v: %v, %+v", searches, o, err, res)
			}
		})
		if job.State != indexer.Done || job.Done == 0 || job.Done != job.Total || searches == 0 {
			t.Errorf("%+v ended as %+v after %d searches", o, job, searches)
		}
	}
	if after := ask(t, address, url.Values{"q": {"公积金"}}).Total; after != before {
		t.Errorf("%d results before, %d after", before, after)
	}
}

func TestASecondProcessIsRefused(t *testing.T) {
	_, n, _ := startDemo(t, 50)
	if _, err := openNode(t.Context(), n.config, n.log); err == nil {
		t.Fatal("a second node opened the same folder")
	} else if got := err.Error(); got == "" {
		t.Error("without a word")
	}
}
