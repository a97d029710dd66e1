package markup

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// inert reports references that lead nowhere.
func inert(href string) bool {
	if href == "" || href[0] == '#' {
		return true
	}
	scheme, _, ok := strings.Cut(href, ":")
	if !ok {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(scheme)) {
	case "javascript", "mailto", "tel", "data", "about", "vbscript", "ftp", "file", "thunder", "qq", "tencent":
		return true
	}
	return false
}

var opened = regexp.MustCompile(`(?:open\s*\(|location(?:\.href)?\s*=|location\.(?:assign|replace)\s*\()\s*(?:encodeURI\(\s*)?["']([^"'\s]{2,500})["']\s*(?:[^+\s]|$)`)

// Opened is the address that a handler opens, as written there: window.open('/art/1.html'), location.href="2.html". Empty: it opens none, or puts one together.
func Opened(script string) string {
	if !strings.Contains(script, "open") && !strings.Contains(script, "location") {
		return ""
	}
	if m := opened.FindStringSubmatch(script); m != nil {
		return m[1]
	}
	return ""
}

// anchor adds the link of an <a> or <area>. Where href is a script, the address that its handler opens counts.
func (r *reader) anchor(n *html.Node) {
	href := strings.TrimSpace(Attr(n, "href"))
	if inert(href) {
		if href = Opened(href + " " + Attr(n, "onclick")); href == "" {
			return
		}
	}
	text, date := r.label(n)
	r.add(n, href, Link{Text: text, Date: date, NoFollow: hasWord(Attr(n, "rel"), "nofollow")})
}

// label returns the name of a link and the date written inside it. Of a link around a whole row, its headline, its date and the first words of its text, the
// headline is the name. A picture's link is named by its alternative text.
func (r *reader) label(n *html.Node) (text, date string) {
	text = collapse(innerText(n, 1000))
	headline := headlineIn(n)
	if d, at, end := findDate(text); d != "" && (headline != "" || at == 0 || end == len(text)) && end-at < len(text) {
		date = d
		text = strings.Trim(text[:at]+text[end:], " []()（）【】|·")
	}
	if headline != "" {
		text = headline
	}
	title, _, _ := strings.Cut(strings.TrimSpace(Attr(n, "title")), "\n")
	title = strings.TrimPrefix(collapse(title), "标题：")
	if utf8.RuneCountInString(title) > utf8.RuneCountInString(text) {
		text = title
	}
	if text == "" {
		text = collapse(pictureText(n))
	}
	return text, date
}

// headlineIn is the text of the first headline within a link, or empty.
func headlineIn(n *html.Node) string {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch c.DataAtom {
		case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
			return collapse(innerText(c, 1000))
		}
		if s := headlineIn(c); s != "" {
			return s
		}
	}
	return ""
}

func pictureText(n *html.Node) string {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Img {
			return Attr(c, "alt")
		}
		if s := pictureText(c); s != "" {
			return s
		}
	}
	return ""
}

func (r *reader) add(n *html.Node, href string, l Link) {
	href = strings.TrimSpace(href)
	if inert(href) || len(href) > 2000 {
		return
	}
	if len(r.page.Links) >= MaxLinks {
		r.cut++
		return
	}
	u, err := r.page.Resolve(href)
	if err != nil {
		return
	}
	l.URL, l.Node = viewed(u), n
	if l.Date == "" && (n.DataAtom == atom.A || n.DataAtom == atom.Area) {
		l.Date = dateBeside(n)
	}
	r.page.Links = append(r.page.Links, l)
}

// A list item is at most itemLevels above its link, holds at most itemLinks links, and is read for at most itemNodes nodes.
const (
	itemLevels = 4
	itemLinks  = 3
	itemNodes  = 60
)

// dateBeside finds the date in the smallest box around a link that has one and is no more than a list item or row.
func dateBeside(a *html.Node) string {
	box := a
	for range itemLevels {
		box = box.Parent
		if box == nil || box.Type != html.ElementNode || box.DataAtom == atom.Body || box.DataAtom == atom.Ul || box.DataAtom == atom.Tbody {
			return ""
		}
		s := surroundings{except: a}
		if !s.read(box) {
			return ""
		}
		if s.year {
			var text strings.Builder
			text.Grow(s.bytes)
			s.write(&text, box)
			if d, _, _ := findDate(collapse(text.String())); d != "" {
				return d
			}
		}
		if box.DataAtom == atom.Li || box.DataAtom == atom.Tr {
			return ""
		}
	}
	return ""
}

// surroundings are a box outside one link.
type surroundings struct {
	except              *html.Node
	bytes, nodes, links int
	year                bool // a year stands in its text
}

// read reports whether the box is small enough for a list item.
func (s *surroundings) read(n *html.Node) bool {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if s.nodes++; s.nodes > itemNodes {
			return false
		}
		switch {
		case c == s.except:
			s.bytes++
		case c.Type == html.TextNode:
			s.bytes += len(c.Data) + 1
			s.year = s.year || yearAt(c.Data, 0) >= 0
		case c.DataAtom == atom.Script || c.DataAtom == atom.Style:
		default:
			if c.DataAtom == atom.A {
				if s.links++; s.links >= itemLinks {
					return false
				}
			}
			if !s.read(c) {
				return false
			}
		}
	}
	return s.bytes < 4000
}

// write collects the text of the box, a blank for the link.
func (s *surroundings) write(to *strings.Builder, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c == s.except:
			to.WriteByte(' ')
		case c.Type == html.TextNode:
			to.WriteString(c.Data)
			to.WriteByte(' ')
		case c.DataAtom == atom.Script || c.DataAtom == atom.Style:
		default:
			s.write(to, c)
		}
	}
}
