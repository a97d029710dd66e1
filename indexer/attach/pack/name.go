package pack

import (
	"encoding/binary"
	"hash/crc32"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// unicodePath is the extra field in which Info-ZIP and 7-Zip put the name in UTF-8 (APPNOTE 4.6.9).
const unicodePath = 0x7075

// entryName is the name of an entry as it was meant: by its Unicode extra field, as UTF-8 where it is that, else as GB18030. The flag that
// promises UTF-8 is not asked, for it is forgotten and set wrongly.
func entryName(raw string, extra []byte) string {
	if name := extraName(raw, extra); name != "" {
		return name
	}
	if utf8.ValidString(raw) {
		return raw
	}
	if name, err := simplifiedchinese.GB18030.NewDecoder().String(raw); err == nil {
		return name
	}
	return strings.ToValidUTF8(raw, "\uFFFD")
}

// extraName is the name in the Unicode extra field; empty where there is none, or it belongs to another name.
func extraName(raw string, extra []byte) string {
	for len(extra) >= 4 {
		id, size := binary.LittleEndian.Uint16(extra), int(binary.LittleEndian.Uint16(extra[2:]))
		extra = extra[4:]
		if size > len(extra) {
			return ""
		}
		field := extra[:size]
		if id == unicodePath && size > 5 && binary.LittleEndian.Uint32(field[1:]) == crc32.ChecksumIEEE([]byte(raw)) && utf8.Valid(field[5:]) {
			return string(field[5:])
		}
		extra = extra[size:]
	}
	return ""
}

// safe is a name as a relative path: slashes, no way up, no control characters, no colon: a drive is a folder. It is itself when made safe again.
func safe(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case r == '\\':
			return '/'
		case r == ':' || unicode.IsControl(r):
			return -1
		}
		return r
	}, name)
	return strings.TrimPrefix(path.Clean("/"+name), "/")
}
