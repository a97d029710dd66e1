package lexicon

import (
	"unicode"
	"unicode/utf8"
)

// A Table finds terms in texts. The zero value is empty; once it is filled it may be used by several goroutines.
type Table[T any] struct {
	at      map[string]T
	longest map[rune]int // bytes of a term, by its first character
}

// Set gives a normalised term its value.
func (t *Table[T]) Set(term string, value T) {
	if t.at == nil {
		t.at, t.longest = map[string]T{}, map[rune]int{}
	}
	t.at[term] = value
	first, _ := utf8.DecodeRuneInString(term)
	t.longest[first] = max(t.longest[first], len(term))
}

// Get is the value of a term.
func (t *Table[T]) Get(term string) (value T, ok bool) {
	value, ok = t.at[term]
	return value, ok
}

// Found is a term that stands in a text.
type Found[T any] struct {
	Start, End int // bytes
	Value      T
}

// Find returns the terms in a normalised text, the longest at each place, from left to right and without overlaps. A Latin word or number at an end of a
// term stands whole there.
func (t *Table[T]) Find(text string) []Found[T] {
	var out []Found[T]
	for start := 0; start < len(text); {
		if end, value, ok := t.longestAt(text, start); ok {
			out = append(out, Found[T]{start, end, value})
			start = end
			continue
		}
		_, n := utf8.DecodeRuneInString(text[start:])
		start += n
	}
	return out
}

func (t *Table[T]) longestAt(text string, start int) (end int, value T, ok bool) {
	first, _ := utf8.DecodeRuneInString(text[start:])
	for end = min(len(text), start+t.longest[first]); end > start; end-- {
		if end < len(text) && !utf8.RuneStart(text[end]) {
			continue
		}
		if value, ok = t.at[text[start:end]]; ok && !insideLatin(text, start) && !insideLatin(text, end) {
			return end, value, true
		}
	}
	return 0, value, false
}

// insideLatin reports whether a byte of a text is inside a Latin word or number.
func insideLatin(text string, at int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at:])
	return isLatin(before) && isLatin(after)
}

func isLatin(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.Is(unicode.Han, r)
}

// Each calls f with every term, in no order.
func (t *Table[T]) Each(f func(term string, value T)) {
	for term, value := range t.at {
		f(term, value)
	}
}
