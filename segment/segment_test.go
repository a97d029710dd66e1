package segment

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const tiny = `公积金 500
提取 300
住房 400
住房公积金 100
住房公积金管理中心 10
管理 900
中心 800
不动产 200
登记 600
不动产登记 50
研究 500
研究生 200
生命 300
命 50
起源 100
的 9000
云 50
河 50
`

func tinySegmenter(t testing.TB, user ...string) *Segmenter {
	d, err := LoadDictionary(strings.NewReader(tiny))
	if err != nil {
		t.Fatal(err)
	}
	return New(d, user...)
}

func tokens(s *Segmenter, text string, kinds ...Kind) string {
	var out []string
	s.Each(text, func(t Token) {
		if slices.Contains(kinds, t.Kind) {
			out = append(out, string(t.Text))
		}
	})
	return strings.Join(out, " ")
}

func TestWordsAreTheBestPath(t *testing.T) {
	s := tinySegmenter(t)
	for _, c := range []struct{ text, want string }{
		{"提取住房公积金", "提取 住房公积金"},
		{"研究生命的起源", "研究 生命 的 起源"},
		{"住房，公积金", "住房 公积金"},
		{"蔜薾", "蔜 薾"},
		{"2023年5G网络ＡＢＣ", "2023 年 5g 网 络 abc"},
		{"", ""},
		{"，。！ \n", ""},
	} {
		if got := tokens(s, c.text, Word, Latin); got != c.want {
			t.Errorf("words of %q = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestARunGivesItsBigramsAndItsLastCharacter(t *testing.T) {
	s := tinySegmenter(t)
	if got, want := tokens(s, "公积金，云", Bigram, Last), "公积 积金 金\x03 云\x03"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := tokens(s, "住房公积金管理中心", Inner), "住房公积金 公积金"; got != want {
		t.Errorf("inner words %q, want %q", got, want)
	}
}

func TestUserWordsStayWhole(t *testing.T) {
	if got := tokens(tinySegmenter(t, "云河", "生命的", "X", "a1"), "云河研究生命的起源", Word); got != "云河 研究 生命的 起源" {
		t.Errorf("words %q", got)
	}
	if tinySegmenter(t).Fingerprint() == tinySegmenter(t, "云河").Fingerprint() {
		t.Error("a user word leaves the fingerprint as it was")
	}
}

func TestOffsetsPointIntoTheOriginal(t *testing.T) {
	s := tinySegmenter(t)
	text := "İ办理\u200b不動產登記（ＡＢ１）二○二、零星"
	want := map[string]string{"不动产登记": "不動產登記", "ab1": "ＡＢ１", "二〇": "二○", "办理": "办理", "零星": "零星"}
	seen := map[string]string{}
	s.Each(text, func(t Token) { seen[string(t.Text)] = text[t.Start:t.End] })
	for term, original := range want {
		got, ok := seen[term]
		if strings.ReplaceAll(got, "\u200b", "") != original {
			t.Errorf("%q stands at %q (found %v), want %q", term, got, ok, original)
		}
	}
}

func TestNormalize(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"ＡＢＣ１２３，　Ｘ", "abc123, x"},
		{"國務院辦公廳", "国务院办公厅"},
		{"二零三年、八○○八、零距离", "二〇三年、八〇〇八、零距离"},
		{"a\u200bb\ufeffc  d", "abc d"},
		{"一行\n二行", "一行\n二行"},
	} {
		if got := Normalize(c.in); got != c.want {
			t.Errorf("Normalize(%q) = %q, want %q", c.in, got, c.want)
		}
	}
	n := NormalizeMapped("甲\u200b國務 院")
	if i := strings.Index(n.Text, "国务"); i < 0 {
		t.Fatal(n.Text)
	} else if from, to := n.Original(i, i+len("国务")); "甲\u200b國務 院"[from:to] != "國務" {
		t.Errorf("国务 comes from %q", "甲\u200b國務 院"[from:to])
	}
}

func TestTitleKeys(t *testing.T) {
	if a, b := TitleKey("关于 《云河州 办法》的通知"), TitleKey("关于《云河州办法》的通知。"); a != b || a != "关于云河州办法的通知" {
		t.Errorf("%q, %q", a, b)
	}
	if a, b := TitleForm(TitleKey("某某法第一百二十条")), TitleForm(TitleKey("某某法第3条")); a != b || a != "某某法条" {
		t.Errorf("%q, %q", a, b)
	}
}

func TestALongRunLosesNoBigram(t *testing.T) {
	s := tinySegmenter(t)
	text := strings.Repeat("公积金提取", 2000)
	n := 0
	s.Each(text, func(t Token) {
		if t.Kind == Bigram {
			n++
		}
	})
	if want := utf8.RuneCountInString(text) - 1; n != want {
		t.Errorf("%d bigrams, want %d", n, want)
	}
}

func TestADictionaryLineThatIsWrongIsNamed(t *testing.T) {
	_, err := LoadDictionary(strings.NewReader("公积金 5\nabc 3\n"))
	if err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("error %v", err)
	}
}

