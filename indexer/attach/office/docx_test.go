package office

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"terrace/indexer/attach/attachtest"
	"terrace/indexer/attach/plain"
)

// docx is a document of a body, with further parts.
func docx(t testing.TB, body string, parts ...string) []byte {
	return attachtest.Zip(t, append([]string{
		"[Content_Types].xml", `<Types/>`,
		"_rels/.rels", relationships("r1", "officeDocument", "word/document.xml"),
		"word/document.xml", document(body),
	}, parts...)...)
}

func document(body string) string {
	return `<?xml version="1.0"?><w:document xmlns:w="urn:w" xmlns:mc="urn:mc" xmlns:r="` + rel + `"><w:body>` + body + `</w:body></w:document>`
}

func p(runs string) string { return `<w:p>` + runs + `</w:p>` }
func r(text string) string { return `<w:r><w:t xml:space="preserve">` + text + `</w:t></w:r>` }
func tc(s string) string   { return `<w:tc><w:tcPr/>` + s + `</w:tc>` }

func complexField(code, result string) string {
	mark := func(kind string) string { return `<w:r><w:fldChar w:fldCharType="` + kind + `"/></w:r>` }
	return mark("begin") + `<w:r><w:instrText>` + code + `</w:instrText></w:r>` + mark("separate") + result + mark("end")
}

func TestADocumentReadsAsItIsSeen(t *testing.T) {
	const grid2 = `<w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>`
	box := `<w:pict><w:textbox><w:txbxContent>` + p(r("方框")) + p(r("第二段")) + `</w:txbxContent></w:textbox></w:pict>`
	for _, c := range []struct{ what, body, want string }{
		{"paragraphs of several runs", p(r("关于印发")+r("办法的通知")) + p("") + p(r("各县市：")), "关于印发办法的通知\n各县市："},
		{"tabs and breaks", p(r("一") + `<w:r><w:tab/><w:t>二</w:t><w:br/><w:t>三</w:t><w:noBreakHyphen/><w:t>四</w:t></w:r>`), "一 二\n三-四"},
		{"properties", p(`<w:pPr><w:tabs><w:tab w:pos="1"/></w:tabs></w:pPr>` + r("文")), "文"},
		{"deleted and moved text", p(r("留") + `<w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:moveFrom>` + r("移") + `</w:moveFrom><w:ins>` + r("增") +
			`</w:ins>`), "留增"},
		{"hidden runs", p(`<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r><w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>见</w:t></w:r>`), "见"},
		{"fields", p(complexField(` HYPERLINK "http://x" `, r("链接"))) + p(`<w:fldSimple w:instr=" DATE ">`+r("2024年")+`</w:fldSimple>`), "链接\n2024年"},
		{"page numbers", p(r("第")+complexField(" PAGE ", r("3"))+r("页")) + p(`<w:fldSimple w:instr="NUMPAGES">`+r("9")+`</w:fldSimple>`+r("完")), "第页\n完"},
		{"a field within the code of another", p(complexField(`IF `+`</w:instrText></w:r>`+complexField("X", r("内"))+`<w:r><w:instrText>`, r("外"))), "外"},
		{"a field that does not end", p(`<w:r><w:fldChar w:fldCharType="begin"/></w:r>`+r("码")) + p(r("文")), "文"},
		{"links, tags and content controls", p(`<w:hyperlink>`+r("甲")+`</w:hyperlink><w:smartTag><w:smartTagPr/>`+r("乙")+`</w:smartTag>`) +
			`<w:sdt><w:sdtPr><w:placeholder/></w:sdtPr><w:sdtContent>` + p(r("丙")) + `</w:sdtContent></w:sdt>`, "甲乙\n丙"},
		{"phonetic guides", p(`<w:r><w:ruby><w:rt>` + r("hóng") + `</w:rt><w:rubyBase>` + r("红") + `</w:rubyBase></w:ruby></w:r>`), "红"},
		{"symbols", p(`<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t>是</w:t><w:sym w:font="Wingdings" w:char="F0A8"/><w:t>否</w:t>
			<w:sym w:font="宋体" w:char="2460"/></w:r>`), "☑是□否①"},
		{"an equation that draws a number in a circle", p(`<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> eq \o\ac(○,</w:instrText></w:r><w:r><w:instrText>1) </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>` + r("项")), "1项"},
		{"formulas", p(`<m:oMath xmlns:m="urn:m"><m:r><m:t>x=1</m:t></m:r></m:oMath>`), "x=1"},
		{"tables as rows", `<w:tbl>` + grid2 + `<w:tr>` + tc(p(r("姓名"))) + tc(p(r("红"))+p(r("河"))) + `</w:tr><w:tr>` + tc(p("")) + tc(p(r("乙"))) + `</w:tr></w:tbl>` +
			p(r("后")), "姓名\t红 河\n乙\n后"},
		{"a table that is a frame", `<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>` + tc(p(r("甲"))+p(r("乙"))) + `</w:tr></w:tbl>`, "甲\n乙"},
		{"a table in a cell", `<w:tbl>` + grid2 + `<w:tr>` + tc(`<w:tbl>`+grid2+`<w:tr>`+tc(p(r("1")))+tc(p(r("2")))+`</w:tr></w:tbl>`+p("")) + tc(p(r("3"))) +
			`</w:tr></w:tbl>`, "1 2\t3"},
		{"deleted rows", `<w:tbl>` + grid2 + `<w:tr><w:trPr><w:del/></w:trPr>` + tc(p(r("删"))) + `</w:tr><w:tr>` + tc(p(r("留"))) + `</w:tr></w:tbl>`, "留"},
		{"text boxes behind their paragraph", p(r("前") + `<w:r>` + box + `</w:r>` + r("后")), "前后\n方框\n第二段"},
		{"one of two alternatives", p(`<w:r><mc:AlternateContent><mc:Choice Requires="wps">` + box + `</mc:Choice><mc:Fallback>` + box +
			`</mc:Fallback></mc:AlternateContent></w:r>`), "方框\n第二段"},
		{"the alternative that says something", p(`<w:r><mc:AlternateContent><mc:Choice Requires="x"/><mc:Fallback>` + box +
			`</mc:Fallback></mc:AlternateContent></w:r>`), "方框\n第二段"},
		{"a box in a cell", `<w:tbl>` + grid2 + `<w:tr>` + tc(p(`<w:r>`+box+`</w:r>`+r("甲"))) + tc(p(r("乙"))) + `</w:tr></w:tbl>`, "甲 方框 第二段\t乙"},
	} {
		if got, _, err := read(docx(t, c.body), readDocx); got != c.want || err != nil {
			t.Errorf("%s: %q, %v; want %q", c.what, got, err, c.want)
		}
	}
}

