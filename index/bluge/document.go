package bluge

import (
	"math"
	"slices"

	segapi "github.com/blugelabs/bluge_segment_api"

	"terrace/index"
)

// The fields of a generation. Text fields go by their own names.
const (
	fieldID        = "_id" // ice's own name
	fieldStored    = "doc" // the whole document, not indexed
	fieldNumbers   = "num" // terms that stand as often as a number says
	fieldSite      = "orig"
	fieldKey       = "key"
	fieldTitleForm = "form"

	termBodyLength     = "b"
	termTitleLength    = "t"
	termAttachedLength = "a"
	termDate           = "d"
	termLevel          = "l"
)

func keywordField(f index.Field) string { return "k." + string(f) }

// norm is what ice keeps beside every frequency. We do not use it, but ice takes a term with norm 0 for one without postings.
func norm(string, int) float32 { return math.Float32frombits(normBits) }

const normBits = 1

// An entry is a document ready to be written: what is stored of it, and its terms by field.
type entry struct {
	id     string
	stored []byte
	fields []field
	size   int // bytes, about
}

// A field is the terms of one field of an entry, distinct. An entry has at most one field of a name.
type field struct {
	name  string
	terms []index.TermCount
}

func newEntry(d *index.Document, a index.Analysis) *entry {
	e := &entry{id: d.ID, stored: appendDocument(nil, d)}
	e.fields = append(e.fields,
		field{fieldID, []index.TermCount{{Text: string(idTerm(d.ID).Term()), Count: 1}}},
		textField(index.Body, a.Body), textField(index.Title, a.Title),
		field{fieldNumbers, numbers(d, a)},
	)
	if len(a.Attached.Terms) > 0 {
		e.fields = append(e.fields, textField(index.Attached, a.Attached))
	}
	e.size = len(e.stored)
	for i := range e.fields {
		e.size += 16 * len(e.fields[i].terms)
	}
	e.keyword(fieldKey, a.Keys...)
	e.keyword(fieldTitleForm, a.TitleForm)
	if len(d.Copies) > 0 {
		e.keyword(fieldSite, d.Copies[0].Site)
	}
	for _, f := range index.Keywords {
		e.keyword(keywordField(f), d.Values(f)...)
	}
	return e
}

func textField(f index.Field, c index.TermCounts) field {
	empty := func(t index.TermCount) bool { return t.Text == "" || t.Count <= 0 }
	if slices.ContainsFunc(c.Terms, empty) {
		c.Terms = slices.DeleteFunc(slices.Clone(c.Terms), empty)
	}
	return field{string(f), c.Terms}
}

func numbers(d *index.Document, a index.Analysis) (out []index.TermCount) {
	add := func(name string, n int) {
		n = min(max(n, math.MinInt32), math.MaxInt32)
		if n != 0 {
			out = append(out, index.TermCount{Text: name, Count: int(zigzag(int64(n)))})
		}
	}
	add(termBodyLength, a.Body.Length)
	add(termTitleLength, a.Title.Length)
	add(termAttachedLength, a.Attached.Length)
	add(termDate, int(d.Date()))
	add(termLevel, d.Level)
	return out
}

func zigzag(n int64) uint64   { return uint64(n<<1) ^ uint64(n>>63) }
func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }

func (e *entry) keyword(name string, values ...string) {
	f := field{name: name}
	for _, v := range values {
		if v != "" {
			f.terms = append(f.terms, index.TermCount{Text: v, Count: 1})
		}
	}
	if len(f.terms) > 0 {
		e.fields = append(e.fields, f)
	}
}

// Analyze has nothing left to do.
func (e *entry) Analyze() {}

// EachField has nothing to tell to bluge: buildSegment takes the entry as it is.
func (e *entry) EachField(segapi.VisitField) {}

// idTerm names a document to bluge. A letter before the id keeps the term from being empty.
type idTerm string

// Field is the id's field.
func (idTerm) Field() string { return fieldID }

// Term is the id behind its letter.
func (t idTerm) Term() []byte { return append([]byte{'i'}, t...) }
