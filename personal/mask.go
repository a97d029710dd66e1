// Package personal finds the numbers by which a citizen is known in a text, and hides them.
package personal

import (
	"strings"
	"unicode/utf8"
)

// Mask replaces the middle of the numbers by which a citizen is known with asterisks: resident identity numbers, mobile telephones, bank cards,
// licence plates and, behind the word, passports. Each hidden digit or letter keeps its bytes' number, full width for full width, and all else
// stays, so that offsets into the text hold for what is returned.
func Mask(text string) string {
	m := masker{text: text}
	m.scan()
	if m.out == nil {
		return text
	}
	return string(m.out)
}

// MaskAround masks what stands in the bytes [from, to) of a text.
func MaskAround(text string, from, to int) string {
	start := max(from-2*Reach, 0)
	for start > 0 && !utf8.RuneStart(text[start]) {
		start--
	}
	end := min(to+Reach, len(text))
	for end > start && end < len(text) && !utf8.RuneStart(text[end]) {
		end--
	}
	near := text[start:end]
	masked := Mask(near)
	if masked == near {
		return text
	}
	return text[:start] + masked + text[start+len(near):]
}

// A masker goes over a text once.
type masker struct {
	text   string
	out    []byte       // a copy with what is hidden; nil while nothing is
	digits []int        // bytes that the digits of the groups at hand begin at
	groups []digitGroup // parted by one sign each
	found  []Number
}

// A digitGroup is digits in a row.
type digitGroup struct {
	from, to   int  // of masker.digits
	start, end int  // bytes
	gap        rune // blank or dash between the group before and this; 0 at the first
}

const (
	Reach         = 128 // bytes within which all of a number stands
	passportReach = 60  // bytes after the word 护照 in which a passport number is looked for, in the same sentence
)

func (m *masker) scan() {
	url, open := false, false // open: a group is at hand
	passport := -1
	for i, r := range m.text {
		switch {
		case r > '\u3000' && r < '！': // Han characters and their signs, most of a text
			url, open = false, false
			switch {
			case r == '护' && strings.HasPrefix(m.text[i:], "护照"):
				passport = i + passportReach
			case r == '。':
				passport = -1
			case province(r):
				m.plate(i + utf8.RuneLen(r))
			}
			continue
		case invisible(r):
			continue
		}
		url = url && r > ' ' && r < utf8.RuneSelf || r == ':' && strings.HasPrefix(m.text[i:], "://") || r == 'w' && strings.HasPrefix(m.text[i:], "www.")
		switch {
		case digit(r) && !url:
			if !open {
				m.open(i)
			}
			open = true
			m.add(i, utf8.RuneLen(r))
			continue
		case i < passport && letter(r) && !url:
			m.passport(i)
		case r == '\n' || r == '！' || r == '？' || r == '；':
			passport = -1
		}
		open = false
	}
	m.close()
}

// open begins a group, of the groups at hand where one sign parts it from them.
func (m *masker) open(at int) {
	gap := rune(0)
	if n := len(m.groups); n > 0 {
		between := strings.TrimFunc(m.text[m.groups[n-1].end:at], invisible)
		r, size := utf8.DecodeRuneInString(between)
		if gap = gapSign(r); gap == 0 || size != len(between) {
			m.close()
			gap = 0
		}
	}
	m.groups = append(m.groups, digitGroup{len(m.digits), len(m.digits), at, at, gap})
}

func (m *masker) add(digit, size int) {
	m.digits = append(m.digits, digit)
	g := &m.groups[len(m.groups)-1]
	g.to, g.end = len(m.digits), digit+size
}

// close hides the numbers among the groups at hand.
func (m *masker) close() {
	for i := 0; i < len(m.groups); {
		i += max(m.identity(i), m.card(i), m.mobile(i), 1)
	}
	m.groups, m.digits = m.groups[:0], m.digits[:0]
}

