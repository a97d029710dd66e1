package attach

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"terrace/indexer/attach/attachtest"
	"terrace/indexer/attach/plain"
)

func TestAFileIsReadAsItsBytesSayWhateverItsName(t *testing.T) {
	nested := attachtest.Zip(t, "里.txt", "里面的字")
	for _, c := range []struct{ name, data, format, body string }{
		{"通知.doc", "<html><head><style>p{}</style></head><body><p>关于放假的\n通知</p><table><tr><td><p>姓名</p></td><td>单位</td></tr></table></body></html>", "html", "关于放假的 通知\n姓名\t单位"},
		{"名单.csv", "姓名,单位\n\"张,三\",州人民医院\n", "txt", "姓名\t单位\n张,三\t州人民医院"},
		{"说明.txt", "\xb9\xab\xbb\xfd\xbd\xf0\r\n\xcc\xe1\xc8\xa1\xb0\xec\xb7\xa8", "txt", "公积金\n提取办法"}, // GBK
		{"说明.doc", `{\rtf1\ansi\ansicpg936 \'b9\'ab\'bb\'fd\'bd\'f0\par}`, "rtf", "公积金"},
		{"全部.zip", string(attachtest.Zip(t, "附件1/说明.txt", "第一份", "附件2.csv", "甲,乙")), "zip", "说明.txt\n第一份\n附件2.csv\n甲\t乙"},
		{"全部.docx", string(attachtest.Zip(t, "内.zip", string(nested))), "zip", "内.zip\n里.txt\n里面的字"},
	} {
		got, err := NewReader("").Read(t.Context(), File{Name: c.name, Data: []byte(c.data)})
		if err != nil || got.Format != c.format || got.Body != c.body {
			t.Errorf("%s: %q as %s, %v; want %q as %s", c.name, got.Body, got.Format, err, c.body, c.format)
		}
	}
}

func TestWhatGivesNoTextIsNamed(t *testing.T) {
	deep := attachtest.Zip(t, "a.txt", "字")
	for range maxDepth + 1 {
		deep = attachtest.Zip(t, "a.zip", string(deep))
	}
	for name, want := range map[string]error{"a.rar": plain.ErrUnsupported, "b.pdf": plain.ErrBroken, "c.docx": plain.ErrBroken, "d.zip": plain.ErrLimit} {
		data := map[string][]byte{"a.rar": []byte("Rar!\x1a\x07\x01\x00\x00"), "b.pdf": []byte("%PDF-1.7\n"), "c.docx": []byte("PK\x03\x04"), "d.zip": deep}[name]
		if _, err := NewReader("").Read(t.Context(), File{Name: name, Data: data}); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	got, err := NewReader("").Read(t.Context(), File{Name: "e.zip", Data: attachtest.Zip(t, "a.txt", "读得出", "b.rar", "Rar!\x1a\x07\x01\x00\x00")})
	if err != nil || got.Body != "a.txt\n读得出\nb.rar" || !slices.ContainsFunc(got.Skipped, func(s string) bool { return strings.HasPrefix(s, "b.rar: ") }) {
		t.Errorf("%+v, %v", got, err)
	}
}

// The real files that hold pictures or strokes alone, or cannot be read: what each comes to.
func TestRealFilesGiveTheirText(t *testing.T) {
	r := NewReader("")
	without := 0
	files := attachtest.Real(t, "*")
	for name, data := range files {
		got, err := r.Read(t.Context(), File{Name: name, Data: data})
		if letters(got.Body) < fewLetters || err != nil {
			without++
			t.Log(name, fmt.Sprintf("%s %d letters, ocr %v, skipped %v: %v", got.Format, letters(got.Body), got.NeedsOCR, got.Skipped, err))
		}
	}
	if without > len(files)/10 {
		t.Errorf("%d of %d files give no text", without, len(files))
	}
}
