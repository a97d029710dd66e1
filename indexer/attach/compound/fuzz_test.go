package compound

import (
	"errors"
	"testing"
	"unicode/utf8"

	"terrace/indexer/attach/plain"
)

// FuzzRead feeds the readers any bytes: they end with an error of plain or none, and give no more text than asked for.
func FuzzRead(f *testing.F) {
	f.Add(document{main: "正文\x13 PAGE \x141\x15{藏}甲\a乙\a¶\r", notes: "注\r", headers: "头\r", props: []byte{0x3C, 8, 1}, rows: true}.file())
	f.Add(document{main: "caf\u00e9\r", latin: true}.file())
	f.Add(oneSheet([][]byte{rec(recSST, words([]int{2, 2}), str("甲"), []byte{9, 0, 1, 65}), rec(recContinue, []byte{1, 66, 0}), rec(recXF, n16(0, 14))},
		rec(recLabelSST, n16(0, 0, 0), words([]int{1})), rec(recNumber, n16(0, 1, 0), f64(45356)), rec(recMulRK, n16(0, 0, 0, 1, 1, 1)),
		rec(recObj, n16(0x15, 0x12, 6, 1)), rec(recTxO, n16(0, 0, 0, 0, 0, 1)), rec(recContinue, []byte{0, 65})))
	f.Add(show{slides: [][]byte{slideOf(rtSlide, shape(chars("标题")), shape(atom(rtOutlineRef, 0, words([]int{0}))))}, outline: [][][]byte{{chars("提纲")}}}.file())
	f.Fuzz(func(t *testing.T, data []byte) {
		const most = 1 << 16
		out := plain.New(most)
		check(t, Read(data, out))
		if len(out.String()) > most || !utf8.ValidString(out.String()) {
			t.Errorf("got %d bytes", len(out.String()))
		}
	})
}

// FuzzStreams feeds the readers any bytes as the streams of a sound file, which mutations of whole files seldom reach.
func FuzzStreams(f *testing.F) {
	for _, s := range []struct {
		data  []byte
		names [2]string
	}{
		{document{main: "正文\x13 PAGE \x141\x15{藏}甲\a乙\a¶\r", props: []byte{0x3C, 8, 1}, rows: true}.file(), [2]string{"WordDocument", "1Table"}},
		{oneSheet([][]byte{rec(recXF, n16(0, 14))}, rec(recNumber, n16(0, 1, 0), f64(45356))), [2]string{"Workbook", "Workbook"}},
		{show{slides: [][]byte{slideOf(rtSlide, shape(chars("标题")))}}.file(), [2]string{"PowerPoint Document", "Current User"}},
	} {
		c, err := open(s.data)
		if err != nil {
			f.Fatal(err)
		}
		first, _ := c.stream(s.names[0])
		second, _ := c.stream(s.names[1])
		f.Add(first, second)
	}
	f.Fuzz(func(t *testing.T, first, second []byte) {
		for _, s := range []streams{
			{"WordDocument": first, "1Table": second, "0Table": second}, {"Workbook": first}, {"PowerPoint Document": first, "Current User": second},
		} {
			check(t, Read(s.file(), plain.New(1<<16)))
		}
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	for _, known := range []error{nil, plain.ErrBroken, plain.ErrEncrypted, plain.ErrUnsupported, plain.ErrLimit} {
		if errors.Is(err, known) {
			return
		}
	}
	t.Errorf("got an error that plain does not know: %v", err)
}
