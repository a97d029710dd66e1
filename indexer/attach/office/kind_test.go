package office

import (
	"strings"
	"testing"

	"terrace/indexer/attach/attachtest"
	"terrace/indexer/attach/pack"
)

func TestAFileIsOfTheKindOfItsParts(t *testing.T) {
	for _, c := range []struct {
		what, kind string
		parts      []string
	}{
		{"Word", "docx", []string{"_rels/.rels", relationships("a", "extended-properties", "docProps/app.xml", "b", "officeDocument", "word/document.xml"), "word/document.xml", ""}},
		{"Word under another name", "docx", []string{"_rels/.rels", relationships("b", "officeDocument", "/word/document2.xml"), "word/document2.xml", ""}},
		{"Excel, strict", "xlsx", []string{"_rels/.rels", strings.ReplaceAll(relationships("b", "officeDocument", "xl/workbook.xml"), rel, strict), "xl/workbook.xml", ""}},
		{"PowerPoint without relationships", "pptx", []string{"ppt/presentation.xml", ""}},
		{"Excel of which the rest is lost", "xlsx", []string{"[Content_Types].xml", "", "xl/worksheets/sheet1.xml", ""}},
		{"Excel in binary parts", "", []string{"_rels/.rels", relationships("b", "officeDocument", "xl/workbook.bin"), "[Content_Types].xml", "", "xl/theme/theme1.xml", "", "xl/workbook.bin", ""}},
		{"OFD", "ofd", []string{"Doc_0/Document.xml", "", "ofd.xml", ""}},
		{"OFD cut off", "ofd", []string{"Doc_0/Document.xml", ""}},
		{"an archive", "", []string{"附件1.docx", "", "word/readme.txt", ""}},
	} {
		opened, err := pack.Open(attachtest.Zip(t, c.parts...))
		attachtest.Must(t, err)
		if got := Kind(opened); got != c.kind {
			t.Errorf("%s is %q, want %q", c.what, got, c.kind)
		}
	}
}

func TestRealFilesAreOfTheirKind(t *testing.T) {
	for _, kind := range []string{"docx", "xlsx", "ofd"} {
		for name, data := range attachtest.Real(t, "*."+kind) {
			opened, err := pack.Open(data)
			attachtest.Must(t, err)
			if got := Kind(opened); got != kind {
				t.Errorf("%s is %q", name, got)
			}
		}
	}
}
