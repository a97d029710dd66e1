package indextest

import (
	"slices"
	"strings"

	"terrace/index"
)

// document is a Document with what the analyzer makes of it.
type document struct {
	index.Document
	fields    map[index.Field]field // Body, Title and Attached
	keys      []string
	titleForm string
}

// field is an analysed field and the normalised text that its phrases are verified on.
type field struct {
	counts map[string]int
	length int
	text   string
}

func newDocument(d index.Document, a index.Analyzer) *document {
	d = clone(d)
	made := a.Analyze(&d)
	return &document{
		Document: d,
		fields: map[index.Field]field{
			index.Body:     newField(made.Body, a.Normalize(d.PhraseText(index.Body))),
			index.Title:    newField(made.Title, a.Normalize(d.PhraseText(index.Title))),
			index.Attached: newField(made.Attached, ""),
		},
		keys:      made.Keys,
		titleForm: made.TitleForm,
	}
}

func newField(made index.TermCounts, text string) field {
	f := field{counts: map[string]int{}, length: made.Length, text: text}
	for _, t := range made.Terms {
		f.counts[t.Text] += t.Count
	}
	return f
}

// count is how often a term stands in its field.
func (d *document) count(t index.Term) int { return d.fields[t.Field].count(t) }

// attached is how often a term of Body stands in the attachments.
func (d *document) attached(t index.Term) int {
	if t.Field != index.Body {
		return 0
	}
	return d.fields[index.Attached].count(t)
}

func (f field) count(t index.Term) int {
	counts := f.counts
	if !t.Prefix {
		return counts[t.Text]
	}
	sum := 0
	for text, n := range counts {
		if strings.HasPrefix(text, t.Text) {
			sum += n
		}
	}
	return sum
}

// holdsTerms reports whether every term of the phrase stands in its field.
func (d *document) holdsTerms(p index.Phrase) bool {
	for _, text := range p.Terms {
		if t := (index.Term{Field: p.Field, Text: text}); d.count(t) == 0 && d.attached(t) == 0 {
			return false
		}
	}
	return true
}

func (d *document) holds(p index.Phrase) bool {
	return d.holdsTerms(p) && p.Holds(d.fields[p.Field].text)
}

func (d *document) site() string {
	if len(d.Copies) == 0 {
		return ""
	}
	return d.Copies[0].Site
}

func (d *document) holdsOneOf(f index.Field, values []string) bool {
	return slices.ContainsFunc(d.Values(f), func(v string) bool { return slices.Contains(values, v) })
}

func clone(d index.Document) index.Document {
	d.Copies, d.Details, d.Attachments = slices.Clone(d.Copies), slices.Clone(d.Details), slices.Clone(d.Attachments)
	return d
}
