package rtf

import (
	"unicode/utf16"
	"unicode/utf8"

	"terrace/indexer/attach/codepage"
)

// control reads what stands behind a backslash: a word with its number, or a symbol.
func (r *reader) control() {
	if len(r.in) == 0 {
		return
	}
	c := r.in[0]
	if c|0x20 < 'a' || c|0x20 > 'z' {
		r.in = r.in[1:]
		r.symbol(c)
		return
	}
	n := 0
	for n < len(r.in) && (r.in[n]|0x20 >= 'a' && r.in[n]|0x20 <= 'z') {
		n++
	}
	name := r.in[:n]
	r.in = r.in[n:]
	value, given := r.number()
	if len(r.in) > 0 && r.in[0] == ' ' {
		r.in = r.in[1:]
	}
	if len(name) <= maxWord {
		r.word(string(name), value, given)
	}
}

// maxWord is the longest control word, by RTF 1.9.1.
const maxWord = 32

// number reads the number behind a word. One that is too large for any word stays at what no word takes for sense.
func (r *reader) number() (n int, given bool) {
	i, negative := 0, false
	if len(r.in) > 1 && r.in[0] == '-' && r.in[1] >= '0' && r.in[1] <= '9' {
		i, negative = 1, true
	}
	for ; i < len(r.in) && r.in[i] >= '0' && r.in[i] <= '9'; i++ {
		n = min(n*10+int(r.in[i]-'0'), 1<<31-1)
		given = true
	}
	r.in = r.in[i:]
	if negative {
		n = -n
	}
	return n, given
}

// symbol reads a control of one character.
func (r *reader) symbol(c byte) {
	switch c {
	case '\'':
		if len(r.in) < 2 {
			return
		}
		high, low := digit(r.in[0]), digit(r.in[1])
		if high < 0 || low < 0 {
			return
		}
		r.in = r.in[2:]
		r.char(byte(high<<4 | low))
	case '\\', '{', '}':
		r.char(c)
	case '*':
		r.ignore = r.fresh // elsewhere it says nothing
	case '\r', '\n':
		r.word("par", 0, false)
	case '~':
		r.sign(" ")
	case '_':
		r.sign("-")
	}
}

func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// sign writes the text that a control stands for.
func (r *reader) sign(s string) {
	if r.skip > 0 {
		r.skip--
		return
	}
	r.flush()
	r.say(s)
}

// signs are the controls that stand for text.
var signs = map[string]string{
	"tab": " ", "emspace": " ", "enspace": " ", "qmspace": " ", "emdash": "—", "endash": "–", "bullet": "•", "lquote": "‘", "rquote": "’",
	"ldblquote": "“", "rdblquote": "”", "nestcell": " ", "nestrow": " ",
}

// word follows a control word. Those it does not know say nothing of text.
func (r *reader) word(name string, value int, given bool) {
	if s, ok := signs[name]; ok {
		r.sign(s)
		return
	}
	if name == "u" {
		r.unicode(value)
		return
	}
	r.flush()
	on, optional := !given || value != 0, r.ignore
	r.skip, r.ignore = 0, false
	switch name {
	case "par", "line", "sect", "page", "column", "softline", "softpage", "row", "cell", "intbl", "pard", "trowd", "cellx":
		r.layout(name)
	case "uc":
		r.fallback = max(value, 0)
	case "field":
		r.ofPages = false
	case "f":
		r.font = value
	case "plain":
		r.font, r.hidden, r.deleted = -1, false, false
	case "v":
		r.hidden = on
	case "deleted":
		r.deleted = on
	case "bin":
		r.in = r.in[min(max(value, 0), len(r.in)):]
	case "fcharset", "cpg", "ansicpg", "ansi", "mac", "pc", "pca", "deflang", "deflangfe":
		r.charset(name, value)
	default:
		r.enter(name, optional)
	}
}

// unicode takes a code unit of UTF-16, which is written as a signed number, and passes over what stands for it.
func (r *reader) unicode(value int) {
	r.flush()
	u := rune(value)
	if value < 0 {
		u += 1 << 16
	}
	switch {
	case utf16.IsSurrogate(u) && u < 0xDC00:
		r.high = u
	case utf16.IsSurrogate(u):
		r.say(string(utf16.DecodeRune(r.high, u)))
		r.high = 0
	case utf8.ValidRune(u):
		r.say(string(u))
	}
	r.skip = r.fallback
}

// layout follows the words that end paragraphs, cells and rows. In a row of several cells paragraphs are parted by blanks, so that it stays a line.
func (r *reader) layout(name string) {
	if r.out == nil {
		return
	}
	switch name {
	case "pard":
		r.rowed = false
	case "intbl":
		r.rowed = true
	case "trowd":
		r.cells = 0
	case "cellx":
		r.cells++
	case "cell":
		r.out.Cell()
	case "row":
		r.out.End()
	default:
		r.end()
	}
}

func (r *reader) end() {
	switch {
	case r.hidden || r.deleted:
	case r.rowed && r.cells > 1:
		r.out.Write(" ")
	default:
		r.out.End()
	}
}

// charset notes the code page of the document, or of the font that is being defined.
func (r *reader) charset(name string, value int) {
	switch {
	case name == "fcharset" && r.kind == fontTable:
		r.fonts[r.font] = codepage.OfCharset(value)
	case name == "cpg" && r.kind == fontTable && value != 0:
		r.fonts[r.font] = value
	case name == "ansicpg" && value != 0:
		r.page, r.given = value, true
	case name == "mac":
		r.page = 10000
	case name == "pc":
		r.page = 437
	case name == "pca":
		r.page = 850
	case (name == "deflang" || name == "deflangfe") && !r.given && r.page == codepage.Western:
		r.page = codepage.OfLanguage(value)
	}
}
