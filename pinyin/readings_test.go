package pinyin

import (
	"slices"
	"strings"
	"testing"
)

func TestACharacterIsReadByItsContext(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"公积金", "gong ji jin"},
		{"银行", "yin hang"},
		{"行政", "xing zheng"},
		{"重庆市长期", "chong qing shi chang qi"},
		{"社会计划", "she hui ji hua"},
		{"社会会计", "she hui kuai ji"},
		{"市长", "shi zhang"},
		{"税率", "shui lv"},
		{"女儿", "nv er"},
		{"六安", "lu an"},
		{"a行b长。", " xing  zhang "},
		{"\xff长", " zhang"},
		{"", ""},
	} {
		if got := strings.Join(Of(c.text), " "); got != c.want {
			t.Errorf("%q reads %q, want %q", c.text, got, c.want)
		}
	}
}

func TestACharacterHasItsReadingsTheUsualOneFirst(t *testing.T) {
	for _, c := range []struct {
		char rune
		want string
	}{{'金', "jin"}, {'会', "hui kuai"}, {'行', "xing hang heng"}, {'律', "lv"}, {'A', ""}, {'，', ""}, {0, ""}, {-1, ""}} {
		if got := strings.Join(Readings(c.char), " "); got != c.want {
			t.Errorf("%c can be %q, want %q", c.char, got, c.want)
		}
	}
}

func TestFrequentCharactersCanBeRead(t *testing.T) {
	for _, w := range frequent(t, 20_000) {
		for _, r := range w.Text {
			if r >= 0x4e00 && r < 0x9fff && Readings(r) == nil {
				t.Errorf("%c of %s has no reading", r, w.Text)
			}
		}
	}
}

func FuzzOf(f *testing.F) {
	for _, s := range []string{"银行", "重庆市长期", "\xff会计", "a行b", "😀"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		runes := []rune(text)
		syllables := Of(text)
		if len(syllables) != len(runes) {
			t.Fatalf("%d syllables of %d characters", len(syllables), len(runes))
		}
		for i, r := range runes {
			if readings := Readings(r); syllables[i] == "" != (readings == nil) || readings != nil && !slices.Contains(readings, syllables[i]) {
				t.Fatalf("%c reads %q of %q", r, syllables[i], readings)
			}
		}
	})
}
