package compound

import (
	"errors"
	"unicode/utf16"

	"golang.org/x/text/encoding"

	"terrace/indexer/attach/codepage"
	"terrace/indexer/attach/plain"
)

// Characters of a document that are no text ([MS-DOC] 2.4.1), and two that are put for paragraph ends and cell ends in a table.
const (
	picture    = 0x01
	cellEnd    = 0x07
	drawing    = 0x08
	columnEnd  = 0x0E
	paragraph  = 0x0D
	fieldBegin = 0x13
	fieldBreak = 0x14
	fieldEnd   = 0x15
	hyphen     = 0x1E // that parts no line
	inCell     = 0x1C // ours: a paragraph ends within a row of several cells
	rowEnd     = 0x1D // ours
)

// readDoc takes the text of a document: the main text, text boxes, foot notes and end notes, then headers and footers, each line once.
func readDoc(c *container, out *plain.Text) error {
	f, err := readFIB(c)
	if errors.Is(err, plain.ErrEncrypted) {
		return err
	}
	pieces, pieceErr := f.pieces()
	text := f.text(pieces)
	var parts [8][]uint16
	for i, n := range f.lengths() {
		n = min(n, len(text))
		parts[i], text = text[:n], text[n:]
	}
	body, boxes, notes, ends, headers, headerBoxes := parts[0], parts[6], parts[1], parts[5], parts[2], parts[7]
	for _, p := range [][]uint16{body, boxes, notes, ends} {
		writeUnits(p, out)
		out.End()
	}
	aside := plain.New(maxHeaders)
	writeUnits(headers, aside)
	aside.End()
	writeUnits(headerBoxes, aside)
	out.WriteOnce(aside.String())
	return errors.Join(err, pieceErr)
}

// maxHeaders is the most text of headers that is set aside, in bytes.
const maxHeaders = 1 << 20

// text is the characters of the pieces, as many as they claim to be: what is not seen, and the second of two bytes, is 0.
func (f *fib) text(pieces []piece) (text []uint16) {
	l := f.look()
	for _, p := range pieces {
		width := 1
		switch b := part(f.doc, p.fc, len(f.doc)); p.page {
		case 0:
			width = 2
			text = append(text, units(b[:2*p.chars])...)
		default:
			text = appendBytes(text, b[:p.chars], p.page)
		}
		own := text[len(text)-p.chars:]
		for i, u := range own {
			own[i] = l.mark(u, p.fc+width*i)
		}
	}
	rows(text, len(l.rowEnds.list) > 0)
	balance(text)
	return text
}

// appendBytes decodes text of a byte a character, or two of which the second becomes 0.
func appendBytes(text []uint16, b []byte, page int) []uint16 {
	d := codepage.Encoding(page).NewDecoder()
	for i := 0; i < len(b); i++ {
		switch {
		case b[i] < 0x80:
			text = append(text, uint16(b[i]))
		case codepage.Lead(page, b[i]) && i+1 < len(b):
			text = append(text, decode(d, b[i:i+2]), 0)
			i++
		default:
			text = append(text, decode(d, b[i:i+1]))
		}
	}
	return text
}

func decode(d *encoding.Decoder, b []byte) uint16 {
	s, _ := d.Bytes(b)
	if u := utf16.Encode([]rune(string(s))); len(u) == 1 {
		return u[0]
	}
	return 0
}

// mark is a character as its properties say. Marks of fields and cells stay though hidden, for they come in pairs and rows.
func (l *look) mark(u uint16, fc int) uint16 {
	switch {
	case u >= fieldBegin && u <= fieldEnd:
		return u
	case u == cellEnd:
		if l.rowEnds.has(fc) {
			return rowEnd
		}
		return u
	case l.unseen.has(fc):
		return 0
	case u == paragraph && l.inTable.has(fc):
		return inCell
	}
	return u
}

// rows sees to it that cells of a table with one column keep their paragraphs. Where the properties tell no rows, a cell without text ends one.
func rows(text []uint16, known bool) {
	from, cells := 0, 0
	for i, u := range text {
		if u == cellEnd && !known && i > 0 && text[i-1] == cellEnd {
			text[i], u = rowEnd, rowEnd
		}
		switch u {
		case cellEnd:
			cells++
		case rowEnd:
			for j := from; j < i && cells < 2; j++ {
				if text[j] == inCell {
					text[j] = paragraph
				}
			}
			from, cells = i+1, 0
		}
	}
}

// balance takes the marks of fields away that have no counterpart, lest the text behind them reads as code.
func balance(text []uint16) {
	var open []int
	for i, u := range text {
		switch {
		case u == fieldBegin:
			open = append(open, i)
		case u == fieldEnd && len(open) > 0:
			open = open[:len(open)-1]
		case u == fieldEnd, u == fieldBreak && len(open) == 0:
			text[i] = 0
		}
	}
	for _, i := range open {
		text[i] = 0
	}
}
