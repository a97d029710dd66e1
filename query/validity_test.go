package query

import (
	"slices"
	"strings"
	"testing"

	"terrace/analysis"
	"terrace/index"
	"terrace/index/indextest"
	"terrace/segment"
	"terrace/site"
)

// ruling is a searcher over rules of which one repealed another.
func ruling(t *testing.T, off ...string) *Searcher {
	t.Helper()
	dict, err := segment.LoadDictionary(strings.NewReader(words))
	if err != nil {
		t.Fatal(err)
	}
	seg := segment.New(dict)
	reg, err := site.New(site.Cluster{Name: "云河州", Portal: "portal", Sites: []site.Site{{ID: "portal", Name: "云河州人民政府", Hosts: []string{"www.yunhe.example"}}}})
	if err != nil {
		t.Fatal(err)
	}
	rule := func(id, title, number, body string, date index.Date) index.Document {
		return index.Document{ID: id, Title: title, DocNo: number, Body: body, Kind: index.Policy, Copies: []index.Copy{{URL: "http://www.yunhe.example/" + id, Site: "portal", Date: date}}}
	}
	old := rule("old", "住房公积金提取办法", "云政发〔2010〕5号", strings.Repeat("公积金提取。", 9), 20100101)
	old.Validity, old.Links = index.Repealed, []index.Link{{Kind: index.RepealedBy, ID: "new", Title: "住房公积金管理规定"}}
	ix := indextest.NewMemory(analysis.Index(seg))
	g, err := ix.Create(t.Context(), index.Fingerprints{})
	if err != nil {
		t.Fatal(err)
	}
	if err := g.Put(t.Context(), old, rule("new", "住房公积金管理规定", "云政发〔2023〕9号", "职工可以提取公积金。", 20230101), rule("other", "其他事项", "", "公积金提取另有通知。", 20230101)); err != nil {
		t.Fatal(err)
	}
	if err := ix.Promote(t.Context(), g.Name()); err != nil {
		t.Fatal(err)
	}
	return New(ix, seg, reg, Options{Off: off})
}

func TestWhatWasRepealedStandsBehindItsSuccessor(t *testing.T) {
	for _, c := range []struct {
		name, query string
		off         []string
		want        string
	}{
		{"it fits better, but it is not in force", "公积金提取", nil, "new old"},
		{"unless that is switched off", "公积金提取", []string{FactorValidity}, "old new"},
		{"or it is asked for by its number", "云政发〔2010〕5号", nil, "old"},
		{"or by its title", "住房公积金提取办法", nil, "old new"},
	} {
		t.Run(c.name, func(t *testing.T) {
			res, err := ruling(t, c.off...).Search(t.Context(), Request{Text: c.query, Explain: true})
			if err != nil {
				t.Fatal(err)
			}
			ids := strings.Fields(found(res))
			if got := strings.Join(slices.DeleteFunc(ids, func(id string) bool { return id == "other" }), " "); !strings.HasPrefix(got, c.want) {
				t.Errorf("%s found %s, want %s first", c.query, got, c.want)
			}
			for _, h := range res.Hits {
				sum := 0.0
				for _, p := range h.Parts {
					sum += p.Value
				}
				if diff := sum - float64(h.Score); diff > .001 || diff < -.001 {
					t.Errorf("the parts of %s add up to %f, its score is %f", h.ID, sum, h.Score)
				}
			}
		})
	}
}
