package crawl

import (
	"regexp"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/markup"
)

// What stands around links that say where a page is.
var (
	crumbClass = regexp.MustCompile(`(?i)crumb|position|location|weizhi|dqwz|\bpath\b`)
	crumbText  = regexp.MustCompile(`位置\s*[:：]?|您在这里`)
)

// crumb reports a link that says where the page is, by the boxes next to it.
func (k *looker) crumb(n *html.Node) bool {
	for range 3 {
		if n = n.Parent; n == nil || n.DataAtom == atom.Ul || n.DataAtom == atom.Tbody {
			return false
		}
		says, known := k.places[n]
		if !known {
			says = saysPlace(n)
			k.places[n] = says
		}
		if says {
			return true
		}
	}
	return false
}

// saysPlace reports a box that says where the page is, by its name or before its first link.
func saysPlace(box *html.Node) bool {
	if crumbClass.MatchString(markup.Attr(box, "class") + " " + markup.Attr(box, "id")) {
		return true
	}
	for c := box.FirstChild; c != nil && c.DataAtom != atom.A; c = c.NextSibling {
		if c.Type == html.TextNode && len(c.Data) < 100 && crumbText.MatchString(c.Data) {
			return true
		}
	}
	return false
}
