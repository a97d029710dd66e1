package main

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"terrace/demo"
	"terrace/index"
	"terrace/indexer/extract"
)

// What the sample cluster's three styles of page say is read as they mean it.
func TestTheSampleClustersPagesAreReadAsTheyAreMeant(t *testing.T) {
	cluster := demo.New(demo.Options{Pages: 300})
	if err := cluster.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	go cluster.Run(t.Context())
	registry, err := demoConfig(cluster, t.TempDir(), "127.0.0.1:0").Registry()
	if err != nil {
		t.Fatal(err)
	}
	x := extract.New(registry)
	pages := 0
	right := map[string]int{}
	for want := range cluster.Expect().Articles {
		res, err := http.Get(want.URL)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		out, err := x.Extract(extract.Input{URL: want.URL, ContentType: res.Header.Get("Content-Type"), Body: body, Site: registry.Site(want.Site)})
		if err != nil {
			t.Fatal(err)
		}
		pages++
		d := out.Document
		if len(d.Copies) == 0 {
			t.Errorf("%s (%s) is no document: %s", want.URL, want.Title, out.Skip)
			continue
		}
		for field, v := range map[string][2]string{
			"title": {d.Title, want.Title}, "date": {d.Copies[0].Date.String(), want.Date}, "docNo": {d.DocNo, want.DocNo}, "kind": {d.Kind, want.Kind},
			"column": {d.Copies[0].Column, want.Column}, "source": {d.Source, want.Source}, "text": {key(d.Body), key(want.Text)}, "details": {inLines(d.Details), want.Details},
		} {
			if v[0] == v[1] || field == "details" && want.Details == "" {
				right[field]++
			} else {
				t.Logf("%s: %s of %s: %q, want %q", want.Site, field, want.URL, v[0], v[1])
			}
		}
	}
	// Letters keep the labels of their parts, and some pages their number or a repost's note, in the text; some notices read like letters.
	for field, least := range map[string]int{"title": 100, "date": 100, "docNo": 100, "source": 100, "column": 100, "kind": 95, "text": 85, "details": 100} {
		t.Logf("%-7s right on %d of %d pages", field, right[field], pages)
		if right[field]*100 < pages*least {
			t.Errorf("%s is right on %d of %d pages", field, right[field], pages)
		}
	}
}

func inLines(details []index.Detail) string {
	var b strings.Builder
	for _, v := range details {
		b.WriteString(v.Name + "：" + strings.ReplaceAll(v.Value, "\n", " / ") + "\n")
	}
	return b.String()
}

func key(s string) string { return strings.Join(strings.Fields(s), "") }
