package terrace

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// layers are the packages from the bottom up: each may import those in the lines before its own, and none beside it, but for what beside grants.
var layers = [][]string{
	{"dict", "proto/terrace/v1", "db", "docno", "personal", "spreadsheet", "indexer/fault"},
	{"index", "segment", "site", "pinyin"},
	{"analysis", "lexicon", "lm", "index/detail", "index/indextest", "index/bluge", "index/opensearch"},
	{"indexer/weburl", "spell", "suggest", "querylog", "lexicon/audit", "indexer/attach/plain", "indexer/attach/codepage", "indexer/attach/numfmt", "indexer/attach/attachtest", "indexer/browser"},
	{"indexer/markup", "moves", "indexer/attach/pack", "indexer/attach/pdf", "indexer/attach/compound", "indexer/attach/rtf"},
	{"withdraw", "indexer/archive", "indexer/listing", "indexer/attach/office", "indexer/attach/ofd"},
	{"indexer/attach"},
	{"indexer/extract", "indexer/relate", "indexer/attach/child", "indexer/attach/tika"},
	{"indexer/attached"},
	{"indexer/crawl", "indexer/warc", "indexer/finding"},
	{"indexer", "query"},
	{"server", "judge"},
	{"demo"},
	{"cmd/terrace"},
}

// homes are the outside libraries that only one package may import.
var homes = map[string][]string{
	"github.com/gocolly/colly/v2":                 {"indexer/crawl"},
	"github.com/go-ego/gse":                       {"segment"},
	"github.com/blugelabs/bluge":                  {"index/bluge"},
	"github.com/blugelabs/ice":                    {"index/bluge"},
	"github.com/opensearch-project/opensearch-go": {"index/opensearch"},
	"modernc.org/sqlite":                          {"db"},
	"github.com/spf13/cobra":                      {"cmd/terrace"},
	"codeberg.org/readeck/go-readability/v2":      {"indexer/extract"},
	"github.com/klippa-app/go-pdfium":             {"indexer/attach/pdf"},
	"github.com/tetratelabs/wazero":               {"indexer/attach/pdf"},
	"github.com/chromedp/chromedp":                {"indexer/browser"},
	"github.com/chromedp/cdproto":                 {"indexer/browser"},
	"github.com/nlnwa/gowarc/v3":                  {"indexer/warc"},
}

func TestImportsPointDown(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	level := map[string]int{}
	for i, l := range layers {
		for _, p := range l {
			level[p] = i
		}
	}
	seen := 0
	for d := json.NewDecoder(strings.NewReader(string(out))); d.More(); {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(p.ImportPath, "terrace/")
		own, known := level[name]
		if !known {
			continue // programs of the build itself
		}
		seen++
		for _, i := range p.Imports {
			if inner, ok := strings.CutPrefix(i, "terrace/"); ok {
				if l, known := level[inner]; !known || l >= own {
					t.Errorf("%s imports %s, which does not stand below it", name, inner)
				}
			}
			for lib, home := range homes {
				if (i == lib || strings.HasPrefix(i, lib+"/")) && !slices.Contains(home, name) {
					t.Errorf("%s imports %s, whose home is %s", name, i, home)
				}
			}
		}
	}
	if seen != len(level) {
		t.Errorf("%d packages of %d in the list exist", seen, len(level))
	}
}
