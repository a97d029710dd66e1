package rtf

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"terrace/indexer/attach/plain"
)

func TestText(t *testing.T) {
	const chinese = `{\fonttbl{\f0\fnil\fcharset134 \'cb\'ce\'cc\'e5;}{\f1\froman\fcharset0 Times New Roman;}{\f2\fcharset136 \'b2\'d3;}{\f3\fcharset204 Cyr;}}`
	for _, c := range []struct {
		name, in, want string
	}{
		{"plain text", `{\rtf1\ansi Hello, world.\par}`, "Hello, world."},
		{"paragraphs", "{\\rtf1 one\\par two\\line three\\page four\\\nfive}", "one\ntwo\nthree\nfour\nfive"},
		{"lines of the file are no lines of the text", "{\\rtf1 on\r\ne\\par\r\ntwo}", "one\ntwo"},
		{"Unicode", `{\rtf1\ansi\uc1 \u20844?\u25991 ?}`, "公文"},
		{"negative Unicode", `{\rtf1\uc0\u-28653\u24030}`, "逓州"},
		{"Unicode with two bytes behind", `{\rtf1\ansi\ansicpg936\uc2 \u20844\'b9\'ab\u25991\'ce\'c4.}`, "公文."},
		{"Unicode with nothing behind", `{\rtf1\uc0 \u20844\u25991 a}`, "公文a"},
		{"how much stands behind holds for the group", `{\rtf1\uc0{\uc1\u20844?}\u25991?}`, "公文?"},
		{"what stands behind ends with the group", `{\rtf1\uc2{\u20844?}ab}`, "公ab"},
		{"surrogate pairs", `{\rtf1\uc1\u-10179?\u-8704?}`, "😀"},
		{"half a pair", `{\rtf1\uc1 a\u-8704?b}`, "ab"},
		{"the code page of the document", `{\rtf1\ansi\ansicpg936 \'b9\'ab\'ce\'c4}`, "公文"},
		{"the code page of the language", `{\rtf1\ansi\deflang1033\deflangfe2052 \'b9\'ab\'ce\'c4}`, "公文"},
		{"a code page that is said and not used", `{\rtf1\ansi\ansicpg1252 \'b9\'ab\'ce\'c4\par caf\'e9}`, "公文\ncafé"},
		{"the charset of the font", `{\rtf1\ansi\ansicpg1252` + chinese + `\f0 \'b9\'ab\'ce\'c4\f1 caf\'e9\f2 \'a4\'bd\'f3\'af\f3 \'c4\'e0}`, "公文café公饈Да"},
		{"a font without charset", `{\rtf1\ansi\ansicpg936` + chinese + `\f1 \'b9\'ab\'ce\'c4}`, "公文"},
		{"quotation marks in a Chinese document", `{\rtf1\ansi\ansicpg936 a \'93 b}`, "a “ b"},
		{"two bytes on two lines", "{\\rtf1\\ansi\\ansicpg936 \\'b9\r\n\\'ab}", "公"},
		{"a second byte that is a letter", `{\rtf1\ansi\ansicpg936 \'81A\'82\\ x}`, "丄俓 x"},
		{"bytes as they are", "{\\rtf1\\ansi\\ansicpg936 \xb9\xab\xce\xc4}", "公文"},
		{"signs", `{\rtf1 \ldblquote a\rdblquote\~b\_c\-d\emdash\bullet \\\{\}}`, "“a” b-cd—•\\{}"},
		{"what is not text", `{\rtf1{\colortbl;\red0;}{\stylesheet{\s1 Heading;}}{\info{\title T}{\author A}}{\*\generator G;}{\*\unknown U{\b V}}text}`, "text"},
		{"unknown words", `{\rtf1{\unknown text}\foo12 s}`, "texts"},
		{"hidden text", `{\rtf1 a{\v hidden\par}b\v c\v0 d\v e\plain f}`, "abdf"},
		{"deleted text", `{\rtf1 a{\deleted old}{\revised new}}`, "anew"},
		{"fields", `{\rtf1 {\field{\*\fldinst {HYPERLINK "http://a.cn/"}}{\fldrslt {\ul link}}} end}`, "link end"},
		{"page numbers", `{\rtf1 a{\field{\*\fldinst { PAGE  }}{\fldrslt 3}}b{\field{\*\fldinst DATE}{\fldrslt c}}}`, "abc"},
		{"fields in fields", `{\rtf1 {\field{\*\fldinst IF {\field{\*\fldinst PAGE}{\fldrslt 1}} = 1}{\fldrslt yes}}}`, "yes"},
		{"rows", `{\rtf1\trowd\cellx1\cellx2\pard\intbl a\cell b\cell\row\trowd\cellx1\cellx2\intbl c\cell\cell\row\pard d\par}`, "a\tb\nc\nd"},
		{"paragraphs in cells", `{\rtf1\trowd\cellx1\cellx2\pard\intbl a\par b\cell c\cell\row\pard d\par e}`, "a b\tc\nd\ne"},
		{"a table of one column", `{\rtf1\trowd\cellx1\pard\intbl a\par b\cell\row\pard c}`, "a\nb\nc"},
		{"a table in a cell", `{\rtf1\trowd\cellx1\cellx2\pard\intbl\itap2 a\nestcell b\nestcell{\*\nesttableprops\trowd\cellx9\nestrow}{\nonesttables\par}\pard\intbl c\cell d\cell\row}`,
			"a b c\td"},
		{"footnotes", `{\rtf1 text{\super 1{\footnote\pard note\par}} goes on\par}`, "text1 goes on\nnote"},
		{"headers once", `{\rtf1{\header\pard head\par}{\footerr - {\field{\*\fldinst PAGE}{\fldrslt 1}} -\par}{\headerl head\par}text\par}`, "text\nhead"},
		{"comments", `{\rtf1 a{\*\atnid X}{\*\annotation{\*\atnref 1}comment}b}`, "ab"},
		{"text boxes", `{\rtf1 a{\shp{\*\shpinst\shpleft0{\sp{\sn x}{\sv y}}{\shptxt\pard box\par}}{\shprslt{\*\do{\dptxbxtext box}}}}b}`, "abox\nb"},
		{"text twice", `{\rtf1 {\upr{ansi ??}{\*\ud{\uc0\u20844\u25991}}}}`, "公文"},
		{"results of objects", `{\rtf1{\object{\*\objclass Word}{\*\objdata 0105}{\result seen}}}`, "seen"},
		{"bytes that are no RTF", "{\\rtf1 a{\\*\\foo\\bin5 }}}}}b}c}", "ac"},
		{"numbers of lists", `{\rtf1{\listtext\pard 1.\tab}{\*\pn{\pntxta .}}first\par}`, "1. first"},
		{"a star that begins no group", `{\rtf1 {\loch\f2\b0\*\cs7\cf0 text}}`, "text"},
		{"what stands behind the end", `{\rtf1 a}b` + "\x00\x00", "a"},
		{"what stands before the beginning", "\xEF\xBB\xBF\r\n{\\rtf1 a}", "a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := plain.New(1 << 16)
			if err := Read([]byte(c.in), out); err != nil || out.String() != c.want {
				t.Errorf("got %q, %v; want %q", out, err, c.want)
			}
		})
	}
}

