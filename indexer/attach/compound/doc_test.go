package compound

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"terrace/indexer/attach/plain"
)

// A document is one to be built: its parts, and the properties of the characters between { and } and of paragraphs.
type document struct {
	main, notes, headers, comments, ends, boxes string
	latin                                       bool // one byte a character
	props                                       []byte
	rows                                        bool // the mark ¶ ends a row, and paragraphs are in a table
	flags                                       int
}

const textAt = 1024

// file lays the document out as Word 97 does: the head, the text, a page of properties each.
func (d document) file() []byte {
	doc, width, fc := d.head(), 2, textAt
	if d.latin {
		width, fc = 1, 2*textAt|1<<30
	}
	text, hidden, ends := d.marks(width)
	if d.latin {
		for _, r := range text {
			doc = append(doc, byte(r))
		}
	} else {
		doc = append(doc, utf16le(string(text))...)
	}
	table := slices.Concat([]byte{2}, words([]int{16, 0, len(text)}), n16(0), words([]int{fc}), n16(0))
	put32(doc, 154+8*fcClx+4, len(table))
	doc = padded(doc, fkpSize)
	add := func(pair, entry int, runs [][2]int, props [][]byte) {
		put32(doc, 154+8*pair, len(table))
		put32(doc, 154+8*pair+4, 12)
		table = append(table, words([]int{textAt, len(doc), len(doc) / fkpSize})...)
		doc = append(doc, fkp(entry, runs, props)...)
	}
	if len(hidden) > 0 {
		add(fcChpx, 1, hidden, slices.Repeat([][]byte{d.props}, len(hidden)))
	}
	if d.rows {
		add(fcPapx, 13, tableRuns(textAt, textAt+width*len(text), width, ends), tableProps(len(ends)))
	}
	return streams{"WordDocument": padded(doc, cutoff), "1Table": table}.file()
}

// head is the FIB, with the lengths of the parts.
func (d document) head() []byte {
	doc := make([]byte, textAt)
	for _, f := range [][2]int{{0, 0xA5EC}, {2, 0xC1}, {6, 0x0804}, {10, d.flags | oneTable}, {32, 14}, {62, 22}, {152, 93}} {
		put16(doc, f[0], f[1])
	}
	for i, p := range d.parts() {
		put32(doc, 64+12+4*i, len([]rune(p))-strings.Count(p, "{")-strings.Count(p, "}"))
	}
	return doc
}

func (d document) parts() []string {
	return []string{d.main, d.notes, d.headers, "", d.comments, d.ends, d.boxes, ""}
}

// marks is the text without the marks in it, and the places in the document stream that they tell.
func (d document) marks(width int) (text []rune, hidden [][2]int, ends []int) {
	for _, r := range strings.Join(d.parts(), "") {
		at := textAt + width*len(text)
		switch r {
		case '{':
			hidden = append(hidden, [2]int{at, 0})
			continue
		case '}':
			hidden[len(hidden)-1][1] = at
			continue
		case '¶':
			ends, r = append(ends, at), cellEnd
		}
		text = append(text, r)
	}
	return text, hidden, ends
}

// tableRuns parts text into what is before each end of a row, and that end.
func tableRuns(from, to, width int, ends []int) (runs [][2]int) {
	for _, end := range ends {
		runs = append(runs, [2]int{from, end}, [2]int{end, end + width})
		from = end + width
	}
	return append(runs, [2]int{from, to})
}

func tableProps(ends int) (list [][]byte) {
	in, end := []byte{0, 0, 0x16, 0x24, 1}, []byte{0, 0, 0x16, 0x24, 1, 0x17, 0x24, 1, 0}
	for range ends {
		list = append(list, in, end)
	}
	return append(list, []byte{0, 0, 0})
}

