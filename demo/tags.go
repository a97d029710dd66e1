package demo

import (
	"strings"
	"time"
	"unicode/utf8"
)

// A tag is one metadata element of 国办发〔2017〕47号. Space parts the attributes; one page in four has a no-break space there.
type tag struct{ Name, Space, Content string }

// tags are an article's metadata, with the mistakes real systems make. What is wrong depends on the article alone.
func tags(a *composition) []tag {
	s, k := a.column.site, a.column
	wrong := func(n, rest int) bool { return a.dice/7%n == rest }
	published := imported(a).Format(time.DateOnly) + " 09:00"
	if wrong(9, 1) {
		published = imported(a).Format("2006年1月2日")
	}
	domain, title, author, source := s.Host, a.title, a.author, a.source
	address := s.at(s.style.article(a))
	about := cutText(a.text(), 80)
	switch {
	case wrong(6, 0):
		domain = "www.example.net" // of the city the pages were copied from
	case wrong(6, 1):
		author, source = "null", "null"
	case wrong(6, 2):
		address = s.style.article(a)
	case wrong(6, 3):
		about = "null"
	}
	if n := utf8.RuneCountInString(title); n > 24 && a.dice%5 == 0 {
		title = breakAt(title, n/2)
	}
	space := " "
	if a.dice%4 == 1 {
		space = "\u00a0"
	}
	all := []tag{
		{"SiteName", "", s.Name}, {"SiteDomain", "", domain}, {"SiteIDCode", "", s.SiteIDCode}, {"ColumnName", "", k.name},
		{"ColumnType", "", columnType(k.genre)}, {"ArticleTitle", "", title}, {"PubDate", "", published}, {"ContentSource", "", source},
		{"Keywords", "", k.name + "," + s.place}, {"Author", "", author}, {"Description", "", about}, {"Url", "", address},
	}
	for i := range all {
		all[i].Space = space
	}
	return all
}

// columnType is the word 国办发〔2017〕47号 has for a column's purpose.
func columnType(g genre) string {
	switch g {
	case news:
		return "工作动态"
	case policy, reading:
		return "政策文件"
	case letter:
		return "互动交流"
	case guide:
		return "办事服务"
	}
	return "通知公告"
}

func cutText(s string, n int) string {
	return cut(n, strings.ReplaceAll(s, "\n", " "))
}
