package ofd

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"terrace/indexer/attach/attachtest"
	"terrace/indexer/attach/plain"
)

func read(data []byte) (string, int, error) {
	out := plain.New(2 << 20)
	err := Read(data, out)
	return out.String(), out.Pictures(), err
}

// roots is an OFD.xml that names documents.
func roots(locs ...string) string {
	s := `<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016">`
	for _, loc := range locs {
		s += `<ofd:DocBody><ofd:DocInfo><ofd:Title>题</ofd:Title></ofd:DocInfo><ofd:DocRoot>` + loc + `</ofd:DocRoot></ofd:DocBody>`
	}
	return s + `</ofd:OFD>`
}

// root is a document of further common data and pages.
func root(common string, pages ...string) string {
	s := `<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CommonData>` + common + `</ofd:CommonData><ofd:Pages>`
	for i, loc := range pages {
		s += fmt.Sprintf(`<ofd:Page ID="%d" BaseLoc="%s"/>`, i+1, loc)
	}
	return s + `</ofd:Pages></ofd:Document>`
}

func content(objects string) string {
	return `<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer>` + objects + `</ofd:Layer></ofd:Content></ofd:Page>`
}

// text is text of 4 mm whose base line begins at a point of the page.
func text(x, y float64, s string) string {
	return fmt.Sprintf(`<ofd:TextObject Boundary="%g %g 100 5" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="g %d 4">%s</ofd:TextCode></ofd:TextObject>`,
		x, y-4, utf8.RuneCountInString(s), s)
}

// one is a file of one page.
func one(t testing.TB, objects string) []byte {
	return attachtest.Zip(t, "OFD.xml", roots("Doc_0/Document.xml"), "Doc_0/Document.xml", root("", "Pages/Page_0/Content.xml"),
		"Doc_0/Pages/Page_0/Content.xml", content(objects))
}

