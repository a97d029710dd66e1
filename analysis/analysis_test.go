package analysis

import (
	"fmt"
	"strings"
	"testing"

	"terrace/index"
	"terrace/segment"
)

func tiny(t *testing.T) *segment.Segmenter {
	d, err := segment.LoadDictionary(strings.NewReader("公积金 50\n提取 30\n住房公积金 10\n怎么 90\n管理 40\n"))
	if err != nil {
		t.Fatal(err)
	}
	return segment.New(d)
}

func show(c index.TermCounts) string {
	var out []string
	for _, t := range c.Terms {
		out = append(out, fmt.Sprintf("%s=%d", t.Text, t.Count))
	}
	return strings.ReplaceAll(strings.Join(out, " "), segment.EndMark, "$")
}

func TestADocumentIsIndexedByBigramsLongWordsAndLatin(t *testing.T) {
	a := Index(tiny(t)).Analyze(&index.Document{Title: "公积金", Body: "提取公积金A1"})
	if got, want := show(a.Body), "公积=2 积金=2 金$=2 公积金=2 提取=1 取公=1 a1=1"; got != want {
		t.Errorf("body %s, want %s", got, want)
	}
	if got, want := show(a.Title), "公积=1 公=1 积金=1 积=1 金$=1 金=1 公积金=1"; got != want {
		t.Errorf("title %s, want %s", got, want)
	}
	if a.Body.Length != 11 || a.Keys[0] != "公积金" {
		t.Errorf("length %d, key %q", a.Body.Length, a.Keys)
	}
}

func TestAQueryAsksForUnits(t *testing.T) {
	for _, c := range []struct{ text, units, words string }{
		{"怎么提取公积金", "怎么1 么提1 提取2 取公1 公积1 积金1 公积金1", "提取 公积金"},
		{"A1 管理", "a12 管理2", "a1 管理"},
		{"金", "金*1", ""},
		{"，。！", "", ""},
	} {
		q := Query(tiny(t), c.text)
		var units, words []string
		for _, u := range q.Units {
			star := ""
			if u.Prefix {
				star = "*"
			}
			units = append(units, fmt.Sprintf("%s%s%v", u.Text, star, u.Weight))
		}
		for _, w := range q.Words {
			words = append(words, w.Text)
		}
		if got := strings.Join(units, " "); got != c.units {
			t.Errorf("units of %q: %s, want %s", c.text, got, c.units)
		}
		if got := strings.Join(words, " "); got != c.words {
			t.Errorf("words of %q: %s, want %s", c.text, got, c.words)
		}
	}
}

func TestEveryTermAQueryAsksForIsOneADocumentHas(t *testing.T) {
	s := tiny(t)
	const text = "怎么提取住房公积金，管理A1"
	have := show(count(s, text, false))
	for _, u := range Query(s, text).Units {
		if !strings.Contains(" "+have, " "+u.Text+"=") {
			t.Errorf("%q is asked for, but not indexed: %s", u.Text, have)
		}
	}
	for _, p := range Phrase(s, text) {
		if !strings.Contains(" "+have, " "+p+"=") {
			t.Errorf("%q of the phrase is not indexed", p)
		}
	}
}
