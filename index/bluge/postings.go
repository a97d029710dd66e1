package bluge

import (
	"encoding/binary"
	"math/bits"
)

// postings is what ice's term dictionary holds for a term: an offset into the segment, or a single document that holds the term once.
type postings uint64

const (
	single     = 1 << 63
	singleMask = 1<<31 - 1
)

// parts returns where the frequencies are and the bytes of the roaring bitmap of documents.
func (s *segment) parts(p postings) (freq uint64, bitmap []byte) {
	m := s.data[p:]
	freq, k := binary.Uvarint(m)
	m = m[k:]
	_, k = binary.Uvarint(m) // locations, which we have none of
	m = m[k:]
	n, k := binary.Uvarint(m)
	return freq, m[k : uint64(k)+n]
}

// containers parses the head of a bitmap in roaring's portable format: their number, which are runs, and key and cardinality of each.
func containers(b []byte) (n int, runs, keys []byte) {
	cookie := binary.LittleEndian.Uint32(b)
	if cookie&0xffff == runCookie {
		n = int(cookie>>16) + 1
		k := (n + 7) / 8
		return n, b[4 : 4+k], b[4+k:]
	}
	return int(binary.LittleEndian.Uint32(b[4:])), nil, b[8:]
}

const (
	arrayCookie     = 12346 // of bitmaps without run containers
	runCookie       = 12347 // of bitmaps that have run containers
	offsetThreshold = 4     // from which on a bitmap with runs has offsets
	arrayMax        = 4096  // documents up to which a container is an array
)

// count returns how many documents p holds, deleted ones included, without decoding them.
func (s *segment) count(p postings) int {
	switch {
	case p == 0:
		return 0
	case p&single != 0:
		return 1
	}
	_, b := s.parts(p)
	n, _, keys := containers(b)
	total := 0
	for i := range n {
		total += int(binary.LittleEndian.Uint16(keys[4*i+2:])) + 1
	}
	return total
}

// docs appends the documents of p to dst.
func (s *segment) docs(p postings, dst []uint32) []uint32 {
	switch {
	case p == 0:
		return dst
	case p&single != 0:
		return append(dst, uint32(p&singleMask))
	}
	_, b := s.parts(p)
	return bitmapDocs(b, dst)
}

func bitmapDocs(b []byte, dst []uint32) []uint32 {
	n, runs, keys := containers(b)
	body := keys[4*n:]
	if runs == nil || n >= offsetThreshold {
		body = body[4*n:]
	}
	le := binary.LittleEndian
	for i := range n {
		high := uint32(le.Uint16(keys[4*i:])) << 16
		size := int(le.Uint16(keys[4*i+2:])) + 1
		switch {
		case runs != nil && runs[i/8]&(1<<(i%8)) != 0:
			k := int(le.Uint16(body))
			dst = appendRuns(dst, high, body[2:2+4*k])
			body = body[2+4*k:]
		case size <= arrayMax:
			dst = appendArray(dst, high, body[:2*size])
			body = body[2*size:]
		default:
			dst = appendBits(dst, high, body[:8192])
			body = body[8192:]
		}
	}
	return dst
}

func appendRuns(dst []uint32, high uint32, runs []byte) []uint32 {
	for ; len(runs) >= 4; runs = runs[4:] {
		first, more := uint32(runs[0])|uint32(runs[1])<<8, uint32(runs[2])|uint32(runs[3])<<8
		for d := first; d <= first+more; d++ {
			dst = append(dst, high|d)
		}
	}
	return dst
}

func appendArray(dst []uint32, high uint32, docs []byte) []uint32 {
	for ; len(docs) >= 2; docs = docs[2:] {
		dst = append(dst, high|uint32(docs[0])|uint32(docs[1])<<8)
	}
	return dst
}

func appendBits(dst []uint32, high uint32, words []byte) []uint32 {
	for w := uint32(0); len(words) >= 8; w, words = w+64, words[8:] {
		for x := binary.LittleEndian.Uint64(words); x != 0; x &= x - 1 {
			dst = append(dst, high|w|uint32(bits.TrailingZeros64(x)))
		}
	}
	return dst
}

// decode returns the documents of p, ascending, and how often the term stands in each.
func (s *segment) decode(p postings) (docs []uint32, counts []float32) {
	switch {
	case p == 0:
		return nil, nil
	case p&single != 0:
		return []uint32{uint32(p & singleMask)}, []float32{1}
	}
	freq, b := s.parts(p)
	n := s.count(p)
	docs, counts = bitmapDocs(b, make([]uint32, 0, n)), make([]float32, n)
	readCounts(counts, s.data[freq:])
	return docs, counts
}

// readCounts reads the frequency of each posting: a number of chunks, where each ends, then for every document a varint of twice the
// frequency and a varint of the norm, which is not used.
func readCounts(counts []float32, m []byte) {
	chunks, k := binary.Uvarint(m)
	m = m[k:]
	for ; chunks > 0; chunks-- {
		m = m[varintSize(m):]
	}
	for i := range counts {
		if b := m[0]; b < 0x80 && m[1] < 0x80 {
			counts[i] = float32(b >> 1)
			m = m[2:]
			continue
		}
		x, k := binary.Uvarint(m)
		counts[i] = float32(x >> 1)
		m = m[k:]
		m = m[varintSize(m):]
	}
}

func varintSize(m []byte) int {
	n := 0
	for m[n] >= 0x80 {
		n++
	}
	return n + 1
}

// numbers calls f with each document of p and the number kept as its frequency.
func (s *segment) numbers(p postings, f func(doc uint32, n uint64)) {
	switch {
	case p == 0:
		return
	case p&single != 0:
		f(uint32(p&singleMask), 1)
		return
	}
	freq, b := s.parts(p)
	m := s.data[freq:]
	chunks, k := binary.Uvarint(m)
	m = m[k:]
	for ; chunks > 0; chunks-- {
		m = m[varintSize(m):]
	}
	for _, d := range bitmapDocs(b, nil) {
		x, k := binary.Uvarint(m)
		m = m[k:]
		m = m[varintSize(m):]
		f(d, x>>1)
	}
}