func TestAPageReadsAsItIsLaidOut(t *testing.T) {
	long := strings.Repeat("红河哈尼族彝族自治州", 3)
	for _, c := range []struct{ what, objects, want string }{
		{"lines from above", text(20, 50, "第二行") + text(20, 40, "第一行"), "第一行\n第二行"},
		{"pieces from the left", text(32, 40, "人民") + text(20, 40.5, "红河州") + text(40, 40, "政府"), "红河州人民政府"},
		{"cells", text(60, 40, "电话") + text(20, 40, "姓名"), "姓名\t电话"},
		{"raised characters", text(20, 40, "面积") + `<ofd:TextObject Boundary="28 34 9 9" Size="2.4"><ofd:TextCode X="0" Y="4.7">m2</ofd:TextCode></ofd:TextObject>`, "面积m2"},
		{"Latin words apart and together", `<ofd:TextObject Boundary="20 36 9 9" Size="4"><ofd:TextCode X="0" Y="4">Red</ofd:TextCode><ofd:TextCode X="9">River</ofd:TextCode>
			<ofd:TextCode X="17.4">side</ofd:TextCode></ofd:TextObject>`, "Red Riverside"},
		{"a gap in a code", `<ofd:TextObject Boundary="20 36 9 9" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="2 2 4.5 2 2 2">RedBook</ofd:TextCode></ofd:TextObject>`, "Red Book"},
		{"letters that are spaced", `<ofd:TextObject Boundary="20 36 9 9" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="g 6 4">REDBOOK</ofd:TextCode></ofd:TextObject>`, "REDBOOK"},
		{"scaled by a matrix", `<ofd:TextObject Boundary="20 36 50 5" CTM="4 0 0 4 0 0" Size="1"><ofd:TextCode X="0" Y="1" DeltaX="1 1">红河州</ofd:TextCode></ofd:TextObject>` +
			text(32, 40, "政府"), "红河州政府"},
		{"turned by a quarter", `<ofd:TextObject Boundary="100 20 9 9" CTM="0 1 -1 0 0 0" Size="4"><ofd:TextCode X="8" Y="0">下</ofd:TextCode><ofd:TextCode X="0" Y="0">上右</ofd:TextCode>
			<ofd:TextCode X="0" Y="8">左</ofd:TextCode></ofd:TextObject>`, "上右下\n左"},
		{"written downwards", `<ofd:TextObject Boundary="20 20 9 9" Size="4"><ofd:TextCode X="0" Y="4" DeltaY="4 4">购买方</ofd:TextCode></ofd:TextObject>`, "购买方"},
		{"rows of one code", `<ofd:TextObject Boundary="20 20 9 9" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4 4 4 -12 4 4" DeltaY="g 3 0 5 0 0">红河州人民政府</ofd:TextCode></ofd:TextObject>`, "红河州人民政府"},
		{"paragraphs of one code", `<ofd:TextObject Boundary="20 20 9 9" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="4 4 4 4 -16 4 -4 4" DeltaY="g 4 0 5 0 5 0">红河州人民政府令第</ofd:TextCode></ofd:TextObject>`,
			"红河州人民政府\n令第"},
		{"full lines that go on", text(28, 40, long) + text(20, 46, long+"各县市") + text(20, 52, "人民政府：") + text(28, 58, "现将办法印发你们"),
			long + long + "各县市人民政府：\n现将办法印发你们"},
		{"short lines do not", text(20, 40, "红河州") + text(20, 46, "财政局"), "红河州\n财政局"},
		{"a table of contents", text(20, 40, "一、总则"+strings.Repeat(".", 26)+"1") + text(20, 46, "二、分则"+strings.Repeat(".", 26)+"2"),
			"一、总则" + strings.Repeat(".", 26) + "1\n二、分则" + strings.Repeat(".", 26) + "2"},
		{"drawn twice for weight", text(20, 40, "通知") + text(20.2, 40, "通知"), "通知"},
		{"blanks beside words", `<ofd:TextObject Boundary="20 36 9 9" Size="4"><ofd:TextCode X="0" Y="4">Red </ofd:TextCode><ofd:TextCode X="6.2" Y="4">River</ofd:TextCode></ofd:TextObject>`, "Red River"},
		{"blocks", `<ofd:PageBlock><ofd:PageBlock>` + text(20, 40, "文") + `</ofd:PageBlock></ofd:PageBlock>`, "文"},
		{"what is not seen", text(20, 40, "见") + strings.Replace(text(20, 46, "藏"), "Size", `Visible="false" Size`, 1) +
			`<ofd:PathObject><ofd:FillColor><ofd:Pattern><ofd:CellContent>` + text(1, 1, "纹") + `</ofd:CellContent></ofd:Pattern></ofd:FillColor></ofd:PathObject>`, "见"},
		{"without size and steps", `<ofd:TextObject><ofd:TextCode>红河</ofd:TextCode></ofd:TextObject>`, "红河"},
		{"numbers that are none", `<ofd:TextObject Boundary="a b" CTM="1 0 0 NaN 0 0" Size="-1"><ofd:TextCode X="x" Y="1e99" DeltaX="g 999999999 4 g x 4 g">红河州</ofd:TextCode></ofd:TextObject>`, "红河州"},
	} {
		if got, _, err := read(one(t, c.objects)); got != c.want || err != nil {
			t.Errorf("%s: %q, %v; want %q", c.what, got, err, c.want)
		}
	}
}

