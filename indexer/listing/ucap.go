package listing

import (
	"fmt"
	"regexp"
	"strings"
)

// ucap is 开普 (Ucap) and the systems that share its scripts. They count pages from 1: page n is index_n.html.
var ucap = adapter{"ucap", func(v *view) bool { return len(v.page.Scripts) > 0 && v.has("createPageHTML", ".pagination(") }, readUcap}

var (
	// createPageHTML('page_div', 10, 1, 'list', 'shtml', 189): the box, pages, this page, the names of the files, entries. A page 0 is TRS's.
	ucapPager = regexp.MustCompile(`createPageHTML\w*\(\s*["'][^"']*["']\s*,\s*(\d{1,5})\s*,\s*([1-9]\d{0,4})\s*,\s*["']([^"']{1,80})["']\s*,\s*["'](\w{1,8})["']\s*(?:,\s*(\d{1,8}))?`)

	// $("#pagination").pagination({totalData: 1204, showData: 15, pageCount: 81, current: 1, callback: …})
	ucapOption = regexp.MustCompile(`\b(totalData|totalCount|showData|pageSize|pageCount|current)\s*:\s*["']?(\d{1,8})`)
	// What its callback opens: "index_" + n + ".html", or "?page=" + n.
	ucapFile  = regexp.MustCompile(`["']([\w./-]{0,80}_)["']\s*\+\s*([\w.()$ -]{1,40}?)\s*\+\s*["'](\.\w{3,5})["']`)
	ucapQuery = regexp.MustCompile(`["']([^"'\s<>]{0,200}[?&]\w*[pP]age\w*=)["']\s*\+\s*([\w.()$ -]{1,40})`)
)

func readUcap(v *view, l *Listing) bool {
	for _, s := range v.page.Scripts {
		if m := ucapPager.FindStringSubmatch(s); m != nil {
			l.Pages = atoi(m[1])
			l.count(atoi(m[5]))
			l.number(v.page.URL, atoi(m[2]), l.Pages, func(n int) string { return fmt.Sprintf("%s_%d.%s", m[3], n, m[4]) })
			return l.Pages > 0
		}
	}
	for _, s := range v.page.Scripts {
		if _, options, found := strings.Cut(s, ".pagination("); found && v.pagination(l, options[:min(len(options), 3000)], s) {
			return true
		}
	}
	return false
}

// pagination reads the options of a pager. Where its callback does not tell the addresses, the usual one of the next page is tried.
func (v *view) pagination(l *Listing, options, script string) bool {
	said := map[string]int{}
	for _, m := range ucapOption.FindAllStringSubmatch(options, 20) {
		said[m[1]] = atoi(m[2])
	}
	l.Items, l.PerPage = max(said["totalData"], said["totalCount"]), max(said["showData"], said["pageSize"])
	l.Pages = said["pageCount"]
	l.complete()
	current := max(said["current"], 1)
	if m := ucapFile.FindStringSubmatch(script); m != nil {
		l.number(v.page.URL, current, l.Pages, func(n int) string { return fmt.Sprintf("%s%d%s", m[1], n-less(m[2]), m[3]) })
		return l.Pages > 0
	}
	if m := ucapQuery.FindStringSubmatch(script); m != nil {
		l.number(v.page.URL, current, l.Pages, func(n int) string { return fmt.Sprintf("%s%d", m[1], n-less(m[2])) })
		return l.Pages > 0
	}
	if stem, ext := v.file(); current < l.Pages && !strings.Contains(v.page.URL.RawQuery, "=") {
		stem = strings.TrimSuffix(stem, fmt.Sprintf("_%d", current))
		l.add(v.page.URL, fmt.Sprintf("%s_%d%s", stem, current+1, ext), current+1)
	}
	return l.Pages > 0
}

// less is 1 where an expression for the page's number takes 1 away.
func less(expression string) int {
	if strings.HasSuffix(strings.ReplaceAll(expression, " ", ""), "-1") || strings.Contains(strings.ReplaceAll(expression, " ", ""), "-1)") {
		return 1
	}
	return 0
}
