package office

import (
	"cmp"
	"strconv"
	"strings"

	"terrace/indexer/attach/numfmt"
	"terrace/indexer/attach/pack"
)

// sheet writes a sheet: its name, its rows, its shapes.
func (b *workbook) sheet(s sheet) error {
	b.out.Write(s.name)
	b.out.End()
	r := &rows{workbook: b}
	err := b.pack.Scan(s.part, func(x *pack.Scanner) {
		r.x = x
		x.Each(func(string) { x.Each(r.part) })
	})
	b.out.End()
	for _, part := range readLinks(b.pack, s.part).kinds["drawing"] {
		err = cmp.Or(err, readDrawing(b.pack, part, &writer{out: b.out}, false))
	}
	return err
}

// maxColumn is the last column of a sheet, XFD; maxRanges is how many ranges of hidden columns are looked at.
const (
	maxColumn = 16384
	maxRanges = 256
)

// rows reads the cells of a sheet.
type rows struct {
	*workbook
	x      *pack.Scanner
	ranges int                 // of columns that were hidden
	hidden [maxColumn + 1]bool // columns counted from 1
}

func (r *rows) part(name string) {
	switch name {
	case "cols":
		r.x.Each(func(string) {
			if h := r.x.Attr("hidden"); h != "" && truth(h) && r.ranges < maxRanges {
				r.ranges++
				r.hide(r.x.Attr("min"), r.x.Attr("max"))
			}
		})
	case "sheetData":
		r.x.Each(r.row)
	}
}

func (r *rows) row(string) {
	if h := r.x.Attr("hidden"); h != "" && truth(h) {
		return
	}
	column := 0
	r.x.Each(func(string) {
		column++
		if at := columnOf(r.x.Attr("r")); at > 0 {
			column = at
		}
		if column > maxColumn || !r.hidden[column] {
			r.cell()
		}
	})
	r.out.End()
}

func (r *rows) hide(min, max string) {
	from, err := strconv.Atoi(min)
	to, wrong := strconv.Atoi(max)
	if err != nil || wrong != nil || from < 1 {
		return
	}
	for c := from; c <= to && c <= maxColumn; c++ {
		r.hidden[c] = true
	}
}

// columnOf is the number of the column that a reference such as AB12 names, 0 where it names none.
func columnOf(ref string) (n int) {
	for i := 0; i < len(ref) && i < 3 && ref[i] >= 'A' && ref[i] <= 'Z'; i++ {
		n = n*26 + int(ref[i]-'A') + 1
	}
	return n
}

// cell reads a cell (ECMA-376 part 1, 18.3.1.4).
func (r *rows) cell() {
	kind, style := r.x.Attr("t"), r.x.Attr("s")
	var text string
	r.x.Each(func(name string) {
		switch name {
		case "v":
			text = r.value(kind, style, r.x.Text())
		case "is":
			text = richText(r.x)
		}
	})
	if text = strings.TrimSpace(text); text == "" {
		return
	}
	r.left--
	if r.bytes -= len(text); r.left <= 0 || r.bytes < 0 {
		r.left = 0
		r.x.Stop()
	}
	r.out.Write(oneLine.Replace(text))
	r.out.Cell()
}

// oneLine keeps a row a line where a cell has several.
var oneLine = strings.NewReplacer("\r", " ", "\n", " ")

// value is what a cell shows of its stored value.
func (r *rows) value(kind, style, v string) string {
	v = strings.TrimSpace(v)
	switch kind {
	case "s":
		if i, err := strconv.Atoi(v); err == nil && i >= 0 && i < len(r.strings) {
			return r.strings[i]
		}
		return ""
	case "b":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[v]
	case "str":
		return v
	case "d":
		return strings.TrimSuffix(strings.Replace(v, "T", " ", 1), " 00:00:00")
	case "e":
		return ""
	}
	var format numfmt.Format
	i, err := strconv.Atoi(style)
	styled := err == nil && i >= 0 && i < len(r.formats)
	if styled {
		format = r.formats[i]
	}
	return showNumber(v, format, styled, r.since04)
}

// showNumber is a stored number as its format shows it, or as numbers without one are shown.
func showNumber(v string, format numfmt.Format, styled, since04 bool) string {
	number, err := strconv.ParseFloat(v, 64)
	switch {
	case err != nil:
		return v
	case !styled:
		return numfmt.General(number)
	}
	return format.Show(number, since04)
}
