package extract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"terrace/site"
)

// hostLiteral is a string that names a host, or the end of one.
var hostLiteral = regexp.MustCompile(`(?i)[a-z0-9-]*\\?\.(?:gov|com|cn|org|net|edu)\b`)

func TestNoRuleKnowsASiteByName(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	literals := 0
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				literals++
				if s, _ := strconv.Unquote(l.Value); hostLiteral.MatchString(s) {
					t.Errorf("%s: %s names a host", file, l.Value)
				}
			}
			_, imported := n.(*ast.ImportSpec)
			return !imported
		})
	}
	if literals < 100 {
		t.Errorf("only %d literals seen", literals)
	}
}

// extractWithin fails where a page takes longer than any honest one could.
func extractWithin(t *testing.T, limit time.Duration, in Input) Output {
	t.Helper()
	reg, err := site.New(cluster)
	if err != nil {
		t.Fatal(err)
	}
	type result struct {
		out Output
		err error
	}
	done := make(chan result, 1)
	go func() {
		out, err := New(reg).Extract(in)
		done <- result{out, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			t.Fatal(r.err)
		}
		return r.out
	case <-time.After(limit):
		t.Fatalf("no end after %s", limit)
		return Output{}
	}
}

func TestHugeAndDeepPagesEnd(t *testing.T) {
	const title = "<html><head><title>河堤今日动工</title></head><body>"
	for name, body := range map[string]string{
		"a hundred megabytes of open tags":       title + strings.Repeat("<div>", 20<<20),
		"tags in pairs":                          title + strings.Repeat("<b></b>", 1<<18),
		"small blocks":                           title + strings.Repeat("<p>堤</p>", 1<<17),
		"blocks without text below a deep one":   title + strings.Repeat("<div>", 400) + strings.Repeat("<p></p>", 1<<18),
		"inlines in deep boxes below a headline": title + "<div>河堤今日动工</div><div>发布时间：2020-01-02</div>" + strings.Repeat("<div>", 400) + strings.Repeat("<i></i>堤", 1<<18),
		"deep boxes, each with a headline":       title + strings.Repeat("<div><h1>河堤今日动工</h1>", 20000),
		"nothing but labels":                     title + strings.Repeat("<p>来源：水务局 发布时间：2020-01-02</p>", 50000),
		"lists of links within lists":            title + strings.Repeat("<ul><li><a href=/1>春耕开始</a>", 50000),
		"many links beside a headline":           title + "<div>河堤今日动工</div><div>发布时间：2020-01-02</div>" + strings.Repeat("<a href=/1>春耕</a>", 100000),
		"one line without end":                   title + "<p>" + strings.Repeat("河堤动工", 1<<19),
		"digits and blanks without end":          title + "<p>" + strings.Repeat("2020 - ", 1<<18),
	} {
		t.Run(name, func(t *testing.T) {
			out := extractWithin(t, 2*time.Minute, Input{URL: "http://www.yunhe.example/1.html", Body: []byte(body)})
			if n := len(out.Document.Body); n > maxBody {
				t.Errorf("%d bytes of text", n)
			}
		})
	}
}

func FuzzExtract(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txtar")
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, p := range pages(a) {
			f.Add(p.html)
		}
	}
	reg, err := site.New(cluster)
	if err != nil {
		f.Fatal(err)
	}
	x := New(reg)
	f.Fuzz(func(t *testing.T, body []byte) {
		out, err := x.Extract(Input{URL: "http://www.yunhe.example/1.html", Body: body})
		if err != nil {
			t.Skip()
		}
		d := out.Document
		for name, s := range map[string]string{"title": d.Title, "body": d.Body, "source": d.Source, "docno": d.DocNo} {
			if !utf8.ValidString(s) {
				t.Errorf("%s is no UTF-8: %q", name, s)
			}
			if strings.ContainsRune(s, 0) {
				t.Errorf("%s holds a NUL: %q", name, s)
			}
		}
	})
}
