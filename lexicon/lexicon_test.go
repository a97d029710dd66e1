package lexicon

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"terrace/dict"
)

func read(t *testing.T, text string) []Entry {
	t.Helper()
	out, err := Parse(text, "test")
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func show(l *Lexicon, text string) string {
	var out []string
	for _, m := range l.Find(text) {
		s := text[m.Start:m.End] + ":"
		for _, x := range m.Expansions {
			s += fmt.Sprintf(" %s %v", x.Text, x.Weight)
		}
		out = append(out, s)
	}
	return strings.Join(out, "; ")
}

func TestTheLongestTermAtEachPlaceIsFound(t *testing.T) {
	l := New(read(t, "# comment\n房产证 -> 不动产权证书 0.8, 不动产登记 0.5\n房产证过户 -> 不动产转移登记\n医保 <-> 基本医疗保险 0.9\nETC -> 电子不停车收费\n"))
	for text, want := range map[string]string{
		"办房产证":        "房产证: 不动产权证书 0.8 不动产登记 0.5",
		"房产证过户要钱吗":    "房产证过户: 不动产转移登记 0.8",
		"医保和基本医疗保险":   "医保: 基本医疗保险 0.9; 基本医疗保险: 医保 0.9",
		"etc办理":       "etc: 电子不停车收费 0.8",
		"etcetera":    "",
		"不动产权证书":      "",
		"":            "",
		"\xff房产证\xff": "房产证: 不动产权证书 0.8 不动产登记 0.5",
	} {
		if got := show(l, text); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestALaterListOverrules(t *testing.T) {
	l := New(read(t, "房产证 -> 不动产权证书\n医保 -> 医疗保障\n"), read(t, "房产证 -> 房屋所有权证 1\n医保 ->\n低保 -> 最低生活保障\n"))
	if got := show(l, "房产证医保低保"); got != "房产证: 房屋所有权证 1; 低保: 最低生活保障 0.8" {
		t.Error(got)
	}
}

func TestEveryBadLineIsNamed(t *testing.T) {
	good, err := Parse("房产证 不动产\n医保 -> 医疗保障\n证 -> 证件\n低保 -> 低保\n社保 -> 社会保险 1.5\n，， -> 社保\n\xff\xfe -> x\n"+strings.Repeat("长", 33)+" -> 短语\n", "test")
	if len(good) != 1 {
		t.Errorf("%d good lines", len(good))
	}
	for _, want := range []string{"第 1 行", "第 3 行", "第 4 行", "第 5 行", "第 6 行", "第 7 行", "第 8 行"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
	if strings.Contains(err.Error(), "第 2 行") {
		t.Error("the good line is named")
	}
	if line := (*LineError)(nil); !errors.As(err, &line) || line.Line != 1 {
		t.Error("the first error is not that of line 1")
	}
}

func TestTheShippedListIsSound(t *testing.T) {
	list := read(t, dict.Synonyms())
	seen := map[string]bool{}
	for _, e := range list {
		for _, x := range e.Expansions {
			if pair := e.Term + "→" + x.Text; seen[pair] {
				t.Errorf("%s stands twice", pair)
			} else {
				seen[pair] = true
			}
		}
	}
	if !slices.ContainsFunc(list, func(e Entry) bool { return e.Term == "房产证" }) {
		t.Error("房产证 is not in the list")
	}
}

func FuzzParse(f *testing.F) {
	f.Add("房产证 -> 不动产权证书 0.8, 不动产登记\n医保 <-> 基本医疗保险\n", "办房产证")
	f.Fuzz(func(t *testing.T, list, text string) {
		entries, _ := Parse(list, "fuzz")
		end := 0
		for _, m := range New(entries).Find(text) {
			if m.Start < end || m.End > len(text) || utf8.ValidString(text) && !utf8.ValidString(text[m.Start:m.End]) {
				t.Fatalf("%q: %+v", text, m)
			}
			end = m.End
		}
	})
}

func TestOfManyBadLinesTheFirstAreNamedAndTheOthersCounted(t *testing.T) {
	entries, err := Parse("房产证 -> 不动产权证书\n"+strings.Repeat("没有箭头\n", 1000), "x")
	if len(entries) != 1 || err == nil || strings.Count(err.Error(), "\n") != namedErrors || !strings.Contains(err.Error(), "还有 980 行有误") {
		t.Errorf("%d entries, %v", len(entries), err)
	}
}
