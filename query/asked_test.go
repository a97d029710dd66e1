package query

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terrace/index"
	"terrace/lexicon"
	"terrace/querylog"
	"terrace/site"
)

// hall is a searcher over some documents with the log of those who ask there, and a clock that the test sets.
type hall struct {
	*testing.T
	*Searcher
	log   *querylog.Log
	clock time.Time
}

func openHall(t *testing.T, docs ...index.Document) *hall {
	t.Helper()
	l, err := querylog.Open(t.Context(), filepath.Join(t.TempDir(), "queries.db"), querylog.Options{Deny: []string{"本地谣言"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	r, err := site.New(site.Cluster{Departments: []site.Department{{ID: "gjj", Name: "公积金中心"}}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := searcherOver(docs, town(t).active.Load().seg, r)
	if err != nil {
		t.Fatal(err)
	}
	terms, err := lexicon.Parse("取钱 -> 公积金提取 0.9", "")
	if err != nil {
		t.Fatal(err)
	}
	h := &hall{T: t, log: l, clock: today}
	h.Searcher = New(s.ix, s.active.Load().seg, r, Options{Synonyms: lexicon.New(terms), Queries: l, Now: func() time.Time { return h.clock }})
	return h
}

// ask has so many readers ask for texts today and yesterday, who are told that there are results.
func (h *hall) ask(readers int, texts ...string) {
	h.Helper()
	for _, text := range texts {
		for i := range readers {
			for _, day := range []int{0, -1} {
				h.log.Note(querylog.Entry{Text: text, At: time.Now().AddDate(0, 0, day), Reader: fmt.Sprint(text, i), Total: 1})
			}
		}
		if err := h.log.Flush(h.Context()); err != nil {
			h.Fatal(err)
		}
	}
}

// completed learns and writes the completions of what was typed, with what they find.
func (h *hall) completed(typed string) string {
	h.Helper()
	if err := h.Learn(h.Context()); err != nil {
		h.Fatal(err)
	}
	found, err := h.Suggest(h.Context(), typed, MaxSuggestions)
	if err != nil {
		h.Fatal(err)
	}
	var out []string
	for _, f := range found {
		out = append(out, fmt.Sprint(f.Kind, " ", f.Text, " ", f.Results))
	}
	return strings.Join(out, ", ")
}

func loans() []index.Document {
	return []index.Document{
		doc("a", "公积金贷款利率调整", "公积金贷款利率。怎么提取公积金见指南。", 20240101), doc("b", "公积金贷款指南", "贷款额度与提取。", 20240102),
		doc("c", "住房通知", "公积金中心办事。", 20240103),
	}
}

func TestWhatManyAskForIsCompletedWithWhatItFinds(t *testing.T) {
	h := openHall(t, loans()...)
	h.ask(3, "公积金指南", "提取住房")
	h.ask(40, "公积金利率")
	h.ask(2, "公积金办事")
	want := "department 公积金中心 3, query 公积金利率 1, term 公积金提取 2, query 公积金指南 2, " +
		"title 公积金贷款指南 1, title 公积金贷款利率调整 1"
	for _, typed := range []string{"gjj", "gongjijin", "gongjj"} {
		if got := h.completed(typed); got != want {
			t.Errorf("%s is completed to\n%s\nwant\n%s", typed, got, want)
		}
	}
	if got := h.completed("提取住"); got != "" {
		t.Errorf("what no document holds is completed: %s", got)
	}
}

func TestPastQueriesAreTakenOverEveryTenMinutes(t *testing.T) {
	h := openHall(t, loans()...)
	if got := h.completed("利率"); got != "title 公积金贷款利率调整 1" {
		t.Errorf("before anybody asked: %s", got)
	}
	h.ask(3, "利率调整")
	h.clock = h.clock.Add(askAgain - time.Second)
	if got := h.completed("利率"); got != "title 公积金贷款利率调整 1" {
		t.Errorf("before ten minutes are over: %s", got)
	}
	h.clock = h.clock.Add(time.Second)
	if got := h.completed("利率"); got != "query 利率调整 1, title 公积金贷款利率调整 1" {
		t.Errorf("after ten minutes: %s", got)
	}
	before := h.asked.Load().phrases
	h.clock = h.clock.Add(askAgain)
	if h.completed("利率"); h.asked.Load().phrases != before {
		t.Error("what has not changed is made anew")
	}
	h.ask(3, "利率怎么调整")
	h.clock = h.clock.Add(askAgain)
	if got := h.completed("利率"); got != "query 利率调整 1, query 利率怎么调整 1, title 公积金贷款利率调整 1" {
		t.Errorf("after ten minutes more: %s", got)
	}
}

func TestAPastQueryIsNeitherMadeByOneReaderNorByOperators(t *testing.T) {
	h := openHall(t, loans()...)
	for range 200 {
		h.ask(1, "公积金调整")
	}
	h.ask(9, "-公积金指南", `"公积金贷款" 利率`, "公积金 -利率", "site:portal 公积金", "贷款额度")
	if got := h.completed("公积金"); strings.Contains(got, "query") {
		t.Errorf("got %s", got)
	}
	if got := h.completed("贷款额"); got != "query 贷款额度 2" {
		t.Errorf("without operators, by many: %s", got)
	}
}

func TestNothingPersonalAndNothingDeniedIsCompleted(t *testing.T) {
	texts := []string{
		"13800138000", "公积金13800138000", "0873-3722123找公积金", "532501199001011234", "公积金 532501199001011234", "6222 0212 0200 1234 567",
		"张伟电话", "张伟的电话号码", "张伟 电话", "王小明", "查王小明手机号", "身份证 李四光", "幸福小区5栋2单元", "网络赌博", "公积金本地谣言",
	}
	docs := loans()
	for i, text := range texts {
		docs = append(docs, doc(fmt.Sprint("page", i), "见正文", text, 20240101))
	}
	docs = append(docs, doc("letter", "张某13800138000的来信", "公积金", 20240101), doc("flat", "幸福小区5栋2单元漏水", "公积金", 20240101),
		doc("casino", "关于打击网络赌博的通告", "公积金", 20240101), doc("rumour", "关于“本地谣言”的说明", "公积金", 20240101))
	h := openHall(t, docs...)
	h.ask(50, texts...)
	h.ask(50, "公积金贷款额度")
	const harmless, titles = "query 公积金贷款额度 2", "title 公积金贷款利率调整 1, title 公积金贷款指南 1, title 住房通知 1, title 见正文 1"
	for _, typed := range []string{
		"1", "138", "13800138000", "0", "5", "6", "公积金", "gjj", "gongjijin", "张", "z", "zhangwei", "zwdh", "张伟", "王", "wxm", "查", "身份证", "sfz", "李", "幸福",
		"xf", "网", "wl", "赌博", "本地", "关于", "guanyu", "来信", "漏水",
	} {
		for got := range strings.SplitSeq(h.completed(typed), ", ") {
			if strings.HasPrefix(got, "query ") && got != harmless || strings.HasPrefix(got, "title ") && !strings.Contains(titles, got) {
				t.Errorf("%s is completed to %s", typed, got)
			}
		}
	}
	if got := h.completed("公积金贷款额"); got != harmless {
		t.Errorf("what is asked for as often and harmless: %q", got)
	}
}

func TestAPastQueryThatManyAskForWeighsMore(t *testing.T) {
	last := 0.0
	for _, c := range []struct {
		readers          int
		moreThan, atMost float64
	}{{6, serviceWeight, termWeight}, {65, termWeight, officeWeight}, {1100, officeWeight, mostAskedWeight}, {1 << 40, mostAskedWeight - .1, mostAskedWeight}} {
		got := askedWeight(c.readers)
		if got <= c.moreThan || got > c.atMost || got <= last {
			t.Errorf("%d readers weigh %v", c.readers, got)
		}
		last = got
	}
	if got := askedWeight(0); got != 0 {
		t.Errorf("none weighs %v", got)
	}
}
