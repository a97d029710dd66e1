package main

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"terrace/query"
)

// townConfig is a small town. What a test sets comes behind it.
const townConfig = `name: 云河州
portal: portal
crawl: {delay: 0s}
sites:
  - {id: portal, name: 云河州人民政府, hosts: [www.yunhe.example]}
  - {id: gjj, name: 公积金中心网站, hosts: [gjj.yunhe.example], department: gjj}
  - {id: qingxi, name: 青溪县人民政府, hosts: [qingxi.example], county: qingxi}
  - {id: shilan, name: 石栏县人民政府, hosts: [shilan.example], county: shilan}
departments: [{id: gjj, name: 云河州住房公积金中心, names: [公积金中心]}]
places: [{id: qingxi, name: 青溪县}, {id: shilan, name: 石栏县}]
`

var townDocs = []string{
	`{"id":"guide","site":"gjj","department":"gjj","kind":"service","column":"办事大厅","title":"提取公积金的指南","text":"购买自住住房的，凭合同提取公积金。"}`,
	`{"id":"loan","site":"gjj","department":"gjj","kind":"service","column":"办事大厅","title":"贷款指南","text":"购买自住住房的，可以申请贷款。"}`,
	`{"id":"hours","site":"gjj","department":"gjj","kind":"service","column":"办事大厅","title":"办公时间","text":"工作日上午九时到下午五时。"}`,
	`{"id":"qingxi","site":"qingxi","county":"qingxi","kind":"news","title":"提取公积金的人多了","text":"提取公积金的人比去年多了。","date":"2023-05-01"}`,
	`{"id":"shilan","site":"shilan","county":"shilan","kind":"news","title":"提取公积金的人少了","text":"提取公积金的人比去年少了。","date":"2014-05-01"}`,
	`{"id":"title","site":"portal","kind":"service","title":"不动产权证书遗失补发","text":"持有人申请补发，登报声明。"}`,
	`{"id":"old","site":"portal","kind":"policy","docNo":"云政发〔2010〕3号","title":"云河州养犬管理规定","text":"个人养犬应当登记。","date":"2010-03-01"}`,
	`{"id":"new","site":"portal","kind":"policy","docNo":"云政发〔2023〕8号","title":"云河州养犬管理办法","date":"2023-12-01",` +
		`"text":"个人养犬应当登记。本办法自2024年1月1日起施行，《云河州养犬管理规定》（云政发〔2010〕3号）同时废止。"}`,
}

// configuredTown is a node of the town with more settings, and files beside its configuration; it holds the documents and has learned from them.
func configuredTown(t *testing.T, settings string, files map[string]string) *node {
	t.Helper()
	path := written(t, townConfig+settings)
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(filepath.Dir(path), name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := LoadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	n, err := openNode(t.Context(), c, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.close)
	var lines [][]byte
	for _, l := range townDocs {
		lines = append(lines, []byte(l))
	}
	if r, err := n.indexer.Import(t.Context(), lines); err != nil || len(r.Bad)+r.UnknownNames > 0 {
		t.Fatalf("%+v, %v", r, err)
	}
	if err := n.indexer.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := n.searcher.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	return n
}

// found are the ids of the hits of a query, and the parts of their scores.
func (n *node) found(t *testing.T, text string) (ids []string, parts string) {
	t.Helper()
	res, err := n.searcher.Search(t.Context(), query.Request{Text: text, Explain: true, Literal: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range res.Hits {
		ids = append(ids, h.ID)
		for _, p := range h.Parts {
			parts += fmt.Sprintf("%s：%s\n", h.ID, p.Text)
		}
	}
	return ids, parts
}

func TestAFactorThatIsOffCountsNoMore(t *testing.T) {
	all := configuredTown(t, "", nil)
	for factor, c := range map[string]struct{ text, part string }{
		query.FactorKind:       {"公积金怎么提取", "guide：类别为办事服务"},
		query.FactorDepartment: {"公积金中心提取", "guide：同为云河州住房公积金中心"},
		query.FactorColumn:     {"办事大厅 提取公积金", "guide：栏目为办事大厅"},
		query.FactorPlace:      {"石栏县提取公积金", "shilan：同为石栏县"},
		query.FactorLevel:      {"提取公积金", "qingxi：县级站点"},
		query.FactorFreshness:  {"提取公积金", "shilan：12 年前发布"},
		query.FactorValidity:   {"养犬登记", "old：已废止"},
	} {
		t.Run(factor, func(t *testing.T) {
			if _, parts := all.found(t, c.text); !hasPart(parts, c.part) {
				t.Fatalf("with all factors %s finds\n%swant %s", c.text, parts, c.part)
			}
			some := configuredTown(t, "ranking: {off: ["+factor+"]}\n", nil)
			ids, parts := some.found(t, c.text)
			if len(ids) == 0 || hasPart(parts, c.part) {
				t.Errorf("without it %s finds %v\n%s", c.text, ids, parts)
			}
		})
	}
	none := configuredTown(t, "ranking: {off: ["+strings.Join(query.Factors, ", ")+"]}\n", nil)
	if ids, _ := all.found(t, "石栏县提取公积金的人"); ids[0] != "shilan" {
		t.Errorf("with all factors the first is %s", ids[0])
	}
	if ids, _ := all.found(t, "青溪县提取公积金的人"); ids[0] != "qingxi" {
		t.Errorf("with all factors the first is %s", ids[0])
	}
	a, _ := none.found(t, "石栏县提取公积金的人")
	b, _ := none.found(t, "青溪县提取公积金的人")
	if !slices.Equal(a, b) {
		t.Errorf("without factors a county's name still decides: %v, %v", a, b)
	}
}

// hasPart tells whether one of the lines begins with a part; of an age only that one is told counts.
func hasPart(parts, part string) bool {
	if strings.HasSuffix(part, "年前发布") {
		return strings.Contains(parts, "年前发布")
	}
	return strings.Contains("\n"+parts, "\n"+part)
}

func TestConfiguredSynonymsFindWhatTheyStandFor(t *testing.T) {
	const lines = "宅本本 -> 不动产权证书 0.9\n房本 ->\n"
	for name, c := range map[string]struct {
		settings string
		files    map[string]string
	}{
		"in the configuration":          {"dictionary: {synonyms: ['宅本本 -> 不动产权证书 0.9', '房本 ->']}\n", nil},
		"in a file":                     {"dictionary: {synonyms: words.txt}\n", map[string]string{"words.txt": "\ufeff# 本地的说法\r\n" + lines}},
		"in a file with Windows' lines": {"dictionary: {synonyms: words.txt}\n", map[string]string{"words.txt": strings.ReplaceAll(lines, "\n", "\r\n")}},
	} {
		t.Run(name, func(t *testing.T) {
			n := configuredTown(t, c.settings, c.files)
			if ids, _ := n.found(t, "宅本本"); len(ids) == 0 || ids[0] != "title" {
				t.Errorf("a word of the list finds %v", ids)
			}
			if ids, _ := n.found(t, "房本"); slices.Contains(ids, "title") {
				t.Errorf("a shipped word that the list drops finds %v", ids)
			}
		})
	}
	plain := configuredTown(t, "", nil)
	if ids, _ := plain.found(t, "宅本本"); slices.Contains(ids, "title") {
		t.Errorf("without the list %v is found", ids)
	}
	if ids, _ := plain.found(t, "房本"); !slices.Contains(ids, "title") {
		t.Errorf("without the list the shipped word finds %v", ids)
	}
}