// fkp is a page of properties of runs, which may leave gaps.
func fkp(entry int, runs [][2]int, props [][]byte) []byte {
	page := make([]byte, fkpSize)
	var bounds []int
	var places []int
	free := fkpSize - 2
	for i, r := range runs {
		size := (len(props[i]) + 2) &^ 1
		free -= size
		if entry == 1 {
			page[free] = byte(len(props[i]))
		} else {
			page[free] = byte((len(props[i]) + 1) / 2)
		}
		copy(page[free+1:], props[i])
		if n := len(bounds); n > 0 && bounds[n-1] == r[0] {
			bounds, places = append(bounds, r[1]), append(places, free/2)
			continue
		}
		if len(bounds) > 0 {
			places = append(places, 0)
		}
		bounds, places = append(bounds, r[0], r[1]), append(places, free/2)
	}
	copy(page, words(bounds))
	for i, p := range places {
		page[4*len(bounds)+entry*i] = byte(p)
	}
	page[fkpSize-1] = byte(len(places))
	return page
}

func TestDocument(t *testing.T) {
	hidden, deleted, symbol := []byte{0x3C, 0x08, 1}, []byte{0x00, 0x08, 1}, []byte{0x09, 0x6A, 1, 0, 0x22, 0xF0}
	for _, c := range []struct {
		name string
		d    document
		want string
	}{
		{"paragraphs", document{main: "关于印发《办法》的通知\r各县、市人民政府：😀\r"}, "关于印发《办法》的通知\n各县、市人民政府：😀"},
		{"a byte a character", document{main: "caf\u00e9 \u0093in\u0094\r", latin: true}, "café “in”"},
		{"notes behind the text, comments nowhere", document{main: "正文\x02\r", notes: "\x02 脚注\r", comments: "批注\r", ends: "尾注\r"}, "正文\n脚注\n尾注"},
		{"text boxes", document{main: "正文\r", boxes: "框中\r"}, "正文\n框中"},
		{"headers once", document{main: "正文\r", headers: "\x03\r\x04\r某某市文件\r\r— \x13 PAGE \x141\x15 —\r某某市文件\r"}, "正文\n某某市文件"},
		{"codes of fields", document{main: "见\x13HYPERLINK \"http://a.cn/\" \x14公告\x15。共\x13 NUMPAGES \x149\x15页\r"}, "见公告。共页"},
		{"fields in fields", document{main: "\x13IF \x13DATE\x14今天\x15 = 1\x14是\x15否\r"}, "是否"},
		{"an equation of a phonetic guide", document{main: "在\x13EQ \\* jc2 \\o\\ad(\\s\\up 10(yún),云)\x15河\r"}, "在云河"},
		{"a field without end", document{main: "前\x13 后文\r"}, "前 后文"},
		{"an end without field", document{main: "前\x15后\x14文\r"}, "前后文"},
		{"breaks", document{main: "一\v二\f三\x0e四\r"}, "一\n二\n三\n四"},
		{"hyphens", document{main: "A4\x1e3\x1f号\r"}, "A4-3号"},
		{"hidden text", document{main: "可{不可}见\r", props: hidden}, "可见"},
		{"deleted text", document{main: "留{删}下{删\r}来\r", props: deleted}, "留下来"},
		{"a sign of a font", document{main: "注{(}意\r", props: symbol}, "注意"},
		{"rows of cells", document{main: "甲\a乙\a¶\a丙\a¶后\r", rows: true}, "甲\t乙\n丙\n后"},
		{"paragraphs in cells", document{main: "甲\r一\a乙\a¶\r", rows: true}, "甲 一\t乙"},
		{"a table of one column", document{main: "甲\r乙\a¶丙\a¶\r", rows: true}, "甲\n乙\n丙"},
		{"rows without properties", document{main: "甲\a乙\a\a丙\a丁\a\a后\r"}, "甲\t乙\n丙\t丁\n后"},
	} {
		t.Run(c.name, func(t *testing.T) { want(t, c.d.file(), c.want) })
	}
}