func TestTemplatesAreReadWithThePageThatUsesThemFirst(t *testing.T) {
	page := func(s string) string {
		return strings.Replace(content(s), `<ofd:Content>`, `<ofd:Template TemplateID="9"/><ofd:Content>`, 1)
	}
	data := attachtest.Zip(t, "OFD.xml", roots("Doc_0/Document.xml"),
		"Doc_0/Document.xml", root(`<ofd:TemplatePage ID="9" BaseLoc="Tpls/Tpl_0/Content.xml"/>`, "Pages/Page_0/Content.xml", "Pages/Page_1/Content.xml"),
		"Doc_0/Tpls/Tpl_0/Content.xml", content(text(20, 40, "发票号码：")), "Doc_0/Pages/Page_0/Content.xml", page(text(40, 40, "一号")),
		"Doc_0/Pages/Page_1/Content.xml", page(text(40, 40, "二号")))
	if got, _, err := read(data); got != "发票号码：一号\n二号" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAnnotationsUnitsAndPictures(t *testing.T) {
	stamp := `<ofd:PageAnnot xmlns:ofd="u"><ofd:Annot Type="Watermark"><ofd:Appearance Boundary="0 0 9 9">` + text(20, 80, "内部资料") + `<ofd:ImageObject/></ofd:Appearance></ofd:Annot>
		<ofd:Annot Visible="false"><ofd:Appearance>` + text(1, 1, "藏") + `</ofd:Appearance></ofd:Annot></ofd:PageAnnot>`
	data := attachtest.Zip(t, "OFD.xml", roots("/Doc_0/Document.xml"),
		"Doc_0/Document.xml", strings.Replace(root(`<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>`, "Pages/Page_0/Content.xml"), "</ofd:Document>",
			"<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations><ofd:CustomTags>Tags/CustomTags.xml</ofd:CustomTags></ofd:Document>", 1),
		"Doc_0/DocumentRes.xml", `<ofd:Res><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="5"><ofd:Content>`+text(0, 0, "红头")+`</ofd:Content></ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits></ofd:Res>`,
		"Doc_0/Pages/Page_0/Content.xml", content(text(20, 40, "正文")+`<ofd:CompositeObject Boundary="20 30 9 9" ResourceID="5"/><ofd:ImageObject ResourceID="6"/>`),
		"Doc_0/Annots/Annotations.xml", `<ofd:Annotations><ofd:Page PageID="1"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page><ofd:Page><ofd:FileLoc>/Doc_0/Annots/a.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>`,
		"Doc_0/Annots/Page_0/Annotation.xml", stamp, "Doc_0/Annots/a.xml", stamp,
		"Doc_0/Tags/CustomTags.xml", `<t>标签</t>`)
	if got, pictures, err := read(data); got != "红头\n正文\n内部资料" || pictures != 3 || err != nil {
		t.Errorf("%q, %d pictures, %v", got, pictures, err)
	}
}

func TestPartsAreFoundByEveryPath(t *testing.T) {
	for _, c := range []struct{ what, doc, page, docAt, pageAt string }{
		{"relative", "Doc_0/Document.xml", "Pages/Page_0/Content.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"},
		{"from the root", "/Doc_0/Document.xml", "/Doc_0/Pages/Page_0/Content.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"},
		{"from the root without a slash", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"},
		{"from the document with a slash", "Doc_0/Document.xml", "/Pages/Page_0/Content.xml", "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"},
		{"in another case", "doc_0/document.XML", "pages/page_0/content.xml", "DOC_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"},
		{"by backslash", `Doc_0\Document.xml`, `.\Pages\Page_0\Content.xml`, "Doc_0/Document.xml", "Doc_0/Pages/Page_0/Content.xml"},
		{"by way of the parent", "./Doc_0/Document.xml", "../Doc_0/Page_1/Content.xml", "Doc_0/Document.xml", "Doc_0/Page_1/Content.xml"},
	} {
		data := attachtest.Zip(t, "OFD.xml", roots(c.doc), c.docAt, root("", c.page), c.pageAt, content(text(20, 40, "正文")))
		if got, _, err := read(data); got != "正文" || err != nil {
			t.Errorf("%s: %q, %v", c.what, got, err)
		}
	}
}

func TestDocumentsAndVersions(t *testing.T) {
	versions := strings.Replace(roots("Doc_0/Document.xml", "Doc_1/Document.xml"), "</ofd:DocBody>", `<ofd:Versions><ofd:Version ID="1" Current="false" BaseLoc="Doc_0/v1.xml"/>
		<ofd:Version ID="2" Current="true" BaseLoc="Doc_0/Versions/v2.xml"/></ofd:Versions></ofd:DocBody>`, 1)
	data := attachtest.Zip(t, "OFD.xml", versions,
		"Doc_0/Versions/v2.xml", `<ofd:DocVersion ID="2"><ofd:FileList/><ofd:DocRoot>/Doc_0/Document_2.xml</ofd:DocRoot></ofd:DocVersion>`,
		"Doc_0/Document.xml", root("", "old.xml"), "Doc_0/Document_2.xml", root("", "new.xml"), "Doc_0/old.xml", content(text(1, 1, "旧")),
		"Doc_0/new.xml", content(text(1, 1, "新")), "Doc_1/Document.xml", root("", "page.xml"), "Doc_1/page.xml", content(text(1, 1, "附件")))
	if got, _, err := read(data); got != "新\n附件" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
}

func TestEncryptedAndBrokenFilesAreTold(t *testing.T) {
	whole := one(t, text(20, 40, "正文"))
	page, document := content(text(20, 40, "正文")), root("", "Pages/Page_0/Content.xml")
	for _, c := range []struct {
		what, text string
		err        error
		data       []byte
	}{
		{"encrypted", "", plain.ErrEncrypted, attachtest.Zip(t, "OFD.xml", roots("Doc_0/Document.xml"), "Encryptions.xml", "<e/>", "Doc_0/entriesmap.dat", "x")},
		{"encrypted but for a page", "正文", plain.ErrEncrypted, attachtest.Zip(t, "OFD.xml", roots("Doc_0/Document.xml"), "Encryptions.xml", "<e/>",
			"Doc_0/Document.xml", root("", "Pages/Page_0/Content.xml", "Pages/Page_1/Content.xml"), "Doc_0/Pages/Page_0/Content.xml", page)},
		{"no zip", "", plain.ErrBroken, []byte("OFD")},
		{"nothing in it", "", plain.ErrBroken, attachtest.Zip(t, "a.txt", "a")},
		{"cut off behind the pages", "正文", plain.ErrBroken, attachtest.Zip(t, "Doc_0/Pages/Page_0/Content.xml", page)},
		{"without OFD.xml", "正文", plain.ErrBroken, attachtest.Zip(t, "Doc_0/Document.xml", document, "Doc_0/Pages/Page_0/Content.xml", page)},
		{"without a page", "", plain.ErrBroken, attachtest.Zip(t, "OFD.xml", roots("Doc_0/Document.xml"), "Doc_0/Document.xml", document)},
		{"without its directory", "正文", nil, whole[:len(whole)-40]},
	} {
		if got, _, err := read(c.data); got != c.text || !errors.Is(err, c.err) {
			t.Errorf("%s: %q, %v", c.what, got, err)
		}
	}
}

// TestRealFilesGiveTheirText expects what is to be seen in them with other programs.
func TestRealFilesGiveTheirText(t *testing.T) {
	without := map[string]bool{"Page5.ofd": true, "V4RideRight.ofd": true, "containsJPEG.ofd": true} // paths or pictures only
	parts := map[string]string{
		"hello.ofd":             "自从给枪炮打破了大门之后，又碰了一串钉子，到现在，成了什么都是“送去主义”了",
		"keyword2.ofd":          "重庆市马上融资担保有限公司",
		"1-1.ofd":               "这是第一次水印",
		"1.ofd":                 "纳税人识别号：92330781MA2EDMFU50",
		"testImageNotFound.ofd": "探矿权申请人经发证机关审查合格",
		"path_unstd.ofd":        "办案单位测试数据BADW",
		"z.ofd":                 "CodePosition",
		"pattern类型.ofd":         "信息系统密码应用测评要求",
		"不规范资源路径.ofd":           "J320585-2021-000213",
		"透明度文字.ofd":             "测试水印",
	}
	for name, data := range attachtest.Real(t, "*.ofd") {
		got, _, err := read(data)
		if err != nil || without[name] != (got == "") || !strings.Contains(got, parts[name]) {
			t.Errorf("%s: %.300q, %v", name, got, err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	var page strings.Builder
	for i := range 5000 {
		page.WriteString(text(20, float64(10+i*6), "第一条为了规范本州行政规范性文件的制定和管理工作"))
	}
	data := one(b, page.String())
	b.SetBytes(int64(page.Len()))
	for b.Loop() {
		if _, _, err := read(data); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(text(20, 40, "红河州") + text(60, 40, "Red River"))
	f.Add(`<ofd:TextObject Boundary="20 20 9 9" CTM="0 1 -1 0 0 0" Size="4" HScale="2"><ofd:TextCode X="0" Y="4" DeltaX="g 3 4 -12 4" DeltaY="g 3 0 5">红河州人民 政府</ofd:TextCode></ofd:TextObject>`)
	f.Add(`<ofd:CompositeObject ResourceID="5"/><ofd:ImageObject/><ofd:PageBlock Visible="false"/>`)
	f.Fuzz(func(t *testing.T, objects string) {
		got, _, err := read(one(t, objects))
		if !utf8.ValidString(got) || err != nil && !errors.Is(err, plain.ErrBroken) && !errors.Is(err, plain.ErrLimit) {
			t.Fatalf("%q, %v", got, err)
		}
	})
}
