package listing

import (
	"fmt"
	"regexp"
)

// trs is TRS WCM (拓尔思), whose scripts write the links: page 1 is index.html, page n is index_n-1.html.
var trs = adapter{"trs", func(v *view) bool { return len(v.page.Scripts) > 0 && v.has("createPageHTML", "Pager(", "countPage") }, readTRS}

// TRS's scripts, each with its numbers in named groups.
var trsPagers = []*regexp.Regexp{
	// createPageHTML(4, 0, "index", "html"); some templates name the box first or the number of entries last.
	regexp.MustCompile(`createPageHTML\w*\(\s*(?:["'][^"']*["']\s*,\s*)?(?P<total>\d{1,5})\s*,\s*(?P<current>\d{1,5})\s*,\s*["'](?P<prefix>[^"']{1,80})["']\s*,\s*["'](?P<suffix>\w{1,8})["']\s*(?:,\s*(?P<items>\d{1,8}))?`),
	// Pager({size:4, current:0, prefix:'index', suffix:'html'})
	regexp.MustCompile(`Pager\(\s*\{\s*size\s*:\s*(?P<total>\d{1,5})\s*,\s*current\s*:\s*(?P<current>\d{1,5})\s*,\s*prefix\s*:\s*["'](?P<prefix>[^"']{1,80})["']\s*,\s*suffix\s*:\s*["'](?P<suffix>\w{1,8})["'](?P<items>)`),
	// var currentPage = 0; … var countPage = 4; written out in the page
	regexp.MustCompile(`(?s)currentPage\s*=\s*(?P<current>\d{1,5})\s*;.{0,300}countPage\s*=\s*(?P<total>\d{1,5})\s*(?:;|//|\n).{0,600}?href=\\?["'](?P<prefix>\w+)\.(?P<suffix>\w{2,5})(?P<items>)`),
}

func readTRS(v *view, l *Listing) bool {
	for _, s := range v.page.Scripts {
		for _, re := range trsPagers {
			m := re.FindStringSubmatch(s)
			if m == nil {
				continue
			}
			group := func(name string) string { return m[re.SubexpIndex(name)] }
			l.Pages = atoi(group("total"))
			l.count(atoi(group("items")))
			l.number(v.page.URL, atoi(group("current"))+1, l.Pages, func(n int) string {
				return fmt.Sprintf("%s_%d.%s", group("prefix"), n-1, group("suffix"))
			})
			return l.Pages > 0
		}
	}
	return false
}

// count takes the number of entries that a script names, if it can be that of so many pages.
func (l *Listing) count(items int) {
	if items > 0 && items >= l.Pages {
		l.Items = items
	}
}
