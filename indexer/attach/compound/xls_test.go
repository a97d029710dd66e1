package compound

import (
	"bytes"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"terrace/indexer/attach/plain"
)

func rec(id int, body ...[]byte) []byte {
	all := slices.Concat(body...)
	b := make([]byte, recHeader)
	put16(b, 0, id)
	put16(b, 2, len(all))
	return append(b, all...)
}

// n16 are numbers of two bytes, as most fields of records are.
func n16(list ...int) (b []byte) {
	for _, n := range list {
		b = binary.LittleEndian.AppendUint16(b, uint16(n))
	}
	return b
}

func f64(v float64) []byte { return binary.LittleEndian.AppendUint64(nil, math.Float64bits(v)) }

// str is a string of two bytes a character, with its length in front.
func str(s string) []byte { return slices.Concat(n16(len([]rune(s))), []byte{1}, utf16le(s)) }

// A book is a workbook to be built: its general records and its sheets.
type book struct {
	version int
	globals [][]byte
	names   []string
	hidden  []bool
	sheets  [][]byte // their records
}

func (k book) file() []byte {
	bof := rec(recBOF, n16(k.version, 5), make([]byte, 12))
	eof := rec(recEOF)
	globals := slices.Concat(k.globals...)
	size := len(bof) + len(globals) + len(eof)
	for _, name := range k.names {
		size += len(rec(recSheet, make([]byte, 6), k.name(name)))
	}
	var list, bodies []byte
	for i, name := range k.names {
		state := byte(0)
		if k.hidden != nil && k.hidden[i] {
			state = 1
		}
		list = append(list, rec(recSheet, words([]int{size + len(bodies)}), []byte{state, 0}, k.name(name))...)
		bodies = slices.Concat(bodies, rec(recBOF, n16(k.version, 16), make([]byte, 12)), k.sheets[i], eof)
	}
	stream := "Workbook"
	if k.version < 0x600 {
		stream = "Book"
	}
	return streams{stream: padded(slices.Concat(bof, globals, list, eof, bodies), cutoff)}.file()
}

func (k book) name(s string) []byte {
	if k.version < 0x600 {
		return append([]byte{byte(len(s))}, s...)
	}
	return slices.Concat([]byte{byte(len([]rune(s))), 1}, utf16le(s))
}

// sheet is the file of one sheet.
func oneSheet(globals [][]byte, records ...[]byte) []byte {
	return book{version: 0x600, globals: globals, names: []string{"表"}, sheets: [][]byte{slices.Concat(records...)}}.file()
}

func TestCellsOfEveryKind(t *testing.T) {
	for _, c := range []struct {
		name   string
		record []byte
		want   string
	}{
		{"text", rec(recLabel, n16(0, 0, 0), str("红河州")), "红河州"},
		{"text in bytes", rec(recLabel, n16(0, 0, 0), n16(3), []byte("\x00caf")), "caf"},
		{"text with fonts", rec(recRString, n16(0, 0, 0), str("元阳"), n16(1, 1, 5)), "元阳"},
		{"a number", rec(recNumber, n16(0, 0, 0), f64(0.1+0.2)), "0.3"},
		{"a whole number", rec(recRK, n16(0, 0, 0), words([]int{1234<<2 | 2})), "1234"},
		{"a negative number", rec(recRK, n16(0, 0, 0), n16(0xFFFE, 0xFFFF)), "-1"},
		{"a hundredth", rec(recRK, n16(0, 0, 0), words([]int{1234<<2 | 3})), "12.34"},
		{"a short float", rec(recRK, n16(0, 0, 0), f64(1.5)[4:]), "1.5"},
		{"several numbers", rec(recMulRK, n16(0, 0), n16(0), words([]int{1<<2 | 2}), n16(0), words([]int{2<<2 | 2}), n16(1)), "1\t2"},
		{"truth", rec(recBoolErr, n16(0, 0, 0), []byte{1, 0}), "TRUE"},
		{"an error", rec(recBoolErr, n16(0, 0, 0), []byte{7, 1}), ""},
		{"a formula of a number", rec(recFormula, n16(0, 0, 0), f64(7), make([]byte, 8)), "7"},
		{"a formula of text", slices.Concat(rec(recFormula, n16(0, 0, 0, 0, 0, 0, 0xFFFF)), rec(0x4BC), rec(recString, str("合计"))), "合计"},
		{"a formula of truth", rec(recFormula, n16(0, 0, 0, 1, 1, 0, 0xFFFF)), "TRUE"},
		{"a formula of an error", rec(recFormula, n16(0, 0, 0, 2, 7, 0, 0xFFFF)), ""},
		{"a formula of nothing", rec(recFormula, n16(0, 0, 0, 3, 0, 0, 0xFFFF)), ""},
		{"lines in a cell", rec(recLabel, n16(0, 0, 0), str("甲\n乙")), "甲 乙"},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, oneSheet(nil, c.record), strings.TrimSpace("表\n"+c.want)) })
	}
}

