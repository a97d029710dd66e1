package segment

import (
	"bufio"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"terrace/dict"
)

// folded is the normal form of each character of the Basic Multilingual Plane; 0 for those that are removed.
var folded = sync.OnceValue(func() *[0x10000]uint16 {
	var t [0x10000]uint16
	for r := rune(0); r < 0x10000; r++ {
		t[r] = uint16(foldWidthCase(r))
	}
	for _, r := range "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\ufeff\ufe0e\ufe0f" {
		t[r] = 0
	}
	lines := bufio.NewScanner(strings.NewReader(dict.Traditional()))
	for lines.Scan() {
		from, n := utf8.DecodeRuneInString(lines.Text())
		to, _ := utf8.DecodeRuneInString(lines.Text()[n+1:])
		t[from] = uint16(to)
	}
	return &t
})

func foldWidthCase(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e:
		r -= 0xfee0
	case r == 0x3000 || r != '\n' && unicode.IsSpace(r):
		r = ' '
	}
	if low := unicode.ToLower(r); low < 0x10000 {
		r = low
	}
	return r
}

// fold is the normal form of a rune, or -1 where it is removed.
func fold(t *[0x10000]uint16, r rune) rune {
	if r >= 0x10000 {
		return r
	}
	if f := t[r]; f != 0 {
		return rune(f)
	}
	return -1
}

// A Class tells what a character is to the terms of a text.
type Class uint8

const (
	Sign    Class = iota // parts terms: punctuation, blanks
	Han                  // of a Han run
	Letter               // of a Latin word: any other letter or digit
	Removed              // normalising takes it out
)

// Characters looks characters up. Get it once for many.
type Characters struct {
	folded  *[0x10000]uint16
	classes *[0x10000]Class // of the normal form
}

var classes = sync.OnceValue(func() *[0x10000]Class {
	var t [0x10000]Class
	for r, f := range folded() {
		t[r] = classOf(rune(f))
		if f == 0 {
			t[r] = Removed
		}
	}
	return &t
})

func classOf(r rune) Class {
	switch {
	case isHan(r):
		return Han
	case isLetter(r):
		return Letter
	}
	return Sign
}

// NewCharacters is the table of all characters.
func NewCharacters() Characters { return Characters{folded(), classes()} }

// Of is the normal form of a character on its own, and its class.
func (c *Characters) Of(r rune) (rune, Class) {
	if r < 0x10000 {
		return rune(c.folded[r]), c.classes[r]
	}
	return r, classOf(r)
}

// numeral tells Chinese digits, among which 零 and the circles ○ ◯ are written for 〇.
func numeral(r rune) bool {
	switch r {
	case '一', '二', '三', '四', '五', '六', '七', '八', '九', '〇', '○', '◯', '零':
		return true
	}
	return false
}

func zero(r rune) bool { return r == '零' || r == '○' || r == '◯' }

// Normalize is the form in which texts are compared: narrow, lower case, simplified characters, without zero-width characters; 〇 for every
// way to write zero within a number, Arabic years and Chinese ordinals (see number); runs of blanks as one blank, line breaks kept. Normalizing twice changes nothing.
func Normalize(s string) string {
	n := normalize(s, -1, false, true)
	return n.Text
}

// NormalizeCharacters is Normalize with every number in the figures that it is written in, for what looks at the characters themselves.
func NormalizeCharacters(s string) string {
	n := normalize(s, -1, false, false)
	return n.Text
}

// Normalized is a normal form that remembers where it came from.
type Normalized struct {
	Text string
	at   []int32 // for each byte of Text, and its end, the byte of the original it begins at
}

// NormalizeMapped is Normalize with a way back to the original.
func NormalizeMapped(s string) Normalized { return normalize(s, -1, true, true) }

// Original gives the bytes of the original that the bytes [start, end) of the normal form stand for.
func (n Normalized) Original(start, end int) (int, int) {
	from, to := int(n.at[start]), int(n.at[end])
	return from, to
}

// normalize is for a text that stands behind the normal character prev.
func normalize(s string, prev rune, mapped, numbers bool) Normalized {
	t := folded()
	var b strings.Builder
	b.Grow(len(s))
	var at []int32
	if mapped {
		at = make([]int32, 0, len(s)+1)
	}
	var form []formed
	after := 0 // the number read last
	for i, r := range s {
		if i < after {
			continue
		}
		was := r
		if r = fold(t, r); r < 0 || r == ' ' && prev == ' ' {
			continue
		}
		if numbers && MaybeNumber(r, prev) {
			if form, after = number(form[:0], s, i, prev); after > i {
				for _, c := range form {
					b.WriteRune(c.r)
					for mapped && len(at) < b.Len() {
						at = append(at, int32(c.at))
					}
				}
				prev = form[len(form)-1].r
				continue
			}
		}
		if zero(r) && (numeral(prev) || numeral(next(s[i+utf8.RuneLen(was):]))) {
			r = '〇'
		}
		prev = r
		b.WriteRune(r)
		for mapped && len(at) < b.Len() {
			at = append(at, int32(i))
		}
	}
	if mapped {
		at = append(at, int32(len(s)))
	}
	return Normalized{b.String(), at}
}

func next(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// TitleKey is equal for titles that a reader holds for the same: the normal form without blanks and punctuation.
func TitleKey(title string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return r
		}
		return -1
	}, Normalize(title))
}

// TitleForm is a title key without what numbers one title of a series: digits, Chinese numerals, 第 号 年 月 日. Titles like 某法第一条 and 某法第二条 have one form.
func TitleForm(key string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || strings.ContainsRune("一二三四五六七八九十百千万零〇第号年月日", r) {
			return -1
		}
		return r
	}, key)
}
