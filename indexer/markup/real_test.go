package markup

import (
	"encoding/csv"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// data is the folder of real pages, beside the repository.
func data(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("TERRACE_DATA")
	if dir == "" {
		dir = "../../../shared/data"
	}
	if _, err := os.Stat(filepath.Join(dir, "pages", "index.tsv")); err != nil {
		t.Skip("no real pages: ../shared/data is absent")
	}
	return filepath.Join(dir, "pages")
}

// catalogue returns the rows of index.tsv, each by column name.
func catalogue(t *testing.T, dir string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "index.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, v := range row {
			m[rows[0][i]] = v
		}
		out = append(out, m)
	}
	return out
}

func TestEveryCharsetVariantOfRealPagesIsRead(t *testing.T) {
	dir := data(t)
	for _, row := range catalogue(t, dir) {
		path := row["local_path"]
		if !strings.HasPrefix(path, "derived_charset/") {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		want := row["charset_real"]
		if want == "gbk" {
			want = "gb18030"
		}
		if _, got := Decode(body, "", ""); got != want {
			t.Errorf("%s read as %s, is %s", path, got, want)
		}
	}
}

func TestRealPagesAreReadAsTheyAreCatalogued(t *testing.T) {
	dir := data(t)
	stubs := 0
	for _, row := range catalogue(t, dir) {
		path := row["local_path"]
		if !strings.HasSuffix(path, ".html") {
			continue
		}
		body, err := os.ReadFile(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		u := &url.URL{Scheme: "http", Host: "www.example.gov.cn", Path: "/" + path}
		p, err := Parse(u, body, "", "")
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if riddle := row["type"] == "waf challenge"; riddle != p.Challenge {
			t.Errorf("%s, a %s: challenge %v", path, row["type"], p.Challenge)
		}
		stub := row["type"] == "redirect stub"
		if stub {
			stubs++
		}
		if stub != (p.Refresh != "") {
			t.Errorf("%s, a %s, leads to %q", path, row["type"], p.Refresh)
		}
	}
	if stubs == 0 {
		t.Error("no redirect stub in the catalogue")
	}
}
