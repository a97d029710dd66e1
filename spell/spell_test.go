package spell

import (
	"context"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"terrace/lm"
)

// texts are what a small cluster says, invented for these tests.
var texts = strings.Split(`住房公积金提取办理指南
住房公积金贷款申请条件
住房公积金缴存比例调整的通知
职工提取住房公积金应当提供身份证明
公积金查询方式
城乡居民基本医疗保险参保登记
城乡居民养老保险待遇领取
医疗保险报销比例
社会保险费征收管理办法
社会保障卡补办流程
未成年人保护条例
未成年人监护
不动产登记证书办理
不动产登记中心办公时间
营业执照注销登记
个体工商户营业执照办理
人民政府办公室关于印发实施方案的通知
人民政府关于加强安全生产工作的意见
新生儿户口登记需要什么材料
户口迁移办理流程
最低生活保障申请
残疾人生活补贴发放标准
义务教育阶段学校招生工作
高龄老人津贴申请条件
农村危房改造补助资金管理
森林防火期禁止野外用火
道路交通安全管理条例
机动车驾驶证换证`, "\n")

func corrector(t testing.TB, words ...string) *Corrector {
	t.Helper()
	m, err := lm.Train(context.Background(), slices.Values(slices.Repeat(texts, 20)))
	if err != nil {
		t.Fatal(err)
	}
	return New(m, words)
}

func TestOneSlipIsUndone(t *testing.T) {
	c := corrector(t)
	for _, q := range []struct{ slip, typed, meant string }{
		{"same sound", "公积金提娶", "公积金提取"},
		{"same sound at the beginning", "工积金提取", "公积金提取"},
		{"near sound", "色会保险费征收", "社会保险费征收"},
		{"look-alike", "末成年人保护", "未成年人保护"},
		{"another character", "不动产登己中心", "不动产登记中心"},
		{"dropped", "住房公金提取", "住房公积金提取"},
		{"doubled", "住房公积积金提取", "住房公积金提取"},
		{"swapped", "住房公金积提取", "住房公积金提取"},
		{"in one word of several", "户口 迁移 办里流程", "户口 迁移 办理流程"},
		{"beside digits and Latin", "2023年ETC营业执照注消登记abc", "2023年ETC营业执照注销登记abc"},
		{"typed in traditional characters", "公積金提娶", "公積金提取"},
	} {
		got, ok := c.Correct(context.Background(), q.typed, nil)
		if !ok || got.Text != q.meant {
			t.Errorf("%s: %s became %q, want %s", q.slip, q.typed, got.Text, q.meant)
		}
		if got.Confidence <= .25 || got.Confidence > 1 {
			t.Errorf("%s: confidence %f", q.typed, got.Confidence)
		}
	}
}

func TestTwoSlipsAreUndoneInLongerQueries(t *testing.T) {
	c := corrector(t)
	for _, q := range []struct{ typed, meant string }{
		{"住房公鸡金提娶办理指南", "住房公积金提取办理指南"},
		{"城乡居民养老包县待遇领取", "城乡居民养老保险待遇领取"}, // both characters of a word
	} {
		if got, _ := c.Correct(context.Background(), q.typed, nil); got.Text != q.meant {
			t.Errorf("%s became %q, want %s", q.typed, got.Text, q.meant)
		}
	}
}

func TestRightQueriesStay(t *testing.T) {
	c := corrector(t)
	for _, q := range append(slices.Clone(texts), "", " ", "公", "公积金", "ETC", "2023", "住房公积金 提取", "医疗保险报销", "公积金贷款?", strings.Repeat("公积金提娶", 100)) {
		if got, ok := c.Correct(context.Background(), q, nil); ok {
			t.Errorf("%s became %s", q, got.Text)
		}
	}
}

func TestWhatNoTextSpeaksOfStays(t *testing.T) {
	c := corrector(t)
	for _, q := range []string{"尼泊尔", "葡萄酒庄", "袋鼠 长颈鹿", "量子纠缠态叠加", "龘龖龗", "钢琴协奏曲", "未完成交响曲"} {
		if got, ok := c.Correct(context.Background(), q, func(string) int { return 0 }); ok {
			t.Errorf("%s became %s", q, got.Text)
		}
	}
}

func TestDocumentNumbersStay(t *testing.T) {
	c := corrector(t)
	for _, number := range []string{"红证发〔2023〕5号", "红证发[2023]5号", "红证发（2023）5号", "红证发【２０２３】５号", "红证发 ﹝2023﹞ 第 12 号", "红证发2023年5号", "红证发2023 5号",
		"红证发〔二〇二三〕五号", "人民正府令〔2023〕", "红证发（2023年）5号"} {
		if got, ok := c.Correct(context.Background(), number, nil); ok {
			t.Errorf("%s became %s", number, got.Text)
		}
		if got, _ := c.Correct(context.Background(), number+"，公积金提娶", nil); got.Text != number+"，公积金提取" {
			t.Errorf("beside %s: %q", number, got.Text)
		}
	}
}

