package markup

import (
	"bytes"
	"regexp"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

func FuzzDecode(f *testing.F) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte("关于做好养老服务工作的通知"))
	if err != nil {
		f.Fatal(err)
	}
	for _, body := range [][]byte{
		gbk, gbk[:7], []byte("养老\xd1\xf8\xc0\xcf"), []byte("\xff\xfea\x00\xd8"), []byte("\xfe\xff\xd8\x00\xdc\x00"), []byte("\x81\x30\x81\x30\xa4\xa4"),
		[]byte(`<meta charset=big5>` + "\xa4\xa4\xa4\xe5"), []byte("<?xml encoding='hz-gb-2312'?>~{;;~}\xff"), []byte("\x1b$B\x1b(B\xff"), {},
	} {
		f.Add(body, "text/html; charset=gb2312", "")
		f.Add(body, "", "iso-2022-jp")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType, override string) {
		given := bytes.Clone(body)
		text, charset := Decode(body, contentType, override)
		if !utf8.Valid(text) || charset == "" {
			t.Fatalf("charset %q, text %q", charset, text)
		}
		if !bytes.Equal(body, given) {
			t.Fatal("the bytes given were changed")
		}
		if len(text) > 4*len(body)+3 {
			t.Fatalf("%d bytes from %d", len(text), len(body))
		}
		if again, _ := Decode(text, "", "utf-8"); !bytes.Equal(again, bytes.TrimPrefix(text, boms[0].mark)) && !bytes.Equal(again, text) {
			t.Fatalf("%q is read again as %q", text, again)
		}
	})
}

// plainDay is what findDate looks for first, as an expression.
var plainDay = regexp.MustCompile(`((?:19|20)\d\d)\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})`)

func FuzzFindDate(f *testing.F) {
	for _, s := range []string{"2024-01-31", "x 2024 / 1/ 3", "2024年1月31日 10:20", "12019-1-1", "2019-2019-01-02", "2024-13-1", "31 2024-01", "2024-123-1", "20245.1.2", "2024-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		date, at, _ := findDate(s)
		m := plainDay.FindStringSubmatchIndex(s)
		if m == nil {
			return
		}
		if want := day(s[m[2]:m[3]], s[m[4]:m[5]], s[m[6]:m[7]]); want != "" && (date != want || at != m[0]) {
			t.Fatalf("%q holds %q at %d, found %q at %d", s, want, m[0], date, at)
		}
	})
}
