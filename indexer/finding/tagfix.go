package finding

import (
	"html"
	"regexp"
	"strings"

	xhtml "golang.org/x/net/html"

	"terrace/index"
	"terrace/indexer/archive"
)

// rendered is a tag as it stands.
func rendered(n *xhtml.Node) string {
	var b strings.Builder
	if err := xhtml.Render(&b, n); err != nil {
		return ""
	}
	return b.String()
}

// written is a tag, ready to be pasted.
func written(name, content string) string {
	return `<meta name="` + name + `" content="` + html.EscapeString(content) + `">`
}

// proper is what a tag is to hold, as far as the page and the configuration tell; empty where they do not.
func (s *subject) proper(name, now string) string {
	d, copy := &s.out.Document, index.Copy{}
	if len(d.Copies) > 0 {
		copy = d.Copies[0]
	}
	switch name {
	case "SiteName":
		return s.site.Name
	case "SiteDomain":
		return s.page.URL.Host
	case "SiteIDCode":
		return s.site.SiteIDCode
	case "ColumnName":
		if s.archived.Role == archive.List {
			return s.archived.Anchor
		}
		return copy.Column
	case "ColumnDescription":
		if s.archived.Anchor != "" {
			return s.site.Name + "“" + s.archived.Anchor + "”栏目"
		}
	case "ColumnKeywords":
		if s.archived.Anchor != "" {
			return s.archived.Anchor + "," + s.site.Name
		}
	case "ColumnType":
		return columnType(s.archived.Anchor)
	case "ArticleTitle":
		return d.Title
	case "PubDate":
		if copy.Date != 0 {
			return copy.Date.String() + timeOf(now)
		}
	case "ContentSource":
		return d.Source
	case "Description":
		return cut(oneLine(d.Body), 100)
	case "Url":
		return s.archived.URL
	}
	return ""
}

var clock = regexp.MustCompile(`(?:^|\D)((?:[01]?\d|2[0-3]):[0-5]\d)`)

// timeOf is the time of day in a date as it was written, or the beginning of the day.
func timeOf(value string) string {
	if m := clock.FindStringSubmatch(value); m != nil {
		return " " + strings.Repeat("0", len("00:00")-len(m[1])) + m[1]
	}
	return " 00:00"
}

// columnType is what kind of column one of this name is.
func columnType(name string) string {
	for _, t := range []struct{ word, is string }{
		{"动态", "工作动态"}, {"要闻", "工作动态"}, {"新闻", "工作动态"}, {"解读", "政策解读"}, {"政策", "政策文件"}, {"文件", "政策文件"}, {"法规", "政策文件"}, {"公告", "通知公告"}, {"公示", "通知公告"},
		{"通知", "通知公告"}, {"指南", "办事服务"}, {"服务", "办事服务"}, {"信箱", "互动交流"}, {"咨询", "互动交流"}, {"概况", "概况信息"},
	} {
		if strings.Contains(name, t.word) {
			return t.is
		}
	}
	return ""
}

// block is all tags that the page is to have.
func (s *subject) block(scope tagScope) string {
	var lines []string
	for _, r := range tagRules {
		if r.on != everyPage && r.on != scope {
			continue
		}
		if v := s.proper(r.name, ""); v != "" {
			lines = append(lines, written(r.name, v))
		} else if r.needed {
			lines = append(lines, written(r.name, "（请填写）"))
		}
	}
	return strings.Join(lines, "\n")
}
