package demo

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/sync/errgroup"
	"golang.org/x/text/encoding/simplifiedchinese"

	"terrace/indexer/listing"
	"terrace/indexer/markup"
)

func TestTheSameSeedGivesTheSameArticles(t *testing.T) {
	one, same := slices.Collect(New(Options{Seed: 7}).Expect().Articles), slices.Collect(New(Options{Seed: 7}).Expect().Articles)
	if !slices.Equal(one, same) {
		t.Error("two clusters of seed 7 differ")
	}
	if other := slices.Collect(New(Options{Seed: 8}).Expect().Articles); slices.Equal(one, other) {
		t.Error("seeds 7 and 8 give the same articles")
	}
}

func TestAsManyArticlesAsAskedFor(t *testing.T) {
	for _, n := range []int{0, 1, 50, 699, 4000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			want := n
			if n == 0 {
				want = 700
			}
			seen := map[string]bool{}
			for a := range New(Options{Pages: n}).Expect().Articles {
				seen[a.Site+a.URL] = true
				if a.Title == "" || a.Text == "" || a.Date < "2015" || a.Date > "2026-07-31" || strings.ContainsAny(a.Title+a.Text, "{}|<>&") {
					t.Fatalf("not a decent article: %+v", a)
				}
			}
			if len(seen) != want {
				t.Errorf("%d addresses, want %d", len(seen), want)
			}
		})
	}
}

func TestEverySortOfArticleAndCaseIsThere(t *testing.T) {
	c := New(Options{})
	kinds, numbers, copies := map[string]int{}, map[string]string{}, map[string]int{}
	text := map[string]string{}
	for _, s := range c.sites {
		s.URL = "http://" + s.ID + "/"
	}
	all := slices.Collect(c.Expect().Articles)
	for _, a := range all {
		kinds[a.Kind]++
		text[a.URL] = a.Title + a.Text
		if a.DocNo != "" {
			if a.Kind == "policy" && numbers[a.Site+a.DocNo] != "" {
				t.Errorf("%s numbers %s and %s", a.DocNo, a.URL, numbers[a.Site+a.DocNo])
			}
			numbers[a.Site+a.DocNo] = a.URL
		}
	}
	for _, a := range all {
		if a.Original != "" {
			copies[a.Original]++
			if text[a.Original] != a.Title+a.Text {
				t.Errorf("%s is not word for word %s", a.URL, a.Original)
			}
		}
	}
	for _, kind := range []string{"news", "policy", "interpretation", "disclosure", "service", "interaction"} {
		if kinds[kind] < 20 {
			t.Errorf("%d articles of kind %s", kinds[kind], kind)
		}
	}
	if len(copies) == 0 {
		t.Error("nothing is published twice")
	}
}

// serve runs a cluster until the test ends.
func serve(t *testing.T, o Options) *Cluster {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	c := New(o)
	if err := c.Start(ctx); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- c.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
	})
	return c
}

// still is a client that follows no redirect.
var still = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

