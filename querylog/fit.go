package querylog

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/dict"
	"terrace/segment"
)

// A filter tells which texts may be shown to other readers.
type filter struct {
	denied []string // title keys
	word   func(string) bool
}

func newFilter(o Options) *filter {
	f := &filter{word: o.Word}
	for _, w := range slices.Concat(o.Deny, slices.Collect(maps.Keys(set(dict.Denylist())))) {
		if key := segment.TitleKey(w); key != "" {
			f.denied = append(f.denied, key)
		}
	}
	return f
}

var (
	// A document's number, such as 国办发〔2017〕47号, 第5号令, 2023年第8号.
	docNo = regexp.MustCompile(`第\s?\d+\s?号|(19|20)\d\d\s?[年〕﹞\])】}>》]\s?第?\s?\d+(\s?号|$)`)

	// An address on the web.
	web = regexp.MustCompile(`https?:|www\.|[a-z0-9-]\.(cn|com|net|org|gov)\b`)
)

// fit tells whether a normalised text may become a hot, related or suggested word: it has two characters or more, holds nothing personal, no denied
// word, no document's number and no address on the web, and does not look like a person's name.
func (f *filter) fit(text string) bool {
	key := segment.TitleKey(text)
	return utf8.RuneCountInString(key) > 1 && !personal(text) && !docNo.MatchString(text) && !web.MatchString(text) && !f.denies(key) && !f.name(key)
}

func (f *filter) denies(key string) bool {
	for _, d := range f.denied {
		if strings.Contains(key, d) {
			return true
		}
	}
	return false
}

// name tells whether a title key looks like a person's name and is no word that the filter knows.
func (f *filter) name(key string) bool {
	return nameLike(key) && !ordinary()[key] && (f.word == nil || !f.word(key))
}
