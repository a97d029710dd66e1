package pdf

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf16"
)

// A file is a PDF file that is put together object by object; object 1 is its catalog, object 2 its tree of pages, object 3 its font.
type file struct {
	objects [][]byte
	kids    []string
	trailer string // more entries of the trailer
}

func newFile() *file {
	return &file{objects: [][]byte{nil, nil, []byte(`<</Type/Font/Subtype/Type0/BaseFont/SimSun/Encoding/UniGB-UCS2-H/DescendantFonts[` +
		`<</Type/Font/Subtype/CIDFontType2/BaseFont/SimSun/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>]>>`)}}
}

func (f *file) add(object string) (ref string) {
	f.objects = append(f.objects, []byte(object))
	return fmt.Sprintf("%d 0 R", len(f.objects))
}

func stream(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>>stream\n%s\nendstream", dict, len(data), data)
}

// page adds a page of content with these resources beside the font F.
func (f *file) page(content, resources string) {
	body := f.add(stream("", content))
	f.kids = append(f.kids, f.add("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 840]/Contents "+body+"/Resources<</Font<</F 3 0 R>>"+resources+">>>>"))
}

// text adds a page of lines in the order they are read.
func (f *file) text(lines ...string) {
	var b strings.Builder
	for i, line := range lines {
		fmt.Fprintf(&b, "BT /F 14 Tf 1 0 0 1 60 %d Tm <", 780-24*i)
		for _, u := range utf16.Encode([]rune(line)) {
			fmt.Fprintf(&b, "%04X", u)
		}
		b.WriteString("> Tj ET\n")
	}
	f.page(b.String(), "")
}

// scan adds a page that is a picture; in a form where it is put so.
func (f *file) scan(inForm bool) {
	const draw = "q 500 0 0 700 50 50 cm /X Do Q"
	resources := "/XObject<</X " + f.add(stream("/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8", "\x00\xff\xff\x00")) + ">>"
	if inForm {
		form := f.add(stream("/Type/XObject/Subtype/Form/BBox[0 0 600 840]/Resources<<"+resources+">>", draw))
		f.page("/Y Do", "/XObject<</Y "+form+">>")
		return
	}
	f.page(draw, resources)
}

func (f *file) bytes() []byte {
	f.objects[0] = []byte("<</Type/Catalog/Pages 2 0 R>>")
	f.objects[1] = fmt.Appendf(nil, "<</Type/Pages/Count %d/Kids[%s]>>", len(f.kids), strings.Join(f.kids, " "))
	var b bytes.Buffer
	b.WriteString("%PDF-1.5\n")
	offsets := make([]int, len(f.objects))
	for i, o := range f.objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(offsets)+1)
	for _, o := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n", len(offsets)+1, f.trailer, start)
	return b.Bytes()
}
