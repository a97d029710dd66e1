package crawl

import (
	"hash/maphash"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/archive"
	"terrace/indexer/listing"
	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

// tell marks which links of a list page are entries of its list and which lead to the list's other pages, and returns how many entries are not among
// the links: those that lead out of the cluster, or to what is no page.
//
// Links are alike where the boxes they stand in have the same tags and classes, from the page's body down to the box around the whole row, and where
// either some or none of a box have dates beside them; numbers in class names do not count. The entries are
//
//  1. the rows that stand in the page's data, where the listing adapter knows those, as 大汉's; or else
//  2. the links of the one kind that are as many as the list says it shows on a page, unless others have dates and much text; or else
//  3. those of the kind of which most have a date beside them, together with the other dated ones where that makes as many as the list says; or else
//  4. those of the kind with the most text, as navigation has many words of few characters, or none where they are of few characters, too.
//
// None are where the rows come from elsewhere (Listing.Rowless). Links that say where the page stands (当前位置), and those to a site's front page, are none. Of several links in one dated row, such as a category
// before the title, those that have half of the longest one's text or less are none.
func tell(links []archive.Link, page *markup.Page, list listing.Listing) (outside int) {
	continues := pagesOf(list)
	entries := entriesOf(page, list, continues)
	here := map[string]bool{}
	for i := range links {
		l := &links[i]
		l.Continues, l.Entry = continues[l.URL], entries[l.URL]
		here[l.URL] = here[l.URL] || l.Entry
	}
	for address := range entries {
		if !here[address] {
			outside++
		}
	}
	return outside
}

// A block is the links of a page that are alike.
type block struct {
	addresses map[string]bool
	dated     map[string]bool
	runes     int
}

// entriesOf are the canonical URLs of a list page's entries.
func entriesOf(page *markup.Page, list listing.Listing, continues map[string]bool) map[string]bool {
	if list.Rowless {
		return nil
	}
	type kind struct {
		look  uint64
		dated bool
	}
	var blocks []*block
	byKind := map[kind]*block{}
	rows := rowsOf(page, continues)
	dated := map[*html.Node]bool{}
	for _, r := range rows {
		dated[r.box] = dated[r.box] || r.date != ""
	}
	for _, r := range rows {
		k := kind{r.look, dated[r.box]}
		b := byKind[k]
		if b == nil {
			b = &block{addresses: map[string]bool{}, dated: map[string]bool{}}
			byKind[k] = b
			blocks = append(blocks, b)
		}
		b.add(r)
		if r.look == rootless && list.Adapter == dataRows {
			return b.rest(rows)
		}
	}
	shown := list.Items
	if list.PerPage > 0 && (shown == 0 || shown > list.PerPage) {
		shown = list.PerPage
	}
	return choose(blocks, shown)
}

// dataRows is the adapter of lists whose rows stand in the page's data.
const dataRows = "hanweb"

// rest adds all rows in the page's data.
func (b *block) rest(rows []row) map[string]bool {
	for _, r := range rows {
		if r.look == rootless {
			b.add(r)
		}
	}
	return b.addresses
}

func (b *block) add(r row) {
	if !b.addresses[r.address] {
		b.runes += min(utf8.RuneCountInString(r.text), longestTitle)
	}
	b.addresses[r.address] = true
	if r.date != "" {
		b.dated[r.address] = true
	}
}

const (
	longestTitle   = 40 // runes of a link's text that count
	shortestTitles = 7  // of those of titles, on average; words of a navigation are shorter
)

// choose picks the entries among the blocks of a list that says it shows so many on a page; 0: it does not say.
func choose(blocks []*block, shown int) map[string]bool {
	var asSaid, dated, longest *block
	all := map[string]bool{}
	for _, b := range blocks {
		if len(b.addresses) == shown && (asSaid == nil || len(b.dated) > len(asSaid.dated)) {
			asSaid = b
		}
		if len(b.dated) > 0 && (dated == nil || len(b.dated) > len(dated.dated)) {
			dated = b
		}
		if longest == nil || b.runes > longest.runes {
			longest = b
		}
		for a := range b.dated {
			all[a] = true
		}
	}
	switch {
	case asSaid != nil && (len(asSaid.dated) > 0 || dated == nil || asSaid.runes > 2*dated.runes):
		return asSaid.addresses
	case dated != nil && len(all) == shown:
		return all
	case dated != nil:
		return dated.addresses
	case longest != nil && longest.runes >= shortestTitles*len(longest.addresses):
		return longest.addresses
	}
	return nil
}

// A row is one link of a list page, and what the boxes it stands in look like.
type row struct {
	address, text, date string
	look                uint64
	box                 *html.Node // around the rows
}

// rowsOf are the links of a page that may be entries, each with the look of the box around its row.
func rowsOf(page *markup.Page, continues map[string]bool) []row {
	k := looker{maphash.MakeSeed(), map[*html.Node]string{}, map[*html.Node]uint64{}, map[*html.Node]bool{}}
	here := weburl.Canonical(page.URL)
	var links []markup.Link
	var addresses []string
	for _, l := range page.Links {
		address := weburl.Canonical(l.URL)
		if address == here || continues[address] || len(l.URL.Path) <= 1 && l.URL.RawQuery == "" || l.Node.DataAtom == atom.Iframe ||
			!strings.ContainsFunc(l.Text, unicode.IsLetter) || k.crumb(l.Node) {
			continue
		}
		links, addresses = append(links, l), append(addresses, address)
		k.note(l.Node, address)
	}
	out := make([]row, len(links))
	boxes := map[*html.Node][]int{} // the links by the box around theirs
	for i, l := range links {
		item := k.item(l.Node, addresses[i])
		out[i] = row{address: addresses[i], text: l.Text, date: l.Date, look: k.look(item.Parent), box: item.Parent}
		boxes[item.Parent] = append(boxes[item.Parent], i)
	}
	drop := make([]bool, len(links))
	for box, some := range boxes {
		k.together(box, some, links, out, drop)
	}
	kept := out[:0]
	for i, r := range out {
		if !drop[i] {
			kept = append(kept, r)
		}
	}
	return kept
}

const inRow = 3 // links that a row has at most

// together makes one row of the few links of a box that share a date, or stand in a list item, and drops those that only say what the row is of.
func (k *looker) together(box *html.Node, some []int, links []markup.Link, out []row, drop []bool) {
	if box == nil || len(some) > inRow {
		return
	}
	longest, one := 0, false
	for _, i := range some {
		if links[i].Date != links[some[0]].Date {
			return
		}
		longest = max(longest, utf8.RuneCountInString(out[i].text))
		one = one || links[i].Node.Parent == box
	}
	switch box.DataAtom {
	case atom.Li, atom.Tr, atom.Dd, atom.Dt, atom.P:
	case atom.Ul, atom.Ol, atom.Tbody, atom.Table, atom.Dl, atom.Body:
		return
	default:
		if !one || links[some[0]].Date == "" {
			return
		}
	}
	for _, i := range some {
		out[i].look, out[i].box = k.look(box.Parent), box.Parent
		drop[i] = links[i].Date != "" && 2*utf8.RuneCountInString(out[i].text) <= longest
	}
}

// A looker knows the boxes of a page. It takes time in proportion to their number.
type looker struct {
	seed   maphash.Seed
	single map[*html.Node]string // the address that all links in a box have; several: it has more
	looks  map[*html.Node]uint64
	places map[*html.Node]bool // whether they say where the page is
}

const several = "*"

// note tells of a link the boxes around it.
func (k *looker) note(n *html.Node, address string) {
	for ; n != nil; n = n.Parent {
		was, known := k.single[n]
		switch {
		case !known:
			k.single[n] = address
		case was == address || was == several:
			return // so it is for all boxes around
		default:
			k.single[n] = several
		}
	}
}

// item is the largest box around a link that has no link to elsewhere.
func (k *looker) item(n *html.Node, address string) *html.Node {
	for n.Parent != nil && k.single[n.Parent] == address {
		n = n.Parent
	}
	return n
}

// rootless is the look of boxes that stand in nothing, as rows in a page's data do.
const rootless = 0

// look tells boxes apart by the tags and classes of all boxes around them.
func (k *looker) look(n *html.Node) uint64 {
	if n == nil || n.Parent == nil && n.Type == html.ElementNode {
		return rootless
	}
	if known, ok := k.looks[n]; ok {
		return known
	}
	var h maphash.Hash
	h.SetSeed(k.seed)
	if n.Parent != nil {
		maphash.WriteComparable(&h, k.look(n.Parent))
	}
	h.WriteString(n.Data[:min(len(n.Data), 40)])
	h.WriteByte(0)
	h.WriteString(digits.ReplaceAllString(markup.Attr(n, "class"), ""))
	k.looks[n] = h.Sum64() | 1
	return k.looks[n]
}
