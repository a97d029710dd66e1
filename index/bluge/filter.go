package bluge

import (
	"context"
	"slices"

	"terrace/index"
)

// A filter is a Filter looked up in a view.
type filter struct {
	fields   []index.Field // of Values
	counted  []bool        // by field: a facet counts it without its own filter
	columns  [][]*keyword  // by field and part
	allowed  [][][]bool    // by field, part, and 1 + index into the part's values
	dated    bool
	from, to int32
	timeless bitset // documents that meet the days whatever theirs is; nil: none
}

func newFilter(ctx context.Context, v *view, q *index.Query) (*filter, error) {
	f := &filter{dated: q.Filter.From != 0 || q.Filter.To != 0, from: int32(q.Filter.From), to: int32(q.Filter.To)}
	for _, field := range index.Keywords {
		values, ok := q.Filter.Values[field]
		if !ok {
			continue
		}
		columns, allowed := make([]*keyword, len(v.parts)), make([][]bool, len(v.parts))
		for i := range v.parts {
			columns[i] = v.parts[i].keywords[field]
			allowed[i] = columns[i].allow(values)
		}
		f.fields = append(f.fields, field)
		f.columns = append(f.columns, columns)
		f.allowed = append(f.allowed, allowed)
		f.counted = append(f.counted, slices.ContainsFunc(q.Facets, func(x index.Facet) bool { return x.Field == field }))
	}
	if !f.dated || len(q.Filter.Dated) == 0 {
		return f, nil
	}
	f.timeless = newBitset(v.size)
	for _, phrase := range q.Filter.Dated {
		docs, err := v.conjunction(ctx, []index.Phrase{phrase})
		if err != nil {
			return nil, err
		}
		f.timeless.add(0, docs)
	}
	return f, nil
}

// allow tells of each value of the column, by 1 + its index, whether it is one of values.
func (k *keyword) allow(values []string) []bool {
	out := make([]bool, len(k.values)+1)
	for _, v := range values {
		if i, found := slices.BinarySearch(k.values, v); found {
			out[i+1] = true
		}
	}
	return out
}

// pass reports whether a document of a part meets the filter, or fails it in one field alone that is counted; failed is 1 + that field's index.
func (f *filter) pass(p *part, doc uint32) (failed int8, ok bool) {
	if f.dated && !(f.timeless != nil && f.timeless.has(p.first+doc)) {
		d := p.date[doc]
		if d == 0 || d < f.from || f.to != 0 && d > f.to {
			return 0, false
		}
	}
	for i := range f.fields {
		if f.columns[i][p.place].holds(doc, f.allowed[i][p.place]) {
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
