package query

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"terrace/analysis"
	"terrace/index"
	"terrace/site"
)

// Days are a condition on the day of publication that stands in the words of a query.
type Days struct {
	Range
	Text     string     // as typed
	From, To index.Date // inclusive
	Relative bool       // to today: the words are not looked for. 2023年 is looked for in texts too
	title    []string   // terms of a title that meets the condition whatever the document's day
}

var (
	calendarDay = regexp.MustCompile(`((?:19|20)\d{2})\s*年(?:度|份)?(?:\s*(1[0-2]|0?[1-9])\s*月(?:份)?(?:\s*(3[01]|[12]\d|0?[1-9])\s*[日号])?)?`)
	lastTime    = regexp.MustCompile(`(?:最?近|过去)(半|[一二两三四五六七八九十]|\d{1,3})\s*个?(天|日|周|星期|月|年)(?:内|以来|来|之内)?`)
	namedTime   = regexp.MustCompile(`今天|昨天|本周|这周|上周|本月|这个月|上个月|上月|今年|本年度?|去年|上年度?|前年`)
)

// findDays reads the condition in a normalised text: 2023年3月, 去年, 近三个月. ok is false where there is none, or more than one.
func findDays(text string, today time.Time) (d Days, ok bool) {
	found := 0
	for _, form := range []struct {
		signs string // one of which is in every such time
		*regexp.Regexp
		read func(m []string, today time.Time) (Days, bool)
	}{{"年", calendarDay, calendar}, {"近去", lastTime, last}, {"今昨本这上去前", namedTime, byName}} {
		if !strings.ContainsAny(text, form.signs) {
			continue
		}
		for _, m := range form.FindAllStringSubmatchIndex(text, -1) {
			words := make([]string, len(m)/2)
			for i := range words {
				if m[2*i] >= 0 {
					words[i] = text[m[2*i]:m[2*i+1]]
				}
			}
			x, good := form.read(words, today.In(site.Zone))
			if !good || insideWord(text, m[0]) {
				continue
			}
			x.Start, x.End = m[0], m[1]
			if x.title == nil {
				if x.Relative, x.title = true, analysis.Pairs(words[0]); isStory(text) {
					continue
				}
			}
			d, found = x, found+1
		}
	}
	return d, found == 1
}

// isStory reports whether a text tells or asks something in whole sentences: 去年忘记交医保，现在还能补缴吗 looks for nothing published last year.
func isStory(text string) bool {
	return utf8.RuneCountInString(text) > 14 || strings.ContainsAny(text, "，。？?！吗呢")
}

// insideWord reports whether a Latin word or number goes on at a byte of a text.
func insideWord(text string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(text[:at])
	return unicode.IsDigit(r) || unicode.IsLetter(r) && !unicode.Is(unicode.Han, r)
}

func calendar(m []string, _ time.Time) (d Days, ok bool) {
	year, _ := strconv.Atoi(m[1])
	month, _ := strconv.Atoi(m[2])
	day, _ := strconv.Atoi(m[3])
	d.title = []string{m[1]}
	switch {
	case month == 0:
		d.span(date(year, 1, 1), date(year, 12, 31))
		return d, true
	case day == 0:
		d.span(date(year, month, 1), date(year, month+1, 0))
	default:
		at := date(year, month, day)
		if at.Day() != day {
			return d, false
		}
		d.span(at, at)
		d.title = append(d.title, strconv.Itoa(day))
	}
	d.title = append(d.title, strconv.Itoa(month))
	return d, true
}

var numerals = map[string]int{"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}

func last(m []string, today time.Time) (d Days, ok bool) {
	n, named := numerals[m[1]]
	if !named && m[1] != "半" {
		n, _ = strconv.Atoi(m[1])
	}
	from := today
	switch unit := m[2]; {
	case m[1] == "半" && unit == "年":
		from = today.AddDate(0, -6, 0)
	case m[1] == "半" && unit == "月":
		from = today.AddDate(0, 0, -15)
	case n == 0:
		return d, false
	case unit == "天" || unit == "日":
		from = today.AddDate(0, 0, 1-n)
	case unit == "周" || unit == "星期":
		from = today.AddDate(0, 0, -7*n)
	case unit == "月":
		from = today.AddDate(0, -n, 0)
	default:
		from = today.AddDate(-n, 0, 0)
	}
	d.span(from, today)
	return d, true
}

func byName(m []string, today time.Time) (d Days, ok bool) {
	y, mon, day := today.Year(), int(today.Month()), today.Day()
	monday := day - (int(today.Weekday())+6)%7
	switch m[0] {
	case "今天":
		d.span(today, today)
	case "昨天":
		d.span(date(y, mon, day-1), date(y, mon, day-1))
	case "本周", "这周":
		d.span(date(y, mon, monday), today)
	case "上周":
		d.span(date(y, mon, monday-7), date(y, mon, monday-1))
	case "本月", "这个月":
		d.span(date(y, mon, 1), today)
	case "上个月", "上月":
		d.span(date(y, mon-1, 1), date(y, mon, 0))
	case "今年", "本年", "本年度":
		d.span(date(y, 1, 1), today)
	case "去年", "上年", "上年度":
		d.span(date(y-1, 1, 1), date(y-1, 12, 31))
	case "前年":
		d.span(date(y-2, 1, 1), date(y-2, 12, 31))
	}
	return d, true
}

func date(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, site.Zone)
}

func (d *Days) span(from, to time.Time) { d.From, d.To = index.NewDate(from), index.NewDate(to) }