func TestOrderAndWhatIsHidden(t *testing.T) {
	label := func(row, column int, s string) []byte { return rec(recLabel, n16(row, column, 0), str(s)) }
	want(t, oneSheet(nil,
		label(2, 1, "丁"), label(0, 3, "乙"), label(0, 0, "甲"), label(2, 0, "丙"),
		rec(recRow, n16(1, 0, 5, 0, 0, 0, 0x20, 0)), label(1, 0, "藏行"),
		rec(recColInfo, n16(4, 5, 0, 0, 1)), label(0, 4, "藏列"), label(2, 5, "藏列"),
	), "表\n甲\t乙\n丙\t丁")
	k := book{version: 0x600, names: []string{"一", "藏", "二"}, hidden: []bool{false, true, false}, sheets: [][]byte{label(0, 0, "甲"), label(0, 0, "乙"), label(0, 0, "丙")}}
	want(t, k.file(), "一\n甲\n二\n丙")
}

func TestFormats(t *testing.T) {
	for _, c := range []struct {
		code string
		v    float64
		want string
	}{
		{"General", 1234.5, "1234.5"},
		{"@", 42, "42"},
		{"0.00", 3, "3.00"},
		{"0.0#", 3.14159, "3.14"},
		{"0.##", 3, "3"},
		{"000000", 42, "000042"},
		{"#,##0.00_);[Red](#,##0.00)", -1234567.891, "-1,234,567.89"},
		{"0.0%", 0.1234, "12.3%"},
		{`0.00"万元"`, 12, "12.00万元"},
		{`"第"0"条"`, 5, "第5条"},
		{`\￥#,##0`, 1000, "￥1,000"},
		{"yyyy-mm-dd", 45356, "2024-03-05"},
		{`yyyy"年"m"月"d"日";@`, 45356, "2024-03-05"},
		{"[$-804]yyyy/m/d", 45356, "2024-03-05"},
		{`yyyy"年"m"月"`, 45356, "2024-03"},
		{"m/d/yy h:mm", 45356.5625, "2024-03-05 13:30"},
		{"h:mm:ss", 0.5, "12:00:00"},
		{"yyyy-mm-dd", 1, "1900-01-01"},
		{"yyyy-mm-dd", -1, "-1"},
		{"yyyy-mm-dd", 1e9, "1000000000"},
	} {
		globals := [][]byte{rec(recFormat, n16(200), str(c.code)), rec(recXF, n16(0, 200), make([]byte, 16))}
		want(t, oneSheet(globals, rec(recNumber, n16(0, 0, 0), f64(c.v))), "表\n"+c.want)
	}
	builtIn := [][]byte{rec(recDate1904, n16(1)), rec(recXF, n16(0, 14), make([]byte, 16))}
	want(t, oneSheet(builtIn, rec(recNumber, n16(0, 0, 0), f64(43894))), "表\n2024-03-05")
}

