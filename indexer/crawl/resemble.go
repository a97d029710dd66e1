package crawl

import (
	"hash/maphash"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/markup"
)

const (
	gram       = 6       // letters of a piece of wording
	maxLetters = 200_000 // of a page that are looked at
)

// A wording is what a page says, as hashes of every six letters in a row, so that little edits change little of it. Numbers and blanks do not count.
type wording struct {
	rows    map[uint64]bool
	letters int
	han     int
	text    string // its letters
	asks    bool   // for a password
}

var rowSeed = maphash.MakeSeed()

// wordingOf reads a page, its links only where that is asked for.
func wordingOf(p *markup.Page, links bool) *wording {
	w := &wording{rows: map[uint64]bool{}}
	var text strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		for c := n.FirstChild; c != nil && w.letters < maxLetters; c = c.NextSibling {
			if c.Type == html.TextNode {
				w.add(&text, c.Data)
				continue
			}
			switch c.DataAtom {
			case atom.Script, atom.Style, atom.Head, atom.Noscript, atom.Template, atom.Select:
				continue
			case atom.Input:
				w.asks = w.asks || strings.EqualFold(markup.Attr(c, "type"), "password")
			case atom.A:
				if !links {
					continue
				}
			}
			walk(c)
		}
	}
	walk(p.Root)
	w.text = text.String()
	w.cut()
	return w
}

func (w *wording) add(to *strings.Builder, text string) {
	for _, r := range text {
		if w.letters == maxLetters {
			return
		}
		if unicode.IsLetter(r) {
			to.WriteRune(r)
			w.letters++
			if unicode.Is(unicode.Han, r) {
				w.han++
			}
		}
	}
}

// cut hashes the rows.
func (w *wording) cut() {
	var starts [gram]int // of the last letters
	n := 0
	for at, r := range w.text {
		starts[n%gram] = at
		if n++; n >= gram {
			w.rows[maphash.String(rowSeed, w.text[starts[n%gram]:at+utf8.RuneLen(r)])] = true
		}
	}
}

// without is what a page says that others do not.
func (w *wording) without(others ...*wording) map[uint64]bool {
	own := map[uint64]bool{}
	for h := range w.rows {
		own[h] = true
		for _, o := range others {
			if o.rows[h] {
				delete(own, h)
			}
		}
	}
	return own
}

// keeps is the share of some rows that a page has, 0 where there are none.
func (w *wording) keeps(rows map[uint64]bool) float64 {
	n := 0
	for h := range rows {
		if w.rows[h] {
			n++
		}
	}
	return float64(n) / float64(max(len(rows), 1))
}

// letters are those of a text.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return r
		}
		return -1
	}, text)
}
