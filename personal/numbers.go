package personal

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// identity hides a resident identity number (GB 11643), 18 digits of which the last may be X, or 15 as given out until 1999, and says how many
// groups it takes. A check digit that is wrong does not save a number that is said to be one.
func (m *masker) identity(i int) int {
	const keepStart, keepEnd, old = 6, 4, 15
	for j := i + 1; j <= min(i+5, len(m.groups)) && m.groups[j-1].to-m.groups[i].from <= 18; j++ {
		d, more := m.number(i, j), 0
		end := m.groups[j-1].end
		if x, n := utf8.DecodeRuneInString(m.text[end:]); len(d) == 17 && narrow(x)|0x20 == 'x' {
			d, more = d+"X", n
		}
		said := func() bool { return strings.Contains(tail(m.text[:m.groups[i].start]), "身份") }
		if (len(d) == 18 && born(d, d[6:14]) && (checked(d) || said()) || j == i+1 && len(d) == old && born(d, "19"+d[6:12])) && m.alone(i, j, more) {
			at := m.digits[m.groups[i].from:m.groups[j-1].to]
			m.hide(at[keepStart : len(d)-keepEnd]...)
			m.note(Identity, i, j, more, checked(d))
			return j - i
		}
	}
	return 0
}

// born reports whether a number begins with the code of a province, or of permits for foreigners, and the date can be a day of birth.
func born(d, date string) bool {
	last := byte('0') // of the provinces of a region
	switch d[0] {
	case '1', '6':
		last = '5'
	case '2', '8':
		last = '3'
	case '3':
		last = '7'
	case '4':
		last = '6'
	case '5':
		last = '4'
	case '7':
		last = '1'
	case '9':
		last = '9'
	}
	century, month, day := date[:2], date[4:6], date[6:8]
	return d[1] <= last && (d[1] > '0' || d[0] == '5') && (century == "19" || century == "20") &&
		month >= "01" && month <= "12" && day >= "01" && day <= "31"
}

// checked reports whether the last of 18 signs is right by ISO 7064 MOD 11-2.
func checked(d string) bool {
	if len(d) != 18 {
		return false
	}
	sum := 0
	for i := range 17 {
		sum += int(d[i]-'0') * (1 << (17 - i) % 11)
	}
	return "10X98765432"[sum%11] == d[17]
}

// card hides the number of a bank card, in one group or in groups of four, and says how many it takes.
func (m *masker) card(i int) int {
	const keepStart, keepEnd, four = 4, 4, 4
	for j := min(i+5, len(m.groups)); j > i; j-- {
		if slices.ContainsFunc(m.groups[i:j-1], func(g digitGroup) bool { return g.to-g.from != four }) {
			continue
		}
		if d := m.number(i, j); issued(d) && luhn(d) && m.alone(i, j, 0) && !m.amount(j) {
			m.hide(m.digits[m.groups[i].from+keepStart : m.groups[j-1].to-keepEnd]...)
			m.note(Card, i, j, 0, true)
			return j - i
		}
	}
	return 0
}

// issued reports whether banks in China give out cards that begin so and are as long (ISO/IEC 7812: 62 and 60 UnionPay, 4 Visa, 51 to 55 Mastercard,
// 35 JCB; 9558 and 9559 from before it).
func issued(d string) bool {
	switch n := len(d); {
	case n < 16 || n > 19:
		return false
	case d[:2] == "62" || d[:2] == "60":
		return true
	case n == 16:
		return d[0] == '4' || d[0] == '5' && d[1] >= '1' && d[1] <= '5' || d[:2] == "35"
	case n == 19:
		return d[:4] == "9558" || d[:4] == "9559"
	}
	return false
}

func luhn(d string) bool {
	sum := 0
	for i := range d {
		n := int(d[len(d)-1-i] - '0')
		if i%2 == 1 {
			n = n*2%10 + n/5
		}
		sum += n
	}
	return sum%10 == 0
}

