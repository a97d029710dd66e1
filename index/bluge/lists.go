package bluge

import (
	"cmp"
	"context"
	"math"
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
	attached   index.Saturation // where a term of the body may stand in attachments, too
}

// A cache keeps lists, most bytes of them at most. Where there is no room, those go first that nobody asked for since the hand last came by (CLOCK). It may be used
// from several goroutines.
type cache struct {
	most int

	mu    sync.Mutex
	at    map[listKey]int // in ring
	ring  []kept
	hand  int
	bytes int
}

// A kept list is one in the ring.
type kept struct {
	key   listKey
	list  list
	asked bool // since the hand came by
}

const (
	listBytes    = 200 // of a list without a document, about
	postingBytes = 8
)

func (l *list) bytes() int { return listBytes + postingBytes*len(l.docs) }

// get returns the list, read anew where it is not kept.
func (c *cache) get(k listKey, read func() (list, error)) (list, error) {
	c.mu.Lock()
	if i, ok := c.at[k]; ok {
		c.ring[i].asked = true
		l := c.ring[i].list
		c.mu.Unlock()
		return l, nil
	}
	c.mu.Unlock()
	l, err := read()
	if err == nil {
		c.mu.Lock()
		c.keep(k, l)
		c.mu.Unlock()
	}
	return l, err
}

func (c *cache) keep(k listKey, l list) {
	if _, twice := c.at[k]; twice || l.bytes() > c.most/4 {
		return
	}
	for c.bytes+l.bytes() > c.most {
		c.drop()
	}
	if c.at == nil {
		c.at = map[listKey]int{}
	}
	c.at[k] = len(c.ring)
	c.ring = append(c.ring, kept{key: k, list: l})
	c.bytes += l.bytes()
}

// drop takes out the next list that nobody asked for; the last of the ring takes its place.
func (c *cache) drop() {
	for {
		if c.hand >= len(c.ring) {
			c.hand = 0
		}
		x := &c.ring[c.hand]
		if !x.asked {
			break
		}
		x.asked = false
		c.hand++
	}
	gone, last := &c.ring[c.hand], len(c.ring)-1
	c.bytes -= gone.list.bytes()
	delete(c.at, gone.key)
	if c.hand < last {
		*gone = c.ring[last]
		c.at[gone.key] = c.hand
	}
	c.ring[last] = kept{}
	c.ring = c.ring[:last]
}

// list looks a term up in a part. One of Body stands in the attachments, too.
func (v *view) list(ctx context.Context, p *part, f index.Field, text string, prefix bool) (list, error) {
	if err := ctx.Err(); err != nil {
		return list{}, err
	}
	k := listKey{segment: p.number, field: f, text: text, prefix: prefix, saturation: v.saturation[f]}
	if f == index.Body && p.attachedLength != nil {
		k.attached = v.saturation[index.Attached]
	}
	return v.lists.get(k, func() (list, error) {
		l, err := p.saturated(ctx, f, k.saturation, text, prefix)
		if err != nil || k.attached == (index.Saturation{}) {
			return l, err
		}
		attached, err := p.saturated(ctx, index.Attached, k.attached, text, prefix)
		return withAttached(l, attached), err
	})
}

// saturated reads the list of a term in one field.
func (p *part) saturated(ctx context.Context, f index.Field, s index.Saturation, text string, prefix bool) (l list, err error) {
	if prefix {
		l.docs, l.saturations, err = p.decodePrefix(ctx, string(f), text)
	} else {
		var at postings
		at, err = p.find(string(f), text)
		l.docs, l.saturations = p.decode(at)
	}
	lengths := p.lengths(f)
	for i, d := range l.docs {
		l.saturations[i] = s.Of(l.saturations[i], lengths[d])
	}
	return l, err
}

// withAttached is the list of a term that stands in bodies and in attachments.
func withAttached(body, attached list) (out list) {
	if len(attached.docs) == 0 {
		return body
	}
	out.docs = make([]uint32, 0, len(body.docs)+len(attached.docs))
	out.saturations = make([]float32, 0, len(body.docs)+len(attached.docs))
	for len(body.docs) > 0 || len(attached.docs) > 0 {
		var inBody, inAttached float32
		d := min(body.first(), attached.first())
		if body.first() == d {
			inBody = body.next()
		}
		if attached.first() == d {
			inAttached = attached.next()
		}
		out.docs = append(out.docs, d)
		out.saturations = append(out.saturations, index.WithAttached(inBody, inAttached))
	}
	return out
}

// first is the first document, beyond all others where there is none.
func (l *list) first() uint32 {
	if len(l.docs) == 0 {
		return math.MaxUint32
	}
	return l.docs[0]
}

// next takes the first document out and gives its saturation.
func (l *list) next() float32 {
	s := l.saturations[0]
	l.docs, l.saturations = l.docs[1:], l.saturations[1:]
	return s
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
