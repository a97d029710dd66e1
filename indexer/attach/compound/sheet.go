package compound

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"terrace/indexer/attach/plain"
)

// maxColumns is how many columns a sheet has.
const maxColumns = 256

// A cells is what was read of a sheet.
type cells struct {
	*workbook
	list     []cell
	pending  cell // of a formula whose result is text that comes later
	waits    bool
	hidden   map[int]bool // rows
	columns  [maxColumns]bool
	comment  bool // the object read last is one
	asides   []string
	pictures int
}

type cell struct {
	row, column int
	text        string
}

// sheet reads a sheet and writes it.
func (w *workbook) sheet(s sheet) error {
	c := &cells{workbook: w, hidden: map[int]bool{}}
	r := &records{b: part(w.data, s.at, len(w.data))}
	if !r.next() || r.id != recBOF {
		return fmt.Errorf("sheet %q is not where it should be: %w", s.name, plain.ErrBroken)
	}
	depth := 1 // charts stand within
	for depth > 0 && w.cells > 0 && w.bytes > 0 {
		left := len(r.b)
		if w.budget < 0 || !r.next() {
			c.write(s.name)
			return fmt.Errorf("sheet %q has no end: %w", s.name, plain.ErrBroken)
		}
		switch {
		case r.id == recBOF:
			depth++
		case r.id == recEOF:
			depth--
		case depth == 1:
			c.record(r)
		}
		w.budget -= left - len(r.b)
	}
	c.write(s.name)
	return nil
}

func (c *cells) record(r *records) {
	b := r.body
	switch r.id {
	case recRow:
		if u16(b, 12)&0x20 != 0 {
			c.hidden[u16(b, 0)] = true
		}
	case recColInfo:
		for i := u16(b, 0); i <= min(u16(b, 2), maxColumns-1) && u16(b, 8)&1 != 0; i++ {
			c.columns[i] = true
		}
	case recObj:
		kind := u16(b, 4)
		c.comment = kind == 0x19
		if kind == 8 {
			c.pictures++
		}
	case recTxO:
		c.box(r.parts())
	default:
		c.cell(r)
	}
}

// box reads the text of a shape: it stands in records that continue it (2.4.329).
func (c *cells) box(parts [][]byte) {
	x := &cursor{parts: parts[1:]}
	if n := u16(parts[0], 10); n > 0 && !c.comment && !c.text.bytes {
		c.asides = append(c.asides, x.chars(n, x.u8()))
	}
}

// cell reads a record that holds the value of a cell, or of several.
func (c *cells) cell(r *records) {
	b := r.body
	at := cell{row: u16(b, 0), column: u16(b, 2)}
	switch r.id {
	case recLabelSST:
		if i := u32(b, 6); i < len(c.strings) && len(b) >= 10 {
			c.add(at, c.strings[i])
		}
	case recLabel, recRString:
		c.add(at, c.text.read(&cursor{parts: r.parts(), at: 6}, 2))
	case recNumber:
		c.number(at, u16(b, 4), math.Float64frombits(u64(b, 6)))
	case recRK:
		c.number(at, u16(b, 4), rk(u32(b, 6)))
	case recMulRK:
		for i := 4; i+8 <= len(b); i += 6 {
			c.number(at, u16(b, i), rk(u32(b, i+2)))
			at.column++
		}
	case recBoolErr:
		if u8(b, 7) == 0 {
			c.add(at, truth(u8(b, 6)))
		}
	case recFormula:
		c.formula(at, b)
	case recString:
		if c.waits {
			c.add(c.pending, c.text.read(&cursor{parts: r.parts()}, 2))
		}
		c.waits = false
	}
}

// formula takes the result of a formula (2.5.133): a number, or what the mark FFFF in its place says.
func (c *cells) formula(at cell, b []byte) {
	c.waits = false
	switch {
	case u16(b, 12) != 0xFFFF:
		c.number(at, u16(b, 4), math.Float64frombits(u64(b, 6)))
	case u8(b, 6) == 0:
		c.pending, c.waits = at, true
	case u8(b, 6) == 1:
		c.add(at, truth(u8(b, 8)))
	}
}

func truth(b int) string {
	if b != 0 {
		return "TRUE"
	}
	return "FALSE"
}

func (c *cells) number(at cell, style int, v float64) {
	if !math.IsNaN(v) && !math.IsInf(v, 0) {
		c.add(at, c.format(style).Show(v, c.since04))
	}
}

// rk is a number in four bytes: the upper part of a float or an integer, either of them a hundredfold where bit 0 is set (2.5.218).
func rk(n int) (v float64) {
	if n&2 != 0 {
		v = float64(int32(n) >> 2)
	} else {
		v = math.Float64frombits(uint64(n&^3) << 32)
	}
	if n&1 != 0 {
		v /= 100
	}
	return v
}

func (c *cells) add(at cell, text string) {
	if text == "" || c.workbook.cells <= 0 || at.column >= maxColumns {
		return
	}
	c.workbook.cells--
	c.bytes -= len(text)
	at.text = text
	c.list = append(c.list, at)
}

var oneLine = strings.NewReplacer("\n", " ", "\r", " ")

// write writes the sheet: the cells in order of row and column, a row as a line; a cell with several lines stays in its row.
func (c *cells) write(name string) {
	c.out.Write(name)
	c.out.End()
	slices.SortStableFunc(c.list, func(a, b cell) int { return cmp.Or(a.row-b.row, a.column-b.column) })
	for i, at := range c.list {
		if c.out.Full() {
			return
		}
		if i > 0 && at.row != c.list[i-1].row {
			c.out.End()
		}
		if c.hidden[at.row] || c.columns[at.column] {
			continue
		}
		c.out.Write(oneLine.Replace(at.text))
		c.out.Cell()
	}
	c.out.End()
	for _, text := range c.asides {
		c.out.Write(text)
		c.out.End()
	}
	for range c.pictures {
		c.out.Picture()
	}
}
