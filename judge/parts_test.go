package judge

import (
	"context"
	"errors"
	"strings"
	"testing"

	"terrace/query"
)

// sum makes parts of texts and values.
func sum(pairs ...any) (out []query.Part) {
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, query.Part{Text: pairs[i].(string), Value: pairs[i+1].(float64)})
	}
	return out
}

func TestACauseNamesThePartsThatMakeTheDifference(t *testing.T) {
	for name, c := range map[string]struct {
		front, wanted []query.Part
		want          string
	}{
		"a part that only the first has": {
			sum("标题含“公积金”", 3.1, "正文其余字词", 1.), sum("正文其余字词", 1.),
			"前一条多在：标题含“公积金” +3.10",
		},
		"more of one part": {
			sum("相邻的词也相邻", 2.), sum("相邻的词也相邻", .5), "前一条多在：相邻的词也相邻 +2.00（要找的 +0.50）",
		},
		"parts about one thing are beside each other": {
			sum("标题含“公积金”“提取”", 4., "正文含“提取”7 处", 2.), sum("标题含“公积金”", 1., "正文含“提取”1 处", 1.),
			"前一条多在：标题含“公积金”“提取” +4.00（要找的标题含“公积金” +1.00）、正文含“提取”7 处 +2.00（要找的正文含“提取”1 处 +1.00）",
		},
		"whatever they are read as": {
			sum("按“住房公积金”：标题含“公积金”", 4.), sum("标题含“公积金”", 1.),
			"前一条多在：按“住房公积金”：标题含“公积金” +4.00（要找的标题含“公积金” +1.00）",
		},
		"what the wanted loses": {
			sum("标题含“公积金”", 2., "2 年前发布", -.1), sum("标题含“公积金”", 2., "只属于青溪县", -.9, "9 年前发布", -.7),
			"前一条多在：2 年前发布 -0.10（要找的9 年前发布 -0.70）；要找的少在：只属于青溪县 -0.90",
		},
		"the largest three, and none beside which they are small": {
			sum("甲", 9., "乙", 8., "丙", 7., "丁", 6.), nil, "前一条多在：甲 +9.00、乙 +8.00、丙 +7.00",
		},
		"small ones are not named":            {sum("甲", 9., "乙", 1.), nil, "前一条多在：甲 +9.00"},
		"the exact title decides alone":       {sum("标题或文号与查询完全相同，排在最前", 0., "甲", 9.), nil, "前一条标题或文号与查询完全相同，排在最前"},
		"a successor decides alone":           {sum("甲", 1.), sum("已被后来的文件废止，排在那份文件之后", 0., "甲", 9.), "要找的已被后来的文件废止，排在那份文件之后"},
		"a rule that holds for both does not": {sum("规则", 0., "甲", 2.), sum("规则", 0.), "前一条多在：甲 +2.00"},
		"nothing is told":                     {nil, nil, ""},
		"no part is larger":                   {sum("甲", 1.), sum("甲", 2., "乙", 3.), ""},
	} {
		if got := difference(c.front, c.wanted); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestWhereNobodyTellsPartsTheCauseDoesWithout(t *testing.T) {
	hits := []Hit{{ID: "1", Title: "公积金", Marked: []string{"公积金"}}, {ID: "2", Title: "养犬"}}
	parted := []Hit{{ID: "1", Score: 3, Parts: []query.Part{{Text: "甲", Value: 3}}}, {ID: "2", Score: 1}}
	for name, c := range map[string]struct {
		explain func(context.Context, string, int) ([]Hit, error)
		named   bool
	}{
		"told":                  {func(_ context.Context, _ string, n int) ([]Hit, error) { return parted[:n], nil }, true},
		"not asked":             {nil, false},
		"not allowed":           {func(context.Context, string, int) ([]Hit, error) { return nil, errors.New("no token") }, false},
		"fewer than before":     {func(context.Context, string, int) ([]Hit, error) { return parted[:1], nil }, false},
		"others than before":    {func(context.Context, string, int) ([]Hit, error) { return []Hit{parted[1], parted[0]}, nil }, false},
		"another at the second": {func(context.Context, string, int) ([]Hit, error) { return []Hit{parted[0], {ID: "3"}}, nil }, false},
	} {
		s := Source{Search: func(context.Context, string, bool) ([]Hit, error) { return hits, nil }, Explain: c.explain}
		queries, err := Read(strings.NewReader("公积金\t2"), keys())
		if err != nil {
			t.Fatal(err)
		}
		outcomes, err := Judge(t.Context(), queries, keys(), s)
		if err != nil {
			t.Fatal(err)
		}
		got := outcomes[0].Cause
		if got == nil || got.Code != Outranked || strings.Contains(got.Text, "前一条多在：甲 +3.00") != c.named || !strings.Contains(got.Text, "标题没有查询的词") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