func TestNotesAndHeadersFollowTheBody(t *testing.T) {
	part := func(root, s string) string {
		return `<w:` + root + ` xmlns:w="urn:w" xmlns:r="` + rel + `">` + s + `</w:` + root + `>`
	}
	data := docx(t, p(r("正文")),
		"word/_rels/document.xml.rels", relationships("h1", "header", "header1.xml", "h2", "header", "/word/header2.xml", "f1", "footer", "footer1.xml",
			"n1", "footnotes", "footnotes.xml", "n2", "endnotes", "endnotes.xml", "c", "comments", "comments.xml"),
		"word/header1.xml", part("hdr", p(r("红河州人民政府公报"))), "word/header2.xml", part("hdr", p(r("红河州人民政府公报"))),
		"word/footer1.xml", part("ftr", p(r("— ")+complexField("PAGE", r("1"))+r(" —"))),
		"word/footnotes.xml", part("footnotes", `<w:footnote w:type="separator"><w:p><w:r><w:separator/></w:r></w:p></w:footnote><w:footnote>`+p(r("脚注"))+`</w:footnote>`),
		"word/endnotes.xml", part("endnotes", `<w:endnote>`+p(r("尾注"))+`</w:endnote>`),
		"word/comments.xml", part("comments", `<w:comment>`+p(r("批注"))+`</w:comment>`))
	if got, _, err := read(data, readDocx); got != "正文\n脚注\n尾注\n红河州人民政府公报" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestPicturesAreCountedAndDiagramsRead(t *testing.T) {
	body := p(`<w:r><w:drawing><pic:pic xmlns:pic="urn:p"><a:blip xmlns:a="urn:a"/></pic:pic></w:drawing><w:pict><v:imagedata xmlns:v="urn:v"/></w:pict></w:r>`) +
		p(`<w:r><w:drawing><dgm:relIds xmlns:dgm="urn:d" r:dm="d1"/></w:drawing></w:r>`)
	diagram := `<dgm:dataModel xmlns:dgm="urn:d" xmlns:a="urn:a"><dgm:ptLst><dgm:pt><dgm:t><a:p><a:r><a:t>局长</a:t></a:r></a:p></dgm:t></dgm:pt>
		<dgm:pt><dgm:t><a:p><a:r><a:t>副局长</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>`
	data := docx(t, body, "word/_rels/document.xml.rels", relationships("d1", "diagramData", "diagrams/data1.xml"), "word/diagrams/data1.xml", diagram)
	if got, pictures, err := read(data, readDocx); got != "局长\n副局长" || pictures != 2 || err != nil {
		t.Errorf("%q, %d pictures, %v", got, pictures, err)
	}
}

func TestACutOffDocumentKeepsWhatCame(t *testing.T) {
	var body strings.Builder
	for i := range 2000 {
		body.WriteString(p(r(fmt.Sprintf("第一条 为了规范本州行政规范性文件的制定和管理工作%d", i*i))))
	}
	whole := document(body.String())
	data := docx(t, p(r("x")))
	for _, c := range []struct {
		what string
		data []byte
	}{
		{"XML", attachtest.Zip(t, "word/document.xml", whole[:len(whole)/2])},
		{"file", docx(t, body.String())[:5000]},
	} {
		got, _, err := read(c.data, readDocx)
		if !strings.HasPrefix(got, "第一条 为了规范") || !errors.Is(err, plain.ErrBroken) {
			t.Errorf("cut off %s: %.60q, %v", c.what, got, err)
		}
	}
	if _, _, err := read(data[:40], readDocx); !errors.Is(err, plain.ErrBroken) {
		t.Errorf("nothing but a header: %v", err)
	}
}

// TestRealDocumentsGiveTheirText compares with the texts between w:t tags, which in these laws are all to be seen but for page numbers.
func TestRealDocumentsGiveTheirText(t *testing.T) {
	for name, data := range attachtest.Real(t, "*.docx") {
		got, _, err := read(data, readDocx)
		title := strings.TrimSuffix(name, ".docx")
		flat := strings.Join(strings.Fields(got), "")
		if !strings.Contains(flat, title) || utf8.RuneCountInString(flat) < 500 || err != nil {
			t.Errorf("%s: %d characters, %v", name, utf8.RuneCountInString(flat), err)
		}
		if strings.Contains(got, "HYPERLINK") || strings.Contains(got, "PAGE ") || !strings.Contains(flat, "第一条") {
			t.Errorf("%s: field codes, or no first article", name)
		}
	}
}

func BenchmarkReadDocx(b *testing.B) {
	body := strings.Repeat(p(r("第一条 为了规范本州")+r("行政规范性文件的制定和管理工作，维护法制统一")), 20_000)
	data := docx(b, body)
	b.SetBytes(int64(len(body)))
	for b.Loop() {
		if _, _, err := read(data, readDocx); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzReadDocx(f *testing.F) {
	f.Add(document(p(r("红河") + complexField("PAGE", r("1")))))
	f.Add(document(`<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid><w:tr>` + tc(p(r("甲"))) + `</w:tr></w:tbl>`))
	f.Add(document(p(`<w:r><mc:AlternateContent><mc:Choice><w:txbxContent>` + p(r("框")) + `</w:txbxContent></mc:Choice></mc:AlternateContent><w:sym w:font="Symbol" w:char="F0B3"/>`)))
	f.Fuzz(func(t *testing.T, xml string) {
		data := attachtest.Zip(t, "word/document.xml", xml)
		got, _, err := read(data, readDocx)
		if !utf8.ValidString(got) || err != nil && !errors.Is(err, plain.ErrBroken) && !errors.Is(err, plain.ErrLimit) {
			t.Fatalf("%q, %v", got, err)
		}
	})
}

// readDocx is ReadDocx of a document with no other file in it.
func readDocx(data []byte, out *plain.Text) error { return ReadDocx(data, out, nil) }
