package compound

import (
	"strings"
	"unicode/utf16"

	"terrace/indexer/attach/plain"
)

// A field is a field whose end has not come.
type field struct {
	from  int  // its code
	shown bool // its result is under way
}

// A unitWriter writes the characters of a part of a document.
type unitWriter struct {
	text   []uint16
	out    *plain.Text
	due    []uint16
	fields []field
	muted  int // fields whose text is not shown
}

func writeUnits(text []uint16, out *plain.Text) {
	w := &unitWriter{text: text, out: out}
	for i, u := range text {
		switch {
		case u >= fieldBegin && u <= fieldEnd:
			w.field(u, i)
		case w.muted == 0:
			w.unit(u)
		}
	}
	w.flush()
}

func (w *unitWriter) unit(u uint16) {
	switch u {
	case cellEnd:
		w.flush()
		w.out.Cell()
	case rowEnd, columnEnd:
		w.flush()
		w.out.End()
	case inCell:
		w.due = append(w.due, ' ')
	case hyphen:
		w.due = append(w.due, '-')
	case picture, drawing:
		w.out.Picture()
	default:
		w.due = append(w.due, u)
	}
}

func (w *unitWriter) flush() {
	w.out.Write(string(utf16.Decode(w.due)))
	w.due = w.due[:0]
}

// field follows the marks: code stands between begin and break, the result between break and end.
func (w *unitWriter) field(u uint16, at int) {
	last := len(w.fields) - 1
	switch {
	case u == fieldBegin:
		w.fields = append(w.fields, field{from: at + 1})
		w.muted++
	case last < 0:
	case u == fieldBreak:
		if f := &w.fields[last]; !f.shown && !ofPages(string(utf16.Decode(w.text[f.from:min(at, f.from+maxCode)]))) {
			f.shown = true
			w.muted--
		}
	default:
		f := w.fields[last]
		w.fields = w.fields[:last]
		if f.shown {
			return
		}
		w.muted--
		if text, ok := plain.Equation(string(utf16.Decode(w.text[f.from:min(at, f.from+maxCode)]))); ok && w.muted == 0 {
			w.due = append(w.due, utf16.Encode([]rune(text))...)
		}
	}
}

// maxCode is how much of a field's code is looked at, in characters.
const maxCode = 500

// ofPages reports whether the code of a field asks for the number of a page, which is no text.
func ofPages(code string) bool {
	name, _, _ := strings.Cut(strings.TrimSpace(code), " ")
	switch strings.ToUpper(name) {
	case "PAGE", "NUMPAGES", "SECTIONPAGES", "PAGEREF":
		return true
	}
	return false
}
