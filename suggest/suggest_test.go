package suggest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// town is what readers of a small cluster ask for.
var town = []Phrase{
	{"公积金提取", Query, 90, 40},
	{"住房公积金提取", Service, 80, 12},
	{"住房公积金", Term, 70, 300},
	{"公积金贷款", Query, 60, 25},
	{"工伤认定", Term, 50, 18},
	{"供水管网改造", Title, 5, 1},
	{"ETC办理", Service, 40, 3},
	{"高速公路ETC客服", Query, 4, 2},
	{"银行开户许可", Service, 30, 6},
	{"重庆市长期护理", Title, 3, 1},
	{"城乡居民养老保险", Term, 65, 80},
	{"社会保险费征缴", Service, 20, 9},
	{"上海合作组织", Query, 2, 4},
	{"旅游局", Department, 25, 7},
	{"教育体育局", Department, 26, 70},
	{"关于印发《教育收费公示办法》的通知", Title, 1, 1},
	{"12345热线", Query, 33, 5},
	{"西安", Query, 8, 2},
	{"先进个人", Query, 7, 2},
	{"没有结果的词", Query, 1000, 0},
}

func joined(found []Phrase) string {
	var all []string
	for _, p := range found {
		all = append(all, p.Text)
	}
	return strings.Join(all, " ")
}

func TestWhatIsTypedIsCompleted(t *testing.T) {
	x := New(town)
	for _, c := range []struct{ typed, want string }{
		{"公积金", "公积金提取 公积金贷款 住房公积金提取 住房公积金"},
		{"公积金提", "公积金提取 住房公积金提取"},
		{"住房", "住房公积金提取 住房公积金"},
		{"教育", "教育体育局 关于印发《教育收费公示办法》的通知"},
		{"印发教育收费", "关于印发《教育收费公示办法》的通知"},
		{"《教育", "教育体育局 关于印发《教育收费公示办法》的通知"},
		{"gongjij", "公积金提取 公积金贷款"},
		{"gongjijint", "公积金提取"},
		{"gong ji jin", "公积金提取 公积金贷款"},
		{"GONGJI", "公积金提取 公积金贷款"},
		{"ｇｊｊ", "公积金提取 公积金贷款"},
		{"gjjd", "公积金贷款"},
		{"gs", "工伤认定 供水管网改造 高速公路ETC客服"},
		{"gongs", "工伤认定 供水管网改造"},
		{"gongjj", "公积金提取 公积金贷款"},
		{"gjijin", "公积金提取 公积金贷款"},
		{"公ji", "公积金提取 住房公积金提取 住房公积金 公积金贷款"},
		{"公积金daik", "公积金贷款"},
		{"etc", "ETC办理 高速公路ETC客服"},
		{"ETC办", "ETC办理"},
		{"etcban", "ETC办理"},
		{"etc办l", "ETC办理"},
		{"etcbl", "ETC办理"},
		{"zhf", "住房公积金提取 住房公积金"},
		{"zf", "住房公积金提取 住房公积金"},
		{"yinhang", "银行开户许可"},
		{"chongqing", "重庆市长期护理"},
		{"lvyou", "旅游局"},
		{"lüyou", "旅游局"},
		{"123", "12345热线"},
		{"12345re", "12345热线"},
		{"12345rx", "12345热线"},
		{"xian", "西安 先进个人"},
		{"xi'an", "西安 先进个人"},
		{"養老", "城乡居民养老保险"},
		{"没有", ""},
		{"meiyou", ""},
		{"xyz", ""},
		{"《》", ""},
		{"", ""},
	} {
		if got := joined(x.Complete(c.typed, 10)); got != c.want {
			t.Errorf("%q is completed to %q, want %q", c.typed, got, c.want)
		}
	}
}

