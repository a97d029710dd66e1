package query

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"terrace/db"
	"terrace/index"
	"terrace/withdraw"
)

// secret is a document that alone holds a name and a phrase, among others that hold its characters apart.
var secret = doc("secret", "穆清欢低保名单公示", "穆清欢的低保名单公示。穆清欢。"+strings.Repeat("穆清欢申领困难补助，名单公示。", 5), 20240501)

// withList is a hall over documents whose answers go by a list of withdrawals.
func withList(t *testing.T) (*hall, *withdraw.List) {
	t.Helper()
	var docs []index.Document
	for i := range 20 {
		docs = append(docs, doc(fmt.Sprint("d", i), fmt.Sprintf("公积金提取通知第%d号", i), "公积金提取办事指南。清理欢迎名单公示补助申领。", 20240101))
	}
	h := openHall(t, append(docs, secret)...)
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "state.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	l, err := withdraw.Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	h.Searcher = New(withdraw.Over(h.ix, l), h.active.Load().seg, h.registry, Options{Queries: h.log, Withdrawn: l, Now: func() time.Time { return h.clock }})
	return h, l
}

func (h *hall) suggested(typed string) (out string) {
	h.Helper()
	found, err := h.Suggest(h.Context(), typed, MaxSuggestions)
	if err != nil {
		h.Fatal(err)
	}
	for _, f := range found {
		out += f.Text + " "
	}
	return out
}

func (h *hall) rewritten(text string) string {
	h.Helper()
	res, err := h.Search(h.Context(), Request{Text: text})
	if err != nil {
		h.Fatal(err)
	}
	if res.Rewriting == nil {
		return ""
	}
	return res.Rewriting.Text
}

func TestNothingLearnedFromAWithdrawnDocumentIsProposed(t *testing.T) {
	h, l := withList(t)
	h.ask(5, "穆清欢低保", "查询穆清欢低保名单公示")
	if err := h.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := h.suggested("穆清"); !strings.Contains(got, "穆清欢低保名单公示") || !strings.Contains(got, "穆清欢低保 ") {
		t.Fatalf("before it is withdrawn it is not suggested: %s", got)
	}
	if got := h.rewritten("穆青欢"); got != "穆清欢" {
		t.Fatalf("before it is withdrawn 穆青欢 is respelt %q", got)
	}
	if got := h.rewritten("muqinghuan"); got != "穆清欢" {
		t.Fatalf("before it is withdrawn muqinghuan is read %q", got)
	}

	e, err := l.Add(t.Context(), withdraw.Entry{Page: "secret", At: time.Now()}, withdraw.Page{ID: "secret", Title: secret.Title})
	if err != nil {
		t.Fatal(err)
	}
	nothing := func(when string) {
		t.Helper()
		for _, typed := range []string{"穆清", "muqing", "mqh", "低保", "查询"} {
			if got := h.suggested(typed); strings.Contains(got, "穆清欢") {
				t.Errorf("%s %s is completed to %s", when, typed, got)
			}
		}
		for _, typed := range []string{"穆青欢", "muqinghuan", "穆欢清", "穆清欢欢"} {
			if got := h.rewritten(typed); strings.Contains(got, "穆清欢") && got != typed {
				t.Errorf("%s %s is respelt %s", when, typed, got)
			}
		}
		for _, r := range []Request{{Text: "穆清欢"}, {Text: secret.Title}, {Text: "名单公示", PageSize: 100}, {Text: "低保", Sort: index.ByDate}, {Text: `"穆清欢"`}} {
			r.Explain = true
			res, err := h.Search(t.Context(), r)
			if err != nil || strings.Contains(found(res), "secret") {
				t.Errorf("%s %q finds %s, %v", when, r.Text, found(res), err)
			}
		}
		all, err := h.Overview(t.Context())
		if err != nil || all.Total != 20 {
			t.Errorf("%s there are %d documents, %v", when, all.Total, err)
		}
	}
	nothing("at once")
	if got := h.suggested("公积金"); got != "" && !strings.Contains(got, "公积金中心") {
		t.Errorf("names and terms alone are completed: %s", got)
	}

	g, err := h.ix.Generations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	live, err := h.ix.Open(t.Context(), g[0].Name)
	if err == nil {
		err = live.Delete(t.Context(), "secret")
	}
	if err == nil {
		err = l.Settle(t.Context(), e)
	}
	if err != nil {
		t.Fatal(err)
	}
	nothing("settled")
	if err := h.Learn(t.Context()); err != nil {
		t.Fatal(err)
	}
	nothing("learned anew")
	if got := h.suggested("公积金"); !strings.Contains(got, "公积金提取通知") {
		t.Errorf("learned anew, other titles are not suggested: %s", got)
	}
}
