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

// attachments are those of a document to be shown, without what hide takes from a text. One gets a snippet at most: the one that holds most of the words that the title and
// the body have not.
func (m *marker) attachments(d *index.Document, hide func(string) string) (out []Attachment) {
	if len(d.Attachments) == 0 {
		return nil
	}
	held := m.holds(d.Title, map[int]bool{})
	held = m.holds(head(d.Body, passageSource), held)
	best, most, text, left := -1, 0, "", attachedSource
	var named, others []Attachment
	for i := range d.Attachments {
		a := &d.Attachments[i]
		shown := Attachment{URL: a.URL, Name: m.title(hide(a.Name))}
		source := head(a.Text, left)
		left -= len(source)
		more := len(m.holds(source, held)) - len(held)
		if len(m.matches(a.Name)) == 0 && more == 0 {
			others = append(others, shown)
			continue
		}
		if more > most {
			best, most, text = len(named), more, source
		}
		named = append(named, shown)
	}
	if best >= 0 {
		named[best].Snippet = m.passage(hide(text))
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

// lineSigns are bytes that a line may have beside an attachment's name: a mark, a number, brackets, how large the file is.
const lineSigns = 200

// withoutAttachments is a body without the lines that only name attachments, which are shown below it.
func withoutAttachments(body string, attachments []index.Attachment) string {
	const mark = 6 // characters before a name, such as 附件12
	var known []string
	longest := 0
	for _, a := range attachments {
		if key := segment.TitleKey(a.Name); key != "" {
			known, longest = append(known, key), max(longest, len(a.Name))
		}
	}
	if len(known) == 0 {
		return body
	}
	var out []string
	for line := range strings.SplitSeq(body, "\n") {
		if len(line) > 2*longest+lineSigns { // it says more
			out = append(out, line)
			continue
		}
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
