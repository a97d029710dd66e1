package extract

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"terrace/index/detail"
)

// A numbering is what a heading or an item begins with.
type numbering struct {
	style byte // 'h' 一、  'p' （一）  'd' 1.  'q' (1)  '-' a bullet; 0: nothing
	n     int
}

const hanNumerals = "一二三四五六七八九十百"

// numbered takes the numbering off a line.
func numbered(line string) (numbering, string) {
	s := strings.TrimLeft(line, " 　")
	r, size := utf8.DecodeRuneInString(s)
	switch {
	case strings.ContainsRune("●■◆▲★►○·•※◎□▶➤-*>＊", r):
		return numbering{style: '-'}, strings.TrimLeft(s[size:], " 　")
	case r >= '①' && r <= '⑳':
		return numbering{'q', int(r-'①') + 1}, strings.TrimLeft(s[size:], " 　")
	}
	open := r == '（' || r == '('
	rest := s
	if open {
		rest = s[size:]
	}
	n, han, rest := numeral(rest)
	if n == 0 {
		return numbering{}, s
	}
	end, size := utf8.DecodeRuneInString(rest)
	shut := end == '）' || end == ')'
	switch {
	case open && !shut, !open && !shut && !strings.ContainsRune("、.． 　", end):
		return numbering{}, s
	case end == '.' && size < len(rest) && rest[size] >= '0' && rest[size] <= '9': // 1.2 is a number or another level
		return numbering{}, s
	}
	rest = strings.TrimLeft(rest[size:], "、.． 　")
	switch {
	case han && open:
		return numbering{'p', n}, rest
	case han:
		return numbering{'h', n}, rest
	case open || shut:
		return numbering{'q', n}, rest
	}
	return numbering{'d', n}, rest
}

// numeral reads a number of at most two digits or three Han characters at the front.
func numeral(s string) (n int, han bool, rest string) {
	rest = s
	for i := 0; i < 3; i++ {
		r, size := utf8.DecodeRuneInString(rest)
		if r >= '０' && r <= '９' {
			r += '0' - '０'
		}
		if r < '0' || r > '9' {
			break
		}
		n, rest = n*10+int(r-'0'), rest[size:]
	}
	switch {
	case n > 99:
		return 0, false, s
	case n > 0:
		return n, false, rest
	}
	return hanNumeral(s)
}

func hanNumeral(s string) (n int, han bool, rest string) {
	end, runes := 0, 0
	for i, r := range s {
		if !strings.ContainsRune(hanNumerals, r) {
			break
		}
		if runes++; runes > 3 {
			return 0, false, s
		}
		end = i + utf8.RuneLen(r)
	}
	if end == 0 || strings.ContainsRune(s[:end], '百') {
		return 0, false, s
	}
	return hanNumber(s[:end]), true, s[end:]
}

const (
	labelRunes = 14 // of the longest label, blanks and brackets left out
	aloneRunes = 36 // of an element that is a label and nothing else
)

// labelKey is a label without blanks, brackets, a colon behind it or what is added in parentheses.
func labelKey(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '\u200b' || r == '\ufeff' || strings.ContainsRune("【】[]〔〕《》〖〗「」“”\"*", r) {
			return -1
		}
		return r
	}, s)
	s = strings.TrimLeft(s, "（(")
	s = strings.TrimRight(s, ":：。；;,，、|")
	for _, open := range []string{"（", "("} {
		if at := strings.Index(s, open); at > 0 && (strings.HasSuffix(s, "）") || strings.HasSuffix(s, ")")) {
			s = s[:at]
		}
	}
	return s
}

// findLabel is the label that a text is, whatever its blanks, brackets and numbering, before it or behind it (答复一); of 办理时间、地点 the first.
func findLabel(text string) *label {
	if len(text) > 4*aloneRunes {
		return nil
	}
	_, text = numbered(text)
	k := labelKey(text)
	if k == "" || utf8.RuneCountInString(k) > labelRunes {
		return nil
	}
	all := detailLabels()
	if l := all[k]; l != nil {
		return l
	}
	if last, size := utf8.DecodeLastRuneInString(k); strings.ContainsRune(hanNumerals+"0123456789", last) {
		return all[k[:len(k)-size]]
	}
	if officeAnswers(k) != "" {
		return all[detail.Answer]
	}
	at := strings.IndexAny(k, "/／、和及与")
	if at <= 0 {
		return nil
	}
	_, size := utf8.DecodeRuneInString(k[at:])
	if all[k[at+size:]] == nil {
		return nil
	}
	return all[k[:at]]
}

// A heading is a label at the front of a line.
type heading struct {
	*label
	numbering
	rest  string // of the line
	colon bool   // stands behind the label
}

// headed reads the label at the front of a line: alone, before a colon, or in 【】. A weak label alone is a heading only by its number or its element.
func headed(line string) (heading, bool) {
	num, text := numbered(line)
	if end := strings.Index(text, "】"); strings.HasPrefix(text, "【") && end > 0 && end < 4*aloneRunes {
		if l := findLabel(text[:end]); l != nil {
			return heading{l, num, strings.TrimLeft(text[end+len("】"):], ":： 　"), true}, true
		}
	}
	if at := strings.IndexAny(text[:min(len(text), 4*aloneRunes)], ":："); at > 0 {
		l := findLabel(text[:at])
		if l == nil {
			return heading{}, false
		}
		return heading{l, num, strings.TrimLeft(text[at:], ":： 　"), true}, true
	}
	l := findLabel(text)
	return heading{l, num, "", false}, l != nil
}
