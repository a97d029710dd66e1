package listing

import (
	"fmt"
	"regexp"
	"strings"
)

// epoint is 新点 (Epoint): page 1 of a list is moreinfo.html or subpage.html, page n is n.html beside it; older sites have the page in the
// query, as pageIndex or Paging.
var epoint = adapter{"epoint", func(v *view) bool {
	return v.has("ewb-page", "categorypagingcontent", "ShowAjaxNewPage", "ShowNewPage", "huifengcms", "EpointWebBuilder") ||
		strings.Contains(strings.ToLower(v.page.URL.Path), "moreinfo")
}, readEpoint}

var (
	epointCall  = regexp.MustCompile(`Show(?:Ajax)?NewPage\(\s*([^,]{1,200}),\s*["'][^"']{0,60}["']\s*,\s*(\d{1,6})`)
	epointTotal = regexp.MustCompile(`\b(total|pageSize|pageIndex|pageCount|totalPage)\s*:\s*["']?(\d{1,8})`)
	epointPage  = regexp.MustCompile(`(?i)([?&](?:pageIndex|Paging)=)\d+`)
	epointFile  = regexp.MustCompile(`/\d{1,6}\.(?:html?|shtml)$`)
)

func readEpoint(v *view, l *Listing) bool {
	current := v.epointCounts(l)
	query, called := "", false
	for _, link := range v.page.Links {
		if address := link.URL.String(); link.URL.Path == v.page.URL.Path && epointPage.MatchString(address) {
			query = address
		}
	}
	for _, h := range v.handlers {
		if m := epointCall.FindStringSubmatch(h.script); m != nil {
			l.Pages, called = max(l.Pages, atoi(m[2])), true
		}
	}
	if query != "" {
		current = max(current, queryNumber(v.page.URL, "pageIndex"), queryNumber(v.page.URL, "Paging"))
		l.number(v.page.URL, current, l.Pages, func(n int) string { return epointPage.ReplaceAllString(query, fmt.Sprintf("${1}%d", n)) })
		return l.Pages > 0
	}
	stem, ext := v.file()
	lower := strings.ToLower(stem)
	first := strings.HasPrefix(lower, "moreinfo") || strings.HasPrefix(lower, "subpage") || strings.HasPrefix(lower, "secondpage")
	later := epointFile.MatchString(v.page.URL.Path)
	if !first && !later && !called || !strings.Contains(ext, "htm") {
		return false
	}
	if later {
		current = max(current, atoi(stem))
	}
	l.number(v.page.URL, current, l.Pages, func(n int) string { return fmt.Sprintf("%d%s", n, ext) })
	return l.Pages > 0
}

// epointCounts reads the numbers of the pager, written by its script or as 1/35, and returns which page this is; 0 where it does not say.
func (v *view) epointCounts(l *Listing) int {
	current := max(v.said.current, v.said.loneCurrent)
	if l.Pages == 0 && v.said.loneCurrent <= v.said.lonePages {
		l.Pages = v.said.lonePages
	}
	for _, s := range v.page.Scripts {
		_, options, found := strings.Cut(s, ".pagination(")
		if !found {
			if _, options, found = strings.Cut(s, ".pager("); !found {
				continue
			}
		}
		for _, m := range epointTotal.FindAllStringSubmatch(options[:min(len(options), 2000)], 20) {
			switch n := atoi(m[2]); m[1] {
			case "total":
				l.Items = n
			case "pageSize":
				l.PerPage = n
			case "pageCount", "totalPage":
				l.Pages = n
			case "pageIndex":
				current = max(current, n)
			}
		}
	}
	l.complete()
	return current
}
