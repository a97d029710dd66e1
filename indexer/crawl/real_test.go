package crawl

import (
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"terrace/indexer/archive"
	"terrace/indexer/listing"
	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

func TestTheDatedLinksOfRealListsAreTheirEntries(t *testing.T) {
	dir := os.Getenv("TERRACE_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	rows, err := os.ReadFile(filepath.Join(dir, "pages", "index.tsv"))
	if err != nil {
		t.Skip("no real pages: ../shared/data is absent")
	}
	lists, entries := 0, 0
	for row := range strings.Lines(string(rows)) {
		columns := strings.Split(row, "\t")
		body, err := os.ReadFile(filepath.Join(dir, "pages", columns[0]))
		if err != nil || columns[5] != "list" {
			continue
		}
		p, err := markup.Parse(&url.URL{Scheme: "http", Host: "www.example.gov.cn", Path: "/" + columns[0]}, body, "", "")
		if err != nil {
			t.Fatal(err)
		}
		list := listing.Read(p)
		if roleOf(p, list) != archive.List {
			continue
		}
		lists++
		found := entriesOf(p, list, nil)
		entries += len(found)
		for _, l := range p.Links {
			if l.Date != "" && l.Text != "" && !found[weburl.Canonical(l.URL)] {
				t.Errorf("%s: %s %s is no entry", columns[0], l.Date, l.Text)
			}
		}
	}
	if lists == 0 {
		t.Error("no list in the catalogue")
	}
	t.Logf("%d entries of %d lists", entries, lists)
}
