package bluge

import (
	"fmt"
	"slices"

	"github.com/RoaringBitmap/roaring"

	"terrace/index"
)

// columns are a segment's values by document number, in memory.
//
// They are read from postings and not from ice's doc values: numbers are kept as the frequency of one term, keywords as the postings of
// each value. Both are read in some 30 ms a hundred thousand documents and hold any bytes.
type columns struct {
	bodyLength, titleLength []float32 // tokens
	attachedLength          []float32 // tokens; nil where no document has attachments
	date                    []int32
	level                   []int32
	site                    keyword // of the original, at most one
	keywords                map[index.Field]*keyword
	ids                     ids
}

// A keyword is the column of one keyword field.
type keyword struct {
	values []string // sorted
	first  []uint32 // by document: 1 + index into values, 0 for none
	more   map[uint32][]uint32
}

// each calls f with 1 + index into values for every value of a document.
func (k *keyword) each(doc uint32, f func(value uint32)) {
	if len(k.first) == 0 || k.first[doc] == 0 {
		return
	}
	f(k.first[doc])
	if len(k.more) > 0 {
		for _, v := range k.more[doc] {
			f(v)
		}
	}
}

// holds reports whether a document has an allowed value.
func (k *keyword) holds(doc uint32, allowed []bool) bool {
	if len(k.first) == 0 || k.first[doc] == 0 {
		return false
	}
	if allowed[k.first[doc]] || len(k.more) == 0 {
		return allowed[k.first[doc]]
	}
	return slices.ContainsFunc(k.more[doc], func(v uint32) bool { return allowed[v] })
}

func readColumns(s *segment) (c columns, err error) {
	body, title := make([]int32, s.size), make([]int32, s.size)
	c.date, c.level = make([]int32, s.size), make([]int32, s.size)
	for term, column := range map[string][]int32{termBodyLength: body, termTitleLength: title, termDate: c.date, termLevel: c.level} {
		if err := s.readNumbers(term, column); err != nil {
			return c, err
		}
	}
	c.bodyLength, c.titleLength = floats(body), floats(title)
	if s.fields[string(index.Attached)] != nil {
		attached := make([]int32, s.size)
		if err := s.readNumbers(termAttachedLength, attached); err != nil {
			return c, err
		}
		c.attachedLength = floats(attached)
	}
	if err := s.readKeyword(fieldSite, &c.site); err != nil {
		return c, err
	}
	c.keywords = map[index.Field]*keyword{}
	for _, f := range index.Keywords {
		c.keywords[f] = &keyword{}
		if err := s.readKeyword(keywordField(f), c.keywords[f]); err != nil {
			return c, err
		}
	}
	c.ids, err = readIDs(s)
	return c, err
}

// lengths are those of a text field.
func (c *columns) lengths(f index.Field) []float32 {
	switch f {
	case index.Title:
		return c.titleLength
	case index.Attached:
		return c.attachedLength
	}
	return c.bodyLength
}

func floats(in []int32) []float32 {
	out := make([]float32, len(in))
	for i, x := range in {
		out[i] = float32(x)
	}
	return out
}

func (s *segment) readNumbers(term string, column []int32) error {
	p, err := s.find(fieldNumbers, term)
	if err != nil {
		return err
	}
	s.numbers(p, func(doc uint32, n uint64) { column[doc] = int32(unzigzag(n)) })
	return nil
}

func (s *segment) readKeyword(field string, k *keyword) error {
	var docs []uint32
	return s.each(field, "", func(term []byte, p postings) {
		if k.first == nil {
			k.first = make([]uint32, s.size)
		}
		k.values = append(k.values, string(term))
		v := uint32(len(k.values))
		docs = s.docs(p, docs[:0])
		for _, d := range docs {
			switch {
			case k.first[d] == 0:
				k.first[d] = v
			case k.more == nil:
				k.more = map[uint32][]uint32{d: {v}}
			default:
				k.more[d] = append(k.more[d], v)
			}
		}
	})
}

// ids are the document ids, one after the other in order of their bytes.
type ids struct {
	text []byte
	end  []uint32 // in text, by rank
	rank []uint32 // by document
}

func readIDs(s *segment) (x ids, err error) {
	x.rank = make([]uint32, s.size)
	x.end = make([]uint32, 0, s.size)
	var docs []uint32
	err = s.each(fieldID, "", func(term []byte, p postings) {
		x.text = append(x.text, term[1:]...) // see idTerm
		x.end = append(x.end, uint32(len(x.text)))
		docs = s.docs(p, docs[:0])
		for _, d := range docs {
			x.rank[d] = uint32(len(x.end) - 1)
		}
	})
	if err == nil && len(x.end) != s.size {
		err = fmt.Errorf("%w: %d ids for %d documents", ErrDamaged, len(x.end), s.size)
	}
	return x, err
}

func (x *ids) of(doc uint32) []byte {
	r := x.rank[doc]
	start := uint32(0)
	if r > 0 {
		start = x.end[r-1]
	}
	return x.text[start:x.end[r]]
}

// A liveSet is which documents of a segment are deleted, and what is left of its statistics. Deletions of a segment only grow, so their
// number tells one state from another.
type liveSet struct {
	deleted               uint64
	bits                  []uint64 // of the deleted; nil where there is none
	liveDocs              int
	body, title, attached int64 // tokens
	attachedDocs          int   // that have attachments
}

func (s *segment) liveWithout(deleted *roaring.Bitmap) *liveSet {
	var n uint64
	if deleted != nil {
		n = deleted.GetCardinality()
	}
	if have := s.live.Load(); have != nil && have.deleted == n {
		return have
	}
	l := &liveSet{deleted: n, liveDocs: s.size - int(n)}
	if n > 0 {
		l.bits = make([]uint64, (s.size+63)/64)
		for it := deleted.Iterator(); it.HasNext(); {
			d := it.Next()
			l.bits[d/64] |= 1 << (d % 64)
		}
	}
	for d := range uint32(s.size) {
		if !l.isDeleted(d) {
			l.body += int64(s.bodyLength[d])
			l.title += int64(s.titleLength[d])
			if s.attachedLength != nil && s.attachedLength[d] > 0 {
				l.attached += int64(s.attachedLength[d])
				l.attachedDocs++
			}
		}
	}
	s.live.Store(l)
	return l
}

func (l *liveSet) isDeleted(doc uint32) bool {
	return l.bits != nil && l.bits[doc/64]&(1<<(doc%64)) != 0
}

// keep drops the deleted from docs.
func (l *liveSet) keep(docs []uint32) []uint32 {
	if l.bits == nil {
		return docs
	}
	return slices.DeleteFunc(docs, l.isDeleted)
}
