package compound

import (
	"strings"
	"unicode/utf16"

	"terrace/indexer/attach/codepage"
)

// Records of a workbook that are read ([MS-XLS] 2.3).
const (
	recFormula  = 0x0006
	recEOF      = 0x000A
	recDate1904 = 0x0022
	recFilePass = 0x002F
	recContinue = 0x003C
	recCodePage = 0x0042
	recObj      = 0x005D
	recColInfo  = 0x007D
	recSheet    = 0x0085 // BoundSheet8
	recMulRK    = 0x00BD
	recRString  = 0x00D6
	recXF       = 0x00E0
	recSST      = 0x00FC
	recLabelSST = 0x00FD
	recTxO      = 0x01B6
	recNumber   = 0x0203
	recLabel    = 0x0204
	recBoolErr  = 0x0205
	recString   = 0x0207
	recRow      = 0x0208
	recRK       = 0x027E
	recFormat   = 0x041E
	recBOF      = 0x0809
	recHeader   = 4 // the size of what is in front of a record
)

// A records reads records from the front.
type records struct {
	b    []byte
	id   int
	body []byte // of the record; the last of a stream that is cut may be short
}

func (r *records) next() bool {
	if len(r.b) < recHeader {
		return false
	}
	r.id = u16(r.b, 0)
	size := u16(r.b, 2)
	r.body = part(r.b, recHeader, size)
	r.b = part(r.b, recHeader+size, len(r.b))
	return true
}

// parts are the bodies of the record and of those that continue it.
func (r *records) parts() [][]byte {
	list := [][]byte{r.body}
	for u16(r.b, 0) == recContinue && len(r.b) >= recHeader {
		r.next()
		list = append(list, r.body)
	}
	return list
}

// A cursor reads over the parts of a record.
type cursor struct {
	parts [][]byte
	at    int // in the first of them
}

// rest is what is left of the present part, after going on to the next where nothing is; nil at the end.
func (c *cursor) rest() []byte {
	for len(c.parts) > 0 && c.at >= len(c.parts[0]) {
		c.parts, c.at = c.parts[1:], 0
	}
	if len(c.parts) == 0 {
		return nil
	}
	return c.parts[0][c.at:]
}

func (c *cursor) u8() int {
	b := u8(c.rest(), 0)
	c.at++
	return b
}

func (c *cursor) u16() int { return c.u8() | c.u8()<<8 }

func (c *cursor) u32() int { return c.u16() | c.u16()<<16 }

func (c *cursor) skip(n int) {
	for n > 0 {
		b := c.rest()
		if b == nil {
			return
		}
		step := min(n, len(b))
		c.at += step
		n -= step
	}
}

// chars reads n characters, each of one byte or, where the flags say so, of two. Where a part ends within them, the next begins with flags of its own
// (2.5.293, 2.4.58).
func (c *cursor) chars(n, flags int) string {
	var text []uint16
	for first := true; n > 0; first = false {
		if c.rest() == nil {
			break
		}
		if !first {
			flags = c.u8()
		}
		width := 1 + flags&1
		b := part(c.rest(), 0, n*width)
		c.at += len(b)
		if width == 2 {
			text = append(text, units(b)...)
		} else {
			for _, u := range b {
				text = append(text, uint16(u))
			}
		}
		n -= max(len(b)/width, 1)
	}
	return string(utf16.Decode(text))
}

// rich reads a string with its formatting and phonetic guides, which are passed over (XLUnicodeRichExtendedString).
func (c *cursor) rich() string {
	n, flags := c.u16(), c.u8()
	runs, guides := 0, 0
	if flags&8 != 0 {
		runs = c.u16()
	}
	if flags&4 != 0 {
		guides = c.u32()
	}
	s := c.chars(n, flags)
	c.skip(4*runs + guides)
	return s
}

// A textReader reads strings as the version of the workbook has them.
type textReader struct {
	bytes bool // before BIFF8: bytes in a code page
	page  int
}

func newTextReader(version, page int) textReader {
	return textReader{bytes: version != 0 && version < 0x600, page: page}
}

// read reads a string whose length stands in front of it in so many bytes.
func (t textReader) read(c *cursor, lengthSize int) string {
	n := c.u8()
	if lengthSize == 2 {
		n |= c.u8() << 8
	}
	if !t.bytes {
		return strings.TrimSpace(c.chars(n, c.u8()))
	}
	b := part(c.rest(), 0, n)
	c.at += len(b)
	s, _ := codepage.Encoding(codepage.Guess(t.page, b)).NewDecoder().Bytes(b)
	return strings.TrimSpace(string(s))
}
