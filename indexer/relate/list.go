package relate

import (
	"regexp"
	"strings"
)

var (
	// listing is the sentence before a list of texts, each a line or more: 下列文件予以废止：
	listing = regexp.MustCompile(`(?:下列|以下|如下).{0,120}?(?:废止|失效|停止执行|修改|修订)|(?:废止|失效|停止执行|修改|修订).{0,120}?(?:下列|以下|如下)`)
	// heading is the line above a list: 附件：宣布失效的文件目录（18件）.
	heading = regexp.MustCompile(`(?:废止|失效|停止执行|修改|修订)的?[^,。]{0,60}?(?:目录|清单|名单|文件|规章|一览表|统计表)(?:\([^)]*\))?$`)
	// repealsMany is the title of a text that is a list itself.
	repealsMany = regexp.MustCompile(`(?:废止|失效)[^《]{0,20}(?:文件|规章|法规|政策)[^《]{0,10}的?(?:通知|决定|公告|通告)$`)
	kept        = regexp.MustCompile(`继续有效|现行有效|予以保留|拟`)
	numbered    = regexp.MustCompile(`^[(\[]?[\d一二三四五六七八九十百]{1,4}[)\].、,\s]+`)
	beforeItem  = regexp.MustCompile(`^(?:将|对|修改|废止|删去)?[\p{Han}\d\s]{0,30}$`)
	// titleEnd follows a title that another title holds: 关于印发《…》的通知.
	titleEnd = regexp.MustCompile(`^(?:\([^)]{0,20}\))?的(?:通知|决定|意见|公告|通告|批复|函|规定)`)
	ofItself = regexp.MustCompile(`^(?:本|此|上述|以上|特此|各)`)
)

// longestItem is how many bytes a line of a list may have.
const longestItem = 600

// list notes that a line begins a list, or ends one; it reports such lines.
func (r *reader) list(l string) bool {
	if len(l) > longestItem {
		return false
	}
	if kept.MatchString(l) || draft.MatchString(l) {
		r.listed = 0
		return true
	}
	m := ""
	if strings.HasSuffix(l, ":") {
		m = listing.FindString(l)
	} else if len(findNumbers(l)) == 0 && !strings.Contains(l, "《") {
		m = heading.FindString(l)
	}
	if m == "" {
		return false
	}
	r.listed = amends
	if strings.Contains(m, "废止") || strings.Contains(m, "失效") || strings.Contains(m, "停止执行") {
		r.listed = repeals
	}
	return true
}

// item reads one line of a list: a title in 《》 or bare, a number, or both.
func (r *reader) item(l string) {
	if len(l) > longestItem {
		return
	}
	l = numbered.ReplaceAllString(l, "")
	ns := findNumbers(l)
	switch ts := quoted(l); {
	case len(ts) > 0 && ts[0].start > 0 && titleEnd.MatchString(l[ts[0].end:]):
		number := ""
		if len(ns) > 0 && ns[0].Start >= ts[0].end {
			number = ns[0].Key()
		}
		r.add(r.listed, 0, number, l[:ts[0].end+len(titleEnd.FindString(l[ts[0].end:]))])
	case len(ts) > 0:
		if beforeItem.MatchString(l[:ts[0].start]) {
			r.cited(r.listed, l, ts)
		}
	case len(ns) > 0:
		if strings.Contains(l[:ns[0].Start], ",") {
			return
		}
		r.add(r.listed, 0, ns[0].Key(), bareItem(l[:ns[0].Start]))
		for _, n := range ns[1:] {
			r.add(r.listed, 0, n.Key(), "")
		}
	default:
		if t := bareItem(l); lawLike.MatchString(t) && !strings.ContainsAny(t, ",。;:") && !ofItself.MatchString(t) {
			r.add(r.listed, 0, "", t)
		}
	}
}

// bareItem is a title without the brackets that follow it.
func bareItem(l string) string { return strings.TrimRight(strings.TrimSpace(l), " ([〔【,、:。;") }
