package listing

import (
	"regexp"
	"strings"
)

// answer is what a list's script asks for: JSON with the rows of one page, whose number stands in its address.
var answer = adapter{"data", func(v *view) bool { return v.page.Data }, readAnswer}

var (
	pageParam = regexp.MustCompile(`(?i)^_?(?:page|pageno|pagenum|pagenumber|pageindex|currentpage|currpage|curpage|cpage|pn|p)$`)
	sizeParam = regexp.MustCompile(`(?i)^_?(?:pagesize|perpage|limit|rows|size|ps)$`)
)

// parameter is the first parameter of the page's address whose name a pattern knows, and its value; empty where there is none.
func (v *view) parameter(name *regexp.Regexp) (string, int) {
	for part := range strings.SplitSeq(v.page.URL.RawQuery, "&") {
		if k, value, ok := strings.Cut(part, "="); ok && name.MatchString(k) && (value == "0" || atoi(value) > 0) {
			return k, atoi(value)
		}
	}
	return "", 0
}

// readAnswer leads to the pages that the total leaves room for or, where none is told, to the next one as long as there are rows.
func readAnswer(v *view, l *Listing) bool {
	name, number := v.parameter(pageParam)
	rows := len(v.page.Links)
	if name == "" || rows == 0 {
		return rows > 0
	}
	if _, l.PerPage = v.parameter(sizeParam); l.PerPage == 0 && number <= 1 && rows < l.Items {
		l.PerPage = rows
	}
	l.complete()
	write := func(n int) string { return "?" + setNumber(v.page.URL.RawQuery, name, n) }
	switch {
	case number == 0: // pages count from 0
		l.number(v.page.URL, 1, max(l.Pages, 2), func(n int) string { return write(n - 1) })
	case l.Pages > 0:
		l.number(v.page.URL, number, l.Pages, write)
	case l.Items == 0 || number*rows < l.Items:
		l.add(v.page.URL, write(number+1), number+1)
	}
	return true
}
