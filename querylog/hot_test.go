package querylog

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAWordThatThreeReadersAskForOnTwoDaysIsHot(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.ask(1, "公积金提取", "甲", "乙", "丙")
		l.ask(0, "公积金提取", "甲", "乙")
		if got := l.hot(7); got != "" {
			t.Errorf("with two readers on the second day: %s", got)
		}
		l.ask(0, "公积金提取", "丁")
		if got := l.hot(7); got != "公积金提取 6" {
			t.Errorf("with three: %s", got)
		}
		l.ask(0, "公积金提取", "戊")
		if got := l.hot(7); got != "公积金提取 7" {
			t.Errorf("with a fourth: %s", got)
		}
		if got := l.hot(1); got != "" {
			t.Errorf("of one day: %s", got)
		}
	})
}

func TestFloodingDoesNotMakeAWordHot(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		for range 300 {
			l.ask(0, "一人反复", "甲")
			l.ask(1, "一人反复", "甲")
		}
		for day := range 30 {
			l.ask(day, "一人天天", "甲")
			l.ask(day, "二人天天", "甲", "乙")
		}
		l.ask(0, "一日之间", "甲", "乙", "丙", "丁", "戊", "己")
		l.ask(0, "无人", "", "", "", "")
		l.ask(1, "无人", "", "", "", "")
		if got := l.hot(30); got != "" {
			t.Errorf("got %s", got)
		}
		if got := l.phrases(); got != "" {
			t.Errorf("suggested: %s", got)
		}
	})
}

func TestAReaderWhoAsksForEverythingCountsForLittle(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		for i := range maxTexts {
			l.ask(0, fmt.Sprint("别的词", i), "机器")
		}
		l.ask(1, "医保缴费", "甲", "乙", "丙")
		l.ask(0, "医保缴费", "甲", "乙", "机器")
		if got := l.hot(7); got != "" {
			t.Errorf("got %s", got)
		}
	})
}

func TestWhatWasAskedForLatelyIsHotter(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.ask(9, "旧的热词", "甲", "乙", "丙", "丁", "戊")
		l.ask(8, "旧的热词", "甲", "乙", "丙", "丁", "戊")
		l.spread("新的热词")
		if got := l.hot(10); got != "新的热词 6, 旧的热词 10" {
			t.Errorf("of ten days: %s", got)
		}
		if got := l.hot(9); got != "新的热词 6" {
			t.Errorf("of nine days: %s", got)
		}
		if got := l.phrases(); got != "旧的热词 10, 新的热词 6" {
			t.Errorf("suggested: %s", got)
		}
	})
}

func TestOnlyWhatFindsSomethingIsShown(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.spread("养老认证")
		later := func(ago int, site string, total int) {
			l.Note(Entry{Text: "养老认证", At: time.Now().AddDate(0, 0, -ago), Site: site, Total: total})
		}
		totals := func() string {
			l.flush()
			words, err := l.Hot(l.Context(), 7, 1)
			l.check(err)
			for _, w := range words {
				return fmt.Sprint(w.Total)
			}
			return "not shown"
		}
		later(0, "", 0)
		if got := totals(); got != "7" {
			t.Errorf("after a narrower search of the same day: %s", got)
		}
		time.Sleep(24 * time.Hour)
		later(0, "gjj", 0)
		if got := totals(); got != "7" {
			t.Errorf("after a search of one site: %s", got)
		}
		later(0, "", 0)
		if got := totals(); got != "not shown" {
			t.Errorf("when it finds nothing any more: %s", got)
		}
		later(0, "gjj", 3)
		if got := totals(); got != "3" {
			t.Errorf("when a site has it again: %s", got)
		}
	})
}

func TestWhatIsNotFitForOthersIsNotShown(t *testing.T) {
	shown := []string{"公积金", "公积金中心电话", "车管所电话", "水利局联系方式", "书记信箱", "身份证", "身份证号码查询", "高考查询", "老师招聘", "林业局", "高考", "林业", "石林县", "12345", "5g基站", "2021-2025年规划", "十四五规划", "1号线", "第三批", "王师傅家政服务",
		"马铃薯种植", "国办发"}
	hidden := []string{
		"张伟", "王小明", "欧阳娜娜", "司马光", "李 四 光", "陈佳贵", "普云山", // names, of which the general dictionary knows some
		"张伟电话", "张伟的电话", "张伟 电话号码", "请问王小明联系方式是多少", "查王小明", "李四光身份证号", "身份证 李四光", "张伟 公积金", "陈佳贵主任手机",
		"法", "a", "《法》", // single characters
		"国办发〔2017〕47号", "国办发[2017]47号", "红政发﹝2023﹞5号", "2023年第8号", "第5号",
		"第 12 号令", "云政发(2020)15", // numbers of documents
		"www.abc.cn", "http://a.b", "taobao.com", // addresses
		"赌 博", "网上賭博", "Ｆｕｃｋ", "《色-情》", // denied
		"本地谣言", "最新本地，谣言视频", // denied by the site
		"！！！", "  ", // nothing
	}
	inLab(t, Options{Deny: []string{"本地谣言", " "}, Word: func(w string) bool { return w == "石林县" || w == "马铃薯种植" }}, func(l *lab) {
		l.spread("共同")
		for _, text := range slices.Concat(hidden, shown) {
			l.spread(text)
			for _, reader := range []string{"甲", "乙", "丙"} {
				l.ask(0, "共同", text+reader)
			}
		}
		for name, words := range map[string]string{"hot": l.hot(7), "suggested": l.phrases(), "related": l.related("共同")} {
			var got []string
			for w := range strings.SplitSeq(words, ", ") {
				if text, _, _ := strings.Cut(w, " "); text != "共同" {
					got = append(got, text)
				}
			}
			if !slices.Equal(got, shown) {
				t.Errorf("%s are\n%q, want\n%q", name, got, shown)
			}
		}
	})
}

func TestWaysToWriteAWordAreOneWord(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.spread("住房公积金", "住房 公积金", "「住房公積金」")
		l.ask(0, "住房公积金", "丁")
		if got := l.hot(7); got != "住房公积金 7" {
			t.Errorf("got %s", got)
		}
	})
}

func TestWhatAPageHoldsIsHiddenForItsWordsAlone(t *testing.T) {
	inLab(t, Options{Deny: []string{"本地谣言"}}, func(l *lab) {
		for text, hidden := range map[string]bool{
			"关于整治网络赌博的通告": true, "关于“本地 谣言”的说明": true, "幸福小区5栋2单元漏水": true, "王某13800138000的来信": true,
			"王丙干同志简历": false, "国办发〔2017〕47号": false, "2021-2025年规划": false, "政": false, "\xff": false, "": false,
		} {
			if got := l.Hides(text); got != hidden {
				t.Errorf("%q is hidden: %v", text, got)
			}
		}
	})
}
