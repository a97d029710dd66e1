package office

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"terrace/indexer/attach/numfmt"
	"terrace/indexer/attach/pack"
	"terrace/indexer/attach/plain"
)

// maxCells is how many cells of a workbook are read; maxCellBytes is what they may come to, for cells can share one long string.
const (
	maxCells     = 200_000
	maxCellBytes = 64 << 20
)

// ReadXlsx takes the text of a workbook: of each visible sheet in order its name as a line, then its rows, then its shapes. Numbers, dates and shares
// read as their formats say (see package numfmt), formulas as their results. Hidden sheets, rows and columns, errors and phonetic guides are left out. The
// errors are those of pack.Pack; what could be read is in out.
func ReadXlsx(data []byte, out *plain.Text) error {
	p, err := pack.Open(data)
	if p == nil {
		return err
	}
	b, bookErr := readWorkbook(p)
	err = cmp.Or(err, bookErr)
	b.out, b.left, b.bytes = out, maxCells, maxCellBytes
	for _, s := range b.sheets {
		if b.left > 0 {
			err = cmp.Or(err, b.sheet(s))
		}
	}
	return cmp.Or(err, beyond(b.left, out))
}

// beyond is the error of a workbook of which no more cells may be read, where its text does not count what was left out itself.
func beyond(left int, out *plain.Text) error {
	if left > 0 || out.Full() {
		return nil
	}
	return fmt.Errorf("more than %d cells or %d bytes in them: %w", maxCells, maxCellBytes, plain.ErrLimit)
}

// A workbook is what the sheets of one have in common.
type workbook struct {
	pack    *pack.Pack
	out     *plain.Text
	sheets  []sheet
	strings []string        // the shared ones
	formats []numfmt.Format // of cells, by style
	since04 bool            // days count from 1904
	left    int             // cells that may still be read
	bytes   int             // of text in them
}

type sheet struct {
	name, part string
}

// readWorkbook reads all but the sheets. What is damaged is as if it were not there.
func readWorkbook(p *pack.Pack) (*workbook, error) {
	b := &workbook{pack: p}
	main := mainOr(p, "xl/workbook.xml")
	all := readLinks(p, main)
	err := p.Scan(main, func(x *pack.Scanner) {
		x.Each(func(string) { x.Each(func(name string) { b.property(x, name, all) }) })
	})
	if len(b.sheets) == 0 && err != nil {
		for _, part := range numbered(p, "xl/worksheets/sheet") {
			b.sheets = append(b.sheets, sheet{part: part})
		}
	}
	for _, part := range all.kinds["styles"] {
		err = cmp.Or(err, p.Scan(part, b.readStyles))
	}
	for _, part := range sharedStrings(p, all) {
		err = cmp.Or(err, p.Scan(part, b.readStrings))
	}
	return b, err
}

func sharedStrings(p *pack.Pack, all links) []string {
	if parts := all.kinds["sharedStrings"]; len(parts) > 0 || !p.Has("xl/sharedStrings.xml") {
		return parts
	}
	return []string{"xl/sharedStrings.xml"}
}

func (b *workbook) property(x *pack.Scanner, name string, all links) {
	switch name {
	case "workbookPr":
		b.since04 = x.Attr("date1904") != "" && truth(x.Attr("date1904"))
	case "sheets":
		x.Each(func(string) {
			part := all.byID[x.Link("id")]
			if state := strings.ToLower(x.Attr("state")); part != "" && state != "hidden" && state != "veryhidden" {
				b.sheets = append(b.sheets, sheet{name: x.Attr("name"), part: part})
			}
		})
	}
}

// readStrings reads the shared strings, so many as there may be cells of different ones.
func (b *workbook) readStrings(x *pack.Scanner) {
	x.Each(func(string) {
		x.Each(func(string) {
			b.strings = append(b.strings, richText(x))
		})
	})
}

// richText reads a string item: text, or runs of text; not how it is pronounced (rPh).
func richText(x *pack.Scanner) string {
	var s strings.Builder
	x.Each(func(name string) {
		switch name {
		case "t":
			s.WriteString(x.Text())
		case "r":
			x.Each(func(name string) {
				if name == "t" {
					s.WriteString(x.Text())
				}
			})
		}
	})
	return s.String()
}

// readStyles reads which format each style of cells has.
func (b *workbook) readStyles(x *pack.Scanner) {
	own := map[string]numfmt.Format{}
	x.Each(func(string) {
		x.Each(func(list string) {
			x.Each(func(name string) {
				switch id := x.Attr("numFmtId"); {
				case list == "numFmts":
					own[id] = numfmt.Read(x.Attr("formatCode"))
				case list == "cellXfs" && name == "xf":
					f, ok := own[id]
					if !ok {
						n, _ := strconv.Atoi(id) // what is no number is no built-in one
						f = numfmt.BuiltIn(n)
					}
					b.formats = append(b.formats, f)
				}
			})
		})
	})
}