// TestSharedStrings cuts the table of shared strings at every byte at which it may be cut: a string that goes on has its flags again.
func TestSharedStrings(t *testing.T) {
	head := words([]int{4, 4})
	rich := slices.Concat(n16(2), []byte{1 | 8 | 4}, n16(1), words([]int{4}), utf16le("富文"), []byte{1, 1, 1, 1}, []byte{9, 9, 9, 9})
	rest := slices.Concat(n16(3), []byte("\x00abc"), str("末"))
	cells := make([][]byte, 4)
	for i := range cells {
		cells[i] = rec(recLabelSST, n16(i, 0, 0), words([]int{i}))
	}
	chars := utf16le("共享的字符串")
	first := append(n16(6), 1)
	check := func(parts ...[]byte) {
		t.Helper()
		sst := rec(recSST, parts[0])
		for _, p := range parts[1:] {
			sst = append(sst, rec(recContinue, p)...)
		}
		want(t, oneSheet([][]byte{sst}, cells...), "表\n共享的字符串\n富文\nabc\n末")
	}
	check(slices.Concat(head, first, chars, rich, rest))
	check(slices.Concat(head, first, chars), slices.Concat(rich, rest))
	for n := 2; n < len(chars); n += 2 {
		check(slices.Concat(head, first, chars[:n]), slices.Concat([]byte{1}, chars[n:], rich, rest))
	}
	check(slices.Concat(head, first, chars[:4]), append([]byte{1}, chars[4:8]...), slices.Concat([]byte{1}, chars[8:], rich, rest))
	for n := len(rich) - 8; n < len(rich); n++ {
		check(slices.Concat(head, first, chars, rich[:n]), slices.Concat(rich[n:], rest))
	}
	check(slices.Concat(head, first, chars, rich, rest[:4]), slices.Concat([]byte{1}, utf16le("bc"), rest[6:]))
}

func TestTextBoxesButNoComments(t *testing.T) {
	box := func(kind int, s string) []byte {
		return slices.Concat(rec(recObj, n16(0x15, 0x12, kind, 1)), rec(recTxO, make([]byte, 10), n16(len([]rune(s)), 8, 0, 0)),
			rec(recContinue, []byte{1}, utf16le(s)), rec(recContinue, n16(0, 0, 0, 0)))
	}
	want(t, oneSheet(nil, box(0x19, "批注"), box(6, "文本框"), rec(recTxO)), "表\n文本框")
}

