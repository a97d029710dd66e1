package listing

import (
	"net/url"
	"path"
	"regexp"
	"strings"
)

// script is any system whose pager is a script that stands in the page and is plain to read: links that call a function with a page's number, which opens an
// address or sends a form with that number in it; a pager that is given the numbers, and opens an address; or a request for rows, of which the page shows none.
var script = adapter{"script", func(v *view) bool { return len(v.page.Scripts) > 0 || len(v.menus) > 0 }, func(v *view, l *Listing) bool {
	return v.called(l) || v.plugin(l) || v.picked(l) || v.pointed(l) || v.requested(l)
}}

var menuCall = regexp.MustCompile(`(?i)^\s*(?:javascript:)?\s*(?:return\s+)?([\w$]{1,40})\(\s*` + chosenValue + `\s*[,)]`)

var pageCall = regexp.MustCompile(`(?i)^\s*(?:javascript:)?\s*(?:return\s+)?(?:[\w$]{1,40}\.)?([\w$]{1,40})\(\s*['"]?(\d{1,6})['"]?\s*[,)]`)

// A call is a pager's link that calls a function of the page with a number.
type call struct {
	function string
	text     string
	argument int
}

// calls are those of the first function that a link leading on calls.
func (v *view) calls() []call {
	var all []call
	function := ""
	for _, h := range v.handlers {
		if !paging(h.text) {
			continue
		}
		m := pageCall.FindStringSubmatch(h.script)
		if m == nil || m[1] == "__doPostBack" {
			continue
		}
		if function == "" && turns(h.text) {
			function = m[1]
		}
		all = append(all, call{m[1], h.text, atoi(m[2])})
	}
	out := all[:0]
	for _, c := range all {
		if c.function == function {
			out = append(out, c)
		}
	}
	return out
}

// called adds the pages that a function of the page leads to.
func (v *view) called(l *Listing) bool {
	calls := v.calls()
	if len(calls) == 0 {
		return false
	}
	current, last, less := max(v.said.current, 1), 0, 0
	for _, c := range calls {
		number := first(pageNumber, c.text)
		if number == 0 && isNext.MatchString(c.text) {
			number = current + 1
		}
		if number == c.argument+1 {
			less = 1 // pages count from 0
		}
		last = max(last, c.argument)
	}
	ask := v.function(calls[0].function)
	if ask == nil {
		return false
	}
	l.Pages = max(l.Pages, last+less)
	l.requests(current, l.Pages, func(n int) Request { return ask(n - less) })
	return len(l.Next) > 0 || l.Pages > 0
}

// requests adds a list's pages whose requests follow from their numbers: where current is its first page all others, else the next one.
func (l *Listing) requests(current, total int, request func(n int) Request) {
	last := current + 1
	if current <= 1 {
		current, last = 1, MaxNext+1
	}
	for n := current + 1; n <= min(last, total); n++ {
		if r := request(n); r.URL != nil && len(l.Next) < MaxNext {
			r.Number = n
			l.Next = append(l.Next, r)
		}
	}
}

const longestFunction = 2000 // bytes of a function that are looked at

// function finds in the page's scripts what a function does with its first argument, a page's number; nil where that cannot be read.
func (v *view) function(name string) func(n int) Request {
	head := regexp.MustCompile(`(?:function\s+` + regexp.QuoteMeta(name) + `|\b` + regexp.QuoteMeta(name) + `\s*[:=]\s*function)\s*\(\s*(\w{1,40})`)
	for _, s := range v.page.Scripts {
		m := head.FindStringSubmatchIndex(s)
		if m == nil {
			continue
		}
		argument, body := s[m[2]:m[3]], s[m[1]:min(len(s), m[1]+longestFunction)]
		if end := strings.Index(body, "\nfunction "); end > 0 {
			body = body[:end]
		}
		if ask := v.sends(body, argument); ask != nil {
			return ask
		}
		if ask := v.opens(body, regexp.QuoteMeta(argument)+`\b`); ask != nil {
			return ask
		}
	}
	return nil
}

var posts = regexp.MustCompile(`(?i)\.post\(|\b(?:type|method)\s*:\s*["']post["']`)

// opens reads an address that a script puts together around an expression for the page's number: "list.jsp?page=" + n + "&type=3".
// The expression ends where a word does.
func (v *view) opens(script, expression string) func(n int) Request {
	joined := regexp.MustCompile(`["']([^"'\s<>\\]{0,300})["']\s*\+\s*((?:parseInt|Number)?\(?\s*` + expression + `(?:\s*-\s*1\b)?)\s*\)?(?:\s*\+\s*["']([^"'\s<>\\]{0,200})["'])?`)
	for _, m := range joined.FindAllStringSubmatch(script, 20) {
		before, after := m[1], m[3]
		if !addressed(before, after) {
			continue
		}
		if strings.HasPrefix(before, "&") {
			before = "?" + v.page.URL.RawQuery + before
		}
		taken, post := less(m[2]), posts.MatchString(script)
		return func(n int) Request {
			u, err := v.page.Resolve(before + itoa(n-taken) + after)
			if err != nil {
				return Request{}
			}
			if post {
				return Request{URL: u, Form: url.Values{}}
			}
			return Request{URL: u}
		}
	}
	return nil
}

// addressed reports parts of a page's address around a number, and not of a sentence, a piece of a page or a picture.
func addressed(before, after string) bool {
	for _, r := range before + after {
		if r > '~' {
			return false
		}
	}
	switch path.Ext(after) {
	case ".jpg", ".jpeg", ".png", ".gif", ".swf":
		return false
	}
	return strings.HasSuffix(before, "=") || strings.Contains(before, "/") || strings.HasSuffix(before, "_") && strings.Contains(after, ".")
}

// sends reads a form that a script sends with the page's number in one of its fields.
func (v *view) sends(script, argument string) func(n int) Request {
	if !strings.Contains(script, "submit(") {
		return nil
	}
	set := regexp.MustCompile(`(?:ById\(\s*["'](\w{1,60})["']\s*\)|ByName\(\s*["'](\w{1,60})["']\s*\)\[0\]|\$\(\s*["']#(\w{1,60})["']\s*\)|\[name=["'\\]*(\w{1,60})["'\\]*\]["']?\s*\)|\.(\w{1,60}))\s*(?:\.value\s*=\s*|\.val\(\s*)` + regexp.QuoteMeta(argument) + `\b`)
	m := set.FindStringSubmatch(script)
	if m == nil {
		return nil
	}
	name := m[1] + m[2] + m[3] + m[4] + m[5]
	for _, f := range v.fields {
		if f.form >= 0 && (f.id == name || f.name == name) {
			return func(n int) Request { return v.sent(f.form, f.name, itoa(n)) }
		}
	}
	return nil
}
