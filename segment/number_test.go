package segment

import (
	"strings"
	"testing"
)

func TestOneNumberHasOneForm(t *testing.T) {
	s := tinySegmenter(t)
	for _, forms := range [][]string{
		{"2023年", "二〇二三年", "二零二三年", "二○二三年", "２０２３年"},
		{"2023年12月5日", "二〇二三年十二月五日", "二○二三年十二月五日"},
		{"1998年10月20日", "一九九八年十月二十日"},
		{"2021年2月31", "二〇二一年二月31"},
		{"〔2003〕18号", "〔二〇〇三〕18号", "〔二〇〇三〕１８号"},
		{"第五条", "第5条", "第５条"},
		{"第十二届", "第12届"},
		{"第一百〇五条", "第105条", "第一百零五条"},
		{"第一千一百〇五条", "第1105条"},
		{"第三季度", "第3季度"},
	} {
		for _, f := range forms {
			if got := Normalize(f); got != forms[0] {
				t.Errorf("%s: %s, not %s", f, got, forms[0])
			}
			if got, want := tokens(s, f, Bigram, Latin, Single), tokens(s, forms[0], Bigram, Latin, Single); got != want {
				t.Errorf("%s has the terms %q, %s has %q", f, got, forms[0], want)
			}
		}
	}
}

func TestOtherNumbersStayAsTheyAre(t *testing.T) {
	for _, text := range []string{
		"三百元", "第5.2条", "第一二三四中学", "十九九八", "二〇二三〇", "政府令第215号", "〔2017〕第47号", "第2023年", "第12345条", "第0条", "12345第", "一九四", "二一〇〇年", "15日内",
		"二〇二三4", "第5",
	} {
		if got := Normalize(text); got != text {
			t.Errorf("%s became %s", text, got)
		}
	}
}

func TestTermsOfANumberPointToWhereItStands(t *testing.T) {
	for text, want := range map[string]string{
		"按第１２条办":       "按第=按第 第十=第１ 十二=１２ 二条=２条 条办=条办",
		"第105条":        "第一=第1 一百=10 百〇=0 〇五=5 五条=5条",
		"于二〇二三年十月五日印发": "2023=二〇二三 10=十 5=五 日印=日印 印发=印发",
	} {
		var got []string
		s := tinySegmenter(t)
		s.Bigrams(text, func(tok Token) { got = append(got, string(tok.Text)+"="+text[tok.Start:tok.End]) })
		if g := strings.Join(got, " "); g != want {
			t.Errorf("%s: %s\n want %s", text, g, want)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, text := range []string{"第105条二〇二三年十二月五日", "第 5条", "第5\u200b条", "二〇二三年十", "一九\xff九八", "第零零1条", "二〇二三年十十月"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		n := NormalizeMapped(text)
		if again := Normalize(n.Text); again != n.Text {
			t.Errorf("%q became %q, and that %q", text, n.Text, again)
		}
		for at, r := range n.Text {
			if from, to := n.Original(at, at+len(string(r))); from > to || to > len(text) {
				t.Errorf("%q: %q comes from the bytes %d to %d", text, r, from, to)
			}
		}
	})
}
