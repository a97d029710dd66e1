package extract

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"terrace/indexer/weburl"
)

const (
	boxesAround  = 4  // of a container that may hold its headline, or its attachments
	summaryRows  = 3  // rows from which on a table beside a text may be its summary
	summaryShare = .7 // of its rows that have to be a label and its value

	attachmentsRunes = 600 // of the names of a page's attachments
)

// withBeside is a container of the main text with what of the article a template puts beside it, in the box that the headline stands in, too: a table of
// what the text is about between headline and text, as notices of procurement have it, and the names of the attachments after it.
func withBeside(b body, headline *html.Node) body {
	lines := strings.Split(b.text, "\n")
	for at, left := b.node, boxesAround; left > 0 && at.Parent != nil && !within(headline, at); at, left = at.Parent, left-1 {
		for s := at.PrevSibling; s != nil && within(headline, at.Parent) && !within(headline, s); s = s.PrevSibling {
			if summaryTable(s) {
				w := render(s)
				lines, b.parts, b.media = append(w.lines, lines...), append([]*html.Node{s}, b.parts...), b.media+w.media
			}
		}
		for s := at.NextSibling; s != nil; s = s.NextSibling {
			if namesAttachments(s) {
				w := render(s)
				lines, b.parts, b.media = append(lines, w.lines...), append(b.parts, s), b.media+w.media
			}
		}
	}
	b.text = strings.Join(lines, "\n")
	return b
}

// within reports a node that a box holds.
func within(n, box *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == box {
			return true
		}
	}
	return false
}

// summaryTable reports a box that is a table of labels and values about the article's matter. A table of metadata is none.
func summaryTable(box *html.Node) bool {
	if box.Type != html.ElementNode || hidden(box) || toolbar(box) {
		return false
	}
	rows, paired, metadata := 0, 0, 0
	for tr := range box.Descendants() {
		if tr.DataAtom != atom.Tr {
			continue
		}
		rows++
		cells := cellsOf(tr)
		if len(cells) == 0 || len(cells)%2 != 0 {
			continue
		}
		paired++
		for i := 0; i < len(cells); i += 2 {
			if l := findLabel(shortText(cells[i], aloneRunes)); l != nil && l.names[paper] != "" {
				metadata++
			}
		}
	}
	return rows >= summaryRows && float64(paired) >= summaryShare*float64(rows) && metadata < 2
}

// metadataTable reports a table of what a document says of itself as a paper: its index number, issuer, number, days.
func metadataTable(table *html.Node) bool {
	if table.DataAtom != atom.Table || shortText(table, metadataRunes) == "" {
		return false
	}
	cells, labels := 0, 0
	for n := range table.Descendants() {
		if n.DataAtom != atom.Td && n.DataAtom != atom.Th {
			continue
		}
		cells++
		if l := findLabel(shortText(n, aloneRunes)); l != nil && l.names[paper] != "" {
			labels++
		}
	}
	return labels >= summaryRows && cells <= labels*metadataCells
}

const (
	metadataRunes = 600 // of such a table
	metadataCells = 3   // of it to a label: its value, and the labels that are no paper's
)

// attachmentsHead begins a box of attachments.
var attachmentsHead = regexp.MustCompile(`^[【\[（(]?(?:相关)?附[件表](?:下载|列表)?[】\]）)]?[：:]?`)

// namesAttachments reports a box of links below the word attachment.
func namesAttachments(box *html.Node) bool {
	if box.Type != html.ElementNode || unseen(box) || toolbar(box) {
		return false
	}
	var text strings.Builder
	for c := range box.ChildNodes() {
		text.WriteString(shortLines(c, attachmentsRunes))
	}
	if !attachmentsHead.MatchString(oneLine(text.String(), attachmentsRunes)) {
		return false
	}
	for n := range box.Descendants() {
		if n.DataAtom == atom.A {
			return true
		}
	}
	return false
}

// namesAttachment reports a link that says of what it leads to that it is a file.
func namesAttachment(a *html.Node) bool {
	file, _, _ := strings.Cut(attr(a, "href"), "?")
	return weburl.NamesAttachment(file) || weburl.NamesAttachment(shortText(a, wordRunes))
}

// leftOut reports what does not show. A box of attachments does, for templates hide it for a script to show where there are any.
func leftOut(n *html.Node) bool { return unseen(n) || concealed(n) && !namesAttachments(n) }
