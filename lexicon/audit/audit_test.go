package audit

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"terrace/dict"
	"terrace/segment"
)

const tiny = "人民 5\n法院 5\n人民法院 5\n管理 20\n住房 1\n公积金 1\n目的 1\n的 5\n和 2\n社会 2\n最 1\n跑 1\n"

func tinyVocabulary(t testing.TB) *Vocabulary {
	v, err := LoadVocabulary(strings.NewReader(tiny))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

var embedded = sync.OnceValues(EmbeddedVocabulary)

func embeddedVocabulary(t testing.TB) *Vocabulary {
	v, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// told is the findings as "severity line rule".
func told(t testing.TB, look func(context.Context, []byte, Options) (Report, error), text string, o Options) string {
	r, err := look(t.Context(), []byte(text), o)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range r.Findings {
		out = append(out, fmt.Sprintf("%s %d %s", f.Severity, f.Line, f.Rule))
		if f.Reason == "" || f.Advice == "" {
			t.Errorf("%+v gives no reason or no advice", f)
		}
	}
	return strings.Join(out, "; ")
}

func TestAUserWordIsToldOff(t *testing.T) {
	o := Options{Vocabulary: tinyVocabulary(t), Names: []Name{{"和田局", "部门", "ht"}}}
	for _, c := range []struct{ name, text, want string }{
		{"a word of one's own", "惠民保\n", ""},
		{"comments, blank lines, a byte order mark", "\ufeff# 医疗\n\n惠民保\r\n", ""},
		{"one character", "保", "无用 1 single"},
		{"17 characters", strings.Repeat("云河", 8) + "州", "无用 1 long"},
		{"200 characters", strings.Repeat("云河", 100), "无用 1 long"},
		{"a word of 16 characters", strings.Repeat("云", 16), "提示 1 sentence"},
		{"letters", "ETC", "无用 1 foreign"},
		{"letters within", "Ｅ码通", "无用 1 foreign"},
		{"a quotation mark", "“三公”经费", "无用 1 foreign"},
		{"a frequency behind", "惠民保 500", "无用 1 several"},
		{"two words", "惠民保，云河", "无用 1 several"},
		{"a word that was garbled", "惠民\ufffd", "无用 1 garbled"},
		{"nothing that can be seen", "\u200b", "无用 1 foreign"},
		{"the same twice", "惠民保\n云河\n惠民保", "无用 3 duplicate"},
		{"the same in traditional characters", "国务院\n國務院", "无用 2 duplicate"},
		{"a word of the dictionary", "公积金", "无用 1 known"},
		{"a stop word", "关于", "危险 1 stopword"},
		{"的 in front", "的社会", "危险 1 function"},
		{"和 at the end", "社会和", "危险 1 function"},
		{"的 within a word", "目的社会", ""},
		{"和 that begins a configured name", "和田局", ""},
		{"和 that begins a name nobody told of", "和田县", "危险 1 function"},
		{"a phrase", "公积金的管理", "危险 1 phrase"},
		{"a date", "二〇二三年", "无用 1 number"},
		{"a year", "2024", "无用 1 number"},
		{"an article", "第十二条", "无用 1 number"},
		{"a sentence", "云河公积金管理法院社会", "提示 1 sentence"},
		{"a line of the other list", "惠民保\n云河\n房产证 -> 不动产", "错误 3 mixed"},
		{"nothing", "", "提示 0 empty"},
	} {
		if got := told(t, Words, c.text, o); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestTheLimitIsTheSegmenters(t *testing.T) {
	v := tinyVocabulary(t)
	for n, want := range map[int]int{segment.MaxWord: 1, segment.MaxWord + 1: segment.MaxWord + 1} {
		word := strings.Repeat("云", n)
		if got := len(cut(segment.New(v.dictionary, word), word)); got != want {
			t.Errorf("a word of %d characters is cut into %d", n, got)
		}
	}
}

func TestAPieceOfCommonWordsIsDangerous(t *testing.T) {
	o := Options{Vocabulary: tinyVocabulary(t)}
	if got := told(t, Words, "民法院\n惠民保", o); got != "危险 1 piece" {
		t.Error(got)
	}
	o.Probes = []string{"住房公积金", "住房公积金管理"}
	if got := told(t, Words, "房公积\n住房公积金", o); got != "危险 1 piece" {
		t.Errorf("with probes: %s", got)
	}
}

// Of 中国人民, with words hardly better than their characters, 国人 makes 中/国人/民.
const breakable = "中国 9.948\n人民 9.948\n中 100\n国 100\n人 100\n民 100\n的 600\n"

func TestAWordThatBreaksOthersIsDangerous(t *testing.T) {
	v, err := LoadVocabulary(strings.NewReader(breakable))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Words(t.Context(), []byte("国人\n"), Options{Vocabulary: v, Probes: []string{"中国人民", "中国人民的"}})
	if err != nil || len(r.Findings) != 1 || !r.Bad() {
		t.Fatalf("%+v, %v", r, err)
	}
	if f := r.Findings[0]; f.Rule != "breaks" || !strings.Contains(f.Reason, "中国/人民 变成 中/国人/民") || !strings.Contains(f.Reason, "共 2 处") {
		t.Errorf("%+v", f)
	}
	place := Options{Vocabulary: v, Names: []Name{{"国人民", "地区", "gr"}}}
	if got := told(t, Words, "国人\n", place); got != "" {
		t.Errorf("the beginning of a configured name: %s", got)
	}
}

func TestPiecesAndWordsAreToldApartByTheDictionary(t *testing.T) {
	o := Options{Vocabulary: embeddedVocabulary(t)}
	for _, w := range []string{"民法院", "市人", "会保", "理局", "务员", "业局", "级人民", "国农", "医疗保"} {
		if got := told(t, Words, w, o); got != "危险 1 piece" {
			t.Errorf("%s: %s", w, got)
		}
	}
	for _, w := range []string{"和社会", "的通知"} {
		if got := told(t, Words, w, o); got != "危险 1 function" {
			t.Errorf("%s: %s", w, got)
		}
	}
	for _, w := range []string{"国人", "民法"} {
		if got := told(t, Words, w, o); got != "无用 1 known" {
			t.Errorf("%s: %s", w, got)
		}
	}
	if got := told(t, Words, "惠民保\n一老一小\n住建\n人社\n卫健\n文旅\n学区房\n不动产登记\n失业保险\n药品监督管理\n身份证到期\n一网通办", o); got != "" {
		t.Errorf("words that government sites use: %s", got)
	}
}

func TestAFileThatIsNoUTF8IsNamed(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("惠民保\n学区房\n")
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String("惠民保\n学区房\n")
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		gbk: "GBK", utf16: "UTF-16", utf16[2:]: "UTF-16", "PK\x03\x04\x00": "表格", "惠民保\r学区房\r": "换行",
		"惠民保\n\xff\xfe\xff\n学区房\n": "这一行不是 UTF-8",
	} {
		r, err := File(t.Context(), []byte(text), Options{Vocabulary: tinyVocabulary(t)})
		if err != nil || len(r.Findings) != 1 || r.Findings[0].Severity != Error || !strings.Contains(r.Findings[0].Reason, want) {
			t.Errorf("%q: %+v, %v, want %s", text, r, err, want)
		}
	}
}

func TestASynonymIsToldOff(t *testing.T) {
	o := Options{Vocabulary: tinyVocabulary(t), Names: []Name{{"云河州人社局", "部门", "rs"}, {"人社局", "部门", "rs"}, {"公安局", "部门", "ga"}}}
	for _, c := range []struct{ name, text, want string }{
		{"two that are sound", "甲甲 -> 乙乙 0.8，丙丙 0.4\n子子 <-> 丑丑\n", ""},
		{"no arrow", "甲甲 -> 乙乙\n房产证", "错误 2 mixed"},
		{"another arrow", "甲甲 → 乙乙", "错误 1 arrow"},
		{"two arrows", "甲甲 -> 乙乙 -> 丙丙", "危险 1 arrow"},
		{"one character", "甲 -> 乙乙", "错误 1 syntax"},
		{"a weight above one", "甲甲 -> 乙乙 80", "错误 1 syntax"},
		{"a wide weight", "甲甲 -> 乙乙 ０．８", "危险 1 unread"},
		{"a weight in percent", "甲甲 -> 乙乙 80%", "危险 1 unread"},
		{"no weight to speak of", "甲甲 -> 乙乙 0.05", "提示 1 weight"},
		{"the whole weight", "甲甲 -> 乙乙 1", "提示 1 equal"},
		{"itself", "甲甲 -> 甲甲 0.8", "错误 1 syntax"},
		{"itself in traditional characters", "國務院 -> 国务院", "错误 1 syntax"},
		{"itself but for a point", "一二·九 -> 一二九", "提示 1 same"},
		{"semicolons", "甲甲 -> 乙乙；丙丙", "危险 1 separator"},
		{"the same twice", "甲甲 -> 乙乙\n甲甲 -> 乙乙 0.8", "无用 2 duplicate"},
		{"two weights", "甲甲 -> 乙乙 0.3\n甲甲 -> 乙乙", "危险 2 contradiction"},
		{"two weights by a pair", "甲甲 <-> 乙乙 0.3\n乙乙 -> 甲甲 0.9", "危险 2 contradiction"},
		{"another weight the other way", "甲甲 -> 乙乙 0.3\n乙乙 -> 甲甲 0.9", "提示 2 opposite"},
		{"a chain", "甲甲 -> 乙乙\n乙乙 -> 丙丙", "提示 1 chain"},
		{"what the chain leads to is there", "甲甲 -> 乙乙, 丙丙\n乙乙 -> 丙丙", ""},
		{"more than a query uses", "甲甲 -> 乙乙, 丙丙, 丁丁, 戊戊\n甲甲 -> 己己", "无用 2 many"},
		{"a stop word", "关于 -> 乙乙", "危险 1 stopword"},
		{"a common word for a rare", "管理 -> 乙乙", "危险 1 common"},
		{"a rare word for a common", "甲甲 -> 管理", "危险 1 flood"},
		{"both ways", "甲甲 <-> 管理", "危险 1 common; 危险 1 flood"},
		{"a part of it", "房产 -> 房产权", "提示 1 contains"},
		{"names of one department", "人社局 <-> 云河州人社局", "无用 1 sameName"},
		{"names of two departments", "人社局 -> 公安局", "危险 1 otherName"},
		{"a name", "人社局 -> 乙乙", "提示 1 name"},
		{"nothing to drop", "甲甲 ->", "无用 1 dropNothing"},
		{"dropped and written", "低保 ->\n低保 -> 乙乙", "无用 1 dropNothing; 提示 1 overrules"},
		{"dropped", "低保 ->", "提示 1 drop"},
	} {
		if got := told(t, Synonyms, c.text, o); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestWhatTheEmbeddedListSaidIsTold(t *testing.T) {
	r, err := Synonyms(t.Context(), []byte("房产证 -> 房屋产权证 0.9\n"), Options{Vocabulary: tinyVocabulary(t)})
	if err != nil || !slices.ContainsFunc(r.Findings, func(f Finding) bool {
		return f.Rule == "overrules" && strings.Contains(f.Reason, "房产证 → 不动产权证书 0.8、不动产登记 0.56")
	}) {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestTheEmbeddedListHasNothingDangerous(t *testing.T) {
	r, err := File(t.Context(), []byte(dict.Synonyms()), Options{Vocabulary: embeddedVocabulary(t)})
	if err != nil || r.Kind != SynonymLines || r.Bad() || r.Found[Useless] != len(rulesOf(r, "known"))+r.More["known"] {
		t.Errorf("%v, %v, %v", r.Kind, r.Found, err)
	}
}

func rulesOf(r Report, rule string) (out []Finding) {
	for _, f := range r.Findings {
		if f.Rule == rule {
			out = append(out, f)
		}
	}
	return out
}

func TestTheKindIsRecognised(t *testing.T) {
	for text, want := range map[string]Kind{
		"惠民保\n学区房\n": UserWords, "# -> \n惠民保\n": UserWords, "\ufeff甲甲 -> 乙乙\n# 注\n": SynonymLines, "甲甲 → 乙乙": SynonymLines,
		"甲甲 -> 乙乙\n丙丙\n": SynonymLines, "甲甲 -> 乙乙\n丙丙\n丁丁\n": UserWords, "": UserWords,
	} {
		if got := KindOf([]byte(text)); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestALongListOfMistakesIsCounted(t *testing.T) {
	r, err := Words(t.Context(), []byte(strings.Repeat("保\n", 1000)), Options{Vocabulary: tinyVocabulary(t)})
	if err != nil || len(rulesOf(r, "single")) != MaxFindings || r.More["single"] != 1000-MaxFindings || r.Found[Useless] != 1000 {
		t.Errorf("%d held, %v more, %v, %v", len(r.Findings), r.More, r.Found, err)
	}
}

func TestAnAuditCanBeEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, text := range []string{"惠民保\n", "甲甲 -> 乙乙\n"} {
		if _, err := File(ctx, []byte(text), Options{Vocabulary: tinyVocabulary(t)}); err != context.Canceled {
			t.Errorf("%q: error %v", text, err)
		}
	}
}

func FuzzFile(f *testing.F) {
	for _, s := range []string{"惠民保\n民法院\n的通知 5\n", "甲甲 <-> 乙乙 0.5, 丙丙\n丙丙 ->\n國務院 -> 国务院", "\xff\xfe\x00", "PK\x03\x04", "->\n<->\n-> ->\n", "\u200b\u0301〇零○"} {
		f.Add([]byte(s))
	}
	v := tinyVocabulary(f)
	o := Options{Vocabulary: v, Names: []Name{{"和田局", "部门", "ht"}, {"\xff", "地区", ""}}, Probes: []string{"住房公积金", "\xff房"}}
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, look := range []func(context.Context, []byte, Options) (Report, error){File, Words, Synonyms} {
			r, err := look(t.Context(), text, o)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range r.Findings {
				if !utf8.ValidString(x.Word+x.Reason) || strings.ContainsAny(x.Word+x.Reason, "\n\r\x1b") || x.Line > r.Lines {
					t.Fatalf("%q: %+v", text, x)
				}
			}
		}
	})
}
