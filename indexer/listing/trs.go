package listing

import (
	"fmt"
	"regexp"
	"strings"
)

// trs is TRS WCM (拓尔思), whose scripts write the links: page 1 is index.html, page n is index_n-1.html.
var trs = adapter{"trs", func(v *view) bool {
	return len(v.page.Scripts) > 0 && v.has("createPageHTML", "Pager(", "countPage", "m_nRecordCount")
}, readTRS}

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
			m := uncommented(re, s)
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
	return v.recordCount(l)
}

// uncommented finds the first match that does not stand behind // on its line.
func uncommented(re *regexp.Regexp, s string) []string {
	for _, at := range re.FindAllStringSubmatchIndex(s, 20) {
		if line := s[strings.LastIndexByte(s[:at[0]], '\n')+1 : at[0]]; strings.HasPrefix(strings.TrimSpace(line), "//") {
			continue
		}
		m := make([]string, len(at)/2)
		for i := range m {
			if at[2*i] >= 0 {
				m[i] = s[at[2*i]:at[2*i+1]]
			}
		}
		return m
	}
	return nil
}

// trsVariable are those of an older script, which makes the links of what stands in them.
var trsVariable = regexp.MustCompile(`\bm_[ns](RecordCount|PageSize|CurrPage|CurrIndex)\s*=\s*["']?(\d{1,8})`)

// recordCount reads var m_nRecordCount = "133"; var m_nPageSize = 15; pages are named as those of the others, after the page itself.
func (v *view) recordCount(l *Listing) bool {
	for _, s := range v.page.Scripts {
		said := map[string]int{}
		for _, m := range trsVariable.FindAllStringSubmatch(s, 20) {
			said[m[1]] = atoi(m[2])
		}
		if said["RecordCount"] == 0 || said["PageSize"] == 0 {
			continue
		}
		l.Items, l.PerPage, l.Pages = said["RecordCount"], said["PageSize"], 0
		l.complete()
		stem, ext := v.file()
		current := max(said["CurrPage"], said["CurrIndex"])
		stem = strings.TrimSuffix(stem, fmt.Sprintf("_%d", current))
		l.number(v.page.URL, current+1, l.Pages, func(n int) string { return fmt.Sprintf("%s_%d%s", stem, n-1, ext) })
		return true
	}
	return false
}

// count takes the number of entries that a script names, if it can be that of so many pages.
func (l *Listing) count(items int) {
	if items > 0 && items >= l.Pages {
		l.Items = items
	}
}
