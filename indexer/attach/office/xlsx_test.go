package office

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"terrace/indexer/attach/attachtest"
	"terrace/indexer/attach/plain"
)

// xlsx is a workbook of one visible sheet, with hidden ones.
func xlsx(t testing.TB, sheet, sheets string) []byte {
	return attachtest.Zip(t,
		"_rels/.rels", relationships("r1", "officeDocument", "xl/workbook.xml"),
		"xl/workbook.xml", `<workbook xmlns:r="`+rel+`"><sheets>`+sheets+`</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", relationships("r1", "worksheet", "worksheets/sheet1.xml", "r2", "worksheet", "worksheets/sheet2.xml",
			"s", "sharedStrings", "sharedStrings.xml", "t", "styles", "styles.xml"),
		"xl/sharedStrings.xml", `<sst><si><t>单位</t></si><si><r><t>红河</t></r><r><t>州</t></r><rPh><t>ホンホー</t></rPh></si></sst>`,
		"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="176" formatCode="yyyy/m/d"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>
			<cellXfs><xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="10"/><xf numFmtId="31"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml", `<worksheet xmlns:r="`+rel+`">`+sheet+`</worksheet>`,
		"xl/worksheets/_rels/sheet1.xml.rels", relationships("d", "drawing", "../drawings/drawing1.xml"),
		"xl/drawings/drawing1.xml", `<wsDr><twoCellAnchor><sp><txBody><p><r><t>填表说明</t></r></p></txBody></sp></twoCellAnchor><pic/></wsDr>`,
		"xl/worksheets/sheet2.xml", `<worksheet><sheetData><row><c><v>7</v></c></row></sheetData></worksheet>`)
}

const visible = `<sheet name="汇总表" r:id="r1"/>`

func TestAWorkbookReadsAsItIsSeen(t *testing.T) {
	for _, c := range []struct{ what, sheet, want string }{
		{"strings", `<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>行内</t></is></c></row>`, "单位\t红河州\t行内"},
		{"numbers", `<row><c><v>0.30000000000000004</v></c><c s="1"><v>45356</v></c><c s="2"><v>0.125</v></c><c s="3"><v>45356</v></c><c s="9"><v>1</v></c></row>`,
			"0.3\t2024-03-05\t12.50%\t2024-03-05\t1"},
		{"formulas, truth, errors, days", `<row><c t="str"><f>A1&amp;B1</f><v>结果</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>2024-03-05T00:00:00</v></c></row>`,
			"结果\tTRUE\t2024-03-05"},
		{"rows and empty cells", `<row><c/><c t="str"><v>一</v></c></row><row/><row><c t="str"><v>二
三</v></c></row>`, "一\n二 三"},
		{"strings that are not there", `<row><c t="s"><v>99</v></c><c t="s"><v>-1</v></c><c t="s"><v>x</v></c><c><v>未知</v></c></row>`, "未知"},
		{"hidden rows", `<row hidden="1"><c><v>1</v></c></row><row hidden="0"><c><v>2</v></c></row>`, "2"},
	} {
		got, pictures, err := read(xlsx(t, `<sheetData>`+c.sheet+`</sheetData><drawing r:id="d"/>`, visible), ReadXlsx)
		if want := "汇总表\n" + c.want + "\n填表说明"; got != want || pictures != 1 || err != nil {
			t.Errorf("%s: %q, %v; want %q", c.what, got, err, want)
		}
	}
}

func TestHiddenColumnsAndSheetsAreLeftOut(t *testing.T) {
	cells := `<cols><col min="2" max="2" hidden="1"/><col min="4" max="16384" hidden="true"/></cols><sheetData><row r="1"><c r="A1"><v>1</v></c>
		<c r="B1"><v>2</v></c><c r="C1"><v>3</v></c><c r="D1"><v>4</v></c><c r="XFD1"><v>5</v></c></row></sheetData>`
	for _, sheets := range []string{
		visible + `<sheet name="底稿" state="hidden" r:id="r2"/>`,
		visible + `<sheet name="底稿" state="veryHidden" r:id="r2"/>`,
	} {
		if got, _, err := read(xlsx(t, cells, sheets), ReadXlsx); got != "汇总表\n1\t3\n填表说明" || err != nil {
			t.Errorf("%q, %v", got, err)
		}
	}
	if got, _, err := read(xlsx(t, cells, `<sheet name="乙" r:id="r2"/>`+visible), ReadXlsx); got != "乙\n7\n汇总表\n1\t3\n填表说明" || err != nil {
		t.Errorf("in the order of the workbook: %q, %v", got, err)
	}
}

func TestAWorkbookWithoutItsBookGivesItsSheets(t *testing.T) {
	sheet := func(s string) string {
		return `<worksheet><sheetData><row><c t="str"><v>` + s + `</v></c></row></sheetData></worksheet>`
	}
	data := attachtest.Zip(t, "xl/worksheets/sheet10.xml", sheet("十"), "xl/worksheets/sheet2.xml", sheet("二"))
	if got, _, err := read(data, ReadXlsx); got != "二\n十" || !errors.Is(err, plain.ErrBroken) {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAWorkbookEndsAtItsLimits(t *testing.T) {
	row := `<row>` + strings.Repeat(`<c><v>1</v></c>`, 1000) + `</row>`
	got, _, err := read(xlsx(t, `<sheetData>`+strings.Repeat(row, maxCells/1000+50)+`</sheetData>`, visible), ReadXlsx)
	if n := strings.Count(got, "1"); n != maxCells || !errors.Is(err, plain.ErrLimit) {
		t.Errorf("%d cells, %v", n, err)
	}
	flat := `<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="表"><Table>` +
		strings.Repeat(`<Row>`+strings.Repeat(`<Cell><Data ss:Type="Number">1</Data></Cell>`, 1000)+`</Row>`, maxCells/1000+1) + `</Table></Worksheet></Workbook>`
	got, _, err = read([]byte(flat), ReadExcelXML)
	if n := strings.Count(got, "1"); n != maxCells || !errors.Is(err, plain.ErrLimit) {
		t.Errorf("%d cells of XML, %v", n, err)
	}
	var shared strings.Builder // one long string of blanks in every cell
	shared.WriteString(`<sst><si><t>甲` + strings.Repeat(" ", 1<<20) + `乙</t></si></sst>`)
	data := attachtest.Zip(t, "xl/workbook.xml", `<workbook xmlns:r="`+rel+`"><sheets>`+visible+`</sheets></workbook>`,
		"xl/_rels/workbook.xml.rels", relationships("r1", "worksheet", "worksheets/sheet1.xml"), "xl/sharedStrings.xml", shared.String(),
		"xl/worksheets/sheet1.xml", `<worksheet><sheetData>`+strings.Repeat(`<row><c t="s"><v>0</v></c></row>`, 10_000)+`</sheetData></worksheet>`)
	got, _, err = read(data, ReadXlsx)
	if n := strings.Count(got, "甲 乙"); n != maxCellBytes>>20 || !errors.Is(err, plain.ErrLimit) {
		t.Errorf("%d cells of a long string, %v", n, err)
	}
}

func TestRealWorkbooksGiveTheirText(t *testing.T) {
	for name, data := range attachtest.Real(t, "*.xlsx") {
		got, _, err := read(data, ReadXlsx)
		lines := strings.Split(got, "\n")
		if len(lines) < 100 || !strings.Contains(lines[1], "\t") || err != nil {
			t.Errorf("%s: %d lines, %v", name, len(lines), err)
		}
	}
}

func FuzzReadXlsx(f *testing.F) {
	f.Add(`<cols><col min="1" max="3" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="s" s="1"><v>0</v></c></row></sheetData>`)
	f.Add(`<sheetData><row><c s="1"><v>1e300</v></c></row></sheetData>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		got, _, err := read(xlsx(t, sheet, visible), ReadXlsx)
		if !utf8.ValidString(got) || err != nil && !errors.Is(err, plain.ErrBroken) && !errors.Is(err, plain.ErrLimit) {
			t.Fatalf("%q, %v", got, err)
		}
	})
}
