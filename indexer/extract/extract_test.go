package extract

import (
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/tools/txtar"

	"terrace/site"
)

// cluster is what the pages of testdata stand in.
var cluster = site.Cluster{
	Portal: "portal",
	Sites: []site.Site{
		{ID: "portal", Name: "云河州人民政府", Hosts: []string{"www.yunhe.example"}},
		{ID: "shan", Name: "青山县人民政府", Hosts: []string{"shan.yunhe.example"}, County: "shan"},
		{ID: "jyj", Name: "云河州教育局", Hosts: []string{"jyj.yunhe.example"}, Department: "jyj"},
	},
	Departments: []site.Department{
		{ID: "jyj", Name: "云河州教育局", Names: []string{"州教育局"}},
		{ID: "czj", Name: "云河州财政局", Names: []string{"州财政局"}},
	},
	Places: []site.Place{{ID: "shan", Name: "青山县"}},
}

// A page is one case of testdata: the page, what is known of it besides, and what it comes to.
//
//	-- the rule in a reader's words --
//	the page
//	-- given --
//	url, anchor, list date, list (goes on), charset (gbk), site, type: one a line, all optional
//	-- want --
//	the fields that the rule is about, one a line; body last, its lines below it
type page struct {
	rule        string
	html        []byte
	given, want map[string]string
}

func TestPages(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no pages in testdata", err)
	}
	reg, err := site.New(cluster)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range pages(a) {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+p.rule, func(t *testing.T) { p.check(t, reg) })
		}
	}
}

func pages(a *txtar.Archive) (out []*page) {
	for _, f := range a.Files {
		switch f.Name {
		case "given":
			out[len(out)-1].given = readFields(string(f.Data))
		case "want":
			out[len(out)-1].want = readFields(string(f.Data))
		default:
			out = append(out, &page{rule: f.Name, html: f.Data})
		}
	}
	return out
}

func readFields(s string) map[string]string {
	out := map[string]string{}
	for s != "" {
		line, rest, _ := strings.Cut(s, "\n")
		name, value, _ := strings.Cut(line, ":")
		if name == "body" {
			out[name] = strings.TrimSuffix(rest, "\n")
			break
		}
		if s = rest; name != "" {
			out[name] = strings.TrimSpace(value)
		}
	}
	return out
}

func (p *page) check(t *testing.T, reg *site.Registry) {
	in := Input{URL: "http://www.yunhe.example/content/8.html", Body: p.html, Anchor: p.given["anchor"], ListDate: p.given["list date"], ContentType: p.given["type"], Continues: p.given["list"] == "goes on"}
	if u := p.given["url"]; u != "" {
		in.URL = "http://www.yunhe.example" + u
	}
	if p.given["charset"] == "gbk" {
		in.Body, _ = simplifiedchinese.GBK.NewEncoder().Bytes(p.html)
	}
	id := p.given["site"]
	if id == "" {
		id = "portal"
	}
	in.Site = reg.Site(id)
	out, err := New(reg).Extract(in)
	if err != nil {
		t.Fatal(err)
	}
	got := shown(out)
	if len(p.want) == 0 {
		t.Fatalf("nothing is wanted of a page that came to %v", got)
	}
	for name, want := range p.want {
		if have, known := got[name]; !known {
			t.Errorf("%q is no field", name)
		} else if have != want {
			t.Errorf("%s:\n%s\nwant:\n%s", name, have, want)
		}
	}
	if _, skip := p.want["skip"]; out.Skip != "" && !skip {
		t.Errorf("skipped: %s", out.Skip)
	}
}

func shown(out Output) map[string]string {
	d := out.Document
	got := map[string]string{
		"skip": out.Skip, "role": string(out.Role), "title": d.Title, "body": d.Body, "kind": d.Kind, "docno": d.DocNo, "source": d.Source,
		"written": "", "date": "", "column": "", "department": "", "county": "",
	}
	for i, v := range d.Details {
		if i > 0 {
			got["details"] += " | "
		}
		got["details"] += v.Name + "=" + strings.ReplaceAll(v.Value, "\n", " / ")
	}
	if len(d.Details) == 0 {
		got["details"] = ""
	}
	if d.Written != 0 {
		got["written"] = d.Written.String()
	}
	for _, c := range d.Copies {
		got["column"], got["department"], got["county"] = c.Column, c.Department, c.County
		if c.Date != 0 {
			got["date"] = c.Date.String()
		}
	}
	return got
}
