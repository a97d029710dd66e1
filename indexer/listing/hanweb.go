package listing

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"terrace/indexer/weburl"
)

// hanweb is 大汉 (Hanweb) JPage: the first rows stand in the page's <datastore>, the others come from dataproxy.jsp some pages at a time.
// Its script asks by POST; the servlet takes a GET as well, which is used unless the page says that it has to be a POST.
var hanweb = adapter{"hanweb", func(v *view) bool { return v.has("datastore", "dataproxy.jsp", "jpage(", "queryajax") }, readHanweb}

const usualGroup = 3 // pages that one answer brings, where the script does not say

var (
	hanwebNumber = regexp.MustCompile(`\b(totalRecord|perPage|groupSize)\s*:\s*["']?(\d{1,8})`)
	hanwebProxy  = regexp.MustCompile(`\bproxyUrl\s*:\s*["']([^"'\s]{1,300})["']`)
	hanwebParams = regexp.MustCompile(`\bajaxParam\s*:\s*(?:\{([^{}]*)\}|(\w{1,60}))`)
	hanwebParam  = regexp.MustCompile(`["']?(\w{1,40})["']?\s*:\s*(?:'([^']{0,300})'|"([^"]{0,300})"|([^\s,'"{}]{1,100}))`)
	hanwebPost   = regexp.MustCompile(`(?i)\b(?:ajaxType|type|method)\s*:\s*["']post["']`)
	nextGroup    = regexp.MustCompile(`(?s)<nextgroup>\s*<!\[CDATA\[[^\]]{0,40}?href\s*=\s*["']([^"']{1,1000})["']`)
	totalPage    = regexp.MustCompile(`(?i)<totalpage>\s*(\d{1,7})\s*</totalpage>`)
	totalRecord  = regexp.MustCompile(`(?i)<totalrecord>\s*(\d{1,8})\s*</totalrecord>`)
)

func readHanweb(v *view, l *Listing) bool {
	rows := v.page.Rows
	if m := totalRecord.FindSubmatch(v.page.Source); m != nil {
		l.Items = atoi(string(m[1]))
	}
	if m := totalPage.FindSubmatch(v.page.Source); m != nil {
		l.Pages = atoi(string(m[1]))
	}
	if v.laterRows(l, rows) || v.jpage(l, rows) {
		return true
	}
	if m := nextGroup.FindSubmatch(v.page.Source); m != nil && rows > 0 {
		l.add(v.page.URL, strings.ReplaceAll(string(m[1]), "&amp;", "&"), 0)
	}
	return rows > 0
}

// jpage reads the script of a list's page.
func (v *view) jpage(l *Listing, rows int) bool {
	for _, s := range v.page.Scripts {
		_, options, found := strings.Cut(s, "jpage(")
		if !found {
			continue
		}
		options = options[:min(len(options), 6000)]
		said := map[string]int{}
		for _, m := range hanwebNumber.FindAllStringSubmatch(options, 20) {
			said[m[1]] = atoi(m[2])
		}
		l.Items, l.PerPage, l.Pages = said["totalRecord"], said["perPage"], 0
		l.complete()
		params := hanwebParameters(options, s)
		if l.Items == 0 || l.PerPage == 0 || params == "" {
			continue
		}
		group := l.PerPage * max(said["groupSize"], usualGroup)
		if rows > 0 && rows%l.PerPage == 0 {
			group = rows
		}
		proxy := "/module/web/jpage/dataproxy.jsp"
		if m := hanwebProxy.FindStringSubmatch(options); m != nil {
			proxy = m[1]
		}
		v.groups(l, proxy, params, max(rows, group), group, hanwebPost.MatchString(options))
		return true
	}
	return false
}

// hanwebParameters are those that the script sends, as a query: {columnid:7, unitid:'12'}, written there or in a variable of that name.
func hanwebParameters(options, script string) string {
	m := hanwebParams.FindStringSubmatch(options)
	if m == nil {
		return ""
	}
	list := m[1]
	if m[2] != "" {
		list = valueOf(script, m[2])
	}
	var query strings.Builder
	for _, p := range hanwebParam.FindAllStringSubmatch(list, 40) {
		query.WriteString("&" + url.QueryEscape(p[1]) + "=" + url.QueryEscape(p[2]+p[3]+p[4]))
	}
	return query.String()
}

// valueOf is what stands in braces where a variable is set.
func valueOf(script, name string) string {
	for range 20 {
		_, after, found := strings.Cut(script, name)
		if !found {
			break
		}
		script = after
		if value, set := strings.CutPrefix(strings.TrimLeft(after[:min(len(after), 2000)], " "), "="); set {
			_, value, _ = strings.Cut(value, "{")
			value, _, _ = strings.Cut(value, "}")
			return value
		}
	}
	return ""
}

// groups adds what the proxy is to be asked for: the entries after the first have, size at a time.
func (v *view) groups(l *Listing, proxy, params string, have, size int, post bool) {
	for from, number := have+1, 2; from <= l.Items && number <= MaxNext; from, number = from+size, number+1 {
		join := "?"
		if strings.Contains(proxy, "?") {
			join = "&"
		}
		address := fmt.Sprintf("%s%sstartrecord=%d&endrecord=%d&perpage=%d", proxy, join, from, min(from+size-1, l.Items), l.PerPage)
		if !post {
			l.add(v.page.URL, address+params, number)
			continue
		}
		if u, err := weburl.Parse(v.page.URL, address); err == nil {
			form, _ := url.ParseQuery(strings.TrimPrefix(params, "&"))
			l.Next = append(l.Next, Request{URL: u, Form: form, Number: number})
		}
	}
}

// laterRows reads an answer of the proxy that was asked for by numbers of entries, and adds the one that follows.
func (v *view) laterRows(l *Listing, rows int) bool {
	from, to := queryNumber(v.page.URL, "startrecord"), queryNumber(v.page.URL, "endrecord")
	if from == 0 || to < from {
		return false
	}
	l.PerPage = queryNumber(v.page.URL, "perpage")
	size := to - from + 1
	if rows < size || l.Items > 0 && to >= l.Items {
		return rows > 0
	}
	last := to + size
	if l.Items > 0 {
		last = min(last, l.Items) // as the first page asks for it
	}
	query := setNumber(setNumber(v.page.URL.RawQuery, "startrecord", to+1), "endrecord", last)
	l.add(v.page.URL, "?"+query, 0)
	return true
}