// number is the digits of the groups [i, j), or nothing where they are fewer or more than any number here has or parted by different signs.
func (m *masker) number(i, j int) string {
	const fewest = 11
	var b [19]byte
	at := m.digits[m.groups[i].from:m.groups[j-1].to]
	if len(at) < fewest || len(at) > len(b) {
		return ""
	}
	for k := i + 2; k < j; k++ {
		if m.groups[k].gap != m.groups[k-1].gap {
			return ""
		}
	}
	for k, p := range at {
		r, _ := utf8.DecodeRuneInString(m.text[p:])
		b[k] = byte(narrow(r))
	}
	return string(b[:len(at)])
}

// alone reports whether the groups [i, j), and more bytes behind them, are a number of their own: no part of a word or a code, and not said to be
// something else.
func (m *masker) alone(i, j, more int) bool {
	before, _ := utf8.DecodeLastRuneInString(m.text[:m.groups[i].start])
	after, _ := utf8.DecodeRuneInString(m.text[m.groups[j-1].end+more:])
	if wordly(before) || wordly(after) || labelled(m.text[:m.groups[i].start]) {
		return false
	}
	const part = 7 // digits below which a group beside a dash is a part of the same code
	if m.groups[i].gap == '-' && m.size(i-1) < part && !strings.HasSuffix(m.text[:m.groups[i-1].end], "86") {
		return false
	}
	return more > 0 || j == len(m.groups) || m.groups[j].gap != '-' || m.size(j) >= part
}

// size is how many digits a group has.
func (m *masker) size(i int) int { return m.groups[i].to - m.groups[i].from }

// amount reports whether what stands after groups[j-1] makes a quantity of it.
func (m *masker) amount(j int) bool {
	rest := m.text[m.groups[j-1].end:]
	fraction := strings.HasPrefix(rest, ".")
	r, _ := utf8.DecodeRuneInString(strings.TrimPrefix(rest, "."))
	return fraction && digit(r) || strings.ContainsRune("元万亿%％", r)
}

// labels are said of numbers that name no person.
var labels = []string{
	"索引号", "编号", "代码", "文号", "案号", "批号", "书号", "刊号", "条码", "条形码", "流水号", "单号", "备案号", "许可证号", "登记号", "合同号", "序列号", "项目号", "宗地号",
}

// labelled reports whether a text ends with a label, and signs. The number of an identity card may be called 编号 too.
func labelled(before string) bool {
	before = strings.TrimRight(tail(before), " 　:：[【（(“\"为是")
	for _, l := range labels {
		if rest, ok := strings.CutSuffix(before, l); ok {
			return !strings.HasSuffix(rest, "证件") && !strings.Contains(rest, "身份")
		}
	}
	return false
}

// tail is the last characters of a text.
func tail(text string) string {
	const reach = 48
	start := max(0, len(text)-reach)
	for start < len(text) && !utf8.RuneStart(text[start]) {
		start++
	}
	return text[start:]
}

// hide puts asterisks in the place of letters and digits.
func (m *masker) hide(at ...int) {
	if m.out == nil {
		m.out = []byte(m.text)
	}
	for _, i := range at {
		if m.text[i] < utf8.RuneSelf {
			m.out[i] = '*'
		} else {
			copy(m.out[i:], "＊")
		}
	}
}

func digit(r rune) bool { r = narrow(r); return r >= '0' && r <= '9' }

func letter(r rune) bool { r = narrow(r) | 0x20; return r >= 'a' && r <= 'z' }

// wordly tells what a number cannot begin or end beside.
func wordly(r rune) bool { return digit(r) || letter(r) || r == '_' }

// narrow is a full-width character in its common width.
func narrow(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - '！' + '!'
	}
	return r
}

// invisible tells characters of no width, which editors leave inside numbers.
func invisible(r rune) bool {
	return r >= '\u200b' && r <= '\u200f' || r == '\u2060' || r == '\ufeff' || r == '\u00ad'
}

// gapSign is ' ' or '-' for a sign that parts the groups of a number, else 0.
func gapSign(r rune) rune {
	switch r {
	case ' ', '\u00a0', '\u3000':
		return ' '
	case '-', '－', '‐', '‑', '–', '—':
		return '-'
	}
	return 0
}
