// Package markup turns the bytes of a page into text and a tree, once, for everyone who looks at the page: its characters, its links, and what it says to robots.
//
// Whatever the bytes, it answers in time and memory in proportion to their number: pages are cut at MaxBytes and at a number of tags, trees at a depth
// of 512, links at MaxLinks.
package markup

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Limits on one page. What lies beyond them is not read.
const (
	MaxBytes = 16 << 20
	MaxLinks = 5000
	maxMeta  = 500
)

// ErrNotText is wrapped by the error of Parse where the bytes are no text at all.
var ErrNotText = errors.New("not text")

// A Page is a parsed HTML page.
type Page struct {
	URL       *url.URL // that it was fetched from, changed by <base href>
	Charset   string   // that the bytes were decoded from, WHATWG name
	Source    []byte   // all of it, decoded; not to be changed
	Root      *html.Node
	Scripts   []string // text of <script>s, in document order, up to maxScripts bytes
	Files     []string // text of script files that were got for it since; nil: none were asked for
	Title     string   // <title>, blanks collapsed
	Meta      []Meta   // in document order; names lower case
	Links     []Link   // in document order, those of rows in CDATA last
	LinksCut  int      // how many links were left out for MaxLinks
	Cut       bool     // the page has more bytes or tags than are read
	Rows      int      // rows in CDATA, whose links are among Links
	Data      bool     // the bytes are no page but data, JSON, that holds rows or a piece of a page; Source is the page that a script makes of it
	Canonical string   // rel=canonical, absolute, or empty
	Refresh   string   // where <meta refresh> (≤ 10 s) or a page of nothing but a location script leads, absolute, or empty
	NoIndex   bool
	NoFollow  bool
	Challenge bool // a firewall's riddle or refusal stands in place of the page
	Scripted  bool // it shows next to nothing until its scripts have run
}

// Meta is one <meta name content>.
type Meta struct{ Name, Content string }

// A Link is one <a href>, <area> or <iframe src> within the page.
type Link struct {
	URL      *url.URL
	Node     *html.Node
	Text     string // anchor text, or the title attribute where that is longer
	Date     string // yyyy-mm-dd that stands beside the link in its list item or row, or empty
	NoFollow bool
}

// Parse reads a page. It fails only where the bytes are no text at all.
func Parse(u *url.URL, body []byte, contentType, charsetOverride string) (*Page, error) {
	long := len(body) > MaxBytes
	body = body[:min(len(body), MaxBytes)]
	text, charset := Decode(body, contentType, charsetOverride)
	if binary(text) {
		return nil, fmt.Errorf("parse %s: %w", u, ErrNotText)
	}
	made, data := asPage(text)
	if data {
		text = made
	}
	root, cut, err := tree(text)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", u, err)
	}
	p := &Page{URL: u, Charset: charset, Source: text, Root: root, Cut: long || cut, Data: data}
	r := reader{page: p}
	r.walk(root)
	r.rows(text)
	p.LinksCut = r.cut
	p.Challenge = r.challenge()
	p.Refresh = r.redirect()
	p.Scripted = !p.Data && !p.Challenge && p.Refresh == "" && r.scripted()
	return p, nil
}

// binary reports bytes that are an image, an archive or the like: more than one character in twenty is odd.
func binary(text []byte) bool {
	end := min(len(text), 4096)
	for end < len(text) && end > 4096-utf8.UTFMax && !utf8.RuneStart(text[end]) {
		end--
	}
	odd, all := Odd(text[:end])
	return odd*20 > all
}

// Odd counts the characters of a text that texts do not have, control characters and what cannot be read, and all of them.
func Odd(text []byte) (odd, all int) {
	for i := 0; i < len(text); all++ {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		if r == utf8.RuneError || r < utf8.RuneSelf && control[r] {
			odd++
		}
		i += size
	}
	return odd, all
}

// control tells the control characters that no text has.
var control = func() (is [utf8.RuneSelf]bool) {
	for c := range byte(' ') {
		is[c] = c != '\n' && c != '\r' && c != '\t' && c != '\f'
	}
	return is
}()

// deepestBox is the depth below which boxes are left out of a page that is nested too deeply for the parser.
const deepestBox = 100

// tree parses text, and reports whether some of it was left out. A page nested too deeply for the parser is read again with its formatting tags, which
// old editors leave open by the hundred, and its deepest boxes left out.
func tree(text []byte) (root *html.Node, cut bool, err error) {
	text, cut = bounded(text)
	root, err = html.Parse(bytes.NewReader(text))
	for _, depth := range []int{deepestBox, 0} {
		if err == nil {
			break
		}
		root, err = html.Parse(bytes.NewReader(flatten(text, depth)))
	}
	return root, cut, err
}

