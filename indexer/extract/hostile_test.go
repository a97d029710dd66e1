package extract

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"terrace/index"
	"terrace/index/detail"
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
		"labels and values without end":          title + "<table>" + strings.Repeat("<tr><td>办理地点<td>政务大厅", 50000),
		"labels that are each other's value":     title + strings.Repeat("<div>办理材料</div>", 100000),
		"values within values":                   title + strings.Repeat("<div>办理材料</div><div>", 20000) + strings.Repeat("身份证", 50000),
		"labels that span rows":                  title + "<table>" + strings.Repeat("<tr><td rowspan=99999>申请材料<td>1<td>身份证", 50000),
		"a section without end":                  title + "<p>一、办理材料</p>" + strings.Repeat("<p>身份证</p>", 100000),
		"heads of tabs within heads of tabs":     title + strings.Repeat("<ul><li>办理材料<li>办理流程", 50000),
		"tabs by id":                             title + strings.Repeat("<ul><li><a href=#a>办理材料</a><li><a href=#b>办理流程</a></ul>", 20000) + "<p id=a>" + strings.Repeat("身份证", 50000),
		"numbers without end":                    title + "<p>" + strings.Repeat("一、", 1<<17) + "<p>" + strings.Repeat("1.", 1<<17),
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
			checkText(t, name, s)
		}
		checkDetails(t, d)
	})
}

func checkText(t *testing.T, name, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("%s is no UTF-8: %q", name, s)
	}
	if strings.ContainsRune(s, 0) {
		t.Errorf("%s holds a NUL: %q", name, s)
	}
}

// checkDetails holds a document's details against what is promised of them.
func checkDetails(t *testing.T, d index.Document) {
	t.Helper()
	names := detail.Names(d.Kind)
	if len(d.Details) > detail.Most {
		t.Errorf("%d details", len(d.Details))
	}
	for _, v := range d.Details {
		checkText(t, v.Name, v.Value)
		at := slices.Index(names, v.Name)
		if at < 0 || v.Value == "" || utf8.RuneCountInString(v.Value) > detail.MostRunes {
			t.Errorf("%s of a document of kind %s, or out of place: %q", v.Name, d.Kind, v.Value)
		} else {
			names = names[at+1:]
		}
	}
}

// The label reader gives, of any line, labels that are known and values that stand in it.
func FuzzLabels(f *testing.F) {
	for _, line := range []string{"办 理 材 料：身份证", "一、办理地点", "（三）咨询电话：0800", "3.申报材料", "【受理条件】居住半年", "来源：甲局　作者：乙　点击：5", "①办理时间、地点：大厅", "办理地点（一楼）"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if num, rest := numbered(line); !strings.HasSuffix(line, rest) || num.n < 0 || num.n > 199 {
			t.Errorf("%q: number %d, rest %q", line, num.n, rest)
		}
		if h, ok := headed(line); ok && (h.label == nil || !strings.HasSuffix(line, h.rest)) {
			t.Errorf("%q: rest %q", line, h.rest)
		}
		for _, s := range splitSayings(line) {
			if s.label == nil || s.value == "" || strings.Contains(s.value, "\n") {
				t.Errorf("%q: value %q", line, s.value)
			}
		}
	})
}
