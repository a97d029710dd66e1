package markup

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Attr returns an attribute of an element, or the empty string. A name that carries a stray no-break space, as in
// `<meta name="PubDate"&nbsp;content="…">`, counts as the name without it.
func Attr(n *html.Node, name string) string {
	for i := range n.Attr {
		if k := n.Attr[i].Key; k == name || len(k) > len(name) && strings.TrimSpace(k) == name {
			return n.Attr[i].Val
		}
	}
	return ""
}

// hasWord reports whether a list of words parted by blanks or commas holds a word, whatever its case.
func hasWord(list, word string) bool {
	for _, w := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\t' || r == '\n' }) {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}

// collapse makes every run of blanks, no-break and ideographic spaces one blank.
func collapse(s string) string {
	if even(s) {
		return s
	}
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch r {
		case '\u200B', '\u200C', '\u200D', '\uFEFF':
			return -1
		}
		return r
	}, s)), " ")
}

// even reports text in which nothing is to be collapsed: its blanks are single and within, and no character is a blank of another kind.
func even(s string) bool {
	blank := true
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ':
			if blank {
				return false
			}
			blank = true
		case c < ' ', c == 0xc2, c == 0xe1, c == 0xe2: // as U+0085, U+00A0, U+1680 and U+2000 to U+205F begin
			return false
		case c == 0xe3 && strings.HasPrefix(s[i:], "\u3000"), c == 0xef && strings.HasPrefix(s[i:], "\ufeff"):
			return false
		default:
			blank = false
		}
	}
	return !blank || s == ""
}

// innerText joins the text below a node, scripts and styles left out, up to limit bytes.
func innerText(n *html.Node, limit int) string {
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil && b.Len() < limit; c = c.NextSibling {
			switch {
			case c.Type == html.TextNode:
				b.WriteString(c.Data)
			case c.DataAtom == atom.Script || c.DataAtom == atom.Style:
			case c.DataAtom == atom.Br:
				b.WriteByte(' ')
			default:
				walk(c)
			}
		}
	}
	walk(n)
	return b.String()
}