func TestPicturesOfDocuments(t *testing.T) {
	out := plain.New(1 << 10)
	if err := Read(document{main: "\x01\r\x08\r"}.file(), out); err != nil || out.Pictures() != 2 || out.String() != "" {
		t.Errorf("got %d pictures, %q, %v; want 2 and no text", out.Pictures(), out, err)
	}
}

func TestDocumentsWithPassword(t *testing.T) {
	if got, err := read(t, document{main: "密文\r", flags: encrypted}.file()); !errors.Is(err, plain.ErrEncrypted) || got != "" {
		t.Errorf("got %q, %v; want %v", got, err, plain.ErrEncrypted)
	}
}

// TestFastSavedText reads pieces that stand in another order than they are read.
func TestFastSavedText(t *testing.T) {
	d := document{main: "后半前半"}.file()
	c, err := open(d)
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := c.stream("WordDocument")
	clx := []byte{1, 3, 0, 9, 9, 9, 2}
	clx = append(clx, words([]int{12 + 16, 0, 2, 4})...)
	for _, fc := range []int{textAt + 4, textAt} {
		clx = append(append(append(clx, 0, 0), words([]int{fc})...), 0, 0)
	}
	put32(doc, 154+8*fcClx+4, len(clx))
	want(t, streams{"WordDocument": doc, "1Table": clx}.file(), "前半后半")
}

// TestDocumentsOfWord95 reads text in the code page of the language.
func TestDocumentsOfWord95(t *testing.T) {
	for _, c := range []struct {
		lid        int
		text, want string
	}{
		{0x0804, "公文\r第二段\r", "公文\n第二段"},
		{0x0409, "a letter\r", "a letter"},
		{0x0409, "公文 with a wrong language\r", "公文 with a wrong language"},
	} {
		b, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		doc := make([]byte, 768)
		put16(doc, 0, 0xA5DC)
		put16(doc, 2, 104)
		put16(doc, 6, c.lid)
		put32(doc, 24, len(doc))
		put32(doc, 28, len(doc)+len(b))
		put32(doc, 52, len(b))
		want(t, streams{"WordDocument": append(doc, b...)}.file(), c.want)
	}
}

// TestDamagedDocuments cuts a document at every tenth byte: what is read is a part of it, and what is missing is told.
func TestDamagedDocuments(t *testing.T) {
	whole := document{main: strings.Repeat("第一条 为了规范。\r", 300)}.file()
	text, err := read(t, whole)
	if err != nil {
		t.Fatal(err)
	}
	for n := 0; n < len(whole)-1024; n += 10 {
		got, err := read(t, whole[:n])
		if !errors.Is(err, plain.ErrBroken) || !strings.Contains(text, strings.TrimSpace(got)) {
			t.Fatalf("cut at %d: got %d bytes, %v", n, len(got), err)
		}
	}
}

// TestPiecesThatShareText is a small file that claims to be a large one.
func TestPiecesThatShareText(t *testing.T) {
	c, err := open(document{main: strings.Repeat("字", 4000)}.file())
	if err != nil {
		t.Fatal(err)
	}
	doc, _ := c.stream("WordDocument")
	const n = 5000
	list := []int{4*(n+1) + 8*n}
	for i := range n + 1 {
		list = append(list, 4000*i)
	}
	clx := append([]byte{2}, words(list)...)
	clx = append(clx, bytes.Repeat(append(append([]byte{0, 0}, words([]int{textAt})...), 0, 0), n)...)
	put32(doc, 154+8*fcClx+4, len(clx))
	put32(doc, 76, 4000*n)
	got, err := read(t, streams{"WordDocument": doc, "1Table": clx}.file())
	if !errors.Is(err, plain.ErrBroken) || len(got) > len(doc)*3 {
		t.Errorf("got %d bytes of a document of %d, %v", len(got), len(doc), err)
	}
}

func ExampleRead() {
	out := plain.New(1 << 20)
	err := Read(document{main: "关于印发《办法》的通知\r"}.file(), out)
	fmt.Println(out, err)
	// Output: 关于印发《办法》的通知 <nil>
}
