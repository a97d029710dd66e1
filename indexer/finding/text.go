package finding

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxText is how many bytes of text are read of a page that is no document.
const maxText = 1 << 20

// lines end with these elements.
var lines = map[atom.Atom]bool{
	atom.P: true, atom.Div: true, atom.Li: true, atom.Tr: true, atom.Br: true, atom.Dt: true, atom.Dd: true, atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true,
	atom.Table: true, atom.Ul: true, atom.Ol: true, atom.Section: true, atom.Article: true, atom.Footer: true, atom.Header: true,
}

// textBelow is all text of a page, a line for each paragraph, cell after cell of a row.
func textBelow(root *html.Node) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil && b.Len() < maxText; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				b.WriteString(c.Data)
			case c.Type != html.ElementNode, c.DataAtom == atom.Script, c.DataAtom == atom.Style, c.DataAtom == atom.Head:
			default:
				walk(c)
				switch {
				case lines[c.DataAtom]:
					b.WriteByte('\n')
				case c.DataAtom == atom.Td, c.DataAtom == atom.Th:
					b.WriteByte('\t')
				}
			}
		}
	}
	walk(root)
	return b.String()
}