func TestAYearInBracketsAloneMakesNoDocumentNumber(t *testing.T) {
	if got, _ := corrector(t).Correct(context.Background(), "公积金提娶（2023年）", nil); got.Text != "公积金提取（2023年）" {
		t.Errorf("became %q", got.Text)
	}
}

func TestAQueryWhoseRareBigramsAreKnownStays(t *testing.T) {
	c := corrector(t)
	for _, typed := range []string{"公积金提娶", "未成年人堡护"} {
		all := func(string) int { return 1 }
		if got, ok := c.Correct(context.Background(), typed, all); ok {
			t.Errorf("%s became %s though it stands in a document", typed, got.Text)
		}
		if _, ok := c.Correct(context.Background(), typed, func(string) int { return 0 }); !ok {
			t.Errorf("%s stays though it stands in no document", typed)
		}
	}
	asked := map[string]bool{}
	c.Correct(context.Background(), "公积金提娶 ETC", func(bigram string) int { asked[bigram] = true; return 0 })
	if !asked["提娶"] || asked["公积"] {
		t.Errorf("asked for %v, want the rare bigrams alone", asked)
	}
}

func TestOnlyUnknownBigramsAreChangedWhereThereAreAny(t *testing.T) {
	c := corrector(t)
	// 提娶 is in a document, so somebody's name perhaps; 呆险 is nowhere.
	known := func(bigram string) int {
		if bigram == "提娶" {
			return 3
		}
		return 0
	}
	if got, _ := c.Correct(context.Background(), "公积金提娶 医疗呆险报销", known); got.Text != "公积金提娶 医疗保险报销" {
		t.Errorf("became %q", got.Text)
	}
}

func TestClosedWordsComeFirst(t *testing.T) {
	c := corrector(t, "锡城街道", "Abc鸡街镇", "沙甸街道办事处")
	for _, q := range []struct{ typed, meant string }{
		{"锡成街道", "锡城街道"},
		{"鸡街阵", "鸡街镇"},
		{"沙甸道办事处", "沙甸街道办事处"},
		{"沙甸甸街道办事处", "沙甸街道办事处"},
		{"沙甸道街办事处", "沙甸街道办事处"},
	} {
		got, _ := c.Correct(context.Background(), q.typed, nil)
		if got.Text != q.meant {
			t.Errorf("%s became %q, want %s", q.typed, got.Text, q.meant)
		}
	}
	for _, q := range []string{"锡城街道", "鸡街镇", "沙甸街道办事处 户口登记"} {
		if got, ok := c.Correct(context.Background(), q, nil); ok {
			t.Errorf("%s became %s", q, got.Text)
		}
	}
}

func TestAStoppedContextProposesNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got, ok := corrector(t).Correct(ctx, "公积金提娶", nil); ok {
		t.Errorf("proposed %s", got.Text)
	}
}

func TestAnEmptyModelProposesNothing(t *testing.T) {
	m, err := lm.Train(context.Background(), slices.Values([]string{}))
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []string{"公积金提娶", "公公积金", "红政发〔2023〕5号"} {
		if got, ok := New(m, nil).Correct(context.Background(), q, nil); ok {
			t.Errorf("%s became %s", q, got.Text)
		}
	}
}

func FuzzCorrect(f *testing.F) {
	for _, s := range []string{"公积金提娶", "住房公鸡金提娶办理指南", "红证发〔2023〕5号 公积积金", "\xff\xfe公积\xe5\x85金", "😀公积金👩‍👩‍👧提娶", "བོད་ཡིག公金积", "公\u200b积金提娶",
		"𠀀𠀁公积金", "公積金提娶", strings.Repeat("公积金提娶", 700), strings.Repeat("娶", 10000), strings.Repeat("〔2023〕", 1000)} {
		f.Add(s)
	}
	c := corrector(f, "锡城街道", "公积金中心")
	f.Fuzz(func(t *testing.T, query string) {
		got, ok := c.Correct(context.Background(), query, nil)
		if !ok {
			return
		}
		if got.Text == query || got.Confidence <= 0 || got.Confidence > 1 {
			t.Fatalf("%q became %q with confidence %f", query, got.Text, got.Confidence)
		}
		if notHan(got.Text) != notHan(query) {
			t.Fatalf("%q became %q: more than Han characters changed", query, got.Text)
		}
		text := query
		for _, ch := range slices.Backward(got.Changes) {
			if query[ch.Start:ch.End] != ch.From || !utf8.ValidString(ch.To) {
				t.Fatalf("%q: change %+v", query, ch)
			}
			text = text[:ch.Start] + ch.To + text[ch.End:]
		}
		if text != got.Text {
			t.Fatalf("%q: the changes make %q, not %q", query, text, got.Text)
		}
	})
}

func notHan(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, n := utf8.DecodeRuneInString(s)
		if !unicode.Is(unicode.Han, r) {
			b.WriteString(s[:n])
		}
		s = s[n:]
	}
	return b.String()
}
