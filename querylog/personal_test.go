package querylog

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// persons are texts of which nothing may be kept.
var persons = []string{
	"13800138000", "138 0013 8000", "138-0013-8000 王某", "１３８００１３８０００", "138 2012 1999", "+86 138 0013 8000", "一三八〇〇一三八〇〇〇",
	"①③⑧⓪⓪①③⑧⓪⓪⓪",
	"0873-3722123", "(0873) 372 2123", "3722123", "电话3722123找谁",
	"532501199001011234", "53250119900101123X", "532501 1990 0101 1234", "身份证号５３２５０１１９９００１０１１２３４",
	"6222021202001234567", "6222 0212 0200 1234 567", "护照E12345678", "H1234567(8)",
	"云G12345", "云 g·12345", "云GD12345", "滇云G1234学", "粤B12345D违章",
	"zhang.san@example.cn", "Zhang_San ＠ example.cn", "写信到a@b",
	"3单元", "12号楼301", "幸福小区5栋2单元", "西苑 1203室", "6幢 402",
}

// matters are texts that look a little like these.
var matters = []string{
	"12345", "公务员2025年招考", "2021-2025年规划", "2024-05-01", "2019 2020 2021", "国办发〔2017〕47号", "二〇二三年工作报告", "十四五", "5G",
	"@云河发布", "微博@12345", "云南省g60高速", "川藏铁路", "京津冀", "100万元",
	"3.5%", "第12号", "室内环境", "教学单元", "会议室", "G5615", "1,000元", "123-456", "新冠 covid19", "贵州茅台600519",
}

func TestWhatIsPersonalIsNotKept(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		for _, text := range persons {
			l.spread(text)
			l.spread("查询" + text + "的信息")
		}
		if got := strings.ReplaceAll(l.texts(), "-, ", ""); got != "-" {
			t.Errorf("kept %s", got)
		}
		if got := l.rows("entry"); got != 12*len(persons) {
			t.Errorf("%d searches counted of %d", got, 12*len(persons))
		}
		if got := l.hot(7) + l.phrases(); got != "" {
			t.Errorf("shown: %s", got)
		}
		l.check(l.Close())
		raw, err := os.ReadFile(l.path)
		l.check(err)
		for _, text := range []string{"13800138000", "0013", "532501", "3722123", "example", "g12345"} {
			if bytes.Contains(bytes.ToLower(raw), []byte(text)) {
				t.Errorf("%s stands in the file", text)
			}
		}
	})
}

func TestOtherNumbersAreKept(t *testing.T) {
	for _, text := range matters {
		if clean(text) == "" {
			t.Errorf("%q was taken for personal", text)
		}
	}
}

func TestALongTextIsCountedButNotKept(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.ask(0, strings.Repeat("长", maxKept), "甲")
		l.ask(0, strings.Repeat("长", maxKept+1), "甲")
		l.ask(0, strings.Repeat("  ", maxKept)+"短"+strings.Repeat("\n", maxKept), "甲")
		l.ask(0, "", "甲")
		if got, want := l.texts(), strings.Repeat("长", maxKept)+", -, 短, -"; got != want {
			t.Errorf("kept %s, want %s", got, want)
		}
	})
}

func FuzzClean(f *testing.F) {
	for _, text := range slices.Concat(persons, matters) {
		f.Add(text)
	}
	f.Add("\xff\x00😀\n" + strings.Repeat("1 ", 5000))
	shown := newFilter(Options{})
	f.Fuzz(func(t *testing.T, text string) {
		kept := clean(text)
		if again := clean(kept); again != kept {
			t.Errorf("%q is kept as %q, and that as %q", text, kept, again)
		}
		if utf8.RuneCountInString(kept) > maxKept || strings.Contains(kept, "\n") {
			t.Errorf("%q is kept as %q", text, kept)
		}
		if strings.ContainsFunc(kept, func(r rune) bool { return r >= '0' && r <= '9' }) && clean(kept+" 13800138000") != "" {
			t.Errorf("a number behind %q is kept", kept)
		}
		if shown.fit(kept) && (personal(kept) || utf8.RuneCountInString(kept) < 2) {
			t.Errorf("%q is shown", kept)
		}
	})
}
