package query

import (
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/index"
	"terrace/segment"
)

// An Attachment is a file that a hit offers.
type Attachment struct {
	URL     string
	Name    []Span
	Snippet []Span // the best passage of it, where it holds words of the query that the hit's own text has not
}

// mostAttachments is how many of a hit are told: those that hold what was asked for, then the first.
const mostAttachments = 5

// attachedSource is how many bytes of the attachments of a hit are looked through for the words of the query.
const attachedSource = 1 << 18

// attachments are those of a document to be shown. One gets a snippet at most: the one that holds most of the words that the title and the body have not.
func (m *marker) attachments(d *index.Document) (out []Attachment) {
	if len(d.Attachments) == 0 {
		return nil
	}
	held := m.holds(d.Title, map[int]bool{})
	held = m.holds(head(d.Body, passageSource), held)
	best, most, left := -1, 0, attachedSource
	var named, others []Attachment
	for i := range d.Attachments {
		a := &d.Attachments[i]
		shown := Attachment{URL: a.URL, Name: m.title(a.Name)}
		text := head(a.Text, left)
		left -= len(text)
		more := len(m.holds(text, held)) - len(held)
		if len(m.matches(a.Name)) == 0 && more == 0 {
			others = append(others, shown)
			continue
		}
		if more > most {
			best, most = len(named), more
			shown.Snippet = m.passage(text)
		}
		named = append(named, shown)
	}
	for i := range named {
		if i != best {
			named[i].Snippet = nil
		}
	}
	out = append(named, others...)
	return out[:min(len(out), mostAttachments)]
}

// holds are the words of the query that a text holds whole, with those that were held before.
func (m *marker) holds(text string, before map[int]bool) map[int]bool {
	out := make(map[int]bool, len(before))
	for w := range before {
		out[w] = true
	}
	for _, x := range m.matches(text) {
		if x.part == 1 {
			out[x.word] = true
		}
	}
	return out
}

// withoutAttachments is a body without the lines that only name attachments, which are shown below it.
func withoutAttachments(body string, attachments []index.Attachment) string {
	const mark = 6 // characters before a name, such as 附件12
	var known []string
	for _, a := range attachments {
		if key := segment.TitleKey(a.Name); key != "" {
			known = append(known, key)
		}
	}
	if len(known) == 0 {
		return body
	}
	var out []string
	for line := range strings.SplitSeq(body, "\n") {
		key := segment.TitleKey(line)
		names := func(name string) bool {
			rest, ends := strings.CutSuffix(key, name)
			return ends && utf8.RuneCountInString(rest) <= mark
		}
		if !slices.ContainsFunc(known, names) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\n")
}
