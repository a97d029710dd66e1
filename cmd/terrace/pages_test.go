package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"terrace/indexer/archive"
	"terrace/indexer/weburl"
	"terrace/query"
)

// A savedPage is a row of a folder's index.tsv.
type savedPage struct {
	file, url, title string // title is empty where the truth is not known
}

func savedPages(t *testing.T) (byHost map[string][]savedPage) {
	t.Helper()
	dir := os.Getenv("TERRACE_PAGES")
	if dir == "" {
		dir = "../../../shared/data/pages"
	}
	f, err := os.Open(filepath.Join(dir, "index.tsv"))
	if err != nil {
		t.Skipf("no saved pages: %v (TERRACE_PAGES names their folder)", err)
	}
	defer f.Close()
	byHost = map[string][]savedPage{}
	lines := bufio.NewScanner(f)
	lines.Scan()
	names := strings.Split(lines.Text(), "\t")
	path, served := slices.Index(names, "local_path"), slices.Index(names, "serve_url")
	for lines.Scan() {
		row := strings.Split(lines.Text(), "\t")
		u, err := url.Parse(row[served])
		if err != nil || u.Host == "" {
			continue
		}
		p := savedPage{file: filepath.Join(dir, row[path]), url: row[served]}
		if b, err := os.ReadFile(p.file + ".truth.json"); err == nil {
			var truth struct{ Title string }
			if err := json.Unmarshal(b, &truth); err != nil {
				t.Fatal(err)
			}
			p.title = strings.TrimSpace(truth.Title)
		}
		byHost[u.Host] = append(byHost[u.Host], p)
	}
	return byHost
}

// proxy serves saved pages under their own names, and for each host a home page that links them all.
func proxy(t *testing.T, byHost map[string][]savedPage) *url.URL {
	files, homes := map[string]string{}, map[string]string{}
	for host, pages := range byHost {
		var b strings.Builder
		for _, p := range pages {
			files[canonicalURL(t, p.url)] = p.file
			fmt.Fprintf(&b, "<li><a href=\"%s\">%d</a></li>\n", html.EscapeString(p.url), len(files))
		}
		homes[host] = b.String()
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		u := *r.URL
		if file, ok := files[canonicalURL(t, u.String())]; ok {
			http.ServeFile(w, r, file)
			return
		}
		if home, ok := homes[u.Host]; ok && u.Path == "/terrace-list.html" {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			fmt.Fprint(w, "<title>list</title><ul>", home, "</ul>")
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(s.Close)
	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestSavedPagesOfRealSitesAreFoundByTheirTitles(t *testing.T) {
	byHost := savedPages(t)
	c := defaultConfig()
	c.Name, c.Storage.Dir, c.Crawl.Delay, c.Crawl.Proxy = "真实网页", t.TempDir(), 0, proxy(t, byHost).String()
	for host := range byHost {
		c.Sites = append(c.Sites, SiteConfig{ID: host, Name: host, Hosts: []string{host}, Seeds: []string{"http://" + host + "/terrace-list.html"}})
	}
	n, err := openNode(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer n.close()
	crawler, err := n.crawler(true, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := crawler.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := n.indexer.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	titles, found := 0, 0
	for _, pages := range byHost {
		for _, p := range pages {
			p.url = canonicalURL(t, p.url)
			kept, err := n.archive.Page(t.Context(), p.url)
			if err != nil || kept.State == archive.New || kept.State != archive.OK && kept.Reason == "" {
				t.Errorf("%s: state %q, reason %q, %v", p.url, kept.State, kept.Reason, err)
				continue
			}
			if p.title == "" {
				continue
			}
			titles++
			if n.onPageOne(t, p) {
				found++
			} else {
				text, _ := n.indexer.Inspect(t.Context(), p.url)
				t.Logf("not on page one: %s\n  %s", p.title, strings.ReplaceAll(string([]rune(text)[:min(len([]rune(text)), 400)]), "\n", "\n  "))
			}
		}
	}
	t.Logf("%d of %d articles are on page one for their exact title", found, titles)
	if titles > 0 && found*100 < titles*98 {
		t.Errorf("%d of %d articles are on page one for their exact title", found, titles)
	}
}

func canonicalURL(t *testing.T, raw string) string {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return weburl.Canonical(u)
}

func (n *node) onPageOne(t *testing.T, p savedPage) bool {
	t.Helper()
	runes := []rune(p.title)
	res, err := n.searcher.Search(t.Context(), query.Request{Text: string(runes[:min(len(runes), query.MaxText)])})
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(res.Hits, func(h query.Hit) bool { return h.URL == p.url })
}
