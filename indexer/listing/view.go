package listing

import (
	"bytes"
	"path"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/markup"
)

// Limits on what is kept of a page: scripts in attributes, and the bytes of one line of text.
const (
	maxHandlers = 2000
	maxLine     = 1200
)

// A view is a page as the adapters look at it.
type view struct {
	page     *markup.Page
	asked    Request // by which the page was got
	said     counts
	handlers []handler
	options  []option
	menus    []menu
	forms    []form
	fields   []field
	presses  []press
	units    []unit
	line     []byte // text since the last break between boxes
	prose    bool   // there is a sentence outside links

	published int    // lines that tell of one publication, as an article's do
	marks     uint64 // of markWords, those in its source
	marked    bool   // they were looked for
}

// look walks a page once.
func look(p *markup.Page) *view {
	v := &view{page: p}
	v.walk(p.Root)
	v.breakLine()
	return v
}

func (v *view) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			v.prose = v.prose || n.DataAtom != atom.A && reads(c.Data)
			if len(v.line) < maxLine {
				v.line = append(v.line, c.Data[:min(len(c.Data), maxLine)]...)
			}
		case html.ElementNode:
			v.element(c)
		}
	}
}

func (v *view) element(n *html.Node) {
	v.unit(n)
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Template:
		return
	case atom.Option:
		v.option(n)
		return
	case atom.Select:
		v.menu(n)
		return
	case atom.Input:
		v.handler(n)
		v.input(n)
		return
	case atom.Button:
		v.press(n, "submit")
	case atom.Form:
		v.forms = append(v.forms, form{markup.Attr(n, "id"), markup.Attr(n, "name"), markup.Attr(n, "method"), markup.Attr(n, "action")})
	}
	v.handler(n)
	if !inline(n.DataAtom) {
		v.breakLine()
	}
	v.walk(n)
	if !inline(n.DataAtom) {
		v.breakLine()
	}
}

// inline reports elements that stand within a line.
func inline(a atom.Atom) bool {
	switch a {
	case atom.A, atom.B, atom.Strong, atom.Em, atom.I, atom.U, atom.Span, atom.Font, atom.Label, atom.Big, atom.Small, atom.Img, atom.Nobr,
		atom.Select, atom.Button:
		return true
	}
	return false
}

func (v *view) breakLine() {
	if mayCount(v.line) {
		v.said.read(string(v.line))
	}
	v.publishes(v.line)
	v.line = v.line[:0]
}

// unspaced is a label without its blanks: 「尾 页」.
func unspaced(label string) string { return strings.Join(strings.Fields(label), "") }

// textOf is the text of a small element.
func textOf(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil && b.Len() < 100; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			b.WriteString(c.Data[:min(len(c.Data), 100)])
		case c.FirstChild != nil && c.FirstChild.Type == html.TextNode:
			b.WriteString(c.FirstChild.Data[:min(len(c.FirstChild.Data), 100)])
		}
	}
	return strings.TrimSpace(b.String())
}

// windows returns what follows each of the first places where a word stands in the page's source, up to size bytes, the word included.
func (v *view) windows(word string, size int) []string {
	var out []string
	rest := v.page.Source
	for len(out) < 20 {
		i := bytes.Index(rest, []byte(word))
		if i < 0 {
			break
		}
		out = append(out, string(rest[i:min(len(rest), i+size)]))
		rest = rest[i+len(word):]
	}
	return out
}

// file is the last part of the page's path without its extension, and the extension.
func (v *view) file() (stem, ext string) {
	base := path.Base(v.page.URL.Path)
	if strings.HasSuffix(v.page.URL.Path, "/") || base == "." || base == "/" {
		return "index", ".html"
	}
	ext = path.Ext(base)
	return strings.TrimSuffix(base, ext), ext
}
