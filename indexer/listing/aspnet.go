package listing

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// aspnet is ASP.NET Web Forms: the links of a pager send the page's form back to it, with the pager's name and the page's number.
var aspnet = adapter{"aspnet", func(v *view) bool { return v.has("__doPostBack(") }, readASPNET}

var (
	postBack = regexp.MustCompile(`__doPostBack\(\s*(?:'|&#39;|\\')([^'\\]{1,200}?)(?:'|&#39;|\\')\s*,\s*(?:'|&#39;|\\')([^'\\]{0,60}?)(?:'|&#39;|\\')`)
	// 2 of AspNetPager, Page$2 of a GridView
	postBackPage = regexp.MustCompile(`^(?:Page\$)?([1-9]\d{0,5})$`)
)

// A pager is a control that several links of a page send back, each with another number.
type pager struct {
	target string
	node   *html.Node   // its first link
	grid   bool         // Page$n; the server takes only the numbers that the page shows
	shown  map[int]bool // numbers that links lead to
	last   int          // the greatest of them
	dots   []int        // those of links called …, which lead to the numbers before and after the shown ones
}

func readASPNET(v *view, l *Listing) bool {
	p := v.pager()
	if p == nil {
		return v.nextButton(l)
	}
	current := v.said.current
	if current == 0 {
		current = v.unlinked(p)
	}
	if p.grid {
		return v.grid(l, p, current)
	}
	l.Pages = max(l.Pages, p.last)
	l.requests(current, l.Pages, func(n int) Request { return v.post(p.target, itoa(n)) })
	return true
}

// grid adds the pages that a GridView shows beyond this one. How many there are it tells only where it shows the last.
func (v *view) grid(l *Listing, p *pager, current int) bool {
	if len(p.dots) == 0 || p.dots[len(p.dots)-1] < p.last {
		l.Pages = max(l.Pages, p.last)
	}
	for n := current + 1; n <= p.last && len(l.Next) < MaxNext; n++ {
		if p.shown[n] {
			r := v.post(p.target, p.clicks(n, current)...)
			r.Number = n
			l.Next = append(l.Next, r)
		}
	}
	return true
}

const usualNumbers = 10 // that a GridView shows at a time

// clicks are the arguments with which a page is reached from the first, one after the other: the server takes no number that the page before does not show.
func (p *pager) clicks(n, current int) []string {
	before, after := 0, 0
	for _, d := range p.dots {
		if d < current {
			before = d
		} else {
			after = d
		}
	}
	width := after - before - 1
	switch {
	case after > 0:
	case before%usualNumbers == 0:
		width = usualNumbers
	default:
		width = before
	}
	var out []string
	for block := width + 1; width > 0 && block < n; block += width {
		out = append(out, "Page$"+itoa(block))
	}
	return append(out, "Page$"+itoa(n))
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
			found = &pager{target: m[1], node: h.node, grid: strings.HasPrefix(m[2], "Page$"), shown: map[int]bool{}}
		}
		n := atoi(number[1])
		found.shown[n] = true
		found.last = max(found.last, n)
		if strings.HasPrefix(h.text, "..") || strings.HasPrefix(h.text, "…") {
			found.dots = append(found.dots, n)
		}
	}
	return found
}

const pagerLevels = 3 // boxes around a pager's link within which the whole pager is

// unlinked is the number of the page that a pager shows and does not link to: the one this is. 1 where there is none.
func (v *view) unlinked(p *pager) int {
	box := p.node
	for range pagerLevels {
		if box.Parent == nil || box.Parent.DataAtom == atom.Body {
			break
		}
		box = box.Parent
		if n := p.numberIn(box); n > 0 {
			return n
		}
	}
	return 1
}

// numberIn finds the first number in a box that is no link's and may be a page's.
func (p *pager) numberIn(box *html.Node) int {
	for c := box.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			if n := atoi(strings.TrimSpace(c.Data)); n > 0 && !p.shown[n] && n <= p.last+1 {
				return n
			}
		case c.DataAtom != atom.A && c.DataAtom != atom.Option:
			if n := p.numberIn(c); n > 0 {
				return n
			}
		}
	}
	return 0
}

const maxClicks = 30 // on a button that leads one page on, to reach a page; the pages before are asked for each time

// nextButton adds pages where the pager has nothing but a button for the next one, which leads on from the page it stands on.
func (v *view) nextButton(l *Listing) bool {
	for _, h := range v.handlers {
		if m := postBack.FindStringSubmatch(h.script); m != nil && (m[2] == "" || m[2] == "Page$Next") && isNext.MatchString(h.text) {
			l.requests(v.said.current, min(max(l.Pages, 2), maxClicks+1), func(n int) Request { return v.post(m[1], slices.Repeat([]string{m[2]}, n-1)...) })
			return true
		}
	}
	return false
}

// post is a page that the page's form is sent for or, where it takes several arguments, again and again, each time that of the page before.
func (v *view) post(target string, arguments ...string) Request {
	if len(arguments) == 1 {
		return Request{URL: v.page.URL, Form: v.form(target, arguments[0])}
	}
	form := url.Values{}
	for _, argument := range arguments {
		form.Add(eventTarget, target)
		form.Add(eventArgument, argument)
	}
	return Request{URL: v.page.URL, Form: form}
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
