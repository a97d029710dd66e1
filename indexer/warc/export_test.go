package warc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nlnwa/gowarc/v3"

	"terrace/db/dbtest"
	"terrace/indexer/archive"
)

var day = time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)

const host = "http://www.example.gov.cn"

// filled is an archive of two sites: pages, a file whose bytes were dropped, an import.
func filled(t *testing.T) *archive.Archive {
	t.Helper()
	a, err := archive.Open(t.Context(), dbtest.Open(t, t.TempDir(), "state.db"), dbtest.Open(t, t.TempDir(), "pages.db"))
	check(t, err)
	seed := func(site, path string) string {
		_, err := a.Seed(t.Context(), archive.Link{URL: host + path, Site: site})
		check(t, err)
		return archive.IDOf(host + path)
	}
	visit := func(v archive.Visit) {
		if v.State == "" {
			v.State, v.Status = archive.OK, 200
		}
		check(t, a.Record(t.Context(), v))
	}
	visit(archive.Visit{ID: seed("portal", "/"), At: day, Role: archive.List, ContentType: "text/html", Body: []byte("home"), ETag: `"1"`,
		Links: []archive.Link{{URL: host + "/a.html", Site: "portal", Text: "关于放假的\r\n通知"}, {URL: host + "/f.pdf", Site: "gjj", Role: archive.Attachment, Text: "附件"}}})
	visit(archive.Visit{ID: archive.IDOf(host + "/a.html"), At: day.AddDate(0, 0, 1), ContentType: "text/html; charset=gbk", Body: []byte("WARC/1.1\r\n\r\n\xb7\xc5\xbc\xd9")})
	visit(archive.Visit{ID: seed("portal", "/none"), At: day, Body: []byte{}})
	visit(archive.Visit{ID: seed("portal", "/gone"), At: day, State: archive.Gone, Status: 410})
	file := []byte("%PDF-1.4 file")
	check(t, a.KeepText(t.Context(), archive.HashOf(file), "1", []byte("住房公积金")))
	visit(archive.Visit{ID: archive.IDOf(host + "/f.pdf"), At: day, Role: archive.Attachment, ContentType: "application/pdf", Body: file})
	if n, _, err := a.Drop(t.Context(), time.Now().Add(time.Hour), "1", archive.HashOf(file)); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	check(t, a.Import(t.Context(), archive.Import{ID: "1", Line: []byte(`{"id":"1"}`)}))
	return a
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// options export all into a folder that is not there yet.
func options(t *testing.T, a *archive.Archive) Options {
	return Options{Dir: filepath.Join(t.TempDir(), "out"), Software: "Terrace 1", Operator: "云河州", Text: func(ctx context.Context, hash string) (string, error) {
		text, _, err := a.Text(ctx, hash)
		return string(text), err
	}}
}

// read reads the files of an export by the library, as strictly as it can, and gives each record as a line.
func read(t *testing.T, dir string) (lines, blocks []string) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "*.warc.gz"))
	check(t, err)
	for _, name := range names {
		reader, err := gowarc.NewWarcFileReader(name, 0, gowarc.WithStrictValidation())
		check(t, err)
		for {
			r, err := reader.Next()
			if err == io.EOF {
				break
			}
			check(t, err)
			if len(r.Validation) > 0 {
				t.Errorf("%v", r.Validation)
			}
			block, err := r.WarcRecord.Block().RawBytes()
			check(t, err)
			text, err := io.ReadAll(block)
			check(t, err)
			header := r.WarcRecord.WarcHeader()
			lines = append(lines, strings.TrimSpace(fmt.Sprint(r.WarcRecord.Type(), " ", strings.TrimPrefix(header.Get(gowarc.WarcTargetURI), host), " ", header.Get(gowarc.ContentType))))
			blocks = append(blocks, string(text))
			check(t, r.WarcRecord.Close())
		}
		check(t, reader.Close())
	}
	return lines, blocks
}

