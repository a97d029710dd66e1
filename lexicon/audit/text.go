package audit

import (
	"bytes"
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

const asUTF8 = "用记事本打开，选「另存为」，编码选 UTF-8，保存后再检查"

// encoded tells of a file that is no UTF-8 text as a whole. It reports whether the lines can be looked at nevertheless.
func (t *teller) encoded(text []byte) bool {
	switch {
	case bytes.HasPrefix(text, []byte("PK\x03\x04")) || bytes.HasPrefix(text, []byte("\xd0\xcf\x11\xe0")):
		t.tell(Error, "encoding", 0, "", "在 Excel、Word 或 WPS 里另存为纯文本，编码选 UTF-8", "这是表格、文档或压缩包，不是纯文本")
	case isUTF16(text):
		t.tell(Error, "encoding", 0, "", asUTF8, "编码是 UTF-16（记事本里叫 Unicode），程序只读 UTF-8")
	case mostlyInvalid(text) && isGBK(text):
		t.tell(Error, "encoding", 0, "", asUTF8, "编码是 GBK（记事本里叫 ANSI），程序只读 UTF-8")
	case bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(bytes.TrimRight(text, "\r"), '\r') >= 0:
		t.tell(Error, "encoding", 0, "", "另存时换行选 Windows（CRLF）或 Unix（LF）", "换行是旧式的，整个文件会被当成一行")
	default:
		return true
	}
	return false
}

func isUTF16(text []byte) bool {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return true
	}
	head := text[:min(len(text), 1<<16)]
	return bytes.Count(head, []byte{0}) > len(head)/20 // line ends and arrows; text has none
}

// mostlyInvalid reports whether of the lines that are not ASCII at least half are not UTF-8.
func mostlyInvalid(text []byte) bool {
	good, bad := 0, 0
	for line := range bytes.Lines(text) {
		switch {
		case bytes.IndexFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }) < 0:
		case utf8.Valid(line):
			good++
		default:
			bad++
		}
	}
	return bad > 0 && bad >= good
}

// isGBK looks at the lines that begin in the first 64 KB.
func isGBK(text []byte) bool {
	head := text
	if len(head) > 1<<16 {
		head = head[:1<<16]
		head = head[:bytes.LastIndexByte(head, '\n')+1]
	}
	decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(head)
	return err == nil && !bytes.ContainsRune(decoded, utf8.RuneError) && bytes.ContainsFunc(decoded, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

// each calls f with every line that is neither empty nor a comment, without the blanks around it, until the context ends.
func (t *teller) each(ctx context.Context, text []byte, f func(n int, line string)) error {
	if !t.encoded(text) {
		return nil
	}
	for line := range bytes.Lines(text) {
		if t.Lines++; t.Lines%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s := strings.TrimSpace(plain(string(line)))
		switch {
		case s == "" || s[0] == '#':
		case !utf8.ValidString(s):
			t.tell(Error, "encoding", t.Lines, s, "重新输入这一行；若整个文件都是乱码，"+asUTF8, "这一行不是 UTF-8 编码，程序会拒绝整个文件")
		default:
			f(t.Lines, s)
		}
	}
	return ctx.Err()
}

// plain takes a byte order mark off, which is no mistake.
func plain(line string) string { return strings.TrimPrefix(line, "\ufeff") }

// arrowIn is the first thing in a line that is, or is meant as, an arrow.
func arrowIn(line string) string {
	at, found := len(line), ""
	for _, a := range []string{"<->", "->", "→", "⇒", "=>", "－>", "－＞", "-＞", "↔", "—>", "–>", "—＞"} {
		if i := strings.Index(line, a); i >= 0 && i < at {
			at, found = i, a
		}
	}
	return found
}
