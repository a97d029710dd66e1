package query

import (
	"strings"
	"testing"
	"unicode/utf8"

	"terrace/lexicon"
	"terrace/personal"
	"terrace/segment"
	"terrace/site"
)

// marking is a marker of a query over a small dictionary.
func marking(t testing.TB, query string) *marker {
	t.Helper()
	dict, err := segment.LoadDictionary(strings.NewReader(words + "教育局 50\n教育 300\n体育 90\n体育局 20\n行政许可 40\n行政 300\n许可 100\n残疾人 60\n个贷 20\n怎样 90\n标准 90\n"))
	if err != nil {
		t.Fatal(err)
	}
	reg, err := site.New(site.Cluster{})
	if err != nil {
		t.Fatal(err)
	}
	synonyms, err := lexicon.Parse("个贷 -> 公积金贷款", "test")
	if err != nil {
		t.Fatal(err)
	}
	seg := segment.New(dict)
	return newMarker(seg, New(nil, seg, reg, Options{Synonyms: lexicon.With(synonyms)}).active.Load().parse(query, false))
}

func TestMatchesAreWordsAndNotTheirScraps(t *testing.T) {
	for _, c := range []struct{ name, query, text, want string }{
		{"words that touch are one match", "公积金 提取", "住房公积金提取", "住房[公积金提取]"},
		{"a long word is marked where it stands whole, not its pairs elsewhere", "行政许可", "行政机关实施行政许可", "行政机关实施[行政许可]"},
		{"most of a long word is marked beside the whole", "住房公积金", "住房公积金中心：公积金提取", "[住房公积金]中心：[公积金]提取"},
		{"a pair that is a word is marked where the long word stands nowhere", "行政许可", "行政机关的许可", "[行政]机关的[许可]"},
		{"a pair that is none is not", "教育局", "体育局", "体育局"},
		{"a pair that is a word of the query is marked everywhere", "教育局 教育", "教育局管教育", "[教育局]管[教育]"},
		{"a phrase is marked as a whole", `"公积金提取"`, "公积金的提取见公积金提取", "[公积金]的[提取]见[公积金提取]"},
		{"a term that may stand for a word is marked where the word is not", "个贷利率", "公积金贷款的利率", "[公积金贷款]的[利率]"},
		{"and is not where it is", "个贷利率", "个贷是公积金贷款", "[个贷]是公积金贷款"},
		{"words of questions are not marked", "怎样提取", "怎样提取", "怎样[提取]"},
		{"a name that the dictionary has not is marked", "赵家沟公积金", "赵家沟村公积金", "[赵家沟]村[公积金]"},
		{"Latin words in any width and case", "Ａ1 公积金", "a1公积金", "[a1公积金]"},
		{"a lone character", "犬", "养犬", "养[犬]"},
		{"traditional characters", "公积金", "公積金", "[公積金]"},
		{"an ordinal in other figures", "第5条", "按照第五条办理", "按照[第五条]办理"},
		{"an ordinal in Chinese figures", "第一百零五条", "见第105条和第１０５条", "见[第105条]和[第１０５条]"},
		{"a year in other figures", "2023", "于二〇二三年十月印发", "于[二〇二三]年十月印发"},
		{"a word broken by a line end is none", "公积金", "公积\n金", "公积\n金"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := marked(marking(t, c.query).title(c.text)); got != c.want {
				t.Errorf("%q in %q: %s, want %s", c.query, c.text, got, c.want)
			}
		})
	}
}

func TestASnippetIsTheBestSentences(t *testing.T) {
	const other = "这里说的是别的事情，和它没有任何关系。"
	many := strings.Repeat(other, 12)
	for _, c := range []struct{ name, query, body, want string }{
		{
			"the sentence that holds most, whole, and what follows as far as there is room", "公积金 贷款",
			"公积金在此。" + many + "申请公积金贷款的，应当连续缴存。办理时限为三日。\n" + many,
			"…申请[公积金贷款]的，应当连续缴存。办理时限为三日。 " + strings.Repeat(other, 4) + "…",
		},
		{
			"two places where no one holds as much", "公积金 利率",
			many + "职工的公积金由单位缴存。" + many + "利率按公告执行。" + many,
			"…职工的[公积金]由单位缴存。" + strings.Repeat(other, 3) + "…[利率]按公告执行。" + strings.Repeat(other, 1) + "…",
		},
		{"of equals the first", "公积金", "第一处公积金。" + many + "第二处公积金。", "第一处[公积金]。" + strings.Repeat(other, 5) + "…"},
		{
			"the place where the words stand close", "公积金 贷款", "公积金另外再说。" + other + "贷款另外再说。" + many + "公积金贷款在此。" + many,
			"…[公积金贷款]在此。" + strings.Repeat(other, 5) + "…",
		},
		{"a sentence before a list", "公积金", "公积金\n公积金中心\n公积金大厦\n" + other + "\n所称公积金，指长期储金。", "…" + other + " 所称[公积金]，指长期储金。"},
		{
			"a list where the words stand nowhere else", "公积金", many + "\n联系人：张三\n地点：公积金中心\n电话：12345\n" + many,
			"…地点：[公积金]中心 电话：12345 " + strings.Repeat(other, 4) + "…",
		},
		{"one blank for blanks and line ends", "公积金", "　　公积金 \t 中心\r\n\n　　地点见公告。", "[公积金] 中心 地点见公告。"},
		{
			"the beginning where nothing matches, past labels and a salutation", "公积金",
			"索引号：53001\n发文日期：2024年3月\n各县市人民政府，州直各部门：\n为了方便群众，制定本办法。", "为了方便群众，制定本办法。",
		},
		{
			"nothing of the title that the body repeats", "公积金", "索引号：1\n关于公积金\n的通知\n关于公积金的通知\n各单位：现将公积金事项通知如下。",
			"各单位：现将[公积金]事项通知如下。",
		},
		{"a title that begins a sentence is text", "公积金", "关于公积金的通知已经发布。", "关于[公积金]的通知已经发布。"},
		{"nothing of an empty body", "公积金", " \n ", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := marked(marking(t, c.query).passage(untitled(c.body, "关于公积金的通知"))); got != c.want {
				t.Errorf("snippet\n%s, want\n%s", got, c.want)
			}
		})
	}
}

