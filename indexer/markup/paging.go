package markup

import (
	"bytes"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxPages bounds the pages of a list that one script may name.
const maxPages = 1000

// Scripts of TRS WCM that write the links to a list's other pages, each with its numbers in named groups. Page 0 is index.html, page n
// index_n.html.
var trsPagers = []*regexp.Regexp{
	// createPageHTML(4, 0, "index", "html"); some templates name the box first.
	regexp.MustCompile(`createPageHTML\w*\(\s*(?:["'][^"']*["']\s*,\s*)?(?P<total>\d{1,5})\s*,\s*(?P<current>\d{1,5})\s*,\s*["'](?P<prefix>[^"']{1,80})["']\s*,\s*["'](?P<suffix>\w{1,8})["']`),
	// Pager({size:4, current:0, prefix:'index', suffix:'html'})
	regexp.MustCompile(`Pager\(\s*\{\s*size\s*:\s*(?P<total>\d{1,5})\s*,\s*current\s*:\s*(?P<current>\d{1,5})\s*,\s*prefix\s*:\s*["'](?P<prefix>[^"']{1,80})["']\s*,\s*suffix\s*:\s*["'](?P<suffix>\w{1,8})["']`),
	// var currentPage = 0; … var countPage = 4; written out in the page
	regexp.MustCompile(`(?s)currentPage\s*=\s*(?P<current>\d{1,5})\s*;.{0,300}countPage\s*=\s*(?P<total>\d{1,5})\s*(?:;|//|\n).{0,600}?href=\\?["'](?P<prefix>\w+)\.(?P<suffix>\w{2,5})`),
}

// dataStore matches the rows that Hanweb (大汉) JPage keeps in CDATA, in a page's script or as a whole answer of dataproxy.jsp.
var dataStore = regexp.MustCompile(`(?s)<(record|nextgroup|pregroup)>\s*<!\[CDATA\[(.*?)\]\]>`)

// scriptLinks adds the links that known scripts of content management systems would make in a browser.
func (r *reader) scriptLinks(text []byte) {
	for _, s := range r.scripts {
		for _, re := range trsPagers {
			if m := re.FindStringSubmatch(s); m != nil {
				r.trsPages(re, m)
				break
			}
		}
	}
	if !bytes.Contains(text, []byte("<![CDATA[")) {
		return
	}
	for _, m := range dataStore.FindAllSubmatch(text, MaxLinks) {
		r.fragment(m[2], string(m[1]) != "record")
	}
}

// trsPages adds all pages of a list where this is its first, else the next one.
func (r *reader) trsPages(re *regexp.Regexp, m []string) {
	total, _ := strconv.Atoi(m[re.SubexpIndex("total")])
	current, _ := strconv.Atoi(m[re.SubexpIndex("current")])
	prefix, suffix := m[re.SubexpIndex("prefix")], m[re.SubexpIndex("suffix")]
	last := min(total-1, maxPages)
	if current > 0 {
		last = min(last, current+1)
	}
	for n := current + 1; n <= last; n++ {
		r.add(&html.Node{}, fmt.Sprintf("%s_%d.%s", prefix, n, suffix), Link{Text: strconv.Itoa(n + 1), Paging: true})
	}
}

// fragment adds the links of a piece of HTML.
func (r *reader) fragment(piece []byte, paging bool) {
	if len(piece) > 64<<10 {
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
	from := len(r.page.Links)
	r.walk(box)
	for i := from; i < len(r.page.Links); i++ {
		r.page.Links[i].Paging = paging
	}
}

var (
	nextPage   = regexp.MustCompile(`^[\[<>«»‹›\s]*(?:上一?页|下一?页|前一页|后一页|尾页|末页|最后一页|(?i:next|prev|previous))[\]<>«»‹›\s]*$`)
	pageNumber = regexp.MustCompile(`^[\[第\s]*\d{1,4}[\]页\s]*$|^首页$|^第一页$`)
)

// markPaging marks 「下一页」 and its like, and the numbers that stand with them in one box.
func markPaging(p *Page, anchors []anchor) {
	pagers := map[*html.Node]bool{}
	for _, a := range anchors {
		if l := &p.Links[a.link]; a.node.DataAtom == atom.A && nextPage.MatchString(l.Text) {
			l.Paging = true
			for _, box := range boxes(a.node) {
				pagers[box] = true
			}
		}
	}
	if len(pagers) == 0 {
		return
	}
	for _, a := range anchors {
		l := &p.Links[a.link]
		if !pageNumber.MatchString(strings.TrimSpace(l.Text)) {
			continue
		}
		for _, box := range boxes(a.node) {
			l.Paging = l.Paging || pagers[box]
		}
	}
}

// boxes returns the element around a link, and the one around that where the first is but the link's own list item or cell.
func boxes(n *html.Node) []*html.Node {
	if n.Parent == nil {
		return nil
	}
	out := []*html.Node{n.Parent}
	switch n.Parent.DataAtom {
	case atom.Li, atom.Td, atom.Span, atom.Font:
		if n.Parent.Parent != nil {
			out = []*html.Node{n.Parent.Parent}
		}
	}
	return out
}
