package crawl

import (
	"context"
	"net/http"
	"slices"
	"testing"

	"terrace/demo"
	"terrace/indexer/archive"
	"terrace/site"
)

func TestEveryArticleOfTheDemoIsFoundAndAsManyAsItsListsSay(t *testing.T) {
	d := demo.New(demo.Options{Pages: 1500})
	if err := d.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- d.Run(ctx) }()
	defer func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}()
	n := &town{TB: t, archive: newArchive(t)}
	for _, s := range d.Sites() {
		n.others = append(n.others, site.Site{ID: s.ID, Hosts: []string{s.Host}, AllowPrivate: true})
	}
	n.site, n.others = n.others[0], n.others[1:]
	n.crawl(nil)
	found := map[string]int{}
	for a := range d.Expect().Articles {
		found[a.Site]++
		if p, err := n.archive.Page(t.Context(), a.URL); err != nil || p.State != archive.OK {
			t.Errorf("%s of %s is %q %s, %v", a.URL, a.Site, p.State, p.Reason, err)
		}
	}
	said := listed(n, d.Sites())
	for _, id := range []string{"jtj", "gaj", "scjg", "swj", "ybj", "mzj", "qingxi", "shilan"} {
		if said[id] != found[id] {
			t.Errorf("the lists of %s say %d articles, it has %d", id, said[id], found[id])
		}
	}
	columns, _, err := n.archive.Columns(t.Context(), "", "wjw") // which say it in what a script asks for
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range columns {
		said["wjw"] += c.Said
		known := 0
		for _, entries := range c.Entries {
			known += entries
		}
		if known != c.Said {
			t.Errorf("%s says %d, %d are known", c.URL, c.Said, known)
		}
	}
	if said["wjw"] != found["wjw"] {
		t.Errorf("the columns of wjw say %d articles, it has %d", said["wjw"], found["wjw"])
	}
	before, err := n.archive.LastChange(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	n.recrawl()
	n.crawl(nil)
	if after, err := n.archive.LastChange(t.Context()); err != nil || after != before {
		t.Errorf("a second crawl of what has not changed gives %d pages to index, %v", after-before, err)
	}
	able, spared := spared(n)
	t.Logf("of %d pages whose server knows validators %d were not sent again", able, spared)
	if able < 1000 || spared*100 < able*99 {
		t.Errorf("of %d pages whose server knows validators only %d were not sent again", able, spared)
	}
}

// spared counts pages that have a validator, and those of them that the last visit found unchanged by it.
func spared(n *town) (able, spared int) {
	n.Helper()
	pages, err := n.archive.Pages(n.Context(), archive.Filter{State: archive.OK}, "", 100_000)
	if err != nil {
		n.Fatal(err)
	}
	for _, p := range pages {
		if p.ETag == "" && p.LastModified == "" {
			continue
		}
		able++
		if p.Status == http.StatusNotModified {
			spared++
		}
	}
	return able, spared
}

// listed adds up what the lists that a site's home page leads to say of their length.
func listed(n *town, sites []demo.Site) map[string]int {
	n.Helper()
	said := map[string]int{}
	for _, s := range sites {
		home, err := n.archive.Page(n.Context(), s.URL)
		if err != nil {
			n.Fatal(err)
		}
		pages, err := n.archive.Pages(n.Context(), archive.Filter{Site: s.ID, Role: archive.List}, "", 10_000)
		if err != nil {
			n.Fatal(err)
		}
		for _, p := range slices.DeleteFunc(pages, func(p archive.Page) bool { return p.Referrer != home.ID }) {
			said[s.ID] += p.Listed
		}
	}
	return said
}
