package query

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"terrace/analysis"
	"terrace/index"
	"terrace/index/indextest"
	"terrace/segment"
	"terrace/site"
)

var update = flag.Bool("update", false, "write what is found into testdata/ranked")

// prefecture is a searcher over testdata/corpus.txtar, cut with the product's own dictionary.
var prefecture = sync.OnceValues(func() (*Searcher, error) {
	dict, err := segment.EmbeddedDictionary()
	if err != nil {
		return nil, err
	}
	seg := segment.New(dict)
	registry, err := site.New(site.Cluster{
		Name: "云河州", Portal: "portal",
		Sites: []site.Site{
			{ID: "portal", Name: "云河州人民政府", Hosts: []string{"www.yunhe.example"}},
			{ID: "gjj", Name: "云河州住房公积金中心", Hosts: []string{"gjj.yunhe.example"}, Department: "gjj"},
			{ID: "zrzy", Name: "云河州自然资源局", Hosts: []string{"zrzy.yunhe.example"}, Department: "zrzy"},
			{ID: "rsj", Name: "云河州人社局", Hosts: []string{"rsj.yunhe.example"}, Department: "rsj"},
			{ID: "qingxi", Name: "青溪县人民政府", Hosts: []string{"qingxi.example"}, County: "qingxi"},
		},
		Departments: []site.Department{{ID: "gjj", Name: "云河州住房公积金中心"}, {ID: "zrzy", Name: "云河州自然资源局"}, {ID: "rsj", Name: "云河州人社局"}},
		Places:      []site.Place{{ID: "qingxi", Name: "青溪县"}},
	})
	if err != nil {
		return nil, err
	}
	docs, err := corpus()
	if err != nil {
		return nil, err
	}
	return searcherOver(docs, seg, registry)
})

// today is when the tests ask.
var today = time.Date(2024, 6, 15, 10, 0, 0, 0, site.Zone)

func searcherOver(docs []index.Document, seg *segment.Segmenter, registry *site.Registry) (*Searcher, error) {
	ctx := context.Background()
	ix := indextest.NewMemory(analysis.Index(seg))
	g, err := ix.Create(ctx, index.Fingerprints{})
	if err != nil {
		return nil, err
	}
	if err := g.Put(ctx, docs...); err != nil {
		return nil, err
	}
	return New(ix, seg, registry, Options{Now: func() time.Time { return today }}), ix.Promote(ctx, g.Name())
}

func corpus() ([]index.Document, error) {
	a, err := txtar.ParseFile(filepath.Join("testdata", "corpus.txtar"))
	if err != nil {
		return nil, err
	}
	var out []index.Document
	for _, f := range a.Files {
		head, body, _ := strings.Cut(string(f.Data), "\n\n")
		title, fields, _ := strings.Cut(head, "\n")
		d := index.Document{ID: f.Name, Title: title, Body: strings.TrimSpace(body), Copies: []index.Copy{{URL: "http://yunhe.example/" + f.Name}}}
		c := &d.Copies[0]
		into := map[string]*string{"site": &c.Site, "department": &c.Department, "county": &c.County, "column": &c.Column, "kind": &d.Kind, "docno": &d.DocNo}
		for line := range strings.Lines(fields) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
			if to := into[name]; to != nil {
				*to = value
			} else if c.Date, err = index.ParseDate(value); name != "date" || err != nil {
				return nil, fmt.Errorf("document %s: %q: %v", f.Name, line, err)
			}
		}
		out = append(out, d)
	}
	return out, nil
}

