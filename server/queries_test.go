package server

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"terrace/querylog"
)

func TestWhatIsAskedOnThePageIsRememberedAndHotWordsAreShown(t *testing.T) {
	l, err := querylog.Open(t.Context(), t.TempDir()+"/queries.db", querylog.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { l.Run(ctx) })
	tn := build(t, func(o *Options) { o.Queries = l })
	for _, days := range []int{1, 2} {
		for _, reader := range []string{"a", "b", "c"} {
			l.Note(querylog.Entry{Text: "公积金贷款", At: time.Now().AddDate(0, 0, -days), Reader: reader, Total: 2})
		}
	}
	tn.get("/", "q", "公积金")
	tn.get("/", "site", "gjj") // no words
	stop()
	running.Wait()
	asked := 0
	if err := l.Each(t.Context(), time.Now().Add(-time.Hour), time.Now().Add(time.Hour), func(e querylog.Entry) error {
		asked++
		if e.Text != "公积金" || e.Total == 0 {
			t.Errorf("remembered %+v", e)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if asked != 1 {
		t.Errorf("%d queries remembered", asked)
	}
	if start := tn.get("/"); !strings.Contains(start.body, `热门：<a href="/?q=%E5%85%AC%E7%A7%AF%E9%87%91%E8%B4%B7%E6%AC%BE">公积金贷款</a>`) {
		t.Error("the start page does not show the hot word")
	}
}
