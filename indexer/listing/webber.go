package listing

import (
	"fmt"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// webber is 博达 (Webber, VSB). It numbers the files of a list from its end, so that old ones stay as they are: of 31 pages the first is
// tzgg.htm, the second tzgg/30.htm, the last tzgg/1.htm. Lists made when asked for have the page in PAGENUM.
var webber = adapter{"webber", func(v *view) bool { return v.has("_gotopage_fun(", "PAGENUM=", "p_pages") }, readWebber}

var (
	webberTotal = regexp.MustCompile(`^_gotopage_fun\(\s*(\d{1,6})\s*,`)
	pageNumIn   = regexp.MustCompile(`(?i)([?&]PAGENUM=)\d+`)
)

func readWebber(v *view, l *Listing) bool {
	for _, w := range v.windows("_gotopage_fun(", 40) {
		if m := webberTotal.FindStringSubmatch(w); m != nil {
			l.Pages = atoi(m[1])
			break
		}
	}
	if counted := v.countedBack(); l.Pages == 0 {
		l.Pages = counted
	}
	if l.Pages == 0 {
		return false
	}
	for _, link := range v.page.Links {
		if address := link.URL.String(); pageNumIn.MatchString(address) {
			current := max(queryNumber(v.page.URL, "PAGENUM"), 1)
			l.number(v.page.URL, current, l.Pages, func(n int) string { return pageNumIn.ReplaceAllString(address, fmt.Sprintf("${1}%d", n)) })
			return true
		}
	}
	stem, ext := v.file()
	if !strings.HasPrefix(ext, ".htm") {
		return true
	}
	current, folder := v.webberPage(stem, l.Pages)
	l.number(v.page.URL, current, l.Pages, func(n int) string { return fmt.Sprintf("%s%d%s", folder, l.Pages-n+1, ext) })
	return true
}

// countedBack is how many pages a list has whose numbers lead to files that are counted from the end, or to PAGENUM; 0 where they do not.
func (v *view) countedBack() (total int) {
	for _, k := range v.pagers() {
		u, err := url.Parse(k.address)
		if err != nil || k.number < 2 {
			continue
		}
		if queryNumber(u, "PAGENUM") > 0 {
			total = max(total, k.number, queryNumber(u, "totalpage"))
			continue
		}
		name := path.Base(u.Path)
		file := atoi(strings.TrimSuffix(name, path.Ext(name)))
		if all := k.number + file - 1; file == 0 || total > 0 && all != total {
			return 0
		} else {
			total = all
		}
	}
	return total
}

// webberPage tells which page of the list this is, and the folder of the others as seen from it. A first page whose name is a number is told
// by its links into a folder of that name.
func (v *view) webberPage(stem string, total int) (current int, folder string) {
	file := atoi(stem)
	if file < 1 || file >= total || v.said.current == 1 {
		return 1, stem + "/"
	}
	inside := strings.TrimSuffix(v.page.URL.Path, v.page.URL.Path[strings.LastIndexByte(v.page.URL.Path, '/')+1:]) + stem + "/"
	for _, link := range v.page.Links {
		if link.URL.Host == v.page.URL.Host && strings.HasPrefix(link.URL.Path, inside) {
			return 1, stem + "/"
		}
	}
	return total - file + 1, ""
}