// asked reads a query of testdata/ranked: the text, then a line for each parameter.
func asked(t *testing.T, lines string) Request {
	t.Helper()
	text, rest, _ := strings.Cut(lines, "\n")
	r := Request{Text: text}
	for line := range strings.Lines(rest) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		var err error
		switch name {
		case "department":
			r.Department = append(r.Department, value)
		case "from":
			r.From, err = index.ParseDate(value)
		case "to":
			r.To, err = index.ParseDate(value)
		case "sort":
			r.Sort = index.ByDate
		case "in":
			r.TitleOnly = true
		default:
			t.Fatalf("unknown parameter %q", line)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func TestRankedQueries(t *testing.T) {
	s, err := prefecture()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join("testdata", "ranked", "*.txtar"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d ranked queries: %v", len(files), err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			res, err := s.Search(t.Context(), asked(t, string(a.Files[0].Data)))
			if err != nil {
				t.Fatal(err)
			}
			got := ranked(res)
			if *update {
				a.Files[1].Data = []byte(got)
				if err := os.WriteFile(name, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want := string(a.Files[1].Data); got != want {
				t.Errorf("found\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// ranked writes the hits in order, what was asked for in brackets; the passages of the first three.
func ranked(res *Response) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d found\n", res.Total)
	for i, h := range res.Hits {
		fmt.Fprintf(&b, "%s: %s\n", h.ID, marked(h.Title))
		if i < 3 {
			fmt.Fprintf(&b, "\t%s\n", marked(h.Snippet))
		}
	}
	return b.String()
}

// Titles as a reader may type them: other script, width, pointing and blanks, which the key of a title passes over.
func TestAnExactTitleIsTheFirstHitHoweverItIsTyped(t *testing.T) {
	s, err := prefecture()
	if err != nil {
		t.Fatal(err)
	}
	others, err := corpus()
	if err != nil {
		t.Fatal(err)
	}
	traditional := strings.NewReplacer("关", "關", "调", "調", "积", "積", "贷", "貸", "动", "動", "产", "產", "会", "會", "险", "險", "规", "規", "县", "縣")
	piece := rapid.SampledFrom([]string{"关于", "印发", "公积金", "提取", "不动产", "登记", "办法", "的通知", "规划", "（试行）", "《", "》", "、", "“十四五”", "2024年", "5G", "第3条", "青溪县", "养犬", "A-B"})
	rapid.Check(t, func(t *rapid.T) {
		title := strings.Join(rapid.SliceOfN(piece, 1, 8).Draw(t, "title"), "")
		if segment.TitleKey(title) == "" {
			t.Skip("a title of signs alone")
		}
		wanted := index.Document{ID: "wanted", Title: title, Body: "正文另说别的事。", Copies: []index.Copy{{URL: "http://yunhe.example/w", Site: "portal"}}}
		quoting := index.Document{ID: "quoting", Title: title + "解读", Body: strings.Repeat(title+"。", 20), Copies: []index.Copy{{URL: "http://yunhe.example/q", Site: "portal"}}}
		one, err := searcherOver(append(slices.Clone(others), quoting, wanted), s.active.Load().seg, s.registry)
		if err != nil {
			t.Fatal(err)
		}
		typed := title
		if rapid.Bool().Draw(t, "traditional") {
			typed = traditional.Replace(typed)
		}
		if rapid.Bool().Draw(t, "full width") {
			typed = strings.Map(widen, typed)
		}
		if rapid.Bool().Draw(t, "blanks") {
			typed = strings.ReplaceAll(typed, "的", " 的　")
		}
		typed = rapid.SampledFrom([]string{"", " ", "《"}).Draw(t, "before") + typed + rapid.SampledFrom([]string{"", "。", "》 "}).Draw(t, "after")
		res, err := one.Search(t.Context(), Request{Text: typed})
		if err != nil {
			t.Fatal(err)
		}
		if len(res.Hits) == 0 || segment.TitleKey(plain(res.Hits[0].Title)) != segment.TitleKey(title) {
			t.Fatalf("%q typed as %q finds %s", title, typed, found(res))
		}
	})
}

func widen(r rune) rune {
	if r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
		return r + 0xfee0
	}
	return r
}

func plain(spans []Span) string {
	var b strings.Builder
	for _, s := range spans {
		b.WriteString(s.Text)
	}
	return b.String()
}