func FuzzEach(f *testing.F) {
	f.Add("二○二三年ＡＢＣ\xff國\u200b務")
	s := tinySegmenter(f)
	f.Fuzz(func(t *testing.T, text string) {
		s.Each(text, func(k Token) {
			if k.Start < 0 || k.End > len(text) || k.Start >= k.End || len(k.Text) == 0 || !utf8.Valid(k.Text) {
				t.Fatalf("token %q [%d,%d) of %q", k.Text, k.Start, k.End, text)
			}
		})
		once := Normalize(text)
		if twice := Normalize(once); twice != once {
			t.Fatalf("Normalize is not idempotent: %q, %q", once, twice)
		}
	})
}

func BenchmarkEach(b *testing.B) {
	text := realText(b)
	d, err := EmbeddedDictionary()
	if err != nil {
		b.Fatal(err)
	}
	s := New(d)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		s.Each(text, func(t Token) { n += t.End - t.Start })
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := EmbeddedDictionary(); err != nil {
			b.Fatal(err)
		}
	}
}

// realText is about 4 MB of news, or of a repeated sentence where the data is absent.
func realText(b *testing.B) string {
	f, err := os.Open(filepath.Join(data(), "retrieval/news/corpus.jsonl"))
	if err != nil {
		return strings.Repeat("各县市人民政府要加强住房公积金提取管理，研究不动产登记办法。", 40000)
	}
	defer f.Close()
	var out strings.Builder
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for out.Len() < 4<<20 && lines.Scan() {
		var d struct{ Title, Text string }
		if json.Unmarshal(lines.Bytes(), &d) == nil {
			fmt.Fprintln(&out, d.Title, d.Text)
		}
	}
	return out.String()
}

func data() string {
	if d := os.Getenv("TERRACE_DATA"); d != "" {
		return d
	}
	return "../../shared/data"
}

func TestALongUserWordOfRareCharactersStaysWhole(t *testing.T) {
	d, err := EmbeddedDictionary()
	if err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{"农村义务教育阶段学校教师特设岗位", "国有土地上房屋征收与补偿", strings.Repeat("龘", MaxWord)} {
		if got := tokens(New(d, word), word+"的", Word); got != word+" 的" {
			t.Errorf("%s is cut into %s", word, got)
		}
	}
}

func TestTheBaseIsTheDictionaryWithoutTheUserWords(t *testing.T) {
	plain := tinySegmenter(t)
	if plain.Base() != plain {
		t.Error("without user words the base is another")
	}
	s := plain.With("公积金提取", "金", "x")
	if s.Base().Fingerprint() != plain.Fingerprint() || s.Fingerprint() == plain.Fingerprint() {
		t.Errorf("fingerprints %s, of the base %s, of the dictionary %s", s.Fingerprint(), s.Base().Fingerprint(), plain.Fingerprint())
	}
	const text = "公积金提取登记"
	if got := tokens(s, text, Word); got != "公积金提取 登记" {
		t.Errorf("with the user word: %s", got)
	}
	for _, base := range []*Segmenter{s.Base(), s.With(), s.With("金")} {
		if got := tokens(base, text, Word); got != "公积金 提取 登记" || base.Fingerprint() != plain.Fingerprint() {
			t.Errorf("without: %s", got)
		}
	}
}
