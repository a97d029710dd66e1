package attach

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"terrace/indexer/attach/attachtest"
	"terrace/indexer/attach/plain"
)

func TestAFileIsReadAsItsBytesSayWhateverItsName(t *testing.T) {
	nested := attachtest.Zip(t, "里.txt", "里面的字")
	for _, c := range []struct{ name, data, format, body string }{
		{"通知.doc", "<html><head><style>p{}</style></head><body><p>关于放假的\n通知</p><table><tr><td><p>姓名</p></td><td>单位</td></tr></table></body></html>", "html", "关于放假的 通知\n姓名\t单位"},
		{"名单.csv", "姓名,单位\n\"张,三\",州人民医院\n", "txt", "姓名\t单位\n张,三\t州人民医院"},
		{"说明.txt", "\xb9\xab\xbb\xfd\xbd\xf0\r\n\xcc\xe1\xc8\xa1\xb0\xec\xb7\xa8", "txt", "公积金\n提取办法"}, // GBK
		{"说明.doc", `{\rtf1\ansi\ansicpg936 \'b9\'ab\'bb\'fd\'bd\'f0\par}`, "rtf", "公积金"},
		{"通知.doc", mht, "mht", "关于放假的通知\n第二张 表"},
		{"通知.doc", `<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="urn:w" xmlns:o="urn:o"><o:DocumentProperties><o:Title>题</o:Title></o:DocumentProperties>` +
			`<w:body><w:p><w:r><w:t>放假</w:t></w:r><aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:t>删</w:t></w:r></aml:content></aml:annotation><w:r><w:t>通知</w:t></w:r></w:p></w:body></w:wordDocument>`, "word-xml", "放假通知"},
		{"名单.xls", `<?xml version="1.0" encoding="UTF-8"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Styles><Style ss:ID="p"><NumberFormat ss:Format="Percent"/></Style></Styles>` +
			`<Worksheet ss:Name="名单"><Table><Row><Cell><Data ss:Type="String">姓名</Data></Cell><Cell ss:StyleID="p"><Data ss:Type="Number">0.5</Data></Cell><Cell><Data ss:Type="DateTime">2016-04-27T00:00:00.000</Data></Cell></Row><Row ss:Hidden="1"><Cell><Data ss:Type="String">藏</Data></Cell></Row></Table></Worksheet>` +
			`<Worksheet ss:Name="藏"><Table><Row><Cell><Data ss:Type="String">藏</Data></Cell></Row></Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet></Workbook>`, "excel-xml", "名单\n姓名\t50.00%\t2016-04-27"},
		{"数据.xml", `<?xml version="1.0"?><list><item>公积金</item><item>社保卡</item></list>`, "xml", "公积金\n社保卡"},
		{"通知.docx", string(attachtest.Zip(t, "[Content_Types].xml", "<Types/>", "word/document.xml", `<w:document xmlns:w="urn:w" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body><w:p><w:r><w:t>前</w:t></w:r></w:p><w:altChunk r:id="c1"/><w:p><w:r><w:t>后</w:t></w:r></w:p></w:body></w:document>`,
			"word/_rels/document.xml.rels", `<Relationships><Relationship Id="c1" Type="http://x/aFChunk" Target="chunk.mht"/></Relationships>`, "word/chunk.mht", mht)), "docx", "前\n关于放假的通知\n第二张 表\n后"},
		{"通知.odt", string(attachtest.Zip(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", `<office:document-content xmlns:office="o" xmlns:text="t" xmlns:table="b"><office:body><office:text><text:tracked-changes><text:p>删</text:p></text:tracked-changes>`+
			`<text:p>放假<text:span>通知</text:span><office:annotation><text:p>批</text:p></office:annotation></text:p><table:table table:name="T"><table:table-row><table:table-cell><text:p>甲</text:p></table:table-cell><table:table-cell><text:p>乙</text:p></table:table-cell></table:table-row></table:table></office:text></office:body></office:document-content>`)), "odt", "放假通知\n甲\t乙"},
		{"通知.uof", `<?xml version="1.0" encoding="UTF-8"?><uof:UOF xmlns:uof="http://schemas.uof.org/cn/2003/uof" xmlns:字="z"><uof:元数据>藏</uof:元数据><字:段落><字:句><字:文本串>放假</字:文本串></字:句><字:句><字:文本串>通知</字:文本串></字:句></字:段落></uof:UOF>`, "uof", "放假通知"},
		{"全部.zip", string(attachtest.Zip(t, "附件1/说明.txt", "第一份", "附件2.csv", "甲,乙")), "zip", "说明.txt\n第一份\n附件2.csv\n甲\t乙"},
		{"全部.docx", string(attachtest.Zip(t, "内.zip", string(nested))), "zip", "内.zip\n里.txt\n里面的字"},
	} {
		got, err := NewReader("").Read(t.Context(), File{Name: c.name, Data: []byte(c.data)})
		if err != nil || got.Format != c.format || got.Body != c.body {
			t.Errorf("%s: %q as %s, %v; want %q as %s", c.name, got.Body, got.Format, err, c.body, c.format)
		}
	}
}

// mht is a web page in one file, as Word writes it.
const mht = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"----=_P\"\r\n\r\nThis is a document.\r\n\r\n" +
	"------=_P\r\nContent-Location: file:///C:/1.htm\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-Type: text/html; charset=\"gb2312\"\r\n\r\n" +
	"<html><body><p class=3DMsoNormal>=B9=D8=D3=DA=B7=C5=BC=D9=\r\n=B5=C4=CD=A8=D6=AA</p></body></html>\r\n" +
	"------=_P\r\nContent-Transfer-Encoding: base64\r\nContent-Type: text/html; charset=\"utf-8\"\r\n\r\n" +
	"PHA+56ys5LqM5bygCuihqDwvcD4=\r\n" +
	"------=_P\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0KGgo=\r\n------=_P--\r\n"

