package indextest

import (
	"slices"
	"strings"

	"terrace/index"
)

// document is a Document with what the analyzer makes of it.
type document struct {
	index.Document
	fields    map[index.Field]field // Body and Title
	keys      []string
	titleForm string
}

// field is an analysed field and its normalised text.
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
			index.Body:  newField(made.Body, a.Normalize(d.Text(index.Body))),
			index.Title: newField(made.Title, a.Normalize(d.Text(index.Title))),
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
func (d *document) count(t index.Term) int {
	counts := d.fields[t.Field].counts
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
	for _, t := range p.Terms {
		if d.fields[p.Field].counts[t] == 0 {
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
	d.Copies = slices.Clone(d.Copies)
	return d
}