// mobile hides a mobile telephone, behind the country's code or not, written in one, as 138 0000 0000, 138 00000000 or 1380000 0000, and says how
// many groups it takes.
func (m *masker) mobile(i int) int {
	const keepStart, keepEnd, length = 3, 4, 11
	for j := i + 1; j <= min(i+3, len(m.groups)); j++ {
		if j > i+1 && m.size(i) != 3 && (m.size(i) != 7 || j > i+2) || j > i+2 && m.size(i+1) != 4 {
			break
		}
		d := m.number(i, j)
		if j == i+1 {
			for _, prefix := range []string{"0086", "86", "0"} {
				if rest, ok := strings.CutPrefix(d, prefix); ok && len(rest) == length {
					d = rest
				}
			}
		}
		if len(d) == length && d[0] == '1' && d[1] >= '3' && m.alone(i, j, 0) && !m.amount(j) {
			end := m.groups[j-1].to
			m.hide(m.digits[end-length+keepStart : end-keepEnd]...)
			m.note(Mobile, i, j, 0, true)
			return j - i
		}
	}
	return 0
}

// plate hides a licence plate (GA 36) whose province stands before a byte: a letter, a dot or nothing, then five characters, of which two may be
// letters, or, of new energy, six, which begin or end with a letter. The fifth may be the sign of a use, such as 挂.
func (m *masker) plate(at int) {
	const keepEnd = 2
	city, n := utf8.DecodeRuneInString(m.text[at:])
	if !letter(city) || narrow(city)|0x20 == 'i' { // 京ICP… is a web site's
		return
	}
	if r, size := utf8.DecodeRuneInString(m.text[at+n:]); strings.ContainsRune("·•・‧∙.- ", r) {
		n += size
	}
	p := m.word(at + n)
	length := len(p.at)
	if after, _ := utf8.DecodeRuneInString(m.text[p.end:]); length == 4 && strings.ContainsRune("挂学警港澳试", after) {
		length++
	}
	energy := length == 6 && (p.first && p.digits >= 4 || p.last && p.digits == 5)
	if (length == 5 && p.digits >= 3 || energy) && !labelled(m.text[:at]) {
		m.hide(p.at[:length-keepEnd]...)
	}
}

// passport hides a passport number at a byte: letters and six or more digits, seven to nine in all.
func (m *masker) passport(at int) {
	const keep = 2
	if before, _ := utf8.DecodeLastRuneInString(m.text[:at]); wordly(before) {
		return
	}
	if p := m.word(at); len(p.at) >= 7 && len(p.at) <= 9 && p.digits >= 6 {
		m.hide(p.at[keep : len(p.at)-keep]...)
	}
}

// An alnum is letters and digits in a row.
type alnum struct {
	at          []int // bytes of them
	end         int
	digits      int
	first, last bool // is a letter
}

// word is the letters and digits from a byte on; of more than any number here has it gives one more, so that they are none of them.
func (m *masker) word(at int) alnum {
	const most = 10
	w := alnum{end: at}
	for i, r := range m.text[at:] {
		if !wordly(r) || len(w.at) == most {
			break
		}
		if r == '_' {
			return alnum{end: w.end}
		}
		w.last = letter(r)
		w.first = w.first || len(w.at) == 0 && w.last
		if digit(r) {
			w.digits++
		}
		w.at, w.end = append(w.at, at+i), at+i+utf8.RuneLen(r)
	}
	return w
}

// province tells the characters that licence plates begin with.
func province(r rune) bool {
	switch r {
	case '京', '津', '沪', '渝', '冀', '豫', '云', '辽', '黑', '湘', '皖', '鲁', '新', '苏', '浙', '赣', '鄂', '桂', '甘', '晋', '蒙', '陕', '吉', '闽', '贵', '粤',
		'青', '藏', '川', '宁', '琼':
		return true
	}
	return false
}
