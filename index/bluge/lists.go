package bluge

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"terrace/index"
)

// A list is one term in one segment: the documents that hold it, ascending, deleted ones included, and the saturation of each.
type list struct {
	docs        []uint32
	saturations []float32
}

// A listKey names a list: the postings of a term, or the sum of those of all terms that begin so.
type listKey struct {
	segment    uint64
	field      index.Field
	text       string
	prefix     bool
	saturation index.Saturation
}

// A cache keeps the lists asked for last, most bytes of them at most: those since it was last half full, and those of the half before. It may be
// used from several goroutines.
type cache struct {
	most int

	mu         sync.Mutex
	now, prior map[listKey]list
	bytes      int // of now
}

const (
	listBytes    = 200 // of a list without a document, about
	postingBytes = 8
)

// get returns the list, read anew where it is not kept.
func (c *cache) get(k listKey, read func() (list, error)) (list, error) {
	c.mu.Lock()
	l, ok := c.now[k]
	if !ok {
		if l, ok = c.prior[k]; ok {
			c.keep(k, l)
		}
	}
	c.mu.Unlock()
	if ok {
		return l, nil
	}
	l, err := read()
	if err == nil {
		c.mu.Lock()
		c.keep(k, l)
		c.mu.Unlock()
	}
	return l, err
}

func (c *cache) keep(k listKey, l list) {
	bytes := listBytes + postingBytes*len(l.docs)
	if bytes > c.most/2 {
		return
	}
	if c.now == nil || c.bytes+bytes > c.most/2 {
		c.now, c.prior, c.bytes = map[listKey]list{}, c.now, 0
	}
	if _, twice := c.now[k]; !twice {
		c.now[k] = l
		c.bytes += bytes
	}
}

// list looks a term up in a part.
func (v *view) list(ctx context.Context, p *part, f index.Field, text string, prefix bool) (list, error) {
	if err := ctx.Err(); err != nil {
		return list{}, err
	}
	k := listKey{p.number, f, text, prefix, v.saturation[f]}
	return v.lists.get(k, func() (l list, err error) {
		if prefix {
			l.docs, l.saturations, err = p.decodePrefix(ctx, string(f), text)
		} else {
			var at postings
			at, err = p.find(string(f), text)
			l.docs, l.saturations = p.decode(at)
		}
		lengths := p.bodyLength
		if f == index.Title {
			lengths = p.titleLength
		}
		for i, d := range l.docs {
			l.saturations[i] = k.saturation.Of(l.saturations[i], lengths[d])
		}
		return l, err
	})
}

// decodePrefix adds up the postings of the terms that begin with text.
func (s *segment) decodePrefix(ctx context.Context, field, text string) (docs []uint32, counts []float32, err error) {
	scratch := scratches.Get().(*scratch)
	sums := &scratch.prefix
	sums.prepare(s.size)
	err = s.each(field, text, func(_ []byte, at postings) {
		if ctx.Err() != nil {
			return
		}
		docs, counts := s.decode(at)
		for i, d := range docs {
			if isNone(sums.sums[d]) {
				sums.docs = append(sums.docs, d)
			}
			sums.sums[d] += counts[i]
		}
	})
	slices.Sort(sums.docs)
	docs, counts = slices.Clone(sums.docs), make([]float32, len(sums.docs))
	for i, d := range docs {
		counts[i], sums.sums[d] = sums.sums[d], none
	}
	sums.docs = sums.docs[:0]
	scratches.Put(scratch)
	return docs, counts, cmp.Or(err, ctx.Err())
}

// liveCount counts the documents that are not deleted.
func (l *liveSet) liveCount(docs []uint32) int {
	n := len(docs)
	if l.bits != nil {
		for _, d := range docs {
			if l.isDeleted(d) {
				n--
			}
		}
	}
	return n
}
