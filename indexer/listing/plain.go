package listing

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

// plain is any system that links to the other pages of a list: 「下一页」, and the numbers that stand with it.
var plain = adapter{"plain", func(*view) bool { return true }, func(v *view, l *Listing) bool { return v.linked(l) }}

var (
	turn       = regexp.MustCompile(`^[\[<>«»‹›\s]*(?:上一?页|下一?页|前一页|后一页|尾页|末页|最后一页|(?i:next|prev|previous))[\]<>«»‹›\s]*$`)
	isNext     = regexp.MustCompile(`^[\[<>«»‹›\s]*(?:下一?页|后一页|(?i:next))[\]<>«»‹›\s]*$`)
	isLast     = regexp.MustCompile(`^[\[<>«»‹›\s]*(?:尾页|末页|最后一页)[\]<>«»‹›\s]*$`)
	pageNumber = regexp.MustCompile(`^[\[第\s]*(\d{1,6})[\]页\s]*$`)
	firstPage  = regexp.MustCompile(`^[\[<«\s]*(?:首页|第一页)[\]>»\s]*$`)
)

const longestLabel = 40 // bytes of the text of a pager's link

// turns reports the text of a pager's link that leads on or back.
func turns(text string) bool {
	return len(text) <= longestLabel && (strings.Contains(text, "页") || strings.ContainsAny(text, "xXvV")) && turn.MatchString(text)
}

// paging reports the text of a pager's link.
func paging(text string) bool {
	return turn.MatchString(text) || pageNumber.MatchString(text) || firstPage.MatchString(text) || strings.Trim(text, ".…<>«»‹›[] ") == ""
}

// linked adds the pages that links and choices lead to and, on the first page, those between them.
func (v *view) linked(l *Listing) bool {
	links := append(append(v.pagers(), v.choices()...), v.buttons()...)
	if len(links) == 0 {
		links = v.numbered()
	}
	seen := map[string]bool{weburl.Canonical(v.page.URL): true}
	if v.said.current <= 1 {
		v.between(l, seen, links)
	}
	for _, k := range links {
		l.unseen(v, seen, k.address, k.number)
	}
	return len(l.Next) > 0
}

// unseen adds a page, unless it is the page itself or was added before.
func (l *Listing) unseen(v *view, seen map[string]bool, address string, number int) {
	u, err := v.page.Resolve(address)
	if err != nil || seen[weburl.Canonical(u)] {
		return
	}
	seen[weburl.Canonical(u)] = true
	if len(l.Next) < MaxNext {
		l.Next = append(l.Next, Request{URL: u, Number: number})
	}
}

// between adds the pages from the second to the last, those that the numbers leave out too, where addresses differ in nothing but their numbers.
func (v *view) between(l *Listing, seen map[string]bool, links []pageLink) {
	var write func(int) string
	last := 0
	for _, k := range links {
		if write == nil && (k.number == 2 || k.number == 3) {
			write, _ = pattern(k.address, k.number)
		}
		if write != nil && k.number > 1 && write(k.number) != k.address {
			return
		}
		last = max(last, k.number)
	}
	if write == nil {
		write = nextToLast(links)
	}
	if write == nil {
		return
	}
	if l.Pages == 0 {
		l.Pages = max(last, lastOf(links, write, last))
	}
	for n := 2; n <= min(l.Pages, MaxNext+1); n++ {
		l.unseen(v, seen, write(n), n)
	}
}

// nextToLast finds out how addresses are written from those of the next page, taken for the second, and the last, where there are no numbers.
func nextToLast(links []pageLink) func(int) string {
	for _, k := range links {
		if k.number > 1 {
			return nil
		}
	}
	for _, k := range links {
		if !isNext.MatchString(k.text) {
			continue
		}
		if write, ok := pattern(k.address, 2); ok && lastOf(links, write, 3) > 0 {
			return write
		}
	}
	return nil
}

// lastOf is the number of the page that 「尾页」 leads to, or 0.
func lastOf(links []pageLink, write func(int) string, least int) int {
	for _, k := range links {
		if !isLast.MatchString(k.text) {
			continue
		}
		for _, number := range wholeNumber.FindAllString(k.address, -1) {
			for n := atoi(number); n <= atoi(number)+1; n++ {
				if n >= least && write(n) == k.address {
					return n
				}
			}
		}
	}
	return 0
}

// A pageLink is a link to another page of the list.
type pageLink struct {
	text, address string
	number        int // that the text is, or 0
}

// pagers returns the links with a pager's words, and the numbers that stand with them in one box.
func (v *view) pagers() []pageLink {
	boxes := map[*html.Node]bool{}
	for _, k := range v.page.Links {
		if k.Node.DataAtom == atom.A && len(k.Text) <= longestLabel && turns(unspaced(k.Text)) {
			for _, b := range boxesOf(k.Node) {
				boxes[b] = true
			}
		}
	}
	var out []pageLink
	for _, k := range v.page.Links {
		if len(boxes) == 0 || len(k.Text) > longestLabel {
			continue
		}
		text, inside := unspaced(k.Text), false
		for _, b := range boxesOf(k.Node) {
			inside = inside || boxes[b]
		}
		if turn.MatchString(text) && k.Node.DataAtom == atom.A || inside && (pageNumber.MatchString(text) || firstPage.MatchString(text)) {
			out = append(out, pageLink{text, k.URL.String(), first(pageNumber, text)})
		}
	}
	return out
}

// boxesOf returns the element around a link, or the one around that where the first is but the link's own list item or cell.
func boxesOf(n *html.Node) []*html.Node {
	if n.Parent == nil {
		return nil
	}
	switch n.Parent.DataAtom {
	case atom.Li, atom.Td, atom.Span, atom.Font:
		if n.Parent.Parent != nil {
			return []*html.Node{n.Parent.Parent}
		}
	}
	return []*html.Node{n.Parent}
}

// choices returns the pages that a <select> leads to: numbers with an address as their value.
func (v *view) choices() []pageLink {
	var out []pageLink
	for _, o := range v.options {
		if pageNumber.MatchString(o.text) && strings.ContainsAny(o.value, "./?") && !strings.ContainsAny(o.value, " <>'\"") {
			if u, err := v.page.Resolve(o.value); err == nil {
				out = append(out, pageLink{o.text, u.String(), first(pageNumber, o.text)})
			}
		}
	}
	return out
}

// buttons returns the pages that elements which are no links open, as <input value="下一页" onclick="location.href='index_2.html'"> and
// <a href="javascript:;" data-url="index_2.html"> do.
func (v *view) buttons() []pageLink {
	var out []pageLink
	leads := false
	for _, h := range v.handlers {
		address := h.data
		if !strings.ContainsAny(address, "./?") {
			address = markup.Opened(h.script)
		}
		if h.node.DataAtom == atom.A && address != h.data || address == "" || h.text == "" || !paging(h.text) {
			continue
		}
		if u, err := v.page.Resolve(address); err == nil {
			out = append(out, pageLink{h.text, u.String(), first(pageNumber, h.text)})
			leads = leads || turns(h.text)
		}
	}
	if !leads {
		return nil
	}
	return out
}
