package extract

import (
	"slices"
	"strings"
	"unicode/utf8"

	"codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A body is the main text of a page.
type body struct {
	text  string
	media int // pictures and links within
	node  *html.Node
	parts []*html.Node // that it was taken from
}

// Containers of the main text by content management system, in order of how surely they hold nothing else: 开普 (UCAP-CONTENT, pages_content), 拓尔思 TRS
// (TRS_Editor, Custom_UnionStyle), 博达 (vsb_content, v_news_content), 金智 (wp_articlecontent), 大汉 (zoom, art_con, bt_content), 易普拓 (xxgkcont, vF_detail_content), and
// names in general use.
var containers = []string{
	"UCAP-CONTENT", "TRS_Editor", "TRS_UEDITOR", "v_news_content", "wp_articlecontent", "vsb_content", "pages_content", "Custom_UnionStyle",
	"zoomcon", "zoom", "Zoom", "bt_content", "bt-content", "art_con", "xxgkcont", "vF_detail_content", "article-content", "article_content", "articleContent", "article-con", "news_content",
	"newsContent", "detail-content", "detail_content", "content-text", "con_text", "text_con", "news_cont_d_wrap", "zw", "zwcontent", "nr", "maintext", "conTxt", "content_text", "article",
}

const (
	shortBody = 12  // runes below which another container is tried
	longLine  = 20  // runes of a line that may be a sentence
	listLinks = 10  // links from which on a page may be a list
	listShare = .55 // of a page's text in links, from which on it is one
)

// body finds the main text and tells whether the page is a list.
func (r *reader) body(title string) (body, bool) {
	found := r.contained()
	if utf8.RuneCountInString(found.text) >= shortBody || found.media > 0 && found.text != "" {
		return withBeside(found, headlineOf(r.page.Root, title)), false
	}
	under := below(r.page.Root, title)
	if utf8.RuneCountInString(under.text) >= shortBody && (r.said[published] != "" || r.said[source] != "") {
		return under, false
	}
	if r.in.Continues || r.page.Rows > 0 || r.looksLikeList() {
		return body{}, true
	}
	if found.media > 0 {
		return found, false
	}
	if utf8.RuneCountInString(under.text) >= shortBody {
		return under, false
	}
	b := r.readable()
	b.text = afterHeadline(b.text, title)
	short := found
	if short.node == nil {
		short = under
	}
	if short.node != nil && (short.text != "" && strings.Contains(b.text, short.text) || !prose(b.text)) {
		return short, false // a few words such as 详见附件, and the page around them
	}
	return b, false
}

// prose reports a text that has a sentence in it.
func prose(text string) bool {
	for line := range strings.Lines(text) {
		if utf8.RuneCountInString(line) >= longLine && strings.ContainsAny(line, "，。") {
			return true
		}
	}
	return false
}

// contained takes the container first in rank; of several of one name the one with most text.
func (r *reader) contained() body {
	byName := map[string][]*html.Node{}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if hidden(n) {
			return
		}
		if n.Type == html.ElementNode {
			for _, name := range append(strings.Fields(attr(n, "class")), attr(n, "id")) {
				if slices.Contains(containers, name) {
					byName[name] = append(byName[name], n)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(r.page.Root)
	var best body
	for _, name := range containers {
		for _, n := range byName[name] {
			if b := bodyOf(n); utf8.RuneCountInString(b.text) > utf8.RuneCountInString(best.text) || best.node == nil {
				best = b
			}
		}
		if utf8.RuneCountInString(best.text) >= shortBody {
			return best
		}
	}
	return best
}

func bodyOf(n *html.Node) body {
	w := render(n)
	return body{w.String(), w.media, n, []*html.Node{n}}
}

// looksLikeList reports a page most of whose text is links, or that has many dated ones and little else.
func (r *reader) looksLikeList() bool {
	inLinks, all, dated := 0, 0, 0
	for _, l := range r.page.Links {
		if l.Date != "" {
			dated++
		}
	}
	var walk func(*html.Node, bool)
	walk = func(n *html.Node, link bool) {
		if hidden(n) {
			return
		}
		if n.Type == html.TextNode {
			k := utf8.RuneCountInString(key(n.Data))
			all += k
			if link {
				inLinks += k
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c, link || n.DataAtom == atom.A)
		}
	}
	walk(r.page.Root, false)
	if dated >= 5 && float64(inLinks) > .35*float64(all) {
		return true
	}
	return len(r.page.Links) >= listLinks && float64(inLinks) > listShare*float64(all)
}

// readable is what readability takes for the text, or, where that is much less, the block with most text of its own.
func (r *reader) readable() body {
	dense := densest(r.page.Root)
	a, err := readability.FromDocument(r.page.Root, r.page.URL)
	if err != nil || a.Node == nil {
		return dense
	}
	b := bodyOf(a.Node)
	if utf8.RuneCountInString(b.text)*2 < utf8.RuneCountInString(dense.text) {
		return dense
	}
	return b
}

// densest is the smallest block that holds most of the page's text outside links.
func densest(root *html.Node) body {
	type weight struct{ own, links int }
	weights := map[*html.Node]weight{}
	var measure func(*html.Node, bool) weight
	measure = func(n *html.Node, link bool) weight {
		var w weight
		if hidden(n) || toolbar(n) {
			return w
		}
		if n.Type == html.TextNode {
			k := utf8.RuneCountInString(key(n.Data))
			if link {
				return weight{0, k}
			}
			return weight{k, 0}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			x := measure(c, link || n.DataAtom == atom.A)
			w.own, w.links = w.own+x.own, w.links+x.links
		}
		weights[n] = w
		return w
	}
	measure(root, false)
	at := root
	for {
		var next *html.Node
		for c := at.FirstChild; c != nil; c = c.NextSibling {
			if w := weights[c]; c.Type == html.ElementNode && w.own*10 >= weights[at].own*7 && (next == nil || w.own > weights[next].own) {
				next = c
			}
		}
		if next == nil || next.DataAtom == atom.P || next.DataAtom == atom.Tbody {
			break
		}
		at = next
	}
	return bodyOf(at)
}
