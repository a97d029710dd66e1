package server

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terrace/index"
	"terrace/querylog"
)

// hall is a town that remembers what is asked on its page.
type hall struct {
	*town
	log *querylog.Log
}

func openHall(t *testing.T, others ...index.Document) *hall {
	t.Helper()
	l, err := querylog.Open(t.Context(), filepath.Join(t.TempDir(), "queries.db"), querylog.Options{Deny: []string{"本地谣言"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return &hall{build(t, func(o *Options) {
		o.Queries, o.TrustedProxies = l, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
		if len(others) > 0 {
			if o.Searcher, err = searching(others...); err != nil {
				t.Fatal(err)
			}
		}
	}), l}
}

// asks has each of so many addresses search on the page for texts, one after the other, today and, as the log is told, yesterday.
func (h *hall) asks(readers int, texts ...string) {
	h.t.Helper()
	for i := range readers {
		addr := netip.AddrFrom4([4]byte{203, 0, 113, byte(i)})
		for _, text := range texts {
			h.log.Note(querylog.Entry{Text: text, At: time.Now().AddDate(0, 0, -1), Reader: h.log.Reader(addr), Total: 1})
			if got := h.do("GET", "/?"+params("q", text), "", "X-Forwarded-For", addr.String()); got.code != 200 {
				h.t.Fatalf("%q: %d", text, got.code)
			}
		}
	}
	if err := h.log.Flush(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// words are the links of a part of the page.
func (a answer) words(part string) string {
	a.t.Helper()
	var out []string
	for _, link := range a.page().all("a", part) {
		out = append(out, text(link))
		if to, err := url.Parse(attr(link, "href")); err != nil || to.Query().Get("q") != text(link) || len(to.Query()) != 1 {
			a.t.Errorf("%s leads to %s", text(link), attr(link, "href"))
		}
	}
	return strings.Join(out, ", ")
}

// related looks at the words related to a query until they are those wanted: a busy machine may not look them up in time.
func (h *hall) related(q, want string) answer {
	h.t.Helper()
	var got answer
	for range 100 {
		if got = h.get("/", "q", q); got.words("related") == want {
			return got
		}
	}
	h.t.Errorf("related to %q: %s, want %s", q, got.words("related"), want)
	return got
}

func TestWhatIsAskedOnThePageIsRemembered(t *testing.T) {
	h := openHall(t)
	h.get("/", "q", "公积金")
	h.get("/", "q", "gongjijin") // read as 公积金
	h.get("/", "site", "gjj")    // no words
	if err := h.log.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	var asked []string
	if err := h.log.Each(t.Context(), time.Now().Add(-time.Hour), time.Now().Add(time.Hour), func(e querylog.Entry) error {
		asked = append(asked, fmt.Sprint(e.Text, " ", e.Total))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(asked, ", "); got != "公积金 3, gongjijin 0" {
		t.Errorf("remembered %s", got)
	}
}

func TestWhatManyAskForIsHotAndRelated(t *testing.T) {
	h := openHall(t)
	h.asks(3, "公积金", "公积金提取", `登记<script>alert(1)</script>`)
	h.asks(2, "公积金", "公积金指南")
	if got := h.get("/").words("hot"); got != "公积金, 公积金提取, 登记<script>alert(1)</script>" {
		t.Errorf("hot: %s", got)
	}
	for _, q := range []string{"公积金", " 公積金　"} {
		got := h.related(q, "公积金提取, 登记<script>alert(1)</script>")
		if strings.Contains(got.body, "<script>alert") {
			t.Error("a script that readers asked for stands in the page")
		}
	}
	if got := h.get("/", "site", "gjj").words("related"); got != "" {
		t.Errorf("related to no words: %s", got)
	}
}

func TestWhereNothingIsFoundRelatedWordsAreAWayOn(t *testing.T) {
	h := openHall(t)
	h.asks(3, "ゐゑ", "公积金提取")
	if got := h.related("ゐゑ", "公积金提取"); !strings.Contains(got.body, "没有找到结果") {
		t.Error("something is found")
	}
	if got := h.get("/", "q", "公积金提取").words("related"); got != "" {
		t.Errorf("what finds nothing is shown: %s", got)
	}
}

func TestAtMostEightRelatedWordsAreShown(t *testing.T) {
	h := openHall(t)
	texts := []string{"公积金"}
	for _, kind := range strings.Split("住房,土地,婚姻,户口,车辆,企业,税务,林地,失业,工伤", ",") {
		texts = append(texts, kind+"登记通知")
	}
	h.asks(3, texts...)
	h.related("公积金", strings.Join(texts[1:1+8], ", "))
}

func TestNothingPersonalIsHotOrRelatedHoweverOftenItIsAskedFor(t *testing.T) {
	texts := []string{
		"公积金13800138000", "公积金 532501199001011234", "公积金 0873-3722123", "张伟电话", "张伟 公积金", "王小明的联系方式", "幸福小区5栋2单元", "公积金本地谣言", "网络赌博",
	}
	var pages []index.Document
	for i, text := range texts {
		pages = append(pages, index.Document{ID: fmt.Sprint("page", i), Title: "见正文", Body: text, Kind: index.News,
			Copies: []index.Copy{{URL: "http://www.yunhe.example/", Site: "portal", Date: 20240101}}})
	}
	h := openHall(t, pages...)
	h.asks(12, append([]string{"公积金", "公积金提取"}, texts...)...)
	if got := h.get("/").words("hot"); got != "公积金, 公积金提取" {
		t.Errorf("hot: %s", got)
	}
	for _, q := range append(texts, "公积金") {
		for word := range strings.SplitSeq(h.get("/", "q", q).words("related"), ", ") {
			if word != "" && word != "公积金" && word != "公积金提取" {
				t.Errorf("related to %s: %s", q, word)
			}
		}
	}
	h.related("公积金", "公积金提取")
	phrases, err := h.log.Phrases(t.Context(), 100)
	if err != nil || len(phrases) != 2 {
		t.Errorf("completed: %v, %v", phrases, err)
	}
}

func TestManySearchesFromOneAddressMakeNothing(t *testing.T) {
	h := openHall(t)
	for range 60 {
		h.asks(1, "公积金", "公积金广告")
		h.get("/", "q", "公积金广告") // the test's own address
	}
	if got := h.get("/").words("hot"); got != "" {
		t.Errorf("hot: %s", got)
	}
	if got := h.get("/", "q", "公积金").words("related"); got != "" {
		t.Errorf("related: %s", got)
	}
	if phrases, err := h.log.Phrases(t.Context(), 100); err != nil || len(phrases) > 0 {
		t.Errorf("completed: %v, %v", phrases, err)
	}
}

// troubled is a log that related words cannot be had of.
type troubled struct {
	*querylog.Log
	trouble func(context.Context) error
}

func (q troubled) Related(ctx context.Context, _ string, _ int) ([]querylog.Word, error) {
	return []querylog.Word{{Text: "半途而废", Readers: 3, Total: 1}}, q.trouble(ctx)
}

func TestThePageDoesWithoutRelatedWords(t *testing.T) {
	h := openHall(t)
	ended := make(chan struct{})
	defer close(ended)
	for name, trouble := range map[string]func(context.Context) error{
		"slow":   func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() },
		"stuck":  func(context.Context) error { <-ended; return nil },
		"broken": func(context.Context) error { return errors.New("disk I/O error") },
		"buggy":  func(context.Context) error { panic("a bug") },
	} {
		tn := build(t, func(o *Options) { o.Queries = troubled{h.log, trouble} })
		if got := tn.get("/", "q", "公积金"); got.code != 200 || got.page().total() == 0 || strings.Contains(got.body, "相关搜索") {
			t.Errorf("%s: %d %s", name, got.code, got.words("related"))
		}
	}
}

// withdrawnWords hides texts that hold a word.
type withdrawnWords struct{ word string }

func (w *withdrawnWords) Hides(text string) bool {
	return w.word != "" && strings.Contains(text, w.word)
}

func TestWordsThatHoldAWithdrawnTitleAreShownNoMoreAtOnce(t *testing.T) {
	h := openHall(t)
	hidden := &withdrawnWords{}
	h.town.server.options.Withdrawn = hidden
	hidden.word = "提取"
	h.asks(3, "公积金", "公积金提取", "公积金指南")
	if got := h.get("/").words("hot"); strings.Contains(got, "提取") || !strings.Contains(got, "公积金指南") {
		t.Errorf("hot: %s", got)
	}
	h.related("公积金", "公积金指南")
}
