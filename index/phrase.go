package index

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Holds reports whether a normalised text contains the phrase's Text. A Latin word or number at an end of the phrase stands whole there.
// An empty Text holds everywhere.
func (p Phrase) Holds(text string) bool {
	phrase := p.Text
	if phrase == "" {
		return true
	}
	first, _ := utf8.DecodeRuneInString(phrase)
	last, _ := utf8.DecodeLastRuneInString(phrase)
	for at := 0; ; {
		i := strings.Index(text[at:], phrase)
		if i < 0 {
			return false
		}
		at += i
		before, _ := utf8.DecodeLastRuneInString(text[:at])
		after, _ := utf8.DecodeRuneInString(text[at+len(phrase):])
		if !(isLatin(first) && isLatin(before)) && !(isLatin(last) && isLatin(after)) {
			return true
		}
		_, n := utf8.DecodeRuneInString(text[at:])
		at += n
	}
}

func isLatin(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.Is(unicode.Han, r)
}
