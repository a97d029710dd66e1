package suggest

import "unicode"

// maxInside is how many characters of a phrase are looked at for a beginning inside it; of four bytes at most, they fit into a place.
const maxInside = 20

// beginnings are the places of keys at which input may match, sorted: the first character, each Han character, and of a run of other letters or
// of digits the first one.
func beginnings(keys *texts) []place {
	const others = 0xffff // one bucket for all beyond the Basic Multilingual Plane
	starts := make([]int, others+2)
	eachBeginning(keys, func(first rune, _ place) { starts[min(first, others)+1]++ })
	for r := range others + 1 {
		starts[r+1] += starts[r]
	}
	out := make([]place, starts[others+1])
	at := append([]int(nil), starts...)
	eachBeginning(keys, func(first rune, p place) {
		r := min(first, others)
		out[at[r]] = p
		at[r]++
	})
	for r := range others + 1 {
		if bucket := out[starts[r]:starts[r+1]]; len(bucket) > 1 {
			keys.sort(bucket)
		}
	}
	return out
}

func eachBeginning(keys *texts, f func(first rune, p place)) {
	for number := range keys.end {
		before, seen := none, 0
		for offset, r := range keys.get(number) {
			if seen++; seen > maxInside {
				break
			}
			class := classOf(r)
			if class == han || class != before {
				f(r, placeOf(number, offset))
			}
			before = class
		}
	}
}

// A class tells characters apart as far as words begin between them.
type class uint8

const (
	none class = iota
	han
	digit
	letter // any other, and the marks on it
)

func classOf(r rune) class {
	switch {
	case unicode.Is(unicode.Han, r):
		return han
	case unicode.IsDigit(r):
		return digit
	}
	return letter
}
