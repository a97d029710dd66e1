package pinyin

import (
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"
)

// An id is the place of a syllable in the sorted list of all, so that those with one beginning stand together. The letters a to z are among
// them for the Latin words in names (ETC).
type id uint16

// An inventory is the syllables and how they can be written.
type inventory struct {
	names   []string
	written map[string][]form
}

// A form is a syllable that letters are the whole of. It is loose where ü is written u.
type form struct {
	id    id
	loose bool
}

const longestForm = 6 // letters: zhuang

var syllables = sync.OnceValue(func() *inventory {
	names := map[string]bool{}
	for letter := 'a'; letter <= 'z'; letter++ {
		names[string(letter)] = true
	}
	for _, readings := range tables().readings {
		for _, r := range readings {
			names[r] = true
		}
	}
	s := &inventory{names: slices.Sorted(maps.Keys(names)), written: map[string][]form{}}
	for i, name := range s.names {
		s.add(name, form{id(i), false})
		switch consonant, rest := name[:1], name[1:]; {
		case strings.HasPrefix(rest, "v"): // lv: lyu in passports, lu by those who do not know better
			s.add(consonant+"yu"+rest[1:], form{id(i), false})
			s.add(consonant+"u"+rest[1:], form{id(i), true})
		case strings.HasPrefix(rest, "u") && strings.Contains("jqxy", consonant):
			s.add(consonant+"v"+rest[1:], form{id(i), false})
		}
	}
	return s
})

func (s *inventory) add(letters string, f form) { s.written[letters] = append(s.written[letters], f) }

// id is that of a syllable or letter which is in the list.
func (s *inventory) id(name string) id { return id(sort.SearchStrings(s.names, name)) }

// beginning gives the syllables [from, to) that begin with letters.
func (s *inventory) beginning(letters string) (from, to id) {
	from = s.id(letters)
	to = from
	for int(to) < len(s.names) && strings.HasPrefix(s.names[to], letters) {
		to++
	}
	return from, to
}