func TestASnippetBeginsWhereAClauseBegins(t *testing.T) {
	m := marking(t, "提取")
	body := "申请人" + strings.Repeat("经过很多很多的步骤，", 30) + "才可以提取，" + strings.Repeat("然后又经过很多的步骤，", 30)
	got := marked(m.passage(body))
	if !strings.Contains(got, "[提取]") || !strings.HasPrefix(got, "…经过") && !strings.HasPrefix(got, "…才") || !strings.HasSuffix(got, "，…") {
		t.Errorf("snippet %s", got)
	}
	got = marked(m.passage(strings.Repeat("金额为1234567.89元左右的", 9) + "可以提取"))
	if !strings.HasPrefix(got, "…金额") && !strings.HasPrefix(got, "…元") && !strings.HasPrefix(got, "…1234567.89") || !strings.HasSuffix(got, "可以[提取]") {
		t.Errorf("in a number: %s", got)
	}
	got = marked(m.passage(strings.Repeat("住房公积金", 40) + "提取" + strings.Repeat("住房公积金", 40)))
	inner := strings.Trim(strings.NewReplacer("[", "", "]", "").Replace(got), "…")
	if !strings.Contains(got, "[提取]") || !strings.HasPrefix(inner, "住房") && !strings.HasPrefix(inner, "提取") || !strings.HasSuffix(inner, "金") {
		t.Errorf("without a sign: %s", got)
	}
}

func TestCitizensNumbersAreMaskedInTitlesAndSnippets(t *testing.T) {
	m := marking(t, "公积金 13812345678")
	if got, want := marked(m.title("公积金13812345678")), "[公积金138****5678]"; got != want {
		t.Errorf("title %s, want %s", got, want)
	}
	if got, want := marked(m.passage("张三，电话13812345678，咨询公积金。")), "张三，电话[138****5678]，咨询[公积金]。"; got != want {
		t.Errorf("snippet %s, want %s", got, want)
	}
}

func FuzzPassage(f *testing.F) {
	f.Add("公积金 提取", "索引号：1\n购买自住住房的，凭合同提取公积金。\r\n电话138 1234 5678。")
	f.Add(`"公积金提取" 犬`, strings.Repeat("哈", 300)+"公积金提取”！"+strings.Repeat("a1", 300))
	f.Add("公积 金金金", "公公公积积金金金\u200b金\xff\xe5\x85\n \u3000犬")
	dict, err := segment.LoadDictionary(strings.NewReader(words))
	if err != nil {
		f.Fatal(err)
	}
	reg, err := site.New(site.Cluster{})
	if err != nil {
		f.Fatal(err)
	}
	seg := segment.New(dict)
	s := New(nil, seg, reg, Options{})
	f.Fuzz(func(t *testing.T, query, text string) {
		m := newMarker(seg, s.active.Load().parse(query, false))
		if got := plain(m.title(text)); got != personal.Mask(text) {
			t.Fatalf("the spans of title %q make %q", text, got)
		}
		passage := m.passage(untitled(text, query))
		all := strings.Join(strings.Fields(personal.Mask(untitled(text, query))), " ")
		for _, s := range passage {
			if s.Text == "" || s.Text != "…" && !strings.Contains(all, s.Text) || utf8.ValidString(text) && !utf8.ValidString(s.Text) {
				t.Fatalf("%q gives the span %q", text, s.Text)
			}
		}
		if n := utf8.RuneCountInString(plain(passage)); n > passageRunes+40 {
			t.Fatalf("%d characters of %q", n, text)
		}
	})
}

func BenchmarkPassage(b *testing.B) {
	m := marking(b, "住房公积金 提取 贷款 利率")
	line := "第三条　职工购买自住住房的，可以凭购房合同提取住房公积金；电话0871-65123456。贷款的利率按公告执行，\n"
	for name, body := range map[string]string{
		"page":   strings.Repeat(line, 30),
		"256kB":  strings.Repeat(line, passageSource/len(line)+1),
		"one":    strings.Repeat("住房公积金", passageSource/15+1),
		"digits": strings.Repeat("12345 ", passageSource/6+1),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(min(len(body), passageSource)))
			for b.Loop() {
				m.passage(body)
			}
		})
	}
}
