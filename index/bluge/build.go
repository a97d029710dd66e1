package bluge

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/RoaringBitmap/roaring"
	"github.com/blevesearch/vellum"
	"github.com/blugelabs/ice"
	"github.com/golang/snappy"
)

// A builder writes a segment file, byte for byte as ice would, with a third of its work: it hashes each term of a document once and knows
// that there are neither positions nor doc values.
type builder struct {
	out        []byte
	docs       int
	fields     []*fieldTerms
	dictionary *vellum.Builder
	buffer     bytes.Buffer // of the dictionary
	chunks     []uint64
	counts     []byte
	set        []byte
}

// fieldTerms are the terms of one field in all documents.
type fieldTerms struct {
	name        string
	at          map[string]uint32 // index into terms
	terms       []fieldTerm
	occurrences []occurrence // in order of documents
	docs        int          // that have the field
}

type fieldTerm struct {
	text     string
	docs     uint32       // that hold it
	postings []occurrence // in order of documents
}

type occurrence struct {
	term, doc, count uint32
}

var builders = sync.Pool{New: func() any { return &builder{} }}

// buildSegment makes the file of a segment of at least one document.
func buildSegment(entries []*entry) ([]byte, error) {
	b := builders.Get().(*builder)
	b.out, b.docs, b.fields = nil, len(entries), collect(entries)
	stored := b.stored(entries)
	dictionaries := make([]uint64, len(b.fields))
	for i, f := range b.fields {
		var err error
		if dictionaries[i], err = b.dictionaryOf(f); err != nil {
			return nil, fmt.Errorf("write field %s: %w", f.name, err)
		}
	}
	docValues := uint64(len(b.out))
	for range b.fields {
		b.numbers(math.MaxUint64, math.MaxUint64)
	}
	b.footer(stored, docValues, b.fieldTable(dictionaries))
	out := b.out
	b.out, b.fields = nil, nil
	builders.Put(b) // one that an error left half used is not used again
	return out, nil
}

// collect gathers the terms of all documents by field, the ids first and the other fields by name.
func collect(entries []*entry) []*fieldTerms {
	byName := map[string]*fieldTerms{fieldStored: {name: fieldStored, docs: len(entries)}}
	for doc, e := range entries {
		for _, f := range e.fields {
			t := byName[f.name]
			if t == nil {
				t = &fieldTerms{name: f.name, at: map[string]uint32{}}
				byName[f.name] = t
			}
			t.add(uint32(doc), f)
		}
	}
	var out []*fieldTerms
	for _, t := range byName {
		t.invert()
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b *fieldTerms) int {
		switch {
		case a.name == fieldID:
			return -1
		case b.name == fieldID:
			return 1
		}
		return strings.Compare(a.name, b.name)
	})
	return out
}

func (t *fieldTerms) add(doc uint32, f field) {
	t.docs++
	for _, c := range f.terms {
		i, known := t.at[c.Text]
		if !known {
			i = uint32(len(t.terms))
			t.at[c.Text] = i
			t.terms = append(t.terms, fieldTerm{text: c.Text})
		}
		t.terms[i].docs++
		t.occurrences = append(t.occurrences, occurrence{i, doc, uint32(c.Count)})
	}
}

// invert gives each term its postings, and sorts the terms.
func (t *fieldTerms) invert() {
	room := make([]occurrence, len(t.occurrences))
	for i := range t.terms {
		x := &t.terms[i]
		x.postings, room = room[:0:x.docs], room[x.docs:]
	}
	for _, o := range t.occurrences {
		x := &t.terms[o.term]
		x.postings = append(x.postings, o)
	}
	slices.SortFunc(t.terms, func(a, b fieldTerm) int { return strings.Compare(a.text, b.text) })
}

func (b *builder) numbers(ns ...uint64) {
	for _, n := range ns {
		b.out = binary.AppendUvarint(b.out, n)
	}
}

// stored writes what is stored of each document, and returns where the table of their places is.
func (b *builder) stored(entries []*entry) uint64 {
	own := uint64(slices.IndexFunc(b.fields, func(f *fieldTerms) bool { return f.name == fieldStored }))
	places := make([]uint64, len(entries))
	var values, packed []byte
	for i, e := range entries {
		places[i] = uint64(len(b.out))
		values = binary.AppendUvarint(values[:0], own)
		values = binary.AppendUvarint(values, 0) // where the value begins
		values = binary.AppendUvarint(values, uint64(len(e.stored)))
		packed = snappy.Encode(packed[:cap(packed)], e.stored)
		b.numbers(uint64(len(values)), uint64(len(packed)))
		b.out = append(append(b.out, values...), packed...)
	}
	return b.table(places)
}

