package office

import (
	"bytes"
	"cmp"
	"fmt"
	"regexp"
	"strings"

	"terrace/indexer/attach/numfmt"
	"terrace/indexer/attach/pack"
	"terrace/indexer/attach/plain"
)

// Formats of files that are one XML text: of Word 2003 (WordprocessingML) and since (a flat package), and of Excel 2003 (XML Spreadsheet).
const (
	WordXML  = "word-xml"
	ExcelXML = "excel-xml"
)

var (
	wordRoot  = regexp.MustCompile(`<(?:\w+:)?wordDocument\s|<pkg:package\s[^>]*>(?s:.*?)wordprocessingml`)
	excelRoot = regexp.MustCompile(`<(?:\w+:)?Workbook\s[^>]*urn:schemas-microsoft-com:office:spreadsheet`)
)

const rootWithin = 8192

// FlatKind tells which of these formats data is in; empty: none.
func FlatKind(data []byte) string {
	front := data[:min(len(data), rootWithin)]
	if bytes.HasPrefix(front, []byte("\xff\xfe")) || bytes.HasPrefix(front, []byte("\xfe\xff")) {
		front = bytes.ReplaceAll(front, []byte{0}, nil) // UTF-16: the names are ASCII
	}
	switch {
	case wordRoot.Match(front):
		return WordXML
	case excelRoot.Match(front):
		return ExcelXML
	case uofRoot.Match(front):
		return UOF
	}
	return ""
}

// ReadWordXML takes the text of a document that is one XML text, as ReadDocx does but for headers of Word 2003. Its errors are those of pack.Scanner.
func ReadWordXML(data []byte, out *plain.Text) error {
	w := &word{writer: writer{out: out}, x: pack.NewScanner(bytes.NewReader(data))}
	w.x.Each(w.element)
	out.End()
	return flat(w.x)
}

func flat(x *pack.Scanner) error {
	if x.Err() != nil {
		return fmt.Errorf("read XML: %w", x.Err())
	}
	return nil
}

// ReadExcelXML takes the text of an XML spreadsheet, as ReadXlsx does. Its errors are those of pack.Scanner.
func ReadExcelXML(data []byte, out *plain.Text) error {
	hidden, number := map[int]bool{}, 0
	x := pack.NewScanner(bytes.NewReader(data))
	eachSheet(x, func() {
		x.Each(func(name string) {
			if name == "WorksheetOptions" {
				x.Each(func(name string) {
					hidden[number] = hidden[number] || name == "Visible" && strings.Contains(x.Text(), "Hidden")
				})
			}
		})
		number++
	}, nil)
	b := &flatBook{out: out, x: pack.NewScanner(bytes.NewReader(data)), formats: map[string]numfmt.Format{}, left: maxCells, bytes: maxCellBytes}
	number = 0
	eachSheet(b.x, func() {
		if !hidden[number] {
			b.sheet()
		}
		number++
	}, b.style)
	return cmp.Or(flat(b.x), beyond(b.left, out))
}

// eachSheet calls f at each sheet, and style at each style before them.
func eachSheet(x *pack.Scanner, f, style func()) {
	x.Each(func(string) {
		x.Each(func(name string) {
			switch {
			case name == "Worksheet":
				f()
			case name == "Styles" && style != nil:
				x.Each(func(string) { style() })
			}
		})
	})
}

// A flatBook reads an XML spreadsheet.
type flatBook struct {
	out     *plain.Text
	x       *pack.Scanner
	formats map[string]numfmt.Format // of numbers, by style
	left    int                      // cells that may still be read
	bytes   int                      // of text in them
}

// named are formats that go by a name.
var named = map[string]string{"Fixed": "0.00", "Standard": "#,##0.00", "Percent": "0.00%", "Scientific": "0.00E+00"}

func (b *flatBook) style() {
	id := b.x.Attr("ID")
	b.x.Each(func(name string) {
		code := b.x.Attr("Format")
		if name != "NumberFormat" || code == "" || strings.HasPrefix(code, "General") {
			return
		}
		if standard, ok := named[code]; ok {
			code = standard
		}
		b.formats[id] = numfmt.Read(code)
	})
}

func (b *flatBook) sheet() {
	b.out.Write(b.x.Attr("Name"))
	b.out.End()
	b.x.Each(func(name string) {
		if name == "Table" {
			b.x.Each(func(name string) {
				if name == "Row" && b.x.Attr("Hidden") != "1" {
					b.x.Each(func(string) { b.cell() })
					b.out.End()
				}
			})
		}
	})
}

func (b *flatBook) cell() {
	format, styled := b.formats[b.x.Attr("StyleID")]
	b.x.Each(func(name string) {
		if name != "Data" {
			return
		}
		kind := b.x.Attr("Type")
		text := strings.TrimSpace(b.x.Text())
		switch kind {
		case "Error":
			return
		case "DateTime":
			text = strings.TrimSuffix(strings.Replace(strings.TrimSuffix(text, ".000"), "T", " ", 1), " 00:00:00")
		case "Boolean":
			text = map[string]string{"1": "TRUE", "0": "FALSE"}[text]
		case "Number":
			text = showNumber(text, format, styled, false)
		}
		if text == "" {
			return
		}
		b.left--
		if b.bytes -= len(text); b.left <= 0 || b.bytes < 0 {
			b.left = 0
			b.x.Stop()
		}
		b.out.Write(oneLine.Replace(text))
		b.out.Cell()
	})
}