func TestWorkbooksOfExcel95(t *testing.T) {
	gbk := func(s string) string {
		b, err := simplifiedchinese.GBK.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	k := book{
		version: 0x500, globals: [][]byte{rec(recCodePage, n16(936)), rec(recFormat, n16(200), []byte("\x0ayyyy-mm-dd")), rec(recXF, n16(0, 200))},
		names:  []string{gbk("名单")},
		sheets: [][]byte{slices.Concat(rec(recLabel, n16(0, 0, 0), n16(4), []byte(gbk("北京"))), rec(recNumber, n16(0, 1, 0), f64(45356)))},
	}
	want(t, k.file(), "名单\n北京\t2024-03-05")
}

func TestWorkbooksWithPassword(t *testing.T) {
	data := oneSheet([][]byte{rec(recFilePass, n16(1, 1, 1))}, rec(recLabel, n16(0, 0, 0), str("密")))
	if got, err := read(t, data); !errors.Is(err, plain.ErrEncrypted) || got != "" {
		t.Errorf("got %q, %v; want %v", got, err, plain.ErrEncrypted)
	}
}

func TestWorkbooksThatAnyoneMayReadAreDecrypted(t *testing.T) {
	salt, said := bytes.Repeat([]byte{7}, 16), bytes.Repeat([]byte{9}, 16)
	for what, c := range map[string]struct {
		key    func(uint32) []byte
		digest func([]byte) []byte
		pass   func(verifier, hash []byte) []byte
	}{
		"RC4": {plainKey(salt), func(b []byte) []byte { s := md5.Sum(b); return s[:] }, func(verifier, hash []byte) []byte {
			return slices.Concat(n16(1, 1, 1), salt, verifier, hash)
		}},
		"RC4 by CryptoAPI": {apiKey(salt, 16), func(b []byte) []byte { s := sha1.Sum(b); return s[:] }, func(verifier, hash []byte) []byte {
			return slices.Concat(n16(1, 2, 2), words([]int{4, 32, 4, 0, 0x6801, 0x8004, 128, 1, 0, 0}), words([]int{16}), salt, verifier, words([]int{20}), hash)
		}},
	} {
		cipher, err := rc4.NewCipher(c.key(0))
		if err != nil {
			t.Fatal(err)
		}
		verifier, hash := make([]byte, 16), c.digest(said)
		cipher.XORKeyStream(verifier, said)
		cipher.XORKeyStream(hash, hash)
		pass := c.pass(verifier, hash)
		k := book{version: 0x600, globals: [][]byte{rec(recFilePass, pass)}, names: []string{"名单"}}
		var rows []byte
		var names []string
		for i := range 100 { // several keys are needed
			names = append(names, fmt.Sprint("红河州第", i, "行"))
			rows = append(rows, rec(recLabel, n16(i, 0, 0), str(names[i]))...)
		}
		k.sheets = [][]byte{rows}
		stream, err := streamOf(k.file())
		if err != nil {
			t.Fatal(err)
		}
		locked := streams{"Workbook": unlocked(stream, pass)}.file() // the way there is the way back
		if bytes.Contains(locked, utf16le(names[9])) {
			t.Fatalf("%s: not encrypted", what)
		}
		want(t, locked, "名单\n"+strings.Join(names, "\n"))
	}
}

// streamOf is the stream of a workbook's file.
func streamOf(file []byte) ([]byte, error) {
	c, err := open(file)
	if err != nil {
		return nil, err
	}
	return c.stream("Workbook")
}

func TestDamagedWorkbooks(t *testing.T) {
	label := rec(recLabel, n16(0, 0, 0), str("甲"))
	cut := book{version: 0x600, names: []string{"一", "二"}, sheets: [][]byte{label, label[:3]}}.file()
	if got, err := read(t, cut); !errors.Is(err, plain.ErrBroken) || got != "一\n甲\n二" {
		t.Errorf("got %q, %v", got, err)
	}
	lost := slices.Concat(rec(recBOF, n16(0x600, 5)), rec(recSheet, words([]int{1 << 20}), []byte{0, 0, 1, 0, 'a'}), rec(recEOF))
	if _, err := read(t, streams{"Workbook": lost}.file()); !errors.Is(err, plain.ErrBroken) {
		t.Errorf("got %v, want %v", err, plain.ErrBroken)
	}
}

// TestSheetsThatShareRecords is a small file with many sheets that are all the same long one.
func TestSheetsThatShareRecords(t *testing.T) {
	var records []byte
	for row := range 3000 {
		records = append(records, rec(recNumber, n16(row, 0, 0), f64(1))...)
	}
	const n = 5000
	bof := rec(recBOF, n16(0x600, 5))
	entry := func(at int) []byte { return rec(recSheet, words([]int{at}), []byte{0, 0, 1, 0, 'a'}) }
	at := len(bof) + n*len(entry(0)) + recHeader
	stream := slices.Concat(bof, slices.Repeat(entry(at), n), rec(recEOF), rec(recBOF, n16(0x600, 16)), records, rec(recEOF))
	got, err := read(t, streams{"Workbook": stream}.file())
	if most := 3 * len(stream) / len(rec(recNumber, n16(0, 0, 0), f64(1))); !errors.Is(err, plain.ErrLimit) || strings.Count(got, "1") > most {
		t.Errorf("got %d cells, %v", strings.Count(got, "1"), err)
	}
}

func TestAWorkbookWithMoreCellsThanAreReadSaysSo(t *testing.T) {
	for rows, want := range map[int]error{10: nil, 790: plain.ErrLimit} {
		var sheet []byte
		for row := range rows {
			sheet = append(sheet, rec(recMulRK, n16(row, 0), bytes.Repeat(slices.Concat(n16(0), []byte{6, 0, 0, 0}), 255), n16(254))...)
		}
		out := plain.New(2 << 20)
		err := Read(book{version: 0x600, names: []string{"a"}, sheets: [][]byte{sheet}}.file(), out)
		if !errors.Is(err, want) || len(out.String()) < 2*min(255*rows, maxCells) {
			t.Errorf("%d rows: %d bytes, %v", rows, len(out.String()), err)
		}
	}
}
