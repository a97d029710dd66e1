package analysis

import (
	"strings"
	"testing"

	"terrace/index"
)

func TestDocumentsAreCutWithTheWordsOfTheMoment(t *testing.T) {
	s := NewScheme(tiny(t))
	a := s.Index()
	cut := func() string { return " " + show(a.Analyze(&index.Document{Body: "公积金提取"}).Body) + " " }
	if got := cut(); strings.Contains(got, " 公积金提取=1 ") {
		t.Fatalf("before: %s", got)
	}
	s.Use(s.Segmenter().With("公积金提取"))
	if got := cut(); !strings.Contains(got, " 公积金提取=1 ") || !strings.Contains(got, " 公积=1 ") {
		t.Errorf("with the user word: %s", got)
	}
	s.Use(s.Segmenter().Base())
	if got := cut(); strings.Contains(got, " 公积金提取=1 ") {
		t.Errorf("without it again: %s", got)
	}
}
