package segment

import (
	"strconv"
	"unicode/utf8"
)

// One number has one form: the years that are written in Chinese digits, and the months and days after them, are Arabic (二〇二三年十二月五日 is 2023年12月5日), and an Arabic number
// after 第 is Chinese (第5条 is 第五条), for so most texts write them.

// NumberCharacters are all that numbers with more than one form are written with, in normal form or not.
const NumberCharacters = "0123456789〇○◯零一二三四五六七八九十百千年月日第"

// A formed character is one of the form of a number, and the byte that what it was made from begins at.
type formed struct {
	r  rune
	at int
}

// MaybeNumber reports whether a number that is written in another form than its own may begin with a character after prev, both in normal form.
func MaybeNumber(r, prev rune) bool {
	return r == '一' || r == '二' || prev == '第' && r >= '0' && r <= '9'
}

// FromNumber gives the normal form of a text from a byte on, where a number begins there, after the character prev, that is written in another form than its own.
func FromNumber(text string, at int, prev rune) (rest string, ok bool) {
	if _, end := number(nil, text, at, prev); end == at {
		return "", false
	}
	return normalize(text[at:], prev, false, true).Text, true
}

// number gives the form of the number that begins at a byte of a text after the character prev, appended to out, and the byte that it ends at; that is at itself where
// it has its own form.
func number(out []formed, text string, at int, prev rune) ([]formed, int) {
	c := digits{text: text, at: at}
	if prev == '第' {
		return c.ordinal(out)
	}
	return c.date(out, prev)
}

// digits reads the characters of a number.
type digits struct {
	text string
	at   int
}

// next is the normal form of the next character that has one, and its width; 0 at the end.
func (d *digits) next() (rune, int) {
	for d.at < len(d.text) {
		was, n := utf8.DecodeRuneInString(d.text[d.at:])
		if r := fold(folded(), was); r >= 0 {
			return r, n
		}
		d.at += n
	}
	return 0, 0
}

const longestOrdinal = 4 // digits

// ordinal reads an Arabic number before a Han character, but for what may be a year, and for the number of a document, which is read elsewhere.
func (d *digits) ordinal(out []formed) ([]formed, int) {
	began, value := d.at, 0
	var starts []int
	for r, n := d.next(); r >= '0' && r <= '9'; r, n = d.next() {
		starts = append(starts, d.at)
		value = value*10 + int(r-'0')
		d.at += n
		if len(starts) > longestOrdinal || starts[0] == began && value == 0 {
			return out, began
		}
	}
	if r, _ := d.next(); !isHan(r) || r == '号' || value >= 1900 && value < 2100 {
		return out, began
	}
	form := []rune(chinese(value))
	for i, r := range form {
		out = append(out, formed{r, starts[min(i, len(starts)-1)]})
	}
	return out, d.at
}

// chinese writes a number from 1 to 9999 as it is spoken, with 〇 for 零.
func chinese(n int) string {
	const names = "〇一二三四五六七八九"
	var out []byte
	zero := false
	for _, unit := range []struct {
		worth int
		name  string
	}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
		digit := n / unit.worth % 10
		if digit == 0 {
			zero = len(out) > 0
			continue
		}
		if zero {
			out = append(out, "〇"...)
		}
		zero = false
		if unit.worth != 10 || digit != 1 || len(out) > 0 {
			out = append(out, names[3*digit:3*digit+3]...)
		}
		out = append(out, unit.name...)
	}
	return string(out)
}

// date reads a year from 1900 to 2099 in Chinese digits, and the month and the day after it.
func (d *digits) date(out []formed, prev rune) ([]formed, int) {
	began, have := d.at, len(out)
	if numeral(prev) || tens(prev) || classOf(prev) == Letter {
		return out, began
	}
	year := 0
	for range 4 {
		r, n := d.next()
		if !numeral(r) {
			return out[:have], began
		}
		year = year*10 + digitValue(r)
		out = append(out, formed{rune('0' + digitValue(r)), d.at})
		d.at += n
	}
	if r, _ := d.next(); numeral(r) || tens(r) || classOf(r) == Letter || year < 1900 || year > 2099 {
		return out[:have], began
	}
	end := d.at
	for _, part := range []struct {
		before, after rune
		most          int
	}{{'年', '月', 12}, {'月', '日', 31}} {
		r, n := d.next()
		if r != part.before {
			break
		}
		longer := append(out, formed{r, d.at})
		d.at += n
		if longer = d.small(longer, part.after, part.most); longer == nil {
			break
		}
		out, end = longer, d.at
	}
	return out, end
}

// small reads a Chinese number from 1 to most that stands before a character; nil where there is none.
func (d *digits) small(out []formed, before rune, most int) []formed {
	var starts []int
	value, last := 0, 0
	for r, n := d.next(); numeral(r) || r == '十'; r, n = d.next() {
		if r == '十' {
			value, last = max(last, 1)*10, 0
		} else {
			last = digitValue(r)
		}
		starts = append(starts, d.at)
		d.at += n
		if len(starts) > 3 {
			return nil
		}
	}
	value += last
	if r, _ := d.next(); r != before || value == 0 || value > most {
		return nil
	}
	for i, r := range strconv.Itoa(value) {
		out = append(out, formed{r, starts[min(i, len(starts)-1)]})
	}
	return out
}

// digitValue is that of a numeral.
func digitValue(r rune) int {
	for i, digit := range []rune("〇一二三四五六七八九") {
		if r == digit {
			return i
		}
	}
	return 0 // 零 and the circles
}

func tens(r rune) bool { return r == '十' || r == '百' || r == '千' || r == '万' }
