package crawl

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/tools/txtar"

	"terrace/indexer/archive"
	"terrace/indexer/attach"
	"terrace/indexer/attached"
	"terrace/site"
)

var update = flag.Bool("update", false, "write the ledgers that come out into testdata")

// A script is a whole site and what its crawls come to, in one file of testdata:
//
//	site <id> <host> [private]     another site of the cluster, in the comment at the top
//	-- GET /path --                an answer: headers, a blank line, the body; HOST stands for the site's host
//	-- POST /path a=b --           the answer to a form, its fields in order of their names
//	-- 2 GET /path --              the answer from the second crawl on
//	-- GET * --                    the answer for any other address, instead of a 404
//	-- ledger --, -- 2 ledger --   every page after the first and the second crawl: address, state, reason, target, anchor text
//	-- columns --                  every list after the first crawl: address, how long it says it is, its pages, entries elsewhere, and the addresses of its entries
//	-- asked --, -- 2 asked --     what the crawl asked for, and the status it got, in order of address
//
// Each crawl comes an hour after the one before. Headers that are orders to the server: Status; Encode: gbk or gzip; Size, bytes that the body is filled up to; Drop, to hang up.
type script struct {
	*txtar.Archive
	answers map[string][]byte
}

func TestSites(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no sites in testdata", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := &script{a, map[string][]byte{}}
			s.play(t)
			if *update {
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func (s *script) play(t *testing.T) {
	n := newTownOf(t, s.answer)
	for line := range strings.Lines(string(s.Comment)) {
		if f := strings.Fields(line); len(f) > 2 && f[0] == "site" {
			n.others = append(n.others, site.Site{ID: f[1], Hosts: f[2:3], AllowPrivate: slices.Contains(f[3:], "private")})
		}
	}
	s.prepare("")
	if s.has("columns") {
		n.crawl(nil)
		s.compare(t, "columns", n.columns())
	}
	for crawl := 1; ; crawl++ {
		prefix := ""
		if crawl > 1 {
			prefix = strconv.Itoa(crawl) + " "
			s.prepare(prefix)
			n.recrawl()
		}
		if !s.has(prefix + "ledger") {
			break
		}
		n.asked, n.answered = nil, nil
		ahead := time.Duration(crawl-1) * time.Hour
		n.crawl(func(o *Options) {
			o.MaxBody, o.Files = 1<<20, attached.New(n.archive, attach.NewReader(""))
			o.Clock.Now = func() time.Time { return time.Now().Add(ahead) }
			o.Clock.Wait = func(ctx context.Context, until time.Time) error { return wait(ctx, until.Add(-ahead)) }
		})
		s.compare(t, prefix+"ledger", n.ledger())
		s.compare(t, prefix+"asked", n.log())
	}
	if n.most > 1 && s.has("asked") { // of an answer that the crawl hangs up on the server learns late
		t.Errorf("%d requests at a time to one host", n.most)
	}
}

// prepare makes the answers of one crawl those of the server.
func (s *script) prepare(prefix string) {
	for _, f := range s.Files {
		if path, ok := strings.CutPrefix(f.Name, prefix+"GET "); ok {
			s.answers[path] = f.Data
		} else if form, ok := strings.CutPrefix(f.Name, prefix+"POST "); ok {
			s.answers["POST "+form] = f.Data
		}
	}
}

func (s *script) has(section string) bool {
	return slices.ContainsFunc(s.Files, func(f txtar.File) bool { return f.Name == section })
}

func (s *script) compare(t *testing.T, section, got string) {
	t.Helper()
	for i := range s.Files {
		f := &s.Files[i]
		if f.Name != section {
			continue
		}
		if *update {
			f.Data = []byte(got)
		}
		if string(f.Data) != got {
			t.Errorf("%s:\n%swant:\n%s", section, got, f.Data)
		}
	}
}

func (s *script) answer(w http.ResponseWriter, r *http.Request) {
	address := r.URL.RequestURI()
	if r.Method == http.MethodPost {
		if err := r.ParseForm(); err != nil {
			panic(err)
		}
		address = "POST " + address + " " + r.PostForm.Encode()
	}
	data, ok := s.answers[address]
	if other, has := s.answers["*"]; !ok && has && r.URL.Path != "/robots.txt" && r.URL.Path != "/sitemap.xml" {
		data, ok = other, true
	}
	if !ok {
		http.NotFound(w, r)
		return
	}
	head, body, _ := bytes.Cut(append([]byte("\n"), data...), []byte("\n\n"))
	head = bytes.ReplaceAll(head, []byte("HOST"), []byte(r.Host))
	body = bytes.ReplaceAll(body, []byte("HOST"), []byte(r.Host))
	headers, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(append(bytes.TrimLeft(head, "\n"), "\n\n"...)))).ReadMIMEHeader()
	if err != nil {
		panic(fmt.Sprintf("headers of %s: %v", r.URL, err))
	}
	order := func(name string) string { v := headers.Get(name); headers.Del(name); return v }
	status, encode, size, drop := order("Status"), order("Encode"), order("Size"), order("Drop")
	if drop != "" {
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "text/html")
	for name, values := range headers {
		w.Header()[name] = values
	}
	if etag := headers.Get("ETag"); etag != "" && etag == r.Header.Get("If-None-Match") || headers.Get("Last-Modified") != "" && headers.Get("Last-Modified") == r.Header.Get("If-Modified-Since") {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if code, err := strconv.Atoi(status); err == nil {
		w.WriteHeader(code)
	}
	w.Write(encoded(encode, body))
	fill, _ := strconv.Atoi(size)
	for chunk := make([]byte, 64<<10); fill > 0; fill -= len(chunk) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

func encoded(how string, body []byte) []byte {
	switch how {
	case "gbk":
		out, err := simplifiedchinese.GBK.NewEncoder().Bytes(body)
		if err != nil {
			panic(err)
		}
		return out
	case "gzip":
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(body)
		z.Close()
		return b.Bytes()
	}
	return body
}

// ledger lists every page of the archive.
func (n *town) ledger() string {
	n.Helper()
	pages, err := n.archive.Pages(n.Context(), archive.Filter{}, "", 1000)
	if err != nil {
		n.Fatal(err)
	}
	var lines []string
	for _, p := range pages {
		line := fmt.Sprintf("%s %s", p.URL, p.State)
		if p.Role == archive.List || p.Role == archive.Sitemap {
			line += " " + string(p.Role)
		}
		if p.Listed != 0 {
			line += fmt.Sprintf(" of %d", p.Listed)
		}
		if p.Reason != "" {
			line += ": " + p.Reason
		}
		if to, err := n.archive.Page(n.Context(), p.MovedTo); err == nil {
			line += " -> " + to.URL
		}
		if p.Anchor != "" {
			line += " 「" + p.Anchor + "」"
		}
		lines = append(lines, line+"\n")
	}
	slices.Sort(lines)
	text := strings.Join(lines, "")
	return strings.ReplaceAll(strings.ReplaceAll(text, n.server.URL, ""), strings.TrimPrefix(n.server.URL, "http://"), "HOST")
}

// columns lists the lists of the archive.
func (n *town) columns() string {
	n.Helper()
	columns, _, err := n.archive.Columns(n.Context(), "none", "")
	if err != nil {
		n.Fatal(err)
	}
	var b strings.Builder
	for _, c := range columns {
		fmt.Fprintf(&b, "%s 「%s」 of %d, %d pages, %d outside, %d files:", c.URL, c.Name, c.Said, c.Pages, c.Outside, c.Entries[archive.ApartAttachment])
		entries, _, err := n.archive.Missing(n.Context(), "none", c.ID, "", 1000) // nothing is found in no index
		if err != nil {
			n.Fatal(err)
		}
		for _, e := range entries {
			fmt.Fprintf(&b, " %s", e.Page.URL)
		}
		b.WriteByte('\n')
	}
	return strings.ReplaceAll(b.String(), n.server.URL, "")
}

// log lists what was asked for since it was last emptied. The probe of a made-up address is told by its name.
func (n *town) log() string {
	slices.Sort(n.answered)
	return strings.Join(n.answered, "")
}