func TestWhatGivesNoTextIsNamed(t *testing.T) {
	deep := attachtest.Zip(t, "a.txt", "字")
	for range maxDepth + 1 {
		deep = attachtest.Zip(t, "a.zip", string(deep))
	}
	for name, want := range map[string]error{"a.rar": plain.ErrUnsupported, "b.pdf": plain.ErrBroken, "c.docx": plain.ErrBroken, "d.zip": plain.ErrLimit, "g.zip": plain.ErrUnsupported,
		"e.doc": plain.ErrBroken, "f.odt": plain.ErrEncrypted} {
		data := map[string][]byte{"a.rar": []byte("Rar!\x1a\x07\x01\x00\x00"), "b.pdf": []byte("%PDF-1.7\n"), "c.docx": []byte("PK\x03\x04"), "d.zip": deep, "g.zip": attachtest.Zip(t, "a.rar", "Rar!\x1a\x07\x01\x00\x00", "b.jpg", "\xff\xd8\xff\xe0"),
			"e.doc": []byte(mht[:300]), "f.odt": attachtest.Zip(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "?", "META-INF/manifest.xml", "<m:encryption-data/>")}[name]
		if _, err := NewReader("").Read(t.Context(), File{Name: name, Data: data}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	got, err := NewReader("").Read(t.Context(), File{Name: "e.zip", Data: attachtest.Zip(t, "a.txt", "读得出", "b.rar", "Rar!\x1a\x07\x01\x00\x00")})
	if err != nil || got.Body != "a.txt\n读得出\nb.rar" || !slices.ContainsFunc(got.Skipped, func(s string) bool { return strings.HasPrefix(s, "b.rar: ") }) {
		t.Errorf("%+v, %v", got, err)
	}
}

// The real files that hold pictures or strokes alone, or cannot be read: what each comes to.
func TestRealFilesGiveTheirText(t *testing.T) {
	r := NewReader("")
	without := 0
	files := attachtest.Real(t, "*")
	for name, data := range files {
		got, err := r.Read(t.Context(), File{Name: name, Data: data})
		if letters(got.Body) < fewLetters || err != nil {
			without++
			t.Log(name, fmt.Sprintf("%s %d letters, ocr %v, skipped %v: %v", got.Format, letters(got.Body), got.NeedsOCR, got.Skipped, err))
		}
	}
	if without > len(files)/10 {
		t.Errorf("%d of %d files give no text", without, len(files))
	}
}

func FuzzMHT(f *testing.F) {
	f.Add([]byte(mht))
	f.Fuzz(func(t *testing.T, data []byte) {
		isMHT(data)
		if err := readMHT(data, plain.New(1<<16)); err != nil && !errors.Is(err, plain.ErrBroken) && !errors.Is(err, plain.ErrLimit) {
			t.Error(err)
		}
	})
}

func TestAllFilesOfAnArchiveThatGiveNoTextAreCounted(t *testing.T) {
	files := []string{"a.txt", "the list"}
	for i := range 150 {
		files = append(files, fmt.Sprint(i, ".rar"), "\x01\x02\x03")
	}
	got, err := NewReader("").Read(t.Context(), File{Data: attachtest.Zip(t, files...)})
	if err != nil || got.Unread != 150 || len(got.Skipped) != maxSkipped {
		t.Errorf("%d files, %d named, %v", got.Unread, len(got.Skipped), err)
	}
}

func TestScannedPagesAreCountedAndStampsOnThemAreNoText(t *testing.T) {
	pdf := func(words ...string) []byte {
		var pages, kids strings.Builder
		for i, w := range words {
			content := "q 500 0 0 700 50 50 cm /X Do Q BT /F 14 Tf 60 20 Td (" + w + ") Tj ET"
			fmt.Fprintf(&kids, "%d 0 R ", 10+2*i)
			fmt.Fprintf(&pages, "%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 840]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>/XObject<</X 4 0 R>>>>>>endobj\n", 10+2*i, 11+2*i)
			fmt.Fprintf(&pages, "%d 0 obj<</Length %d>>stream\n%s\nendstream endobj\n", 11+2*i, len(content), content)
		}
		return fmt.Appendf(nil, "%%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count %d/Kids[%s]>>endobj\n"+
			"3 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"+
			"4 0 obj<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\nx\nendstream endobj\n%s"+
			"trailer<</Root 1 0 R>>\n%%%%EOF\n", len(words), &kids, &pages)
	}
	r := NewReader("")
	for name, c := range map[string]struct {
		words []string
		ocr   bool
		scans int
	}{
		"a stamp on each page":      {[]string{"1 Page", "2 Page", "3 Page", "4 Page"}, true, 4},
		"a cover with text, a scan": {[]string{"Budget of the prefecture of Yunhe for the year 2026", "2"}, false, 1},
		"texts with a picture each": {[]string{"Budget of the prefecture", "Revenue and expenditure"}, false, 0},
	} {
		got, err := r.Read(t.Context(), File{Name: "a.pdf", Data: pdf(c.words...)})
		if err != nil || got.NeedsOCR != c.ocr || got.Scans != c.scans {
			t.Errorf("%s: OCR %v, %d scans, %q, %v", name, got.NeedsOCR, got.Scans, got.Body, err)
		}
	}
}
