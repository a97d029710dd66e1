package moves

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"terrace/segment"
)

// A File is an attachment of a page.
type File struct {
	URL  string // canonical
	Name string // the text of the link to it, or the last part of its URL
	Hash string // of its bytes; empty: not known
}

// MatchFile finds an old file among the files of the new home of its page; olds are all files of the old page. What is found is a Proposal with New, Sure and Evidence set; its State is
// empty where the file is none of them.
func MatchFile(old File, olds, now []File) Move {
	if m := sameBytes(old, now); m.State != "" {
		return m
	}
	olds = slices.DeleteFunc(slices.Clone(olds), func(f File) bool { return f.URL == old.URL })
	now = slices.DeleteFunc(slices.Clone(now), func(f File) bool { return sameBytes(f, olds).State != "" }) // another's
	for _, by := range fileKeys {
		key := by.of(old)
		same := func(f File) bool { return by.of(f) == key }
		i := slices.IndexFunc(now, same)
		if key == "" || i < 0 || slices.ContainsFunc(now[i+1:], same) || slices.ContainsFunc(olds, same) {
			continue
		}
		m := Move{New: now[i].URL, State: Proposal, Sure: named(key), Evidence: by.evidence}
		if old.Hash != "" && now[i].Hash != "" {
			m.Evidence += "，字节不同"
		}
		return m
	}
	return Move{}
}

// sameBytes is a file among others by its bytes, by name where several have them.
func sameBytes(f File, among []File) Move {
	var same []File
	for _, a := range among {
		if f.Hash != "" && a.Hash == f.Hash {
			same = append(same, a)
		}
	}
	if len(same) == 0 {
		return Move{}
	}
	i := max(0, slices.IndexFunc(same, func(a File) bool { return nameKey(a) == nameKey(f) }))
	return Move{New: same[i].URL, State: Proposal, Sure: true, Evidence: "附件字节相同"}
}

// fileKeys are what files of two pages are the same by, where no other file of either page has it; the surest first.
var fileKeys = []struct {
	of       func(File) string
	evidence string
}{{urlKey, "附件的文件名相同"}, {nameKey, "附件名相同"}, {bareKey, "附件名相同，编号不同"}}

// urlKey is the name that a file has in its URL, where that tells.
func urlKey(f File) string {
	name := fileName(f.URL)
	if !tellingName.MatchString(name) {
		return ""
	}
	return strings.ToLower(name)
}

func nameKey(f File) string { return segment.TitleKey(withoutEnding(f.Name)) }

// bareKey is the name without the number that the page gives the file.
func bareKey(f File) string {
	m := numbered.FindStringSubmatch(withoutEnding(f.Name))
	if m == nil {
		return nameKey(f)
	}
	if key := segment.TitleKey(m[1]); named(key) {
		return key
	}
	return nameKey(f)
}

var numbered = regexp.MustCompile(`^\s*附\s*件\s*[0-9０-９一二三四五六七八九十]{0,2}\s*([^0-9０-９].*)$`)

func withoutEnding(name string) string {
	if ending := path.Ext(name); fileEnding.MatchString(ending) {
		return strings.TrimSuffix(name, ending)
	}
	return name
}

var fileEnding = regexp.MustCompile(`^\.[0-9A-Za-z]{1,5}$`)

// named reports a key that is more than 附件1 and the like: it has two other letters or a number of five digits.
func named(key string) bool {
	letters := 0
	for _, r := range strings.TrimPrefix(key, "附件") {
		if unicode.IsLetter(r) && !strings.ContainsRune("一二三四五六七八九十", r) {
			letters++
		}
	}
	return letters >= 2 || tellingName.MatchString(key)
}