func TestACompletionTellsWhatItFinds(t *testing.T) {
	got := New(town).Complete("gjjt", 1)
	if want := []Phrase{{"公积金提取", Query, 90, 40}}; !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestOnlyTheBestAreGiven(t *testing.T) {
	x := New(town)
	if got := joined(x.Complete("公积金", 2)); got != "公积金提取 公积金贷款" {
		t.Errorf("the best two: %s", got)
	}
	if got := x.Complete("公积金", -1); len(got) != 0 {
		t.Errorf("less than none: %v", got)
	}
	var many []Phrase
	for i := range 3 * MaxCompletions {
		many = append(many, Phrase{fmt.Sprint("公文", i), Title, float64(i), 1})
	}
	got := New(many).Complete("公", len(many))
	if len(got) != MaxCompletions || got[0].Text != "公文299" || got[99].Text != "公文200" {
		t.Errorf("of many: %d, the first %v, the last %v", len(got), got[0], got[len(got)-1])
	}
}

func TestAPhraseAskedForMuchMoreOftenGoesBeforeABetterMatch(t *testing.T) {
	x := New([]Phrase{{"养老服务", Title, 10, 1}, {"城乡养老保险", Term, 39, 1}, {"居民养老金", Term, 41, 1}, {"羊老大", Query, 19, 1},
		{"杨柳", Query, 21, 1}})
	if got, want := joined(x.Complete("养老", 9)), "居民养老金 养老服务 城乡养老保险"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := joined(x.Complete("yangl", 9)), "杨柳 羊老大 养老服务"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTheBetterOfTwoReadingsCounts(t *testing.T) {
	// The first is g n a n, initials throughout; like the others it is also g nan, a mixture.
	x := New([]Phrase{{"公南安年", Query, 10, 1}, {"公南安", Query, 19, 1}, {"公南", Query, 21, 1}})
	if got, want := joined(x.Complete("gnan", 9)), "公南 公南安年 公南安"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestOnlyTheBeginningOfALongPhraseIsLookedAt(t *testing.T) {
	filler := strings.Repeat("甲", 18)
	x := New([]Phrase{{filler + "乙丙丁戊己庚辛", Title, 1, 1}})
	for typed, found := range map[string]bool{
		"丙丁戊":                               true,
		"丁戊":                                false,
		filler + "乙丙丁戊己庚辛":                  true,
		strings.Repeat("j", 18) + "ybdwjg":  true,
		strings.Repeat("j", 18) + "ybdwjgx": false,
	} {
		if got := len(x.Complete(typed, 1)) == 1; got != found {
			t.Errorf("%q finds it: %v", typed, got)
		}
	}
}

func TestEqualWeightsGoByKindThenLengthThenText(t *testing.T) {
	same := []Phrase{{"社保卡", Title, 5, 1}, {"社保费用", Service, 5, 1}, {"社保局", Department, 5, 1}, {"社保基金", Term, 5, 1},
		{"社保缴费基数", Query, 5, 1}, {"社保查询", Query, 5, 1}, {"社保转移", Query, 5, 1}}
	want := "社保查询 社保转移 社保缴费基数 社保基金 社保局 社保费用 社保卡"
	for range same {
		same = append(same[1:], same[0])
		if got := joined(New(same).Complete("社保", 10)); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestOneTitleIsOnePhrase(t *testing.T) {
	x := New([]Phrase{{"关于《养犬》的通知", Title, 1, 7}, {"关于“養犬”的通知", Query, 3, 2}, {"关于养犬的通知", Title, 2, 4}})
	got := x.Complete("guanyu", 10)
	if want := []Phrase{{"关于“養犬”的通知", Query, 3, 7}}; !slices.Equal(got, want) || x.Len() != 1 {
		t.Errorf("got %+v of %d, want %+v", got, x.Len(), want)
	}
}

func TestOfTwoIndexesEachTitleIsGivenOnce(t *testing.T) {
	pages := New([]Phrase{{"住房公积金", Term, 3, 300}, {"公积金提取", Service, 1, 12}, {"公积金贷款", Title, .3, 1}})
	asked := New([]Phrase{{"公积金 提取", Query, 4, 10}, {"公积金查询", Query, 2, 5}})
	got := Complete("gjj", 3, pages, asked)
	if want := []Phrase{{"公积金 提取", Query, 4, 12}, {"公积金查询", Query, 2, 5}, {"公积金贷款", Title, .3, 1}}; !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if got := Complete("gjj", 3); len(got) != 0 {
		t.Errorf("of no index: %+v", got)
	}
}

func TestWeightsThatAreNoneCountAsZero(t *testing.T) {
	x := New([]Phrase{{"甲一", Query, math.NaN(), 1}, {"甲二", Query, -5, 1}, {"甲三", Query, 1, 1}})
	if got := joined(x.Complete("甲", 10)); got != "甲三 甲一 甲二" {
		t.Errorf("got %s", got)
	}
}

func TestOfTooManyPhrasesTheHeaviestAreKept(t *testing.T) {
	var many []Phrase
	for i := range MaxPhrases + 5 {
		many = append(many, Phrase{fmt.Sprint("第", i, "号"), Title, float64(i), 1})
	}
	x := New(many)
	if x.Len() != MaxPhrases || x.LeftOut() != 5 {
		t.Errorf("%d kept, %d left out", x.Len(), x.LeftOut())
	}
	if got := joined(x.Complete("第4号", 5)); got != "" {
		t.Errorf("a light phrase was kept: %s", got)
	}
	if got := joined(x.Complete("第5号", 5)); got != "第5号" {
		t.Errorf("a heavy phrase was not kept: %q", got)
	}
}

func TestStrangeTextDoesNoHarm(t *testing.T) {
	long := strings.Repeat("公积金abc", 2000)
	x := New([]Phrase{{long, Title, 3, 1}, {"坏\xff字节", Title, 2, 1}, {"😀𠮷野家 ①é", Title, 1, 1}, {"\x00\x01", Title, 1, 1}})
	for typed, want := range map[string]string{
		long:                                 long,
		long + "更长":                          "",
		"坏字节":                                "坏\xff字节",
		"\xff坏":                              "坏\xff字节",
		"𠮷野":                                 "😀𠮷野家 ①é",
		"野家":                                 "😀𠮷野家 ①é",
		strings.Repeat("gongjijinabc", 2000): "",
		strings.Repeat("z", 63):              "",
		"\x01":                               "",
	} {
		if got := joined(x.Complete(typed, 5)); got != want {
			t.Errorf("%.40q is completed to %.40q, want %.40q", typed, got, want)
		}
	}
	if got := New(nil).Complete("公积金gjj", 5); len(got) != 0 {
		t.Errorf("out of nothing: %v", got)
	}
}
