package index

import (
	"slices"
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	for s, want := range map[string]Date{"2024-02-29": 20240229, "": 0, "0001-01-01": 10101} {
		if got, err := ParseDate(s); err != nil || got != want || got.String() != s {
			t.Errorf("%q is %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"2023-02-29", "2024-1-1", "20240101", "2024-01-01T00:00:00", "0000-01-01", "昨天"} {
		if got, err := ParseDate(s); err == nil {
			t.Errorf("%q is read as %v", s, got)
		}
	}
	if got := NewDate(time.Date(2024, 12, 31, 23, 0, 0, 0, time.FixedZone("CST", 8*3600))); got != 20241231 || got.Year() != 2024 {
		t.Errorf("the day of a moment: %v", got)
	}
}

func TestADocumentHoldsEachValueOnce(t *testing.T) {
	d := Document{Kind: News, Copies: []Copy{
		{Site: "a", Department: "x", Date: 20231231}, {Site: "b", Column: "要闻", Date: 20240101}, {Site: "a", Column: "要闻"},
	}}
	for f, want := range map[Field][]string{Site: {"a", "b"}, Department: {"x"}, County: nil, Column: {"要闻"}, Kind: {News}, Year: {"2023"}} {
		if got := d.Values(f); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", f, got, want)
		}
	}
	if bare := (&Document{}); bare.Date() != 0 || bare.Values(Year) != nil || bare.Values(Kind) != nil {
		t.Error("a bare document has values")
	}
}

func TestAPhraseHoldsWhereItStands(t *testing.T) {
	for _, c := range []struct {
		text, phrase string
		want         bool
	}{
		{"住房公积金提取", "公积金", true},
		{"住房公积金提取", "公基金", false},
		{"", "公积金", false},
		{"住房公积金", "", true},
		{"version 12 of 2", "2", true},
		{"version 12", "2", false},
		{"loans and loan", "loan", true},
		{"loans", "loan", false},
		{"电子loan申请", "loan", true},
		{"2024年", "2024年", true},
		{"12024年", "2024年", false},
	} {
		if got := (Phrase{Text: c.phrase}).Holds(c.text); got != c.want {
			t.Errorf("%q in %q: %v", c.phrase, c.text, got)
		}
	}
}

func TestARarerTermAndAShorterTextScoreMore(t *testing.T) {
	score := func(f Field, df int, count, length float32) float32 {
		return NewWeighting(f, 1, df, 1000, 100).Add(count, length)
	}
	if score(Body, 1, 1, 100) <= score(Body, 10, 1, 100) || score(Body, 1, 1, 50) <= score(Body, 1, 1, 100) || score(Body, 1, 2, 100) <= score(Body, 1, 1, 100) {
		t.Error("BM25 does not order")
	}
	if spread := func(f Field) float32 { return score(f, 1, 1, 50) / score(f, 1, 1, 200) }; spread(Title) >= spread(Body) {
		t.Error("the length of a title counts as much as that of a body")
	}
	if s := score(Body, 1000, 1, 100); s <= 0 {
		t.Errorf("a term that every document holds scores %v", s)
	}
}
