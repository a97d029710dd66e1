package bluge

import (
	"slices"

	"terrace/index"
)

// A filter is a Filter looked up in a view.
type filter struct {
	fields   []index.Field // of Values
	counted  []bool        // by field: a facet counts it without its own filter
	allowed  []bitset      // by field
	dated    bool
	from, to int32
}

func newFilter(v *view, q *index.Query) (*filter, error) {
	f := &filter{dated: q.Filter.From != 0 || q.Filter.To != 0, from: int32(q.Filter.From), to: int32(q.Filter.To)}
	var docs []uint32
	for _, field := range index.Keywords {
		values, ok := q.Filter.Values[field]
		if !ok {
			continue
		}
		allowed := newBitset(v.size)
		for i := range v.parts {
			p := &v.parts[i]
			for _, value := range values {
				at, err := p.find(keywordField(field), value)
				if err != nil {
					return nil, err
				}
				docs = p.docs(at, docs[:0])
				allowed.add(p.first, docs)
			}
		}
		f.fields = append(f.fields, field)
		f.allowed = append(f.allowed, allowed)
		f.counted = append(f.counted, slices.ContainsFunc(q.Facets, func(x index.Facet) bool { return x.Field == field }))
	}
	return f, nil
}

// pass reports whether a document meets the filter, or fails it in one field alone that is counted; failed is 1 + that field's index.
func (f *filter) pass(p *part, doc, local uint32) (failed int8, ok bool) {
	if f.dated {
		d := p.date[local]
		if d == 0 || d < f.from || f.to != 0 && d > f.to {
			return 0, false
		}
	}
	for i, allowed := range f.allowed {
		if allowed.has(doc) {
			continue
		}
		if failed != 0 || !f.counted[i] {
			return 0, false
		}
		failed = int8(i + 1)
	}
	return failed, true
}

// A bitset is a set of documents of a view.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) has(doc uint32) bool { return b[doc/64]&(1<<(doc%64)) != 0 }

func (b bitset) add(first uint32, docs []uint32) {
	for _, d := range docs {
		b[(first+d)/64] |= 1 << ((first + d) % 64)
	}
}
