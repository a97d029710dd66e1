package listing

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"terrace/indexer/markup"
)

var (
	saidTRS   = regexp.MustCompile(`createPageHTML\((\d+), ?0, ?"index", ?"html"\)`)
	saidPager = regexp.MustCompile(`Pager\(\{size:(\d+), current:0, prefix:'index'`)
)

func TestRealListsAreAsLongAsTheySay(t *testing.T) {
	dir := os.Getenv("TERRACE_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	rows, err := os.ReadFile(filepath.Join(dir, "pages", "index.tsv"))
	if err != nil {
		t.Skip("no real pages: ../shared/data is absent")
	}
	lists := 0
	for row := range strings.Lines(string(rows)) {
		columns := strings.Split(row, "\t")
		body, err := os.ReadFile(filepath.Join(dir, "pages", columns[0]))
		if err != nil || !strings.HasSuffix(columns[0], ".html") || strings.HasPrefix(columns[0], "derived_charset") {
			continue
		}
		p, err := markup.Parse(&url.URL{Scheme: "http", Host: "www.example.gov.cn", Path: "/" + columns[0]}, body, "", "")
		if err != nil {
			t.Fatal(err)
		}
		l := Read(p)
		m := saidTRS.FindSubmatch(body)
		if m == nil {
			m = saidPager.FindSubmatch(body)
		}
		switch {
		case m != nil:
			lists++
			if want, _ := strconv.Atoi(string(m[1])); l.Adapter != "trs" || l.Pages != want || len(l.Next) != want-1 {
				t.Errorf("%s: %s of %d pages, %d others; it says %d", columns[0], l.Adapter, l.Pages, len(l.Next), want)
			}
		case len(l.Next) > 0 || l.Items > 0:
			t.Logf("%s, a %s: %s, %d entries, %d pages, %d others", columns[0], columns[5], l.Adapter, l.Items, l.Pages, len(l.Next))
		}
	}
	if lists == 0 {
		t.Error("no list in the catalogue")
	}
	t.Logf("%d lists", lists)
}