func TestPictures(t *testing.T) {
	out := plain.New(1 << 16)
	in := `{\rtf1{\*\shppict{\pict\pngblip 89504e47}}{\nonshppict{\pict 00}}{\header{\pict 00}}{\pict\bin3 }}}}}`
	if err := Read([]byte(in), out); err != nil || out.Pictures() != 3 || out.String() != "" {
		t.Errorf("got %d pictures, %q, %v; want 3", out.Pictures(), out, err)
	}
}

func TestDamage(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		err            error
	}{
		{"no RTF", "<html>", "", plain.ErrBroken},
		{"nothing", "", "", plain.ErrBroken},
		{"cut off", `{\rtf1 a\par b{\b c`, "a\nbc", plain.ErrBroken},
		{"cut off in a control", `{\rtf1 a\u`, "a", plain.ErrBroken},
		{"cut off in bytes", `{\rtf1 a{\pict\bin99999999999 abc`, "a", plain.ErrBroken},
		{"groups without end", `{\rtf1 a` + strings.Repeat("{", 100_000), "a", plain.ErrLimit},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := plain.New(1 << 16)
			if err := Read([]byte(c.in), out); !errors.Is(err, c.err) || out.String() != c.want {
				t.Errorf("got %q, %v; want %q, %v", out, err, c.want, c.err)
			}
		})
	}
}

// FuzzRead feeds the reader any bytes: it ends with an error of plain or none, and gives no more text than asked for.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		`{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 x;}}\f0\uc1 \u20844?\'b9\'ab\'81A\par{\v x}{\deleted y}}`,
		`{\rtf1{\header h}{\footnote n}{\field{\*\fldinst PAGE}{\fldrslt 1}}{\upr{a}{\*\ud{b}}}{\pict\bin3 }}}}`,
		`{\rtf1\trowd\cellx1\cellx2\intbl a\par b\cell\row{\*\shpinst{\shptxt c}}\u-10179?\u-8704?}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const most = 1 << 12
		out := plain.New(most)
		if err := Read(data, out); err != nil && !errors.Is(err, plain.ErrBroken) && !errors.Is(err, plain.ErrLimit) {
			t.Errorf("got an error that plain does not know: %v", err)
		}
		if len(out.String()) > most || !utf8.ValidString(out.String()) {
			t.Errorf("got %d bytes", len(out.String()))
		}
	})
}

func BenchmarkRead(b *testing.B) {
	in := []byte(`{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 x;}}` +
		strings.Repeat(`{\rtlch\fcs1 \af0 \ltrch\fcs0 \f0\loch\af0\hich\af0\dbch\f0 \'b9\'ab\'ce\'c4\u20844\'3f and so on}\par `, 2000) + `}`)
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		if err := Read(in, plain.New(2<<20)); err != nil {
			b.Fatal(err)
		}
	}
}