func get(u string, header ...string) (int, http.Header, []byte, error) {
	req, err := http.NewRequest(http.MethodGet, u, nil)
	if err != nil {
		return 0, nil, nil, err
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	r, err := still.Do(req)
	if err != nil {
		return 0, nil, nil, err
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	return r.StatusCode, r.Header, body, err
}

// decode reads UTF-8, or GBK where the bytes are none.
func decode(body []byte) (string, error) {
	if utf8.Valid(body) {
		return string(body), nil
	}
	text, err := simplifiedchinese.GBK.NewDecoder().Bytes(body)
	return string(text), err
}

// crawl visits all that a site's home page leads to, as a polite robot does that knows how lists are paged.
func crawl(s Site) (map[string]string, error) {
	home, err := url.Parse(s.URL)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	queue := []listing.Request{{URL: home}}
	for len(queue) > 0 {
		r := queue[0]
		queue = queue[1:]
		if _, seen := found[r.Canonical()]; seen {
			continue
		}
		kind, body, err := ask(r)
		if err != nil {
			return nil, err
		}
		if found[r.Canonical()], err = decode(body); err != nil {
			return nil, fmt.Errorf("%s: %w", r.URL, err)
		}
		if !strings.HasPrefix(kind, "text/") && !strings.HasPrefix(kind, "application/json") {
			continue
		}
		page, err := markup.Parse(r.URL, body, kind, "")
		if err != nil {
			return nil, err
		}
		list := listing.ReadAnswer(page, r)
		for _, u := range list.Wants {
			_, _, file, err := get(u.String())
			if err != nil {
				return nil, err
			}
			page.Files = append(page.Files, string(file))
		}
		if len(list.Wants) > 0 {
			list = listing.ReadAnswer(page, r)
		}
		next := list.Next
		for _, l := range page.Links {
			next = append(next, listing.Request{URL: l.URL})
		}
		for _, to := range next {
			if to.URL.Host == s.Host && !strings.HasPrefix(to.URL.Path, "/private/") && !strings.HasPrefix(to.URL.Path, calendarPath) {
				queue = append(queue, to)
			}
		}
	}
	return found, nil
}

// ask gets a page, or sends its form.
func ask(r listing.Request) (kind string, body []byte, err error) {
	if r.Form == nil && r.JSON == "" {
		_, header, body, err := get(r.URL.String())
		return header.Get("Content-Type"), body, err
	}
	sent, text := "application/x-www-form-urlencoded", r.Form.Encode()
	if r.JSON != "" {
		sent, text = "application/json", r.JSON
	}
	res, err := still.Post(r.URL.String(), sent, strings.NewReader(text))
	if err != nil {
		return "", nil, err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	return res.Header.Get("Content-Type"), body, err
}

func TestLinksFromTheHomePageLeadToEveryArticle(t *testing.T) {
	c := serve(t, Options{Pages: 1500})
	found := make([]map[string]string, len(c.Sites()))
	var g errgroup.Group
	for i, s := range c.Sites() {
		g.Go(func() (err error) { found[i], err = crawl(s); return err })
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for _, of := range found {
		for u, page := range of {
			pages[u] = strings.ReplaceAll(page, "<br/>", "")
		}
	}
	articles := 0
	for a := range c.Expect().Articles {
		articles++
		page, ok := pages[a.URL]
		if !ok {
			t.Fatalf("no link leads to %s of %s", a.URL, a.Site)
		}
		for _, part := range append(strings.Split(a.Text, "\n"), a.Title, a.DocNo, a.Source) {
			if !strings.Contains(page, part) {
				t.Fatalf("%s does not say %q", a.URL, part)
			}
		}
		y, m, d := a.Date[:4], strings.TrimPrefix(a.Date[5:7], "0"), strings.TrimPrefix(a.Date[8:], "0")
		if !strings.Contains(page, a.Date) && !strings.Contains(page, y+"年"+m+"月"+d+"日") {
			t.Fatalf("%s does not say its date %s", a.URL, a.Date)
		}
		if !strings.Contains(page, "梯田演示站点，内容为虚构") {
			t.Fatalf("%s does not say that it is invented", a.URL)
		}
	}
	if articles != 1500 {
		t.Errorf("%d articles", articles)
	}
}

func TestTheOldStyleDeclaresNoCharset(t *testing.T) {
	c := serve(t, Options{Pages: 50})
	for i, s := range c.Sites() {
		isOld := c.sites[i].old()
		_, header, body, err := get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		declared := strings.Contains(header.Get("Content-Type"), "charset") || bytes.Contains(body, []byte("charset"))
		if utf8.Valid(body) == isOld || declared == isOld {
			t.Errorf("%s: UTF-8 %v, charset declared %v", s.Name, utf8.Valid(body), declared)
		}
	}
}

func TestAnUnchangedPageIsNotSentAgain(t *testing.T) {
	c := serve(t, Options{Pages: 50})
	for i, s := range c.Sites() {
		_, header, _, err := get(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		want := http.StatusNotModified
		if c.sites[i].old() {
			want = http.StatusOK
		}
		status, _, _, err := get(s.URL, "If-None-Match", header.Get("ETag"), "If-Modified-Since", header.Get("Last-Modified"))
		if err != nil || status != want {
			t.Errorf("%s: status %d, %v, want %d", s.Name, status, err, want)
		}
	}
}

func TestTheAwkwardCasesAreAsExpectSays(t *testing.T) {
	c := serve(t, Options{})
	e := c.Expect()
	check := func(u string, want int, holds string) {
		t.Helper()
		status, header, body, err := get(u)
		if err != nil || status != want {
			t.Fatalf("%s: status %d, %v, want %d", u, status, err, want)
		}
		text, err := decode(body)
		if err != nil || !strings.Contains(text+header.Get("Location"), holds) {
			t.Errorf("%s does not hold %q, %v", u, holds, err)
		}
	}
	for _, u := range e.Dead {
		check(u, http.StatusNotFound, "不存在或已被删除")
	}
	for _, u := range e.SoftDead {
		check(u, http.StatusOK, "不存在或已被删除")
	}
	for _, u := range e.Traps {
		check(u+"2031-12", http.StatusOK, "2032-01")
	}
	for _, u := range e.NoIndex {
		check(u, http.StatusOK, "noindex")
	}
	for _, u := range slices.Concat(e.Private, e.NoFollow) {
		check(u, http.StatusOK, "")
	}
	for _, r := range e.Redirects {
		to, err := url.Parse(r.To)
		if err != nil {
			t.Fatal(err)
		}
		check(r.From, map[string]int{"301": 301, "refresh": 200, "script": 200}[r.How], to.Path)
		check(r.To, http.StatusOK, "")
	}
	for _, s := range c.Sites() {
		check(s.URL+"robots.txt", http.StatusOK, "Disallow: /private/")
	}
}

func TestAttachmentsHoldTheirText(t *testing.T) {
	c := serve(t, Options{})
	n := 0
	for a := range c.Expect().Attachments {
		n++
		status, _, body, err := get(a.URL)
		if err != nil || status != http.StatusOK {
			t.Fatalf("%s: status %d, %v", a.URL, status, err)
		}
		z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
		if err != nil {
			t.Fatal(err)
		}
		f, err := z.Open("word/document.xml")
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		if err != nil || !strings.Contains(string(text), strings.Split(a.Text, "\n")[0]) {
			t.Errorf("%s does not hold its text, %v", a.URL, err)
		}
	}
	if n == 0 {
		t.Error("no attachments")
	}
}

func BenchmarkArticlePage(b *testing.B) {
	c := New(Options{Pages: MaxPages})
	h := &handler{cluster: c, site: c.sites[0]}
	for i := 0; b.Loop(); i++ {
		if _, err := h.article(c.compose(c.sites[0].columns[0], i%5000)); err != nil {
			b.Fatal(err)
		}
	}
}
