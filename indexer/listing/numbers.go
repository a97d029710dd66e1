package listing

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

// numbered returns the links of a pager that has no words but numbers, and arrows at most: 1 [2] [3]. The page's own number stands there without a link, or
// with one to the page itself; the next one or the one before has a link; the first or the second is there; and addresses differ in nothing but the numbers.
// Days of a calendar and numbers of pictures are none, as the first has a link like all others.
func (v *view) numbered() []pageLink {
	boxes := map[*html.Node][]pageLink{}
	for _, k := range v.page.Links {
		if len(k.Text) == 0 || len(k.Text) > 10 || k.Text[len(k.Text)-1] > '9' || k.Node.DataAtom != atom.A || k.Node.Parent == nil || k.Node.Parent.DataAtom == atom.Td {
			continue
		}
		if n := first(pageNumber, unspaced(k.Text)); n > 0 {
			for _, b := range boxesOf(k.Node) {
				boxes[b] = append(boxes[b], pageLink{unspaced(k.Text), k.URL.String(), n})
			}
		}
	}
	if len(boxes) == 0 {
		return nil
	}
	for _, k := range v.page.Links { // in the page's order
		for _, b := range boxesOf(k.Node) {
			if links := boxes[b]; len(links) > 0 {
				if here := v.ownNumber(b, links); here > 0 {
					keep(&v.said.current, here)
					return links
				}
				delete(boxes, b)
			}
		}
	}
	return nil
}

// ownNumber is that of the page among the numbers of a box; 0 where they are no pager.
func (v *view) ownNumber(box *html.Node, links []pageLink) int {
	itself := weburl.Canonical(v.page.URL)
	here, low := 0, false
	var others []int
	write, _ := pattern(links[len(links)-1].address, links[len(links)-1].number)
	for _, k := range links {
		u, err := weburl.Parse(v.page.URL, k.address)
		switch {
		case err != nil || write == nil:
			return 0
		case weburl.Canonical(u) == itself:
			here = k.number
			continue
		case k.number > 1 && write(k.number) != k.address:
			return 0
		}
		low = low || k.number <= 2
		others = append(others, k.number)
	}
	if here == 0 {
		here = loneNumber(box)
	}
	if here == 0 || !low || slices.Contains(others, here) || !slices.Contains(others, here-1) && !slices.Contains(others, here+1) {
		return 0
	}
	return here
}

// loneNumber is the only number that stands in a box without a link; 0 where there is none, or another.
func loneNumber(box *html.Node) int {
	found := 0
	for c := box.FirstChild; c != nil; c = c.NextSibling {
		text := ""
		switch {
		case c.Type == html.TextNode:
			text = c.Data
		case c.Type == html.ElementNode && (c.DataAtom != atom.A || markup.Attr(c, "href") == "" || strings.HasPrefix(markup.Attr(c, "href"), "javascript:")):
			if inner := c.FirstChild; inner != nil && inner.DataAtom == atom.A && markup.Attr(inner, "href") != "" && !strings.HasPrefix(markup.Attr(inner, "href"), "javascript:") {
				continue
			}
			text = textOf(c)
		}
		text = unspaced(text[:min(len(text), longestLabel)])
		if n := first(pageNumber, text); n > 0 {
			if found > 0 {
				return 0
			}
			found = n
		}
	}
	return found
}
