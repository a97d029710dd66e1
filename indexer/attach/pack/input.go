package pack

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"

	"terrace/indexer/attach/plain"
)

// clean makes what encoding/xml reads of any bytes: UTF-8 of legal characters, without a declaration, for versions other than 1.0 are refused, and
// with an end to each tag.
func clean(r io.Reader) io.Reader {
	b := bufio.NewReader(&tags{r: transform.NewReader(toUTF8(r), runes.Map(legal))})
	head, _ := b.Peek(headBytes)
	b.Discard(len(declaration.Find(head)))
	return b
}

// legal puts a blank for what is no character of XML 1.0 (section 2.2), which encoding/xml would stop at.
func legal(r rune) rune {
	if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\uFFFE' || r == '\uFFFF' {
		return ' '
	}
	return r
}

// maxTag is the longest tag, in bytes, so that there is an end to the attributes of an element.
const maxTag = 1 << 20

// tags passes XML on as long as no tag is longer than maxTag.
type tags struct {
	r      io.Reader
	open   byte // what the tag began with: a byte behind "<", "<" itself before that; 0 in text
	quote  byte // of the attribute's value
	length int
}

func (t *tags) Read(b []byte) (int, error) {
	n, err := t.r.Read(b)
	for _, c := range b[:n] {
		t.pass(c)
		if t.length > maxTag {
			return 0, fmt.Errorf("a tag of more than %d bytes: %w", maxTag, plain.ErrLimit)
		}
	}
	return n, err
}

func (t *tags) pass(c byte) {
	switch {
	case t.open == 0:
		if c == '<' {
			t.open, t.quote, t.length = c, 0, 0
		}
		return
	case t.open == '<':
		t.open = c
	case t.quote != 0:
		if c == t.quote {
			t.quote = 0
		}
	case c == '>':
		t.open, t.length = 0, 0
	case (c == '"' || c == '\'') && t.open != '!' && t.open != '?':
		t.quote = c
	}
	t.length++
}

// headBytes is how far into XML its declaration goes.
const headBytes = 256

var (
	declaration = regexp.MustCompile(`^\s*<\?xml[^>]*>`)
	charsetName = regexp.MustCompile(`^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']`)
)

// toUTF8 reads by the byte order mark, then by the zero bytes of UTF-16, then by the declaration.
func toUTF8(r io.Reader) io.Reader {
	b := bufio.NewReader(r)
	head, _ := b.Peek(headBytes)
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		b.Discard(3)
		return b
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("<\x00")):
		return transform.NewReader(b, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case bytes.HasPrefix(head, []byte("\xFE\xFF")), bytes.HasPrefix(head, []byte("\x00<")):
		return transform.NewReader(b, unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewDecoder())
	}
	if m := charsetName.FindSubmatch(head); m != nil {
		if enc := charset(strings.ToLower(string(m[1]))); enc != nil {
			return transform.NewReader(b, enc.NewDecoder())
		}
	}
	return b
}

// charset is the encoding of a declared name, nil for UTF-8 and unknown ones. The charsets of GB are all read as GB18030, which contains them; a
// declaration that can be read is not in UTF-16.
func charset(name string) encoding.Encoding {
	if strings.HasPrefix(name, "gb") || name == "cp936" {
		return simplifiedchinese.GB18030
	}
	enc, err := htmlindex.Get(name)
	if err != nil || strings.HasPrefix(name, "utf") || strings.HasPrefix(name, "unicode") {
		return nil
	}
	return enc
}
