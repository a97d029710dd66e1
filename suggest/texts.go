package suggest

import (
	"cmp"
	"encoding/binary"
	"slices"
	"sort"
	"strings"
)

// texts are many strings in one piece of memory, by number. None holds a zero byte.
type texts struct {
	all strings.Builder
	end []uint32
}

func (t *texts) add(s string) {
	t.all.WriteString(s)
	t.end = append(t.end, uint32(t.all.Len()))
}

func (t *texts) get(n int) string {
	start := uint32(0)
	if n > 0 {
		start = t.end[n-1]
	}
	return t.all.String()[start:t.end[n]]
}

// A place is a byte of a text: its offset in the lowest eight bits, above them the text's number.
type place uint32

func placeOf(number, offset int) place { return place(number<<8 | offset) }
func (p place) number() int            { return int(p >> 8) }
func (p place) offset() int            { return int(p & 0xff) }

// from is what stands from depth bytes behind a place on.
func (t *texts) from(p place, depth int) string { return t.get(p.number())[p.offset()+depth:] }

// span is the part of sorted places, which have their first depth bytes in common, behind which a prefix stands.
func (t *texts) span(places []place, depth int, prefix string) []place {
	places = places[sort.Search(len(places), func(i int) bool { return t.from(places[i], depth) >= prefix }):]
	return t.run(places, depth, prefix)
}

// run is span where nothing stands before the prefix.
func (t *texts) run(places []place, depth int, prefix string) []place {
	return places[:sort.Search(len(places), func(i int) bool { return !strings.HasPrefix(t.from(places[i], depth), prefix) })]
}

// headed is a place with eight bytes of what stands there as a number; numbers are in the order of the bytes. Sorting by them saves looking at the
// texts, which lie all over the memory, at every comparison.
type headed struct {
	head uint64
	place
}

// sort puts places in the order of what stands there.
func (t *texts) sort(places []place) {
	h := make([]headed, len(places))
	for i, p := range places {
		h[i].place = p
	}
	t.sortFrom(h, 0)
	for i := range h {
		places[i] = h[i].place
	}
}

// sortFrom sorts places that have their first depth bytes in common.
func (t *texts) sortFrom(h []headed, depth int) {
	for i := range h {
		h[i].head = head(t.from(h[i].place, depth))
	}
	slices.SortFunc(h, func(a, b headed) int {
		if a.head != b.head {
			return cmp.Compare(a.head, b.head)
		}
		return cmp.Compare(a.place, b.place)
	})
	for i, j := 0, 0; i < len(h); i = j {
		for j = i + 1; j < len(h) && h[j].head == h[i].head; j++ {
		}
		if ended := h[i].head&0xff == 0; j-i > 1 && !ended {
			t.sortFrom(h[i:j], depth+8)
		}
	}
}

func head(s string) uint64 {
	var b [8]byte
	copy(b[:], s)
	return binary.BigEndian.Uint64(b[:])
}
