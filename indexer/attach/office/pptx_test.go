package office

import (
	"errors"
	"testing"
	"unicode/utf8"

	"terrace/indexer/attach/attachtest"
	"terrace/indexer/attach/plain"
)

func slide(shapes string) string {
	return `<p:sld xmlns:p="urn:p" xmlns:a="urn:a" xmlns:mc="urn:mc" xmlns:r="` + rel + `"><p:cSld><p:bg><a:blip/></p:bg><p:spTree>` + shapes + `</p:spTree></p:cSld></p:sld>`
}

func shape(text string) string {
	return `<p:sp><p:nvSpPr><p:cNvPr id="1"/><p:nvPr><p:ph type="body"/></p:nvPr></p:nvSpPr><p:txBody><a:bodyPr/>` + par(text) + `</p:txBody></p:sp>`
}

func par(text string) string {
	return `<a:p><a:pPr/><a:r><a:rPr/><a:t>` + text + `</a:t></a:r><a:endParaRPr/></a:p>`
}

func TestASlideReadsAsItIsSeen(t *testing.T) {
	cell := func(s string) string { return `<a:tc><a:txBody>` + s + `</a:txBody></a:tc>` }
	for _, c := range []struct{ what, shapes, want string }{
		{"shapes and groups", shape("标题") + `<p:grpSp><p:nvGrpSpPr><p:cNvPr id="2"/></p:nvGrpSpPr>` + shape("组内") + `</p:grpSp>`, "标题\n组内"},
		{"lines and fields", `<p:sp><p:txBody><a:p><a:r><a:t>上</a:t></a:r><a:br/><a:r><a:t>下</a:t></a:r></a:p><a:p><a:fld type="slidenum"><a:t>3</a:t></a:fld>
			<a:fld type="datetime1"><a:t>2024</a:t></a:fld><a:fld type="x"><a:t>域</a:t></a:fld></a:p></p:txBody></p:sp>`, "上\n下\n域"},
		{"tables", `<p:graphicFrame><a:tbl><a:tr>` + cell(par("甲")+par("乙")) + cell(par("丙")) + `</a:tr><a:tr>` + cell(par("丁")) + `</a:tr></a:tbl></p:graphicFrame>`, "甲 乙\t丙\n丁"},
		{"hidden shapes", `<p:sp><p:nvSpPr><p:cNvPr hidden="1"/></p:nvSpPr><p:txBody>` + par("藏") + `</p:txBody></p:sp>` + shape("见"), "见"},
		{"one of two alternatives", `<mc:AlternateContent><mc:Choice>` + shape("文") + `</mc:Choice><mc:Fallback>` + shape("文") + `</mc:Fallback></mc:AlternateContent>`, "文"},
		{"a table beside text", shape("前") + `<p:graphicFrame><a:tbl><a:tr>` + cell(par("")) + cell(par("二")) + `</a:tr></a:tbl></p:graphicFrame>` + shape("后"), "前\n二\n后"},
	} {
		data := attachtest.Zip(t, "ppt/slides/slide1.xml", slide(c.shapes))
		if got, _, err := read(data, ReadPptx); got != c.want || !errors.Is(err, plain.ErrBroken) { // for there is no presentation
			t.Errorf("%s: %q, %v; want %q", c.what, got, err, c.want)
		}
	}
}

func TestSlidesAreReadInTheOrderTheyAreShownWithTheirNotes(t *testing.T) {
	notes := slide(`<p:sp><p:nvSpPr><p:cNvPr/><p:nvPr><p:ph type="sldNum"/></p:nvPr></p:nvSpPr><p:txBody>` + par("1") + `</p:txBody></p:sp>` + shape("备注"))
	diagram := `<dataModel><ptLst><pt><t>` + par("组织") + `</t></pt></ptLst></dataModel>`
	data := attachtest.Zip(t,
		"_rels/.rels", relationships("r1", "officeDocument", "ppt/presentation.xml"),
		"ppt/presentation.xml", `<p:presentation xmlns:p="urn:p" xmlns:r="`+strict+`"><p:sldIdLst><p:sldId id="256" r:id="r2"/><p:sldId id="257" r:id="r1"/>
			<p:sldId id="258" r:id="r3"/></p:sldIdLst></p:presentation>`,
		"ppt/_rels/presentation.xml.rels", relationships("r1", "slide", "slides/slide1.xml", "r2", "slide", "slides/slide2.xml", "r3", "slide", "slides/slide3.xml"),
		"ppt/slides/slide1.xml", slide(shape("第二")+`<p:pic><p:nvPicPr/><p:blipFill/></p:pic><p:graphicFrame><dgm:relIds xmlns:dgm="urn:d" r:dm="d"/></p:graphicFrame>`),
		"ppt/slides/_rels/slide1.xml.rels", relationships("d", "diagramData", "../diagrams/data1.xml"),
		"ppt/diagrams/data1.xml", diagram,
		"ppt/slides/slide2.xml", slide(shape("第一")),
		"ppt/slides/_rels/slide2.xml.rels", relationships("n", "notesSlide", "../notesSlides/notesSlide1.xml"),
		"ppt/notesSlides/notesSlide1.xml", notes,
		"ppt/slides/slide3.xml", `<p:sld show="0">`+shape("藏")+`</p:sld>`)
	if got, pictures, err := read(data, ReadPptx); got != "第一\n备注\n第二\n组织" || pictures != 1 || err != nil {
		t.Errorf("%q, %d pictures, %v", got, pictures, err)
	}
}

func FuzzReadPptx(f *testing.F) {
	f.Add(slide(shape("标题")))
	f.Add(slide(`<p:grpSp>` + shape("组") + `</p:grpSp><p:pic/><a:tbl><a:tr><a:tc>` + par("格") + `</a:tc></a:tr></a:tbl>`))
	f.Fuzz(func(t *testing.T, xml string) {
		data := attachtest.Zip(t, "ppt/presentation.xml", "<p/>", "ppt/slides/slide1.xml", xml)
		got, _, err := read(data, ReadPptx)
		if !utf8.ValidString(got) || err != nil && !errors.Is(err, plain.ErrBroken) && !errors.Is(err, plain.ErrLimit) {
			t.Fatalf("%q, %v", got, err)
		}
	})
}
