package bluge

import (
	"math"

	segapi "github.com/blugelabs/bluge_segment_api"

	"terrace/index"
)

// The fields of a generation. Text fields go by their own names.
const (
	fieldID        = "_id" // ice's own name
	fieldStored    = "doc" // the whole document, not indexed
	fieldNumbers   = "num" // terms that stand as often as a number says
	fieldSite      = "orig"
	fieldTitleKey  = "key"
	fieldTitleForm = "form"

	termBodyLength  = "b"
	termTitleLength = "t"
	termDate        = "d"
	termLevel       = "l"
)

func keywordField(f index.Field) string { return "k." + string(f) }

// norm is what ice keeps beside every frequency. We do not use it, but ice takes a term with norm 0 for one without postings.
func norm(string, int) float32 { return math.Float32frombits(1) }

// An entry is a document ready for ice, without its way through bluge's analysis.
type entry struct {
	id     string
	fields []field
	size   int // bytes, about
}

func newEntry(d *index.Document, a index.Analysis) *entry {
	stored := appendDocument(nil, d)
	e := &entry{id: d.ID, size: len(stored)}
	e.fields = append(e.fields,
		field{name: fieldID, terms: []term{{idTerm(d.ID).Term(), 1}}},
		field{name: fieldStored, value: stored},
		textField(index.Body, a.Body), textField(index.Title, a.Title),
		field{name: fieldNumbers, terms: numbers(d, a)},
	)
	for i := range e.fields {
		e.size += 16 * len(e.fields[i].terms)
	}
	e.keyword(fieldTitleKey, a.TitleKey)
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
	out := field{name: string(f), terms: make([]term, 0, len(c.Terms))}
	for _, t := range c.Terms {
		if len(t.Text) > 0 && t.Count > 0 {
			out.terms = append(out.terms, term{t.Text, t.Count})
		}
	}
	return out
}

func numbers(d *index.Document, a index.Analysis) (out []term) {
	add := func(name string, n int) {
		n = min(max(n, math.MinInt32), math.MaxInt32)
		if n != 0 {
			out = append(out, term{[]byte(name), int(zigzag(int64(n)))})
		}
	}
	add(termBodyLength, a.Body.Length)
	add(termTitleLength, a.Title.Length)
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
			f.terms = append(f.terms, term{[]byte(v), 1})
		}
	}
	if len(f.terms) > 0 {
		e.fields = append(e.fields, f)
	}
}

// Analyze has nothing left to do.
func (e *entry) Analyze() {}

// EachField calls f with every field.
func (e *entry) EachField(f segapi.VisitField) {
	for i := range e.fields {
		f(&e.fields[i])
	}
}

// A field is a field of an entry: stored where it has a value, else indexed.
type field struct {
	name  string
	terms []term
	value []byte
}

// Name is the field's name in ice.
func (f *field) Name() string { return f.name }

// Length is not used.
func (f *field) Length() int { return 0 }

// Value is what is stored.
func (f *field) Value() []byte { return f.value }

// Index reports whether the field has terms to look up.
func (f *field) Index() bool { return f.value == nil }

// Store reports whether the field has a value to give back.
func (f *field) Store() bool { return f.value != nil }

// IndexDocValues is false: columns are read from postings.
func (f *field) IndexDocValues() bool { return false }

// EachTerm calls v with every term.
func (f *field) EachTerm(v segapi.VisitTerm) {
	for i := range f.terms {
		v(&f.terms[i])
	}
}

type term struct {
	text  []byte
	count int
}

// Term is the term's text.
func (t *term) Term() []byte { return t.text }

// Frequency is how often it stands in the field.
func (t *term) Frequency() int { return t.count }

// EachLocation has nothing to tell: there are no positions.
func (t *term) EachLocation(segapi.VisitLocation) {}

// idTerm names a document to bluge. A letter before the id keeps the term from being empty.
type idTerm string

// Field is the id's field.
func (idTerm) Field() string { return fieldID }

// Term is the id behind its letter.
func (t idTerm) Term() []byte { return append([]byte{'i'}, t...) }
