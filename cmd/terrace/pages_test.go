package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"terrace/indexer/archive"
	"terrace/indexer/extract"
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
	n.noMenus(t, byHost)
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
	original := n.originalOf(t, p.url)
	return slices.ContainsFunc(res.Hits, func(h query.Hit) bool { return h.URL == p.url || h.ID == original })
}

// originalOf is the id of the page that another is a copy of; empty where it is none.
func (n *node) originalOf(t *testing.T, url string) string {
	t.Helper()
	text, err := n.indexer.Inspect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, folded := strings.Cut(text, "\n指向：")
	if !folded || !strings.Contains(text, "\n内容与所指向的网页相同") {
		return ""
	}
	id, _, _ := strings.Cut(rest, "\n")
	return id
}

// noMenus finds documents that hold a line which is a link on over 60 % of their site's pages. A table may hold a menu's word as text of its own:
// what is still there when those links are taken out of the page is no menu.
func (n *node) noMenus(t *testing.T, byHost map[string][]savedPage) {
	t.Helper()
	for host, pages := range byHost {
		linked, bodies := map[string]int{}, map[string]*html.Node{}
		for _, p := range pages {
			kept, err := n.archive.Page(t.Context(), canonicalURL(t, p.url))
			if err != nil || kept.State != archive.OK {
				continue // the test of the ledger says so
			}
			body, err := n.archive.Content(t.Context(), kept.Content)
			if err != nil {
				t.Fatal(err)
			}
			text, err := charset.NewReader(bytes.NewReader(body), kept.ContentType)
			if err != nil {
				t.Fatal(err)
			}
			root, err := html.Parse(text)
			if err != nil {
				t.Fatal(err)
			}
			bodies[kept.URL] = root
			on := map[string]bool{}
			for a := range links(root) {
				on[words(a)] = true
			}
			for text := range on {
				linked[text]++
			}
		}
		menu := func(text string) bool { return linked[text]*10 > len(bodies)*6 }
		for u, root := range bodies {
			with := n.lines(t, host, u, root)
			for _, a := range slices.Collect(links(root)) {
				if menu(words(a)) {
					a.Parent.RemoveChild(a)
				}
			}
			without := n.lines(t, host, u, root)
			for _, line := range with {
				if line != "" && menu(line) && !slices.Contains(without, line) {
					t.Errorf("%s: the line %q is a link on %d of %d pages of %s", u, line, linked[line], len(bodies), host)
				}
			}
		}
	}
}

func links(root *html.Node) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		for d := range root.Descendants() {
			if d.DataAtom == atom.A && !yield(d) {
				return
			}
		}
	}
}

func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// lines is the main text of a page.
func (n *node) lines(t *testing.T, host, u string, root *html.Node) []string {
	t.Helper()
	var b bytes.Buffer
	if err := html.Render(&b, root); err != nil {
		t.Fatal(err)
	}
	out, err := extract.New(n.registry).Extract(extract.Input{URL: u, ContentType: "text/html; charset=utf-8", Body: b.Bytes(), Site: n.registry.Site(host)})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.Document.Body, "\n")
	for i, l := range lines {
		lines[i] = strings.Join(strings.Fields(l), " ")
	}
	return lines
}
