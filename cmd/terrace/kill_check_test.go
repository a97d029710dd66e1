package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"terrace/analysis"
	"terrace/db"
	"terrace/demo"
	"terrace/index"
	"terrace/indexer/archive"
)

// pages are all of the archive, which no process has open.
func (d *killDrill) pages(then func(*archive.Archive, []archive.Page)) {
	d.Helper()
	open := func(name string) *db.DB {
		x, err := db.Open(d.Context(), filepath.Join(d.dir, "terrace-data", name))
		if err != nil {
			d.Fatal(err)
		}
		return x
	}
	state, contents := open("state.db"), open("pages.db")
	defer state.Close()
	defer contents.Close()
	a, err := archive.Open(d.Context(), state, contents)
	if err != nil {
		d.Fatal(err)
	}
	all, err := a.Pages(d.Context(), archive.Filter{}, "", 1_000_000)
	if err != nil {
		d.Fatal(err)
	}
	then(a, all)
}

// checkKept looks at the archive after a kill: what it had it has, and every page's bytes are there.
func (d *killDrill) checkKept() {
	d.Helper()
	if _, err := os.Stat(filepath.Join(d.dir, "terrace-data", "pages.db")); err != nil {
		return // killed before there was one
	}
	d.pages(func(a *archive.Archive, all []archive.Page) {
		kept := 0
		for _, p := range all {
			if p.Content == "" {
				continue
			}
			kept++
			if _, err := a.Content(d.Context(), p.Content); err != nil {
				d.Fatalf("%s: %v", p.URL, err)
			}
		}
		if kept < d.kept {
			d.Fatalf("%d pages with content, %d before", kept, d.kept)
		}
		d.kept = kept
	})
}

// checkLedger checks that every URL stands there once, was visited, and that the sites' sums are the number of pages.
func (d *killDrill) checkLedger(c *demo.Cluster) {
	d.Helper()
	d.pages(func(a *archive.Archive, all []archive.Page) {
		known := map[string]archive.Page{}
		for _, p := range all {
			if other, twice := known[p.URL]; twice {
				d.Errorf("%s is there twice: %s and %s", p.URL, p.ID, other.ID)
			}
			known[p.URL] = p
			if p.State == archive.New || p.State != archive.OK && p.Reason == "" {
				d.Errorf("%s is %s %q", p.URL, p.State, p.Reason)
			}
		}
		tallies, err := a.Tallies(d.Context(), time.Now())
		if err != nil {
			d.Fatal(err)
		}
		sum := 0
		for _, t := range tallies {
			for _, n := range t.States {
				sum += n
			}
		}
		if sum != len(all) {
			d.Errorf("the sites have %d pages, the ledger %d", sum, len(all))
		}
		articles := 0
		for want := range c.Expect().Articles {
			articles++
			if p := known[want.URL]; p.State != archive.OK || p.Content == "" {
				d.Errorf("%s is %q %s", want.URL, p.State, p.Reason)
			}
		}
		d.Logf("%d pages, %d articles", len(all), articles)
	})
}

// checkIndex checks that every article is in the index once, and that the index is what a new one made of the archive would be.
func (d *killDrill) checkIndex(c *demo.Cluster) {
	d.Helper()
	folder := filepath.Join(d.dir, "terrace-data")
	had := d.documents()
	places := map[string]int{}
	for _, doc := range had {
		for _, p := range doc.Copies {
			places[p.URL]++
		}
	}
	for want := range c.Expect().Articles {
		if places[want.URL] != 1 {
			d.Errorf("%s stands in the index %d times", want.URL, places[want.URL])
		}
	}
	for _, name := range []string{"index", "relations.db", "relations.db-wal", "relations.db-shm"} {
		if err := os.RemoveAll(filepath.Join(folder, name)); err != nil {
			d.Fatal(err)
		}
	}
	d.catchUp()
	made := d.documents()
	if len(made) != len(had) {
		d.Errorf("the index has %d documents, a new one %d", len(had), len(made))
	}
	for id, doc := range made {
		if got, want := fmt.Sprintf("%+v", had[id]), fmt.Sprintf("%+v", doc); got != want {
			d.Errorf("%s is in the index as\n%.2000s\nin a new one as\n%.2000s", id, got, want)
		}
	}
}

// catchUp makes the index equal to the archive without a crawl.
func (d *killDrill) catchUp() {
	d.Helper()
	n, err := openNode(d.Context(), d.config(), slog.New(slog.DiscardHandler))
	if err != nil {
		d.Fatal(err)
	}
	defer n.close()
	if err := n.indexer.CatchUp(d.Context()); err != nil {
		d.Fatal(err)
	}
}

func (d *killDrill) config() *Config {
	d.Helper()
	c, err := LoadConfig(filepath.Join(d.dir, "terrace.yaml"))
	if err != nil {
		d.Fatal(err)
	}
	return c
}

// documents are those of the live index, by id.
func (d *killDrill) documents() map[string]index.Document {
	d.Helper()
	c := d.config()
	seg, err := segmenter(c)
	if err != nil {
		d.Fatal(err)
	}
	ix, closeIndex, err := openIndex(d.Context(), c, analysis.NewScheme(seg).Index(), slog.New(slog.DiscardHandler))
	if err != nil {
		d.Fatal(err)
	}
	defer closeIndex()
	all := map[string]index.Document{}
	err = ix.Each(d.Context(), func(doc *index.Document) error {
		if _, twice := all[doc.ID]; twice {
			d.Errorf("%s is in the index twice", doc.ID)
		}
		all[doc.ID] = *doc
		return nil
	})
	if err != nil {
		d.Fatal(err)
	}
	return all
}
