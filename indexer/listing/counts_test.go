package listing

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

func TestNoLineThatCountsIsLeftOut(t *testing.T) {
	pieces := []string{"共", "共有", "共计", "总共", "12", "1,204", "３５", "条", "篇", "项", "则", "行", "总记录数", "记录总数", "总条数", "信息总数", "总数", "数据总数", "记录共", "：", ":",
		"页", "第", "/", "／", " ", "\u3000", "\u00a0", "条记录", "页次", "页数", "当前", "当前页", "每页", "显示", "，", ",", "|", "2024", "a", "总页数"}
	speaking := []*regexp.Regexp{itemWords, pageWords, ofPages, lonePages, thisPage, perWords}
	r := rand.New(rand.NewPCG(3, 4))
	counted := 0
	for range 200_000 {
		var b strings.Builder
		for range 1 + r.IntN(7) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		line := b.String()
		s := squeeze(line)
		for _, re := range speaking {
			if len(s) >= 3 && re.MatchString(s) {
				counted++
				if !mayCount([]byte(line)) {
					t.Fatalf("%q is left out, though %v finds something in it", line, re)
				}
			}
		}
	}
	if counted < 1000 {
		t.Errorf("%d lines count", counted)
	}
}
