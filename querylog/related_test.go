package querylog

import (
	"fmt"
	"testing"
	"time"
)

// after has each of some readers ask for one text and, so much later, for another.
func (l *lab) after(one string, later time.Duration, other string, readers ...string) {
	for _, r := range readers {
		l.Note(Entry{Text: one, At: time.Now(), Reader: r, Total: 7})
		l.Note(Entry{Text: other, At: time.Now().Add(later), Reader: r, Total: 7})
	}
}

func TestWhatTheSameReadersAskForIsRelated(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.spread("公积金", "购房提取", "租房提取", "落户", "社保")
		l.after("公积金", time.Minute, "购房提取", "一", "二", "三", "四")
		l.after("公积金", 30*time.Minute, "租房提取", "五", "六", "七")
		l.after("公积金", 31*time.Minute, "落户", "八", "九", "十")
		l.after("公积金", time.Minute, "社保", "甲", "乙")
		if got := l.related("公积金"); got != "购房提取 4, 租房提取 3" {
			t.Errorf("related: %s", got)
		}
		if got := l.related(" 公積金　"); got != "购房提取 4, 租房提取 3" {
			t.Errorf("to another way to write it: %s", got)
		}
		if got := l.related("租房提取"); got != "公积金 3" {
			t.Errorf("the other way round: %s", got)
		}
		if got := l.related("没有人搜过"); got != "" {
			t.Errorf("to nothing known: %s", got)
		}
	})
}

func TestWhatIsAskedForWithEverythingIsLessRelated(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.spread("公积金", "天气预报", "购房提取")
		for i := range 60 {
			l.ask(0, "天气预报", fmt.Sprint("别人", i))
		}
		l.after("公积金", time.Minute, "天气预报", "一", "二", "三", "四", "五")
		l.after("公积金", time.Minute, "购房提取", "六", "七", "八", "九")
		if got := l.related("公积金"); got != "购房提取 4, 天气预报 5" {
			t.Errorf("got %s", got)
		}
	})
}

func TestOneReaderDoesNotMakeWordsRelated(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.spread("公积金", "购房提取")
		for range 20 {
			l.after("公积金", time.Minute, "购房提取", "甲")
			l.after("公积金", time.Minute, "只有我搜的广告", "甲")
			time.Sleep(time.Hour)
			l.flush()
		}
		l.after("公积金", time.Minute, "两人合搜的广告", "一", "二", "三", "四", "五")
		if got := l.related("公积金"); got != "" {
			t.Errorf("got %s", got)
		}
	})
}

func TestRelatedWordsOutliveTheirWeek(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.spread("公积金", "购房提取")
		for _, reader := range []string{"甲", "乙", "丙"} {
			l.after("公积金", time.Minute, "购房提取", reader)
			time.Sleep(10 * 24 * time.Hour)
		}
		if got := l.related("公积金"); got != "购房提取 3" {
			t.Errorf("got %s", got)
		}
	})
}
