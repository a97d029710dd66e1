package suggest

import (
	"strings"
	"unicode/utf8"

	"terrace/pinyin"
)

const (
	maxSounded  = 24     // characters of a phrase that can be typed by their sound
	syllableEnd = "\x01" // stands before every letter in the order of texts
)

// A sounding is how keys are read: for each of their first characters its syllable, or the character itself where it has none, and syllableEnd.
type sounding struct {
	texts
	order []place
}

func soundsOf(keys *texts) *sounding {
	s := &sounding{order: make([]place, len(keys.end))}
	var text []byte
	for n := range keys.end {
		key := beginning(keys.get(n), maxSounded)
		syllables := pinyin.Of(key)
		text = text[:0]
		for _, r := range key {
			if syllables[0] != "" {
				text = append(text, syllables[0]...)
			} else {
				text = utf8.AppendRune(text, r)
			}
			text = append(text, syllableEnd...)
			syllables = syllables[1:]
		}
		s.add(string(text))
		s.order[n] = placeOf(n, 0)
	}
	s.sort(s.order)
	return s
}

// beginning is the first n characters of a text.
func beginning(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// find adds the phrases whose sound an input of letters and digits spells the beginning of. The places have their first depth bytes in common, whole
// syllables, and have says what these stand for.
func (s *sounding) find(places []place, depth int, input string, have spelled, found *finds) {
	for _, letter := range have.next(input) {
		rest := s.span(places, depth, letter)
		for len(rest) > 0 {
			text := s.from(rest[0], depth)
			n := strings.Index(text, syllableEnd)
			same := s.run(rest, depth, text[:n+1])
			rest = rest[len(same):]
			if left := found.spelled(same, input, have.add(input, text[:n])); left.mixed != 0 {
				s.find(same, depth+n+1, input, left, found)
			}
		}
	}
}

// findAfter adds the phrases in which an input of letters and digits spells what stands depth bytes behind the places.
func (x *Index) findAfter(places []place, depth int, input string, have spelled, found *finds) {
	for len(places) > 0 {
		text := x.keys.from(places[0], depth)
		if text == "" {
			places = places[1:]
			continue
		}
		r, n := utf8.DecodeRuneInString(text)
		same := x.keys.run(places, depth, text[:n])
		places = places[len(same):]
		got := have.add(input, text[:n])
		for _, syllable := range pinyin.Readings(r) {
			got.mixed |= have.add(input, syllable).mixed
		}
		if left := found.spelled(same, input, got); left.mixed != 0 {
			x.findAfter(same, depth+n, input, left, found)
		}
	}
}
