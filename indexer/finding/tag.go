package finding

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/archive"
	"terrace/indexer/markup"
)

// A tagRule is one metadata tag of 国办发〔2017〕47号.
type tagRule struct {
	name   string
	on     tagScope
	needed bool
}

// tagScope is which pages have a tag.
type tagScope int

const (
	everyPage tagScope = iota
	columnPage
	articlePage
)

var tagRules = []tagRule{
	{"SiteName", everyPage, true}, {"SiteDomain", everyPage, true}, {"SiteIDCode", everyPage, true},
	{"ColumnName", columnPage, true}, {"ColumnDescription", columnPage, true}, {"ColumnKeywords", columnPage, true}, {"ColumnType", columnPage, true},
	{"ArticleTitle", articlePage, true}, {"PubDate", articlePage, true}, {"ContentSource", articlePage, true},
	{"Keywords", articlePage, false}, {"Author", articlePage, false}, {"Description", articlePage, false}, {"Image", articlePage, false}, {"Url", articlePage, false},
}

// A tag is a <meta> as it stands on a page.
type tag struct {
	node    *html.Node
	content string
	spaced  bool // a blank that is none stands before content
}

// tags sees what is missing or wrong of the metadata tags. Faults are shared by the pages of a site, since templates make them.
func (s *subject) tags() {
	scope, known := s.tagScope()
	if !known {
		return
	}
	found := s.metas()
	if !s.tagged(found) {
		s.see(sight{rule: GovTag, subject: "全部标签", group: "缺失", severity: Fault, evidence: "没有一个规定的标签", fix: s.block(scope)})
		return
	}
	for _, r := range tagRules {
		if r.on != everyPage && r.on != scope {
			continue
		}
		t, there := found[strings.ToLower(r.name)]
		if fault := s.faultOf(r, t, there); fault != "" {
			s.seeTag(r, fault, t)
		}
	}
}

// tagScope tells which tags the page is to have; known is false where it is neither a column nor an article.
func (s *subject) tagScope() (scope tagScope, known bool) {
	switch {
	case s.archived.Role == archive.Home:
		return everyPage, true
	case s.archived.Role == archive.List:
		return columnPage, true
	case s.out.Skip != "":
		return everyPage, false
	case indexPath.MatchString(s.page.URL.Path):
		return everyPage, true // a column's page without a list
	}
	return articlePage, true
}

func (s *subject) metas() map[string]tag {
	out := map[string]tag{}
	for n := range s.page.Root.Descendants() {
		if n.DataAtom != atom.Meta {
			continue
		}
		name := strings.ToLower(strings.TrimSpace(markup.Attr(n, "name")))
		if _, twice := out[name]; twice || name == "" {
			continue
		}
		t := tag{node: n, content: markup.Attr(n, "content")}
		for _, a := range n.Attr {
			t.spaced = t.spaced || a.Key != "content" && strings.TrimSpace(a.Key) == "content"
		}
		out[name] = t
	}
	return out
}

// tagged reports that the page has any of the tags that nothing else asks for.
func (s *subject) tagged(found map[string]tag) bool {
	for _, name := range []string{"sitename", "sitedomain", "siteidcode", "columnname", "columntype", "articletitle", "pubdate", "contentsource"} {
		if _, ok := found[name]; ok {
			return true
		}
	}
	return false
}

var (
	dateForm = regexp.MustCompile(`^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?: (?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d)?)?$`)
	codeForm = regexp.MustCompile(`^[0-9A-Za-z]{10}$`)
	inMarkup = regexp.MustCompile(`<[^>]{0,100}>|&(?:nbsp|lt|gt|amp);`)
)

// faultOf says what is wrong with a tag, in Chinese; empty: nothing is.
func (s *subject) faultOf(r tagRule, t tag, there bool) string {
	value := strings.TrimSpace(t.content)
	switch {
	case !there && r.needed:
		return "缺失"
	case !there:
		return ""
	case t.spaced:
		return "content 前是不间断空格（U+00A0），浏览器和检索程序读不到"
	case value == "" && r.needed:
		return "内容为空"
	case strings.EqualFold(value, "null") || strings.EqualFold(value, "undefined"):
		return "内容是 " + strings.ToLower(value)
	case value == "":
		return ""
	case inMarkup.MatchString(value):
		return "内容里有 HTML 代码"
	}
	return s.wrong(r.name, value)
}

// wrong says what is wrong with the value of a tag.
func (s *subject) wrong(name, value string) string {
	switch name {
	case "PubDate":
		if !dateForm.MatchString(value) {
			return "日期格式不是 YYYY-MM-DD HH:MM"
		}
	case "SiteIDCode":
		if !codeForm.MatchString(value) {
			return "不是十位网站标识码"
		}
		if own := s.site.SiteIDCode; own != "" && !strings.EqualFold(own, value) {
			return "是别的网站的标识码"
		}
	case "SiteDomain":
		u, err := url.Parse("http://" + strings.TrimPrefix(strings.TrimPrefix(strings.TrimRight(value, "/"), "http://"), "https://"))
		if err != nil || s.registry.Of(u) != s.site {
			return "是别的网站的域名"
		}
	case "Url":
		u, err := url.Parse(value)
		if err != nil || !u.IsAbs() {
			return "不是完整的网址"
		}
		if s.registry.Of(u) == nil {
			return "是别的网站的网址"
		}
	}
	return ""
}

func (s *subject) seeTag(r tagRule, fault string, t tag) {
	evidence := "没有这个标签"
	if t.node != nil {
		evidence = rendered(t.node)
	}
	fix := ""
	if v := s.proper(r.name, t.content); v != "" {
		fix = written(r.name, v)
	}
	severity := Hint
	if r.needed {
		severity = Fault
	}
	s.see(sight{rule: GovTag, subject: r.name + " " + fault, group: fault, severity: severity, evidence: evidence, fix: fix})
}