// table writes numbers of a fixed size, and returns where.
func (b *builder) table(ns []uint64) uint64 {
	at := uint64(len(b.out))
	for _, n := range ns {
		b.out = binary.BigEndian.AppendUint64(b.out, n)
	}
	return at
}

// dictionaryOf writes the postings of a field and then its dictionary, and returns where that is.
func (b *builder) dictionaryOf(f *fieldTerms) (at uint64, err error) {
	if b.dictionary == nil {
		b.dictionary, err = vellum.New(&b.buffer, nil)
	} else {
		b.buffer.Reset()
		err = b.dictionary.Reset(&b.buffer)
	}
	if err != nil {
		return 0, err
	}
	for i := range f.terms {
		t := &f.terms[i]
		place, err := b.postings(t.postings)
		if err != nil {
			return 0, err
		}
		if err := b.dictionary.Insert([]byte(t.text), place); err != nil {
			return 0, fmt.Errorf("term %q: %w", t.text, err)
		}
	}
	if err := b.dictionary.Close(); err != nil {
		return 0, err
	}
	at = uint64(len(b.out))
	b.numbers(uint64(b.buffer.Len()))
	b.out = append(b.out, b.buffer.Bytes()...)
	return at, nil
}

// chunkDocs is about how many frequencies ice keeps in a chunk.
const chunkDocs = 1024

// postings writes the frequencies of a term in chunks and then the documents that hold it, and returns where these are.
func (b *builder) postings(ps []occurrence) (at uint64, err error) {
	if err := b.bitmap(ps); err != nil {
		return 0, err
	}
	chunkSize := b.docs / (len(ps)/chunkDocs + 1)
	b.counts, b.chunks = b.counts[:0], b.chunks[:0]
	for chunk := range (b.docs-1)/chunkSize + 1 {
		for end := uint32((chunk + 1) * chunkSize); len(ps) > 0 && ps[0].doc < end; ps = ps[1:] {
			b.counts = binary.AppendUvarint(b.counts, uint64(ps[0].count)<<1)
			b.counts = binary.AppendUvarint(b.counts, normBits)
		}
		b.chunks = append(b.chunks, uint64(len(b.counts)))
	}
	frequencies := uint64(len(b.out))
	b.numbers(uint64(len(b.chunks)))
	b.numbers(b.chunks...)
	b.out = append(b.out, b.counts...)
	at = uint64(len(b.out))
	b.numbers(frequencies, 0, uint64(len(b.set)))
	b.out = append(b.out, b.set...)
	return at, nil
}

// bitmap encodes the documents of postings as roaring does.
func (b *builder) bitmap(ps []occurrence) error {
	if len(ps) > arrayMax || b.docs > math.MaxUint16 {
		set := roaring.New()
		for _, p := range ps {
			set.Add(p.doc)
		}
		out, err := set.ToBytes()
		b.set = out
		return err
	}
	le := binary.LittleEndian
	b.set = le.AppendUint32(b.set[:0], arrayCookie)
	b.set = le.AppendUint32(b.set, 1)                    // containers
	b.set = le.AppendUint16(b.set, 0)                    // the high bits of its documents
	b.set = le.AppendUint16(b.set, uint16(len(ps)-1))    // documents
	b.set = le.AppendUint32(b.set, uint32(len(b.set)+4)) // where they begin
	for _, p := range ps {
		b.set = le.AppendUint16(b.set, uint16(p.doc))
	}
	return nil
}

// fieldTable writes the names of the fields and where the dictionary of each is.
func (b *builder) fieldTable(dictionaries []uint64) uint64 {
	places := make([]uint64, len(b.fields))
	for i, f := range b.fields {
		places[i] = uint64(len(b.out))
		b.numbers(dictionaries[i], uint64(len(f.name)))
		b.out = append(b.out, f.name...)
		b.numbers(uint64(f.docs), 0)
	}
	return b.table(places)
}

func (b *builder) footer(stored, docValues, fields uint64) {
	b.table([]uint64{uint64(b.docs), stored, fields, docValues})
	b.out = binary.BigEndian.AppendUint32(b.out, iceChunkMode)
	b.out = binary.BigEndian.AppendUint32(b.out, ice.Version)
	b.out = binary.BigEndian.AppendUint32(b.out, crc32.ChecksumIEEE(b.out))
}
