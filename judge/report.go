package judge

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// Report prints what Judge found for people: a line of means, then each query whose best wanted document is not first, and why.
func Report(w io.Writer, outcomes []Outcome) error {
	s := Summarize(outcomes)
	var b strings.Builder
	fmt.Fprintf(&b, "%d 条查询：nDCG@10 %.3f，MRR %.3f，hit@1 %.3f，hit@10 %.3f\n", s.Queries, s.NDCG10, s.MRR, s.Hit1, s.Hit10)
	missed := 0
	for i := range outcomes {
		o := &outcomes[i]
		if o.Cause == nil {
			continue
		}
		if missed++; missed == 1 {
			b.WriteString("下面的查询，最该找到的不在第一：\n")
		}
		best, _ := o.Best()
		fmt.Fprintf(&b, "\n第 %d 行 %s\n  要找：%s（等级 %d）\n  %s\n", best.Line, o.Query.Text, best.Text, best.Grade, o.Cause.Text)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

type summaryJSON struct {
	Queries int         `json:"queries"`
	NDCG10  float64     `json:"ndcg10"`
	MRR     float64     `json:"mrr"`
	Hit1    float64     `json:"hit1"`
	Hit10   float64     `json:"hit10"`
	Results []queryJSON `json:"results"`
}

type queryJSON struct {
	Query  string       `json:"query"`
	Line   int          `json:"line"`
	NDCG10 float64      `json:"ndcg10"`
	Wanted []wantedJSON `json:"wanted"`
	Cause  *Cause       `json:"cause"` // null where the best wanted document is first
}

type wantedJSON struct {
	Wanted string `json:"wanted"`
	Grade  int    `json:"grade"`
	Line   int    `json:"line"`
	Rank   int    `json:"rank"` // 0: not among the first Depth
}

// ReportJSON prints the same, and every query with all ranks, for programs: one object.
func ReportJSON(w io.Writer, outcomes []Outcome) error {
	s := Summarize(outcomes)
	out := summaryJSON{Queries: s.Queries, NDCG10: s.NDCG10, MRR: s.MRR, Hit1: s.Hit1, Hit10: s.Hit10}
	for i := range outcomes {
		o := &outcomes[i]
		q := queryJSON{Query: o.Query.Text, Line: o.Query.Line, NDCG10: o.NDCG(10), Cause: o.Cause}
		for j, x := range o.Query.Wanted {
			q.Wanted = append(q.Wanted, wantedJSON{Wanted: x.Text, Grade: x.Grade, Line: x.Line, Rank: o.Ranks[j]})
		}
		out.Results = append(out.Results, q)
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(out)
}
