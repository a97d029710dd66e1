package extract

import (
	"regexp"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// An article is where on a page its document stands.
type article struct {
	parts map[*html.Node]bool // of the main text
	box   *html.Node          // the smallest element around headline and main text; the whole page where that is not known
	foot  *html.Node          // the page's foot, with which what may be about the document ends; may be nil
}

// articleOf finds the article, given its headline, if known, and the parts of its main text.
func articleOf(root, headline *html.Node, parts []*html.Node) article {
	a := article{parts: map[*html.Node]bool{}, box: root}
	holds := map[*html.Node]int{} // how many of headline and parts an element holds
	known := 0
	for _, n := range append([]*html.Node{headline}, parts...) {
		if n == nil || top(n) != top(root) {
			continue
		}
		known++
		for up := n; up != nil; up = up.Parent {
			holds[up]++
		}
	}
	var last *html.Node
	for _, n := range parts {
		if holds[n] > 0 {
			a.parts[n], last = true, n
		}
	}
	if last == nil {
		return a
	}
	for a.box = last; a.box.Parent != nil && holds[a.box] < known; {
		a.box = a.box.Parent
	}
	if a.box == last && last.Parent != nil {
		a.box = last.Parent
	}
	a.foot = footAfter(last, holds)
	return a
}

func top(n *html.Node) *html.Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

// imprint is what stands in a page's foot. 承办 is not among it: letters say so of their answers.
var imprint = regexp.MustCompile(`版权所有|ICP备|ICP证|公网安备|网站标识码|主办(?:单位)?[：:]`)

// footAfter is the largest element behind a node that holds an imprint and nothing of the article.
func footAfter(last *html.Node, holds map[*html.Node]int) *html.Node {
	for up := last; up != nil; up = up.Parent {
		for s := up.NextSibling; s != nil; s = s.NextSibling {
			if n := firstImprint(s); n != nil {
				for n.Parent != nil && holds[n.Parent] == 0 {
					n = n.Parent
				}
				return n
			}
		}
	}
	return nil
}

func firstImprint(n *html.Node) *html.Node {
	if unseen(n) {
		return nil
	}
	if n.Type == html.TextNode {
		if imprint.MatchString(n.Data) {
			return n
		}
		return nil
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if found := firstImprint(c); found != nil {
			return found
		}
	}
	return nil
}

// leads reports a link to another page.
func leads(n *html.Node) bool {
	return n.DataAtom == atom.A && leading.MatchString(attr(n, "href"))
}

var leading = regexp.MustCompile(`(?i)^\s*(?:[^#\sj]|j[^a])`)
