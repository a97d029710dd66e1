package bluge

import (
	"bytes"
	"math/rand/v2"
	"testing"

	segapi "github.com/blugelabs/bluge_segment_api"
	"github.com/blugelabs/ice"

	"terrace/analysis"
	"terrace/index"
	words "terrace/segment"
)

// An iceDocument is an entry as ice takes it.
type iceDocument struct{ *entry }

// EachField gives what is stored and the fields with terms.
func (d iceDocument) EachField(visit segapi.VisitField) {
	visit(iceField{name: fieldStored, stored: d.stored})
	for _, f := range d.fields {
		visit(iceField{name: f.name, terms: f.terms})
	}
}

type iceField struct {
	name   string
	terms  []index.TermCount
	stored []byte
}

func (f iceField) Name() string         { return f.name }
func (f iceField) Length() int          { return 0 }
func (f iceField) Value() []byte        { return f.stored }
func (f iceField) Index() bool          { return f.stored == nil }
func (f iceField) Store() bool          { return f.stored != nil }
func (f iceField) IndexDocValues() bool { return false }

func (f iceField) EachTerm(visit segapi.VisitTerm) {
	for _, t := range f.terms {
		visit(iceTerm(t))
	}
}

type iceTerm index.TermCount

func (t iceTerm) Term() []byte                      { return []byte(t.Text) }
func (t iceTerm) Frequency() int                    { return t.Count }
func (t iceTerm) EachLocation(segapi.VisitLocation) {}

func TestSegmentsAreIcesToTheByte(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for _, n := range []int{1, 2, 1023, 1024, 1025, 2047, 4095, 5001} {
		sameAsIces(t, randomEntries(random, n, n))
	}
}

func TestSegmentsOfRealTextAreIcesToTheByte(t *testing.T) {
	dict, err := words.EmbeddedDictionary()
	must(t, err)
	for _, set := range []string{"news", "statutes", "letters"} {
		sameAsIces(t, realEntries(t, analysis.Index(words.New(dict)), set, 1500))
	}
}

func sameAsIces(t *testing.T, docs []segapi.Document) {
	t.Helper()
	var entries []*entry
	var forIce []segapi.Document
	for _, d := range docs {
		entries = append(entries, d.(*entry))
		forIce = append(forIce, iceDocument{d.(*entry)})
	}
	got, err := buildSegment(entries)
	must(t, err)
	built, _, err := ice.New(forIce, norm)
	must(t, err)
	var want bytes.Buffer
	_, err = built.WriteTo(&want, nil)
	must(t, err)
	if !bytes.Equal(got, want.Bytes()) {
		t.Errorf("%d documents: the segment is another than ice's, %d bytes, want %d", len(docs), len(got), want.Len())
	}
}
