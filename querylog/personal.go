package querylog

import (
	"regexp"
	"strings"
	"unicode"
)

// Marks of persons in normalised text.
var (
	email = regexp.MustCompile(`[a-z0-9._%+-]\s?@\s?[a-z0-9]`)

	// The number of a vehicle (GA 36): short for a province, an embassy or a consulate, a letter, and five or six letters and digits, of which the
	// last may say what kind of vehicle it is.
	plate = regexp.MustCompile(`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]\s?[a-z][\s·.-]?` +
		`[a-z0-9]{4,5}[a-z0-9挂学警港澳领使]`)

	// Somebody's door.
	door = regexp.MustCompile(`\d\s?单元|\d\s?(号楼|栋|幢|座)\s?\d|\d{3,4}\s?室`)
)

// personal tells whether a normalised text holds what may belong to one person: the number of an identity card, passport, telephone, bank card or
// vehicle, an e-mail address, or a flat.
func personal(text string) bool {
	return longNumber(text) || email.MatchString(text) || door.MatchString(text) || strings.ContainsFunc(plate.FindString(text), unicode.IsDigit)
}

const (
	longRun    = 7  // digits in a row: the shortest telephone number
	longJoined = 11 // digits in groups: a mobile number
	maxGap     = 2  // blanks and marks between groups of one number
)

// longNumber tells whether a text holds seven digits in a row, of any script, or so many in groups with blanks or marks between them. There, groups
// that look like years do not count, as in 2021-2025, unless there are others and eleven digits in all, as in 138 2012 1999.
func longNumber(text string) bool {
	var group []rune
	all, counted, gap := 0, 0, 0
	for _, r := range text + "。" {
		if d := digitOf(r); d != 0 {
			group = append(group, d)
			gap = 0
			if len(group) == longRun {
				return true
			}
			continue
		}
		all += len(group)
		if !year(string(group)) {
			counted += len(group)
		}
		group = group[:0]
		if counted >= longRun || counted > 0 && all >= longJoined {
			return true
		}
		if gap++; gap > maxGap || !joins(r) {
			all, counted = 0, 0
		}
	}
	return false
}

// digitOf is an ASCII digit for a digit of any script, among them the Chinese; 0 for other characters. Any other number is a nine.
func digitOf(r rune) rune {
	if r >= '0' && r <= '9' {
		return r
	}
	if i := strings.IndexRune("〇零○一二三四五六七八九幺", r); i >= 0 {
		return []rune("0001234567891")[i/len("〇")]
	}
	if r > unicode.MaxASCII && unicode.IsNumber(r) {
		return '9'
	}
	return 0
}

func year(group string) bool {
	return len(group) == 4 && (strings.HasPrefix(group, "19") || strings.HasPrefix(group, "20"))
}

// joins tells whether a character may stand inside a number.
func joins(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune("-‐–—_.·/()+,、", r)
}
