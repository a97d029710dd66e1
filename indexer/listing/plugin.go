package listing

import (
	"net/url"
	"regexp"
	"strings"
)

var (
	plugins      = regexp.MustCompile(`\blaypage(?:\.render)?\s*\(|\bjqPaginator\(|\.paging\(`)
	pluginOption = regexp.MustCompile(`\b(count|total|totalData|totalCount|totalNum|totalRecords?|limit|pageSize|showData|perPage|pages|pageCount|totalPages?|curr|current|currentPage|pageIndex|pageNo|pageNum)\s*:\s*["']?(\d{1,8})\b`)
	// what a pager's callback is given
	pluginNumber = `(?:(?:(?:obj|e|res|data|page|context)\.(?:curr|current|currentPage|page|pageNum|pageNo)|num|n|p|page|curr|current|pageNo|pageNum|pageIndex)\b|api\.getCurrent\(\))`

	// a request for the rows of a page
	requests = regexp.MustCompile("(?:\\burl\\s*:|\\$\\.(?:get|getJSON|post|ajax)\\(|\\bfetch\\(|\\baxios\\.(?:get|post)\\(|\\.load\\()\\s*(?:[\"']([^\"'\\s<>\\\\]{1,300}[?&_]\\w{0,20}(?i:page|curr)\\w{0,20}=)[\"']\\s*\\+\\s*[\\w.$]{1,40}(?:\\s*\\+\\s*[\"']([^\"'\\s<>\\\\]{0,200})[\"'])?|`([^`\\s<>\\\\]{1,300}[?&_]\\w{0,20}(?i:page|curr)\\w{0,20}=)\\$\\{[\\w.$]{1,40}\\}([^`$\\s<>\\\\]{0,200})`)")
	asksFor  = regexp.MustCompile(`(?i)[?&](?:q|wd|kw|key\w{0,10}|word|search\w{0,10})=`) // what somebody looks for
	numbered = regexp.MustCompile(`(?i)page|curr`)
	fromZero = regexp.MustCompile(`(?i)\b(?:page\w{0,10}|curr\w{0,10})\s*[:=]\s*0\b`)
)

// numbers are those that a pager is made with.
type numbers struct{ items, perPage, pages, current int }

func (o *numbers) set(name string, n int) {
	switch strings.ToLower(name) {
	case "limit", "pagesize", "showdata", "perpage":
		keep(&o.perPage, n)
	case "pages", "pagecount", "totalpage", "totalpages":
		keep(&o.pages, n)
	case "curr", "current", "currentpage", "pageindex", "pageno", "pagenum":
		keep(&o.current, n)
	default:
		keep(&o.items, n)
	}
}

// plugin reads the options of a pager that the page's script makes: laypage.render({count: 123, limit: 10, jump: …}).
func (v *view) plugin(l *Listing) bool {
	if !v.has("laypage", "jqPaginator", ".paging(") {
		return false
	}
	for _, s := range v.page.Scripts {
		at := plugins.FindStringIndex(s)
		if at == nil {
			continue
		}
		options := s[at[1]:min(len(s), at[1]+3000)]
		var said numbers
		for _, m := range pluginOption.FindAllStringSubmatch(options, 20) {
			said.set(m[1], atoi(m[2]))
		}
		ask := v.opens(options, pluginNumber)
		if ask == nil {
			continue
		}
		l.Items, l.PerPage, l.Pages = said.items, said.perPage, max(said.pages, l.Pages)
		l.complete()
		l.requests(max(said.current, v.said.current, 1), l.Pages, ask)
		return l.Pages > 0
	}
	return false
}

const fewDated = 3 // links with dates, from which on a page shows the rows of its list

// requested adds the first page of the rows that a script asks for, where the page shows none, and nothing else to read; or the second one, where the page
// shows the first and has a button for more.
func (v *view) requested(l *Listing) bool {
	more := v.dated() >= fewDated
	if v.prose || more && !v.has("加载更多", "查看更多", "点击加载") {
		return false
	}
	for _, s := range v.page.Scripts {
		if !joins(s) {
			continue
		}
		m := requests.FindStringSubmatch(s)
		if m == nil || asksFor.MatchString(m[1]+m[3]) {
			continue
		}
		first := 1
		if fromZero.MatchString(s) {
			first = 0
		}
		number := 1
		if more {
			first, number = first+1, 2
		}
		u, err := v.page.Resolve(m[1] + m[3] + itoa(first) + m[2] + m[4])
		if err != nil {
			continue
		}
		r := Request{URL: u, Number: number}
		if posts.MatchString(s) {
			r.Form = url.Values{}
		}
		l.Next, l.Rowless = append(l.Next, r), !more
		return true
	}
	return false
}

// joins reports a script that puts an address together behind the equals sign of a page's number. The expression takes long.
func joins(s string) bool {
	for {
		i := strings.IndexByte(s, '=')
		if i < 0 || i+2 >= len(s) {
			return false
		}
		name := s[max(0, i-40):i]
		s = s[i+1:]
		quoted := (s[0] == '"' || s[0] == '\'') && strings.HasPrefix(strings.TrimLeft(s[1:min(len(s), 20)], " \t\r\n"), "+")
		if (quoted || s[0] == '$' && s[1] == '{') && numbered.MatchString(name) {
			return true
		}
	}
}

// dated is how many links have dates beside them.
func (v *view) dated() (n int) {
	for _, k := range v.page.Links {
		if k.Date != "" {
			n++
		}
	}
	return n
}
