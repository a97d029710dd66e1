package listing

import "regexp"

// answer is what a list's script asks for: JSON with the rows of one page, whose number stands in its address.
var answer = adapter{"data", func(v *view) bool { return v.page.Data }, readAnswer}

var (
	pageParam = regexp.MustCompile(`(?i)^_?(?:page|pageno|pagenum|pagenumber|pageindex|currentpage|currpage|curpage|cpage|pn|p)$`)
	sizeParam = regexp.MustCompile(`(?i)^_?(?:pagesize|perpage|limit|rows|size|ps)$`)
)

// readAnswer leads to the pages that the total leaves room for or, where none is told, to the next one as long as there are rows.
func readAnswer(v *view, l *Listing) bool {
	at := v.place()
	rows := len(v.page.Links)
	if at == nil || rows == 0 {
		return rows > 0
	}
	if l.PerPage = at.size; l.PerPage == 0 && at.number <= 1 && rows < l.Items {
		l.PerPage = rows
	}
	l.complete()
	before := 0 // what is to be taken off from the number of a page
	if at.zero {
		before = 1
	}
	current := at.number + before
	write := func(n int) Request { return at.write(n - before) }
	switch {
	case at.number == 0 && l.Pages == 0:
		l.requests(1, 2, write)
	case at.number == 0:
		l.requests(1, l.Pages, write)
	case l.Pages > 0:
		l.requests(current, l.Pages, write)
	case l.Items == 0 || current > MaxNext: // else the first page led to all
		l.requests(current, current+1, write)
	}
	return true
}
