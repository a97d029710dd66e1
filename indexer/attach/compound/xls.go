package compound

import (
	"errors"
	"fmt"
	"strings"

	"terrace/indexer/attach/codepage"
	"terrace/indexer/attach/numfmt"
	"terrace/indexer/attach/plain"
)

// maxCells is how many cells of a workbook are read; maxCellBytes is what they may come to, for cells can share one long string.
const (
	maxCells     = 200_000
	maxCellBytes = 64 << 20
)

// A workbook is what the sheets of one have in common.
type workbook struct {
	data    []byte
	out     *plain.Text
	text    textReader
	strings []string // the shared ones
	formats map[int]numfmt.Format
	styles  []int // the number of the format of each
	since04 bool  // days count from 1904
	sheets  []sheet
	cells   int // that may still be read
	bytes   int // of text in them
	budget  int // bytes of the stream that may still be gone through, for sheets can share them
}

type sheet struct {
	name string
	at   int
}

// readXLS takes the text of a workbook of Excel 5 to 2003: of each visible sheet in order its name as a line, its rows, its text boxes. Numbers read
// as their formats say (see package numfmt), formulas as their results. Hidden sheets, rows and columns, errors and comments are left out.
func readXLS(c *container, stream string, out *plain.Text) error {
	data, err := c.stream(stream)
	w := &workbook{data: data, out: out, formats: map[int]numfmt.Format{}, cells: maxCells, bytes: maxCellBytes, budget: 2 * len(data)}
	if globalErr := w.globals(); globalErr != nil {
		return globalErr
	}
	for _, s := range w.sheets {
		if out.Full() {
			break
		}
		if w.budget < 0 {
			return errors.Join(err, fmt.Errorf("sheets share their cells: %w", plain.ErrLimit))
		}
		if sheetErr := w.sheet(s); err == nil {
			err = sheetErr
		}
	}
	if err == nil && (w.cells <= 0 || w.bytes <= 0) && !out.Full() {
		err = fmt.Errorf("more than %d cells or %d bytes in them: %w", maxCells, maxCellBytes, plain.ErrLimit)
	}
	return err
}

// globals reads the part in front of the sheets.
func (w *workbook) globals() error {
	page := codepage.Western
	r := &records{b: w.data}
	if !r.next() || r.id != recBOF {
		return fmt.Errorf("no workbook: %w", plain.ErrBroken)
	}
	version := u16(r.body, 0)
	w.text = newTextReader(version, page)
	for r.next() && r.id != recEOF {
		switch r.id {
		case recFilePass:
			open := unlocked(w.data, r.body)
			if open == nil {
				return plain.ErrEncrypted
			}
			r.b = open[len(open)-len(r.b):]
			w.data = open
		case recCodePage:
			w.text = newTextReader(version, u16(r.body, 0))
		case recDate1904:
			w.since04 = u16(r.body, 0) == 1
		case recSST:
			w.readStrings(&cursor{parts: r.parts()})
		case recFormat:
			w.readFormat(r.body)
		case recXF:
			w.styles = append(w.styles, u16(r.body, 2))
		case recSheet:
			w.readSheet(r.body)
		}
	}
	return nil
}

// readStrings reads the shared strings (2.4.265).
func (w *workbook) readStrings(c *cursor) {
	for c.skip(8); c.rest() != nil; {
		w.strings = append(w.strings, strings.TrimSpace(c.rich()))
	}
}

func (w *workbook) readFormat(body []byte) {
	c := &cursor{parts: [][]byte{part(body, 2, len(body))}}
	size := 2
	if w.text.bytes {
		size = 1
	}
	w.formats[u16(body, 0)] = numfmt.Read(numfmt.First(w.text.read(c, size)))
}

// readSheet notes a sheet that is visible and holds cells (2.4.28).
func (w *workbook) readSheet(body []byte) {
	name := w.text.read(&cursor{parts: [][]byte{part(body, 6, len(body))}}, 1)
	if hidden, kind := u8(body, 4)&3 != 0, u8(body, 5); !hidden && kind == 0 {
		w.sheets = append(w.sheets, sheet{name: name, at: u32(body, 0)})
	}
}

// format is the format of cells of a style.
func (w *workbook) format(style int) numfmt.Format {
	if style >= len(w.styles) {
		return numfmt.BuiltIn(0)
	}
	id := w.styles[style]
	f, ok := w.formats[id]
	if !ok {
		f = numfmt.BuiltIn(id)
		w.formats[id] = f
	}
	return f
}
