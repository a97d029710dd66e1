package office

import (
	"strconv"
	"strings"

	"terrace/indexer/attach/plain"
)

// run reads a run of characters. Field marks of a hidden one still count.
func (w *word) run() {
	hidden := false
	w.x.Each(func(name string) {
		switch {
		case name == "rPr":
			w.x.Each(func(name string) {
				if name == "vanish" {
					hidden = truth(w.x.Attr("val"))
				}
			})
		case !hidden || name == "fldChar" || name == "instrText":
			w.element(name)
		}
	})
}

// say writes text of a run, unless it belongs to a field's code or to a page number.
func (w *word) say(s string) {
	if w.fields.muted == 0 {
		w.write(s)
	}
}

// inline reads what stands among the characters of a run, and elements of no meaning to us.
func (w *word) inline(name string) {
	switch name {
	case "tab", "ptab":
		w.say(" ")
	case "br", "cr":
		w.end()
	case "noBreakHyphen":
		w.say("-")
	case "sym":
		w.say(symbol(w.x.Attr("font"), w.x.Attr("char")))
	case "fldChar":
		w.say(w.fields.mark(w.x.Attr("fldCharType")))
	case "instrText":
		w.fields.code(w.x.Text())
	case "fldSimple":
		if !pageNumber(w.x.Attr("instr")) {
			w.x.Each(w.element)
		}
	default:
		w.x.Each(w.element)
	}
}

// fields follows the complex fields of a paragraph (ECMA-376 part 1, 17.16.18): begin, code, separate, result, end.
type fields struct {
	open  []field
	muted int // open ones of which nothing is to be seen now
}

type field struct {
	muted, page bool
	code        string // its beginning
}

// maxCode is how much of a field's code is looked at, in bytes.
const maxCode = 1000

// mark follows a mark and gives what a field shows that has no result but its code: an equation.
func (f *fields) mark(kind string) (shown string) {
	last := len(f.open) - 1
	switch {
	case kind == "begin":
		f.open = append(f.open, field{muted: true})
		f.muted++
	case last < 0:
	case kind == "separate" && f.open[last].muted && !f.open[last].page:
		f.open[last].muted = false
		f.muted--
	case kind == "end":
		if f.open[last].muted {
			f.muted--
			shown, _ = plain.Equation(f.open[last].code)
		}
		f.open = f.open[:last]
	}
	return shown
}

// code takes a piece of the code of the field that began last.
func (f *fields) code(s string) {
	if last := len(f.open) - 1; last >= 0 && len(f.open[last].code) < maxCode {
		f.open[last].code += s
		f.open[last].page = pageNumber(f.open[last].code)
	}
}

// pageNumber reports whether a field's result is the number of some page, which says nothing.
func pageNumber(code string) bool {
	words := strings.Fields(code)
	if len(words) == 0 {
		return false
	}
	switch strings.ToUpper(words[0]) {
	case "PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF":
		return true
	}
	return false
}

// symbols are characters of fonts of symbols that a text is read with: boxes and ticks of forms.
var symbols = map[string]map[uint64]string{
	"wingdings":   {0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□", 0xA8: "□", 0xFB: "×", 0xFC: "√", 0xFD: "☒", 0xFE: "☑"},
	"wingdings 2": {0x4F: "×", 0x50: "√", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0xA3: "□"},
	"symbol": {0x61: "α", 0x62: "β", 0x67: "γ", 0x64: "δ", 0x6D: "μ", 0x70: "π", 0x73: "σ", 0x57: "Ω", 0xA3: "≤", 0xB3: "≥", 0xB0: "°",
		0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈"},
}

// symbol is a character given by font and number (17.3.3.30); the numbers of fonts of symbols stand in the private use area.
func symbol(font, number string) string {
	n, err := strconv.ParseUint(number, 16, 21)
	if err != nil {
		return ""
	}
	if code := n & 0xFF; n < 0x100 || n&^0xFF == 0xF000 {
		if table := symbols[strings.ToLower(font)]; table != nil {
			return table[code]
		}
	}
	return string(rune(n))
}
