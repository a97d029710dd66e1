// Package rtf reads Rich Text Format up to 1.9.1.
//
// The reader gives what a reader of the file sees: nothing hidden, deleted, commented or computed from. It goes through the bytes once.
package rtf

import (
	"bytes"
	"fmt"

	"golang.org/x/text/encoding"

	"terrace/indexer/attach/codepage"
	"terrace/indexer/attach/plain"
)

// maxDepth is how deep groups may stand in one another; Word stops far below.
const maxDepth = 2000

// maxAside is the most text of notes and of headers that is set aside, in bytes.
const maxAside = 1 << 20

// Is reports whether data begins as RTF does.
func Is(data []byte) bool { return bytes.HasPrefix(trim(data), []byte(`{\rt`)) }

// trim takes away what some programs put in front.
func trim(data []byte) []byte { return bytes.TrimLeft(data, "\xEF\xBB\xBF\r\n\t \x00") }

// Read takes the text of a document: the main text, then foot notes, then headers and footers, each line once. Its errors wrap plain.ErrBroken, or
// plain.ErrLimit for groups too deep; what could be read is in out.
func Read(data []byte, out *plain.Text) error {
	if !Is(data) {
		return fmt.Errorf("read rtf: no header: %w", plain.ErrBroken)
	}
	r := &reader{
		in: trim(data), page: codepage.Western, fonts: map[int]int{}, decoders: map[int]*encoding.Decoder{},
		body: out, notes: plain.New(maxAside), headers: plain.New(maxAside),
	}
	r.group = group{out: out, font: -1, fallback: 1}
	err := r.read()
	r.flush()
	out.End()
	for _, aside := range []*plain.Text{r.notes, r.headers} {
		out.WriteOnce(aside.String())
		for range aside.Pictures() {
			out.Picture()
		}
	}
	if err != nil {
		return fmt.Errorf("read rtf: %w", err)
	}
	return nil
}

// A group is what ends with a group: its destination and how its text is to be read.
type group struct {
	out      *plain.Text // nil where text is not shown
	kind     destination
	fresh    bool // nothing has been read in it
	ignore   bool // \* has been read
	font     int
	fallback int // characters behind \u that stand for it where it cannot be shown
	hidden   bool
	deleted  bool
	ofPages  bool // a field whose result is a number of pages
	rowed    bool // the paragraph is in a table
}

// A reader goes through the bytes. Bytes of text wait until they are complete, for a character may take two that are written apart.
type reader struct {
	group
	in       []byte
	outer    []group // the groups around
	page     int     // the code page of the document
	given    bool    // it was said
	fonts    map[int]int
	decoders map[int]*encoding.Decoder

	body, notes, headers *plain.Text

	due   []byte // text in a code page
	half  bool   // the last of due is the first of two
	skip  int    // characters that still stand for the last \u
	high  rune   // the first half of a surrogate pair
	cells int    // of the row defined last
}

func (r *reader) read() error {
	for len(r.in) > 0 {
		c := r.in[0]
		r.in = r.in[1:]
		switch c {
		case '{':
			if err := r.push(); err != nil {
				return err
			}
		case '}':
			if r.pop(); len(r.outer) == 0 {
				return nil
			}
		case '\\':
			r.control()
			r.fresh = false
		case '\r', '\n', 0:
		default:
			r.char(c)
			r.fresh = false
		}
	}
	return fmt.Errorf("%d groups have no end: %w", len(r.outer), plain.ErrBroken)
}

func (r *reader) push() error {
	r.flush()
	r.skip = 0
	if len(r.outer) == maxDepth {
		return fmt.Errorf("groups are more than %d deep: %w", maxDepth, plain.ErrLimit)
	}
	r.outer = append(r.outer, r.group)
	r.fresh, r.ignore = true, false
	return nil
}

func (r *reader) pop() {
	r.flush()
	r.skip = 0
	if len(r.outer) == 0 {
		return
	}
	ended := r.group
	r.group = r.outer[len(r.outer)-1]
	r.outer = r.outer[:len(r.outer)-1]
	r.leave(ended)
}

// char takes a byte of text. What is behind the first of two bytes belongs to it, whatever it is.
func (r *reader) char(c byte) {
	if r.skip > 0 {
		r.skip--
		return
	}
	switch {
	case r.out == nil:
	case r.half:
		r.due, r.half = append(r.due, c), false
	case c < 0x80:
		if n := len(r.due); n > 0 && r.due[n-1] >= 0x80 {
			r.flush()
		}
		r.due = append(r.due, c)
	default:
		r.due, r.half = append(r.due, c), codepage.Lead(r.codePage(), c)
	}
}

// codePage is that of the font, or of the document where the font says none.
func (r *reader) codePage() int {
	if page := r.fonts[r.font]; page != 0 {
		return page
	}
	return r.page
}

// flush writes the bytes that wait.
func (r *reader) flush() {
	if len(r.due) > 0 {
		r.say(r.decode(r.due))
	}
	r.due, r.half = r.due[:0], false
}

// decode reads bytes in the code page; where the font says none, it may be another: Chinese, or that of Western Europe for what cannot be of two bytes
// a character, as quotation marks in a Latin font.
func (r *reader) decode(b []byte) string {
	page := r.codePage()
	if r.fonts[r.font] == 0 {
		page = codepage.Guess(page, b)
	}
	s, err := r.decoder(page).Bytes(b)
	if bad := err != nil || bytes.ContainsRune(s, '\uFFFD'); bad && r.fonts[r.font] == 0 {
		s, _ = r.decoder(codepage.Western).Bytes(b)
	}
	return string(s)
}

func (r *reader) decoder(page int) *encoding.Decoder {
	d := r.decoders[page]
	if d == nil {
		d = codepage.Encoding(page).NewDecoder()
		r.decoders[page] = d
	}
	return d
}

// say writes text where the present group writes, unless it is hidden.
func (r *reader) say(s string) {
	if r.out != nil && !r.hidden && !r.deleted {
		r.out.Write(s)
	}
}
