package compound

import (
	"fmt"

	"terrace/indexer/attach/codepage"
	"terrace/indexer/attach/plain"
)

// Of the FIB, the head of a document ([MS-DOC] 2.5).
const (
	word97    = 106 // the first nFib that is not of Word 6 or 95
	encrypted = 0x0100
	oneTable  = 0x0200
	fastSaved = 0x0004 // saved fast

	// pairs of offset and length in FibRgFcLcb97, by number
	fcChpx = 12
	fcPapx = 13
	fcClx  = 33
)

// A fib is the head of a document and the streams it points into.
type fib struct {
	doc, table []byte
	nFib, lid  int
	lw, pairs  int // where in doc the lengths of the parts and the pairs begin
	pairCount  int
}

func readFIB(c *container) (f fib, err error) {
	f.doc, err = c.stream("WordDocument")
	f.nFib, f.lid = u16(f.doc, 2), u16(f.doc, 6)
	flags := u16(f.doc, 10)
	switch {
	case flags&encrypted != 0:
		return f, plain.ErrEncrypted
	case f.nFib < word97:
		return f, err
	}
	name := "0Table"
	if flags&oneTable != 0 {
		name = "1Table"
	}
	table, tableErr := c.stream(name)
	f.table = table
	if err == nil {
		err = tableErr
	}
	f.lw = 32 + 2 + 2*u16(f.doc, 32) + 2
	f.pairs = f.lw + 4*u16(f.doc, f.lw-2) + 2
	f.pairCount = u16(f.doc, f.pairs-2)
	return f, err
}

// in is the bytes of the table stream that a pair points to.
func (f *fib) in(pair int) []byte {
	if pair >= f.pairCount {
		return nil
	}
	at := f.pairs + 8*pair
	return part(f.table, u32(f.doc, at), u32(f.doc, at+4))
}

// lengths are the characters of the parts of the text, which follow each other: main text, foot notes, headers, macros, comments, end notes, text
// boxes, text boxes in headers (2.5.4). Where they are not said, or are those of a text that Word 6 or 95 saved fast, all is main text.
func (f *fib) lengths() (n [8]int) {
	at := f.lw + 12
	if f.nFib < word97 {
		at = 52
	}
	sum := 0
	for i := range n {
		n[i] = u32(f.doc, at+4*i)
		sum += n[i]
	}
	if sum == 0 || f.nFib < word97 && u16(f.doc, 10)&fastSaved != 0 {
		return [8]int{len(f.doc)}
	}
	return n
}

// A piece is text that stands together in the document stream: chars characters from fc.
type piece struct {
	fc, chars int
	page      int // the code page of a byte a character; 0 for UTF-16
}

// pieces are the pieces of the text in order (2.8.35). Together they take at most as many bytes as the stream has, for no character stands twice.
func (f *fib) pieces() ([]piece, error) {
	if f.nFib < word97 {
		from, to := u32(f.doc, 24), u32(f.doc, 28)
		p := piece{fc: from, chars: max(min(to, len(f.doc))-from, 0)}
		p.page = codepage.Guess(codepage.OfLanguage(f.lid), part(f.doc, p.fc, p.chars))
		return []piece{p}, nil
	}
	plc := pieceTable(f.in(fcClx))
	n := (len(plc) - 4) / 12
	if n <= 0 {
		return nil, fmt.Errorf("no piece table: %w", plain.ErrBroken)
	}
	left := len(f.doc)
	list := make([]piece, 0, n)
	for i := range n {
		p := piece{fc: u32(plc, 4*(n+1)+8*i+2), chars: u32(plc, 4*i+4) - u32(plc, 4*i)}
		width := 2
		if p.fc&(1<<30) != 0 {
			p.fc, p.page, width = p.fc&^(1<<30)/2, codepage.Western, 1
		}
		if p.chars < 0 || p.chars*width > left || p.fc > len(f.doc)-p.chars*width {
			return list, fmt.Errorf("piece %d of %d lies outside the text: %w", i, n, plain.ErrBroken)
		}
		left -= p.chars * width
		list = append(list, p)
	}
	return list, nil
}

// pieceTable is the PlcPcd in a Clx, behind the properties of fast saved text (2.9.38).
func pieceTable(clx []byte) []byte {
	for len(clx) > 0 && clx[0] == 1 {
		clx = part(clx, 3+u16(clx, 1), len(clx))
	}
	if u8(clx, 0) != 2 {
		return nil
	}
	return part(clx, 5, u32(clx, 1))
}
