package moves

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// readAll reads a list and writes down what comes of each line.
func readAll(t *testing.T, text string) string {
	t.Helper()
	r, err := NewReader(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for {
		row, bad, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return b.String()
		case err != nil:
			t.Fatal(err)
		case bad != nil:
			fmt.Fprintf(&b, "%d bad\n", bad.Line)
		default:
			fmt.Fprintf(&b, "%d %s|%s|%s|%s|%s\n", row.Line, row.Old, row.New, row.Title, row.Date, row.DocNo)
		}
	}
}

func TestListsAreReadInTheEncodingsAndWithTheNamesThatSystemsUse(t *testing.T) {
	plain := "标题,原网址,发布时间,发文字号,栏目,新网址\n关于…的通知,http://old.example/1.html,2020/5/1 8:00,云发〔2020〕1号,要闻,http://new.example/1.html\n,,,,,\n\"含,逗号\",http://old.example/2.html,,,,\n"
	want := "2 http://old.example/1.html|http://new.example/1.html|关于…的通知|2020/5/1 8:00|云发〔2020〕1号\n4 http://old.example/2.html||含,逗号||\n"
	gbk, err := simplifiedchinese.GBK.NewEncoder().String(plain)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(strings.ReplaceAll(plain, "含,逗号", "含，逗号"), ",", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"UTF-8": plain, "BOM": "\ufeff" + plain, "GBK": gbk, "line ends of Windows": strings.ReplaceAll(plain, "\n", "\r\n"), "tabs in UTF-16": utf16,
	} {
		got := strings.ReplaceAll(readAll(t, text), "含，逗号", "含,逗号")
		if got != want {
			t.Errorf("%s:\n%swant\n%s", name, got, want)
		}
	}
	if got := readAll(t, "URL;Title\nhttp://old.example/1;x\n"); got != "2 http://old.example/1||x||\n" {
		t.Errorf("semicolons: %s", got)
	}
	for _, text := range []string{"", "标题,日期\na,b\n", "http://old.example/1,http://new.example/1\n"} {
		if _, err := NewReader(strings.NewReader(text)); !errors.Is(err, ErrHeader) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestALineWithWrongQuotesIsToldAndKeepsNoOtherBack(t *testing.T) {
	if got := readAll(t, "旧网址,标题\nhttp://a.example/1,好\nhttp://a.example/2,关于\"x\"\nhttp://a.example/3,好\n"); got != "2 http://a.example/1||好||\n3 bad\n4 http://a.example/3||好||\n" {
		t.Error(got)
	}
	if got := readAll(t, "旧网址,标题\nhttp://a.example/1,\"没有结束\nhttp://a.example/2,好\n"); got != "2 bad\n" {
		t.Error(got)
	}
}

func TestRowsBecomeMovesAndOldPages(t *testing.T) {
	taken := Take([]Row{
		{Line: 2, Old: "http://old.example/1", New: "http://new.example/1", Title: "甲", Date: "2020年5月1日"},
		{Line: 3, Old: "http://old.example/2", Title: "乙", Date: "20200501"},
		{Line: 4, Old: "old.example/zw/", New: "http://new.example/x/"},
		{Line: 5, Old: "http://old.example/5", Date: "去年"},
		{Line: 6, Old: "old.example"},
		{Line: 7, Old: "x"},
		{Line: 8, Old: "http://www.new.example/8", New: "https://new.example/8"},
		{Line: 9, Old: "http://old.example/9", New: "javascript:alert(1)"},
		{Line: 10, Old: "http://old.example/10", Title: strings.Repeat("长", MaxTitle+1)},
		{Line: 12, Old: "old.example/zw/*", New: "http://www.old.example/zw/new/"},
		{Line: 13, Old: "old.example", New: "http://old.example/home.html"},
		{Line: 11, Old: "http://old.example/11", Date: "2020-02-30"},
	}, Imported, "张三", time.Now())
	var got strings.Builder
	for _, m := range taken.Moves {
		fmt.Fprintf(&got, "%s -> %s %s %s\n", m.Old.Text, m.New, m.State, m.By)
	}
	for i, p := range taken.Pages {
		fmt.Fprintf(&got, "%s %s %s\n", taken.Keys[i], p.Title, p.Date)
	}
	for _, b := range taken.Bad {
		fmt.Fprintf(&got, "%d %v\n", b.Line, b.Taken)
	}
	want := `http://old.example/1 -> http://new.example/1 in_force 张三
old.example/zw/* -> http://new.example/x/ in_force 张三
old.example/1 甲 2020-05-01
old.example/2 乙 2020-05-01
old.example/5  
old.example/11  
5 true
6 false
7 false
8 false
9 false
10 false
12 false
13 false
11 true
`
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", &got, want)
	}
}

func TestDaysAreReadAsSystemsWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "2020-05-01": "2020-05-01", "2020/5/1 8:00:00": "2020-05-01", "２０２０年５月１日": "2020-05-01", "2020.05.01": "2020-05-01", "20200501": "2020-05-01", "20200501083000": "?",
		"2020-05-01T08:00:00Z": "2020-05-01", "43952": "2020-05-01", "43952.75": "2020-05-01", "2020-13-01": "?", "2020-02-30": "?", "去年": "?", "12345": "?", "05/01/2020": "?",
	} {
		got, ok := day(text)
		if !ok {
			got = "?"
		}
		if got != want {
			t.Errorf("%q is %s, want %s", text, got, want)
		}
	}
}

func TestWhatIsWrittenIsReadAgainAndNoSpreadsheetComputesIt(t *testing.T) {
	var b bytes.Buffer
	err := WritePagesCSV(&b, func(do func(Page, string) error) error {
		return do(Page{URL: "http://old.example/1", Title: "=cmd|' /C calc'!A0", Date: "2020-05-01", DocNo: "云发〔2020〕1号"}, "没有找到新网页")
	})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), ",=cmd") {
		t.Errorf("a formula: %s", &b)
	}
	if got := readAll(t, b.String()); got != "2 http://old.example/1||=cmd|' /C calc'!A0|2020-05-01|云发〔2020〕1号\n" {
		t.Error(got)
	}
}