func TestWhatIsExportedIsReadBack(t *testing.T) {
	a := filled(t)
	o := options(t, a)
	r, err := Export(t.Context(), a, o)
	check(t, err)
	if r.Pages != 3 || r.Texts != 1 || r.Imports != 1 || r.Files != 1 || r.Unreadable != 0 {
		t.Errorf("%+v", r)
	}
	lines, blocks := read(t, o.Dir)
	want := []string{
		"warcinfo  application/warc-fields",
		"resource / text/html", "metadata / application/warc-fields",
		"resource /a.html text/html; charset=gbk", "metadata /a.html application/warc-fields",
		"resource /none application/octet-stream", "metadata /none application/warc-fields",
		"conversion /f.pdf text/plain; charset=utf-8", "metadata /f.pdf application/warc-fields",
	}
	if lines[0] != want[0] {
		t.Errorf("it begins with %s", lines[0])
	}
	for i, line := range want {
		at := slices.Index(lines, line)
		if at < 0 || i > 0 && i%2 == 0 && lines[at-1] != want[i-1] {
			t.Errorf("%s: at %d of %q", line, at, lines)
		}
	}
	if len(lines) != len(want) {
		t.Errorf("records: %q", lines)
	}
	if got := blocks[slices.Index(lines, want[3])]; got != "WARC/1.1\r\n\r\n\xb7\xc5\xbc\xd9" {
		t.Errorf("bytes of a page: %q", got)
	}
	if got := blocks[slices.Index(lines, want[7])]; got != "住房公积金" {
		t.Errorf("text of a file: %q", got)
	}
	for _, field := range []string{"via: " + host + "/\r\n", "title: 关于放假的 通知\r\n", "state: ok\r\n", "status: 200\r\n", "lastVerified: 2026-03-02T08:00:00Z\r\n"} {
		if got := blocks[slices.Index(lines, want[4])]; !strings.Contains(got, field) {
			t.Errorf("%q is not in %q", field, got)
		}
	}
	c := exec.Command("sha256sum", "-c", "--strict", sumsName)
	c.Dir = o.Dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func TestOnlyWhatIsMeantIsExported(t *testing.T) {
	for name, c := range map[string]struct {
		mean func(*Options)
		want Report
	}{
		"a site":         {func(o *Options) { o.Site = "gjj" }, Report{Texts: 1}},
		"since a day":    {func(o *Options) { o.Since = day.AddDate(0, 0, 1) }, Report{Pages: 1, Imports: 1}},
		"not withdrawn":  {func(o *Options) { o.Withdrawn = func(_, url string) bool { return url == host+"/a.html" } }, Report{Pages: 2, Texts: 1, Imports: 1, Withdrawn: 1}},
		"nothing at all": {func(o *Options) { o.Site = "none" }, Report{}},
	} {
		t.Run(name, func(t *testing.T) {
			a := filled(t)
			o := options(t, a)
			c.mean(&o)
			r, err := Export(t.Context(), a, o)
			check(t, err)
			lines, _ := read(t, o.Dir)
			if want := 1 + 2*(c.want.Pages+c.want.Texts); len(lines) != want {
				t.Errorf("%d records, want %d", len(lines), want)
			}
			if r.Files, r.Bytes = 0, 0; r != c.want {
				t.Errorf("%+v, want %+v", r, c.want)
			}
		})
	}
}

// stopped runs an export that ends when it was asked for so many pages whether they are withdrawn.
func stopped(t *testing.T, a *archive.Archive, o Options, pages int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	withdrawn := o.Withdrawn
	o.Withdrawn = func(id, url string) bool {
		if pages--; pages == 0 {
			cancel()
		}
		return withdrawn != nil && withdrawn(id, url)
	}
	if _, err := Export(ctx, a, o); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	if _, err := os.Stat(o.Dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the folder is there already: %v", err)
	}
}

func TestAnExportThatIsStoppedIsTakenUp(t *testing.T) {
	a := filled(t)
	o := options(t, a)
	for n := range 3 {
		stopped(t, a, o, n+2)                                                                                                    // what is written is asked for again, and then one page more
		check(t, os.WriteFile(filepath.Join(o.Dir+".part", "terrace-20260101000000-00009.warc.gz"), []byte("cut short"), 0o644)) // by a kill
	}
	r, err := Export(t.Context(), a, o)
	check(t, err)
	lines, _ := read(t, o.Dir)
	pages := slices.DeleteFunc(lines, func(line string) bool {
		return strings.HasPrefix(line, "metadata") || strings.HasPrefix(line, "warcinfo")
	})
	slices.Sort(pages)
	want := []string{"conversion /f.pdf text/plain; charset=utf-8", "resource / text/html", "resource /a.html text/html; charset=gbk", "resource /none application/octet-stream"}
	if !slices.Equal(pages, want) {
		t.Errorf("records: %q", pages)
	}
	if r.Pages != 3 || r.Texts != 1 || r.Before != 3 || r.Imports != 1 {
		t.Errorf("%+v", r)
	}
	c := exec.Command("sha256sum", "-c", "--strict", sumsName)
	c.Dir = o.Dir
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
	if names, _ := filepath.Glob(filepath.Join(o.Dir, "*")); len(names) != r.Files+1 {
		t.Errorf("it holds %v", names)
	}
}

func TestAnExportBeginsAnewWhereOtherPagesAreMeant(t *testing.T) {
	first := ""
	for name, mean := range map[string]func(*Options){
		"another site":                 func(o *Options) { o.Site = "portal" },
		"another day":                  func(o *Options) { o.Since = day },
		"a written page was withdrawn": func(o *Options) { o.Withdrawn = func(id, _ string) bool { return id == first } },
	} {
		t.Run(name, func(t *testing.T) {
			a := filled(t)
			o := options(t, a)
			pages, err := a.Pages(t.Context(), archive.Filter{}, "", 10)
			check(t, err)
			first = pages[slices.IndexFunc(pages, func(p archive.Page) bool { return p.Content != "" && !p.Imported })].ID
			stopped(t, a, o, 3)
			mean(&o)
			r, err := Export(t.Context(), a, o)
			check(t, err)
			if r.Before != 0 || r.Files != 1 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestNothingThatWasPurgedIsLeftInAnExportThatIsTakenUp(t *testing.T) {
	a := filled(t)
	o := options(t, a)
	pages, err := a.Pages(t.Context(), archive.Filter{}, "", 10)
	check(t, err)
	first := pages[slices.IndexFunc(pages, func(p archive.Page) bool { return p.Content != "" && !p.Imported })]
	stopped(t, a, o, 3)
	o.Withdrawn = func(id, _ string) bool { return id == first.ID }
	_, err = a.Erase(t.Context(), first.ID)
	check(t, err)
	_, err = Export(t.Context(), a, o)
	check(t, err)
	lines, _ := read(t, o.Dir)
	if at := slices.IndexFunc(lines, func(line string) bool { return strings.Contains(line, strings.TrimPrefix(first.URL, host)+" ") }); at >= 0 {
		t.Errorf("there is %s", lines[at])
	}
}

func TestAFolderWithSomethingInItIsLeftAlone(t *testing.T) {
	a := filled(t)
	o := options(t, a)
	check(t, os.MkdirAll(o.Dir, 0o755))
	own := filepath.Join(o.Dir, "own")
	check(t, os.WriteFile(own, []byte("mine"), 0o644))
	if _, err := Export(t.Context(), a, o); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("got %v", err)
	}
	if text, err := os.ReadFile(own); string(text) != "mine" || err != nil {
		t.Errorf("it holds %q, %v", text, err)
	}
	check(t, os.Remove(own))
	check(t, os.MkdirAll(o.Dir+".part/left", 0o755)) // by an export that was killed
	if _, err := Export(t.Context(), a, o); err != nil {
		t.Errorf("into the empty folder: %v", err)
	}
}
