package listing

import (
	"net/url"
	"regexp"
	"strings"
)

// aspnet is ASP.NET Web Forms: the links of a pager send the page's form back to it, with the pager's name and the page's number.
var aspnet = adapter{"aspnet", func(v *view) bool { return v.has("__doPostBack(") }, readASPNET}

var (
	postBack = regexp.MustCompile(`__doPostBack\(\s*(?:'|&#39;|\\')([^'\\]{1,200}?)(?:'|&#39;|\\')\s*,\s*(?:'|&#39;|\\')([^'\\]{0,60}?)(?:'|&#39;|\\')`)
	// 2 of AspNetPager, Page$2 of a GridView
	postBackPage = regexp.MustCompile(`^(?:Page\$)?([1-9]\d{0,5})$`)
	currentSpan  = regexp.MustCompile(`<span[^>]{0,200}>(?:\s*<[^>]{1,60}>){0,2}\s*(\d{1,6})\s*(?:<[^>]{1,60}>\s*){0,2}</span>`)
)

// A pager is a control that several links of a page send back, each with another number.
type pager struct {
	target string
	grid   bool // Page$n; the server takes only the numbers that the page shows
	shown  map[int]bool
	last   int
}

func readASPNET(v *view, l *Listing) bool {
	p := v.pager()
	if p == nil {
		return v.nextButton(l)
	}
	l.Pages = max(l.Pages, p.last)
	current := v.said.current
	if current == 0 {
		current = v.unlinked(p)
	}
	last := current + 1
	if current <= 1 {
		current, last = 1, MaxNext+1
	}
	for n := current + 1; n <= min(last, l.Pages); n++ {
		if !p.grid || p.shown[n] {
			l.post(v, p.target, p.argument(n), n)
		}
	}
	return true
}

func (p *pager) argument(n int) string {
	if p.grid {
		return "Page$" + itoa(n)
	}
	return itoa(n)
}

// pager finds the first control whose links carry numbers of pages.
func (v *view) pager() *pager {
	var found *pager
	for _, h := range v.handlers {
		m := postBack.FindStringSubmatch(h.script)
		if m == nil || found != nil && m[1] != found.target {
			continue
		}
		number := postBackPage.FindStringSubmatch(m[2])
		if number == nil || !paging(h.text) {
			continue
		}
		if found == nil {
			found = &pager{target: m[1], grid: strings.HasPrefix(m[2], "Page$"), shown: map[int]bool{}}
		}
		n := atoi(number[1])
		found.shown[n] = true
		found.last = max(found.last, n)
	}
	return found
}

// unlinked is the number of the page that a pager shows and does not link to: the one this is. 1 where there is none.
func (v *view) unlinked(p *pager) int {
	for _, w := range v.windows(strings.ReplaceAll(p.target, "$", "_"), 6000) {
		for _, m := range currentSpan.FindAllStringSubmatch(w, 3) {
			if n := atoi(m[1]); n > 0 && !p.shown[n] && n <= p.last+1 {
				return n
			}
		}
	}
	return 1
}

// nextButton adds the next page where the pager has nothing but a button for it. What it leads to depends on the page it stands on, so that only
// the second page can be asked for by its name.
func (v *view) nextButton(l *Listing) bool {
	for _, h := range v.handlers {
		if m := postBack.FindStringSubmatch(h.script); m != nil && m[2] == "" && isNext.MatchString(h.text) {
			if v.said.current <= 1 {
				l.post(v, m[1], "", 2)
			}
			return true
		}
	}
	return false
}

// post adds a page that the page's form is sent for.
func (l *Listing) post(v *view, target, argument string, number int) {
	if len(l.Next) < MaxNext {
		l.Next = append(l.Next, Request{URL: v.page.URL, Form: v.form(target, argument), Number: number})
	}
}

// form is what a browser would send: the fields of the page, __VIEWSTATE and its like among them, and who sends them.
func (v *view) form(target, argument string) url.Values {
	form := url.Values{}
	for _, f := range v.fields {
		form.Set(f.name, f.value)
	}
	form.Set(eventTarget, target)
	form.Set(eventArgument, argument)
	return form
}

// The fields by which ASP.NET knows which control sent a form, and what it says.
const (
	eventTarget   = "__EVENTTARGET"
	eventArgument = "__EVENTARGUMENT"
)
