// Package codepage knows the encodings in which files written on Windows and old Macs hold text that is not Unicode: by code page, by language and by
// the character set of a font.
package codepage

import (
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// The code pages that are named in code: of Simplified Chinese, and of Western Europe, which is read where nothing is known.
const (
	Chinese = 936
	Western = 1252
)

// Encoding is that of a code page, as Windows numbers them; of unknown ones, that of Western. GBK is read as GB18030, which contains it.
func Encoding(page int) encoding.Encoding {
	switch page {
	case Chinese, 10008, 20936, 54936:
		return simplifiedchinese.GB18030
	case 950, 10002:
		return traditionalchinese.Big5
	case 932, 10001:
		return japanese.ShiftJIS
	case 949, 10003:
		return korean.EUCKR
	case 1200:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case 65001:
		return unicode.UTF8
	}
	return oneByte(page)
}

func oneByte(page int) encoding.Encoding {
	switch page {
	case 437:
		return charmap.CodePage437
	case 850:
		return charmap.CodePage850
	case 874:
		return charmap.Windows874
	case 1250:
		return charmap.Windows1250
	case 1251:
		return charmap.Windows1251
	case 1253:
		return charmap.Windows1253
	case 1254:
		return charmap.Windows1254
	case 1255:
		return charmap.Windows1255
	case 1256:
		return charmap.Windows1256
	case 1257:
		return charmap.Windows1257
	case 1258:
		return charmap.Windows1258
	case 10000, 32768:
		return charmap.Macintosh
	}
	return charmap.Windows1252
}

// Lead reports whether a byte of a code page is the first of two.
func Lead(page int, b byte) bool {
	switch page {
	case 932, 10001:
		return b >= 0x81 && b <= 0x9F || b >= 0xE0 && b <= 0xFC
	case Chinese, 10008, 20936, 54936, 949, 950, 10002, 10003:
		return b >= 0x81 && b <= 0xFE
	}
	return false
}

// OfLanguage is the code page of a language ([MS-LCID]): the languages written in other than Latin letters; Western for the rest.
func OfLanguage(lid int) int {
	switch lid {
	case 0x0804, 0x1004:
		return Chinese
	case 0x0404, 0x0C04, 0x1404:
		return 950
	}
	switch lid & 0x3FF {
	case 0x01:
		return 1256
	case 0x02, 0x19, 0x22, 0x23:
		return 1251
	case 0x08:
		return 1253
	case 0x11:
		return 932
	case 0x12:
		return 949
	case 0x1E:
		return 874
	}
	return Western
}

// OfCharset is the code page of the character set of a font (\fcharset of RTF 1.9, lfCharSet of Windows); 0 where it says nothing: for ANSI, default
// and symbol fonts.
func OfCharset(charset int) int {
	switch charset {
	case 77:
		return 10000
	case 78:
		return 10001
	case 79:
		return 10003
	case 80:
		return 10008
	case 81:
		return 10002
	case 128:
		return 932
	case 129:
		return 949
	case 134:
		return Chinese
	case 136:
		return 950
	case 161:
		return 1253
	case 162:
		return 1254
	case 163:
		return 1258
	case 177:
		return 1255
	case 178:
		return 1256
	case 186:
		return 1257
	case 204:
		return 1251
	case 222:
		return 874
	case 238:
		return 1250
	case 254:
		return 437
	case 255:
		return 850
	}
	return 0
}

// Guess is the code page in which bytes are really written: Chinese where they are said to be Western, or nothing is said, and all of them that are not
// ASCII come in pairs of GB 2312. Programs that write Chinese and declare their own language's page are common; Western words with accents only in pairs
// are few.
func Guess(page int, b []byte) int {
	if page != Western {
		return page
	}
	pairs := 0
	for i := 0; i < len(b); i++ {
		if b[i] < 0x80 {
			continue
		}
		if i+1 == len(b) || !gb2312(b[i], b[i+1]) {
			return page
		}
		pairs++
		i++
	}
	if pairs == 0 {
		return page
	}
	return Chinese
}

// gb2312 reports whether two bytes are in the rows of GB 2312 that hold signs, letters and Han characters.
func gb2312(first, second byte) bool {
	row := first >= 0xA1 && first <= 0xA9 || first >= 0xB0 && first <= 0xF7
	return row && second >= 0xA1 && second <= 0xFE
}
