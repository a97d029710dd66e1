package markup

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// headBytes is how far into a page a declaration is looked for; sampleBytes is how much of it is weighed to tell GB18030 from Big5.
const (
	headBytes   = 4096
	sampleBytes = 64 << 10
)

var boms = []struct {
	mark    []byte
	charset string
}{
	{[]byte{0xEF, 0xBB, 0xBF}, "utf-8"},
	{[]byte{0xFE, 0xFF}, "utf-16be"},
	{[]byte{0xFF, 0xFE}, "utf-16le"},
}

// Decode gives the text of a page's bytes as UTF-8 and the name of the charset found. override, where not empty, wins.
//
// The bytes are believed before any declaration, for headers and meta tags are often those of another template: byte order mark, valid
// UTF-8, mostly valid UTF-8 (a cut character, a pasted line), then the declaration, then the reading of GB18030 and Big5 that looks like
// Chinese. Every gb* charset is read as GB18030, which contains them all. Bytes that cannot be read become U+FFFD.
func Decode(body []byte, contentType, override string) (text []byte, charset string) {
	if name, enc := lookup(override); enc != nil {
		return decode(body, enc), name
	}
	for _, b := range boms {
		if rest, ok := bytes.CutPrefix(body, b.mark); ok {
			_, enc := lookup(b.charset)
			return decode(rest, enc), b.charset
		}
	}
	if utf8.Valid(body) {
		return body, "utf-8"
	}
	if mostlyUTF8(body) {
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), "utf-8"
	}
	for _, declared := range []string{headerCharset(contentType), metaCharset(body)} {
		if name, enc := lookup(declared); enc != nil && name != "utf-8" && !western(name) {
			return decode(body, enc), name
		}
	}
	return guess(body)
}

// lookup returns the WHATWG name of a charset and its encoding, nil where there is no such charset.
func lookup(label string) (string, encoding.Encoding) {
	label = strings.ToLower(strings.TrimSpace(label))
	if strings.HasPrefix(label, "gb") || label == "x-gbk" || label == "cp936" {
		return "gb18030", simplifiedchinese.GB18030
	}
	enc, err := htmlindex.Get(label)
	if err != nil {
		return "", nil
	}
	name, err := htmlindex.Name(enc)
	if err != nil || name == "replacement" {
		return "", nil
	}
	if name == "utf-8" {
		enc = unicode.UTF8
	}
	return name, enc
}

// western reports a charset without Chinese characters, which servers declare by default.
func western(name string) bool {
	return strings.HasPrefix(name, "windows-125") || strings.HasPrefix(name, "iso-8859-")
}

func decode(body []byte, enc encoding.Encoding) []byte {
	out, err := enc.NewDecoder().Bytes(body)
	if err != nil {
		return bytes.ToValidUTF8(body, []byte("\uFFFD"))
	}
	return out
}

// mostlyUTF8 reports whether at least nine in ten of the multibyte sequences are valid UTF-8 of three or more bytes.
func mostlyUTF8(body []byte) bool {
	good, bad := 0, 0
	for i := 0; i < len(body); {
		if body[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(body[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size >= 3:
			good++
		}
		i += size
	}
	return good >= 9*bad
}

func headerCharset(contentType string) string {
	_, after, ok := strings.Cut(strings.ToLower(contentType), "charset=")
	if !ok {
		return ""
	}
	after = strings.TrimLeft(after, ` "'`)
	if end := strings.IndexAny(after, ` ;,"'`); end >= 0 {
		after = after[:end]
	}
	return after
}

var metaDeclaration = regexp.MustCompile(`(?i)<(?:meta[^>]{0,200}charset|\?xml[^>]{0,100}encoding)\s*=\s*["']?\s*([\w.:-]{2,20})`)

func metaCharset(body []byte) string {
	if m := metaDeclaration.FindSubmatch(body[:min(len(body), headBytes)]); m != nil {
		return string(m[1])
	}
	return ""
}

// guess reads the bytes as GB18030 and as Big5 and takes what makes fewer errors, more everyday Chinese and fewer rare characters: a list of names has nothing everyday.
// GB18030 wins a tie.
func guess(body []byte) ([]byte, string) {
	sample := body[:min(len(body), sampleBytes)]
	gb := plausibility(decode(sample, simplifiedchinese.GB18030)) + firstLevel(sample, 0xB0, 0xD7, 0xA1)
	big5 := plausibility(decode(sample, traditionalchinese.Big5)) + firstLevel(sample, 0xA4, 0xC6, 0x40)
	if big5 > gb {
		return decode(body, traditionalchinese.Big5), "big5"
	}
	return decode(body, simplifiedchinese.GB18030), "gb18030"
}

// everyday holds characters that make up about a fifth of any Chinese text, in both scripts.
const everyday = "的一是在不了有和人这這中大为為上个個国國我以要他时時来來用们們生到作地于出就分对對成会會可主发發年动動同工也能下过過子说說产產种種面而方后後多定行学學法所民得经經十三之进進着等部度家电電力里如水化高自二理起小物现現实實加量都两兩体體制机機当當使点點从從业業本去把性好应應开開它合还還因由其些然前外天政四日那社义義事平形相全表间間样樣与與关關各重新线線内內数數正心反你明看原又么麼利比或但质質气氣第向道命此变變条條只没沒结結解问問意建月公无無系係，。、：；"

// isEveryday tells whether a character is one of them.
var isEveryday = sync.OnceValue(func() *[1 << 16]bool {
	var is [1 << 16]bool
	for _, r := range everyday {
		is[r] = true
	}
	return &is
})

// firstLevel is how many of a thousand pairs of bytes are characters of the first level, which both standards keep for the usual ones, in an order of their own: the first
// byte is one from low to high, the second one from least on.
func firstLevel(sample []byte, low, high, least byte) int {
	first, all := 0, 0
	for i := 0; i+1 < len(sample); i++ {
		if sample[i] < utf8.RuneSelf {
			continue
		}
		if all++; low <= sample[i] && sample[i] <= high && sample[i+1] >= least {
			first++
		}
		i++
	}
	return first * 1000 / max(all, 1)
}

// plausibility weighs a reading per thousand characters that are not ASCII.
func plausibility(text []byte) int {
	wide, errors, common, known := 0, 0, 0, isEveryday()
	for _, r := range string(text) {
		switch {
		case r < utf8.RuneSelf:
			continue
		case r == utf8.RuneError || r >= 0xE000 && r <= 0xF8FF:
			errors++
		case r < 1<<16 && known[r]:
			common++
		}
		wide++
	}
	if wide == 0 {
		return 0
	}
	return (common - 5*errors) * 1000 / wide
}
