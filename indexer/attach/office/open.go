package office

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"terrace/indexer/attach/pack"
	"terrace/indexer/attach/plain"
)

// Formats of programs other than Microsoft's: OpenDocument (ISO/IEC 26300) by its three kinds, and 标文通 (GB/T 20916-2007 as one XML text, -2 as a package).
const (
	openText  = "odt"
	openSheet = "ods"
	openSlide = "odp"
	UOF       = "uof"
)

var uofRoot = regexp.MustCompile(`<(?:[\w\p{Han}]+:)?UOF\s[^>]*schemas\.uof\.org`)

// openKind tells the kind of such a package; empty: none.
func openKind(p *pack.Pack) string {
	if p.Has("uof.xml") && p.Has("content.xml") {
		return UOF
	}
	if !p.Has("mimetype") || !p.Has("content.xml") {
		return ""
	}
	mime, err := p.Read("mimetype")
	if err != nil {
		return ""
	}
	name, ok := strings.CutPrefix(string(mime), "application/vnd.oasis.opendocument.")
	switch name, _, _ = strings.Cut(strings.TrimSpace(name), "-"); {
	case !ok:
		return ""
	case name == "spreadsheet":
		return openSheet
	case name == "presentation":
		return openSlide
	}
	return openText
}

// ReadOpen takes the text of such a package: its paragraphs, a row of a table as a line. Comments and what was deleted are left out. The errors are those of
// pack.Pack; plain.ErrEncrypted too.
func ReadOpen(data []byte, kind string, out *plain.Text) error {
	p, err := pack.Open(data)
	if p == nil {
		return err
	}
	if p.Has("META-INF/manifest.xml") {
		if manifest, _ := p.Read("META-INF/manifest.xml"); bytes.Contains(manifest, []byte("encryption-data")) {
			return fmt.Errorf("read %s: %w", kind, plain.ErrEncrypted)
		}
	}
	scanErr := p.Scan("content.xml", func(x *pack.Scanner) { readOpen(x, kind, out) })
	return errors.Join(err, scanErr)
}

// ReadUOF is ReadOpen of 标文通 as one XML text.
func ReadUOF(data []byte, out *plain.Text) error {
	x := pack.NewScanner(bytes.NewReader(data))
	readOpen(x, UOF, out)
	return flat(x)
}

func readOpen(x *pack.Scanner, kind string, out *plain.Text) {
	o := &open{writer: writer{out: out}, x: x, sheets: kind == openSheet || kind == UOF}
	x.Each(o.element)
	out.End()
}

// An open reads one.
type open struct {
	writer
	x      *pack.Scanner
	sheets bool // tables have names that people see
}

func (o *open) element(name string) {
	name, _, _ = strings.Cut(name, "_") // of the second 标文通 each name has a number
	switch name {
	case "p", "h":
		o.x.Mixed(o.element, o.write)
		o.end()
	case "span", "a", "文本串":
		o.x.Mixed(o.element, o.write)
	case "段落":
		o.x.Each(o.element)
		o.end()
	case "s", "tab", "空格符", "制表符":
		o.write(" ")
	case "line-break", "换行符":
		o.end()
	case "table", "工作表":
		if o.sheets {
			o.write(o.x.Attr("name") + o.x.Attr("名称"))
			o.end()
		}
		o.x.Each(o.element)
	case "table-row", "行":
		if v := o.x.Attr("visibility"); v != "collapse" && v != "filter" && o.x.Attr("隐藏") != "true" {
			o.x.Each(o.element)
		}
		o.end()
	case "table-cell", "单元格":
		o.cell(2, func() { o.x.Each(o.element) })
	case "image", "图形":
		o.picture()
		o.x.Each(o.element)
	case "annotation", "tracked-changes", "forms", "note-citation", "批注集", "修订信息集", "式样集", "元数据":
	default:
		o.x.Each(o.element)
	}
}

// ReadXML takes the text of XML that nothing else is known of: that of each element a line.
func ReadXML(data []byte, out *plain.Text) error {
	x := pack.NewScanner(bytes.NewReader(data))
	var element func(string)
	element = func(string) {
		x.Mixed(element, func(s string) { out.Write(strings.Join(strings.Fields(s), " ")) })
		out.End()
	}
	x.Each(element)
	return flat(x)
}