// flatten drops formatting tags, and every other start and end tag below a depth, but for links, paragraphs and breaks.
func flatten(text []byte, deepest int) []byte {
	var out bytes.Buffer
	z := html.NewTokenizer(bytes.NewReader(text))
	depth := 0
	for {
		kind := z.Next()
		raw := z.Raw()
		switch kind {
		case html.ErrorToken:
			return out.Bytes()
		case html.StartTagToken, html.EndTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if !flat[tag] {
				depth = nest(kind, depth)
				if tag == 0 || formatting[tag] || depth > deepest {
					continue
				}
			}
		}
		out.Write(raw)
	}
}

func nest(kind html.TokenType, depth int) int {
	if kind == html.StartTagToken {
		return depth + 1
	}
	return max(depth-1, 0)
}

var formatting = map[atom.Atom]bool{
	atom.Font: true, atom.B: true, atom.I: true, atom.U: true, atom.Span: true, atom.Strong: true, atom.Em: true, atom.Small: true,
	atom.Big: true, atom.S: true, atom.Strike: true, atom.Tt: true, atom.Code: true, atom.Nobr: true, atom.Center: true, atom.Sub: true, atom.Sup: true,
}

// flat elements do not nest.
var flat = map[atom.Atom]bool{
	atom.A: true, atom.P: true, atom.Br: true, atom.Img: true, atom.Meta: true, atom.Link: true, atom.Input: true, atom.Hr: true,
	atom.Base: true, atom.Script: true, atom.Style: true, atom.Title: true, atom.Textarea: true, atom.Iframe: true,
}

// A reader walks a page's tree once.
type reader struct {
	page     *Page
	cut      int
	based    bool
	stop     bool // text beyond is no longer counted
	seen     int  // bytes of visible text, up to stubText
	refresh  string
	scriptSz int
}

// stubText is how many bytes of text a page of nothing but a redirect may show: 「页面跳转中，请稍候…」.
const stubText = 150

// maxScripts bounds the script text that is looked at for links and redirects.
const maxScripts = 1 << 20

func (r *reader) walk(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.Type {
		case html.TextNode:
			if r.seen <= stubText {
				r.seen += len(strings.TrimSpace(c.Data))
			}
		case html.ElementNode:
			if r.element(c) {
				r.walk(c)
			}
		}
	}
}

// element reads one element and reports whether its children are to be read.
func (r *reader) element(n *html.Node) bool {
	switch n.DataAtom {
	case atom.Title:
		if r.page.Title == "" && n.Namespace == "" {
			r.page.Title = collapse(innerText(n, 2000))
		}
		return false
	case atom.Base:
		r.base(Attr(n, "href"))
	case atom.Meta:
		r.meta(n)
	case atom.Link:
		if hasWord(Attr(n, "rel"), "canonical") {
			r.page.Canonical = r.absolute(Attr(n, "href"))
		}
	case atom.Script:
		if n.FirstChild != nil && r.scriptSz < maxScripts {
			r.page.Scripts = append(r.page.Scripts, n.FirstChild.Data)
			r.scriptSz += len(n.FirstChild.Data)
			r.showing(n, n.FirstChild.Data)
		}
		return false
	case atom.Style, atom.Noscript, atom.Template:
		return false
	case atom.A, atom.Area:
		r.anchor(n)
	case atom.Iframe, atom.Frame:
		if src := Attr(n, "src"); src != "" && !strings.HasPrefix(src, "about:") {
			r.add(n, src, Link{Text: collapse(Attr(n, "title"))})
		}
		return false
	case atom.Embed, atom.Object:
		r.object(n)
	}
	return true
}

func (r *reader) base(href string) {
	if href == "" || r.based {
		return
	}
	if u, err := r.page.Resolve(href); err == nil {
		r.page.URL, r.based = u, true
	}
}

func (r *reader) meta(n *html.Node) {
	content := Attr(n, "content")
	if strings.EqualFold(strings.TrimSpace(Attr(n, "http-equiv")), "refresh") {
		r.refreshTag(content)
		return
	}
	name := Attr(n, "name")
	if name == "" {
		name = Attr(n, "property")
	}
	name = strings.ToLower(collapse(name))
	if name == "" || len(r.page.Meta) >= maxMeta {
		return
	}
	if name == "robots" {
		r.page.NoIndex = r.page.NoIndex || hasWord(content, "noindex") || hasWord(content, "none")
		r.page.NoFollow = r.page.NoFollow || hasWord(content, "nofollow") || hasWord(content, "none")
	}
	r.page.Meta = append(r.page.Meta, Meta{name, collapse(content)})
}

// absolute resolves a reference, or returns the empty string.
func (r *reader) absolute(href string) string {
	href = strings.TrimSpace(href)
	if href == "" || inert(href) {
		return ""
	}
	u, err := r.page.Resolve(href)
	if err != nil {
		return ""
	}
	return u.String()
}
