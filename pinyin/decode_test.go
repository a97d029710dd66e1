package pinyin

import (
	"math"
	"strings"
	"sync"
	"testing"
)

func vocabularyOf(texts ...string) []Word {
	var out []Word
	for i, t := range texts {
		out = append(out, Word{t, float64(len(texts) - i)})
	}
	return out
}

// counted is a model of pairs and characters, of a text that is repeated.
func counted(text string) func(a, b, c rune) float64 {
	pairs, singles, all := map[[2]rune]float64{}, map[rune]float64{}, 0.
	for line := range strings.SplitSeq(text, "\n") {
		var b rune
		for _, c := range line + "\x00" {
			pairs[[2]rune{b, c}]++
			singles[c]++
			all++
			b = c
		}
	}
	return func(_, b, c rune) float64 {
		p := (singles[c] + .1) / (all + 1000)
		return math.Log((pairs[[2]rune{b, c}] + p) / (singles[b] + 1))
	}
}

func texts(found []Candidate) string {
	var out []string
	for _, c := range found {
		out = append(out, c.Text)
	}
	return strings.Join(out, " ")
}

var names = vocabularyOf("公积金", "住房公积金", "中心", "咨询", "咨询中心", "西安", "县", "居民身份证", "失业保险", "律师", "女儿", "陆地", "执行",
	"ETC办理", "“三公”经费", "弥勒市", "重庆市", "首席", "都匀市", "职工基金")

func TestInputStandsForWordsOfTheVocabulary(t *testing.T) {
	d := NewDecoder(names, nil)
	for _, c := range []struct{ latin, want string }{
		{"gongjijin", "公积金"},
		{"GongJiJin", "公积金"},
		{"gong ji jin", "公积金"},
		{"gjj", "公积金"},
		{"gjjin", "公积金"},
		{"gongjj", "公积金"},
		{"zfgjj", "住房公积金"},
		{"zgjijin", "职工基金"},
		{"zfgjijin", "住房公积金"},
		{"zhfgjj", "住房公积金"},
		{"zhongxin", "中心"},
		{"zx", "中心 咨询 执行"},
		{"zhx", "中心 执行"},
		{"zixun", "咨询"},
		{"zxzx", "咨询中心"},
		{"xian", "西安 县"},
		{"xi'an", "西安"},
		{"xi’an", "西安"},
		{"shiyebaoxian", "失业保险"},
		{"sybx", "失业保险"},
		{"lvshi", "律师"},
		{"lüshi", "律师"},
		{"lushi", "律师"},
		{"lyushi", "律师"},
		{"nver", "女儿"},
		{"nüer", "女儿"},
		{"nuer", "女儿"},
		{"etcbanli", "ETC办理"},
		{"etcbl", "ETC办理"},
		{"sangongjingfei", "“三公”经费"},
		{"chongqingshi", "重庆市"},
		{"zhongqingshi", ""}, // a phrase decides
		{"douyunshi", "都匀市"},
		{"duyunshi", "都匀市"}, // none does
		{"mls", "弥勒市"},
		{"q", ""},
		{"", ""},
		{"'", ""},
		{"公积金", ""},
		{"gjj2", ""},
		{"wifi", ""},
	} {
		if got := texts(d.Decode(c.latin, 3)); got != c.want {
			t.Errorf("%q stands for %q, want %q", c.latin, got, c.want)
		}
	}
}

func TestTheModelReadsWhatNoWordIs(t *testing.T) {
	model := counted("提取公积金\n公积金提取\n西安市\n县城\n先进的县城\n提取证明\n体育题目\n公司\n机关\n今天")
	for _, c := range []struct {
		name  string
		words []Word
		latin string
		want  string
	}{
		{"characters alone", nil, "tiqugongjijin", "提取公积金"},
		{"characters after a word", vocabularyOf("公积金"), "gongjijintiqu", "公积金提取"},
		{"a word the model has not seen", vocabularyOf("弥勒"), "milexiancheng", "弥勒县城"},
		{"one of several splits", nil, "xianshi", "西安市"},
		{"a split that is given", nil, "xian'cheng", "县城"},
		{"an abbreviated word beside a reading", vocabularyOf("公安局"), "gaju", "公安局"},
		{"initials are not free", nil, "gjj", ""},
		{"what is not pinyin", nil, "wifi", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := texts(NewDecoder(c.words, model).Decode(c.latin, 1)); got != c.want {
				t.Errorf("%q stands for %q, want %q", c.latin, got, c.want)
			}
		})
	}
}

func TestWordsComeBeforeFreeReading(t *testing.T) {
	d := NewDecoder(vocabularyOf("工机紧", "公鸡"), counted("公积金\n公积金"))
	if got := texts(d.Decode("gongjijin", 2)); got != "工机紧 公积金" {
		t.Errorf("found %q", got)
	}
}

func TestWordsAreOrderedByWeightThenByTheModel(t *testing.T) {
	model := counted("公证\n公证\n公正")
	for _, c := range []struct {
		words []Word
		want  string
	}{
		{[]Word{{"公正", 1}, {"公证", 1}, {"公政", 1}}, "公证 公正 公政"},
		{[]Word{{"公正", 5}, {"公证", 1}, {"公政", 2}}, "公正 公政 公证"},
		{[]Word{{"公正", 5}, {"公证", 0}, {"公政", math.NaN()}, {"公政", math.Inf(1)}, {"", 1}}, "公正"},
	} {
		if got := texts(NewDecoder(c.words, model).Decode("gz", 5)); got != c.want {
			t.Errorf("%v: found %q, want %q", c.words, got, c.want)
		}
	}
}

func TestLongOrForeignInputIsNotRead(t *testing.T) {
	d := NewDecoder(names, counted("公积金"))
	for _, latin := range []string{
		strings.Repeat("g", 65), strings.Repeat("gongjijin", 1100), strings.Repeat("'", 10000), "\xff\xfe", "gong\x00", "😀",
	} {
		if got := d.Decode(latin, 3); got != nil {
			t.Errorf("%.20q stands for %v", latin, got)
		}
	}
	if d.Decode(strings.Repeat("a", 64), 1) == nil {
		t.Error("64 letters are not read")
	}
	if d.Decode("gongjijin", 0) != nil {
		t.Error("something among the first none")
	}
}

func TestADecoderServesManyAtOnce(t *testing.T) {
	d := NewDecoder(names, counted("提取公积金"))
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 20 {
				if got := texts(d.Decode("tiqugongjijin", 1)); got != "提取公积金" {
					t.Errorf("found %q", got)
				}
			}
		})
	}
	wg.Wait()
}

func FuzzDecode(f *testing.F) {
	for _, s := range []string{"gongjijin", "gjj", "xi'an", "lü", "zhzhzh", "nv er", "aaaaaaaaaaaaaaaa", "wifi", "''", "\xff", "公积金"} {
		f.Add(s)
	}
	d := NewDecoder(names, counted("提取公积金\n西安市"))
	f.Fuzz(func(t *testing.T, latin string) {
		found := d.Decode(latin, 5)
		if len(found) > 5 {
			t.Fatalf("%d candidates", len(found))
		}
		seen := map[string]bool{}
		for i, c := range found {
			if c.Text == "" || seen[c.Text] || math.IsNaN(c.Score) || i > 0 && c.Score > found[i-1].Score {
				t.Fatalf("candidate %d of %v", i, found)
			}
			seen[c.Text] = true
		}
	})
}
