// Package markup turns the bytes of a page into text and a tree, once, for everyone who looks at the page: its characters, its links, and what it says to robots.
package markup

import (
	"net/url"

	"golang.org/x/net/html"
)

// A Page is a parsed HTML page.
type Page struct {
	URL       *url.URL // that it was fetched from, changed by <base href>
	Charset   string   // that the bytes were decoded from, WHATWG name
	Root      *html.Node
	Title     string // <title>, blanks collapsed
	Meta      []Meta // in document order; names lower case
	Links     []Link // in document order
	Canonical string // rel=canonical, absolute, or empty
	Refresh   string // where <meta refresh> (≤ 10 s) or a page of nothing but a location script leads, absolute, or empty
	NoIndex   bool
	NoFollow  bool
}

// Meta is one <meta name content>.
type Meta struct{ Name, Content string }

// A Link is one <a href>, <area>, <iframe src> or paging link made by a known script, within the page.
type Link struct {
	URL      *url.URL
	Text     string // anchor text, or the title attribute where that is longer
	Date     string // yyyy-mm-dd that stands beside the link in its list item or row, or empty
	NoFollow bool
	Paging   bool // leads to another page of the same list
}

// Decode gives the text of a page's bytes as UTF-8 and the name of the charset found. override, where not empty, wins.
func Decode(body []byte, contentType, override string) (text []byte, charset string) { panic("todo") }

// Parse reads a page. It fails only where the bytes are no text at all.
func Parse(u *url.URL, body []byte, contentType, charsetOverride string) (*Page, error) { panic("todo") }
