package markup

import (
	"bytes"
	"regexp"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// record matches a row that Hanweb (大汉) JPage keeps in CDATA, in a page's script or as a whole answer of dataproxy.jsp.
var record = regexp.MustCompile(`(?s)<record>\s*<!\[CDATA\[(.*?)\]\]>`)

const maxRowNodes = 10_000 // of one row

// rows adds the links of rows in CDATA.
func (r *reader) rows(text []byte) {
	if !bytes.Contains(text, []byte("[CDATA[")) {
		return
	}
	for _, m := range record.FindAllSubmatch(text, MaxLinks) {
		if bytes.Contains(m[1], []byte("${")) || bytes.Contains(m[1], []byte("' + ")) { // a script's model of a row
			continue
		}
		r.page.Rows++
		r.fragment(m[1])
	}
}

// fragment adds the links of a piece of HTML.
func (r *reader) fragment(piece []byte) {
	if nodes, _ := weigh(piece, maxTags); len(piece) > 64<<10 || nodes > maxRowNodes {
		return
	}
	nodes, err := html.ParseFragment(bytes.NewReader(piece), &html.Node{Type: html.ElementNode, DataAtom: atom.Ul, Data: "ul"})
	if err != nil {
		return
	}
	box := &html.Node{Type: html.ElementNode, DataAtom: atom.Ul, Data: "ul"}
	for _, n := range nodes {
		box.AppendChild(n)
	}
	r.walk(box)
}
