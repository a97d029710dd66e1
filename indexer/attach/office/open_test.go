package office

import (
	"bytes"
	"testing"

	"terrace/indexer/attach/plain"
)

func FuzzFlat(f *testing.F) {
	f.Add([]byte(`<w:wordDocument xmlns:w="w"><w:p><w:r><w:t>字</w:t></w:r></w:p></w:wordDocument>`))
	f.Add([]byte(`<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="s"><Styles><Style ss:ID="p"><NumberFormat ss:Format="0.0%"/></Style></Styles><Worksheet ss:Name="n"><Table><Row><Cell ss:StyleID="p"><Data ss:Type="Number">1</Data></Cell></Row></Table></Worksheet></Workbook>`))
	f.Add([]byte(`<uof:UOF xmlns:uof="http://schemas.uof.org/"><段落><文本串>字</文本串></段落></uof:UOF>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, read := range []func([]byte, *plain.Text) error{ReadWordXML, ReadExcelXML, ReadUOF, ReadXML} {
			out := plain.New(1 << 16)
			_ = read(data, out)
			if !bytes.Equal([]byte(out.String()), bytes.ToValidUTF8([]byte(out.String()), nil)) {
				t.Error("not UTF-8")
			}
		}
		FlatKind(data)
	})
}
