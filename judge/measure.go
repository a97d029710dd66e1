package judge

import (
	"cmp"
	"math"
	"slices"
)

// An Outcome is how one query was answered.
type Outcome struct {
	Query Query
	Ranks []int  // of each wanted document, from 1; 0 where it is not among the first Depth
	Cause *Cause // why the best wanted document is not first; nil where it is
}

// Best is the wanted document with the highest grade, of several the one that stands first, and its rank.
func (o *Outcome) Best() (w Wanted, rank int) {
	best := 0
	for i := range o.Ranks {
		byGrade := cmp.Compare(o.Query.Wanted[i].Grade, o.Query.Wanted[best].Grade)
		if byGrade > 0 || byGrade == 0 && before(o.Ranks[i], o.Ranks[best]) {
			best = i
		}
	}
	return o.Query.Wanted[best], o.Ranks[best]
}

// before tells whether a rank is nearer the top than another; none is the last.
func before(a, b int) bool { return a > 0 && (b == 0 || a < b) }

// First is the rank of the first wanted document of any grade; 0 where none is found.
func (o *Outcome) First() int {
	first := 0
	for _, r := range o.Ranks {
		if before(r, first) {
			first = r
		}
	}
	return first
}

// NDCG is the normalised discounted cumulative gain of the first n ranks (Järvelin and Kekäläinen, 2002), with the gain 2^grade − 1 and the
// discount log₂(rank + 1). Ideal are the judged documents by grade.
func (o *Outcome) NDCG(n int) float64 {
	documents := o.documents()
	gain := 0.0
	slices.SortStableFunc(documents, func(a, b document) int { return a.rank - b.rank })
	for _, d := range documents {
		if d.rank > 0 && d.rank <= n {
			gain += discounted(d.grade, d.rank)
		}
	}
	ideal := 0.0
	slices.SortStableFunc(documents, func(a, b document) int { return b.grade - a.grade })
	for i, d := range documents[:min(n, len(documents))] {
		ideal += discounted(d.grade, i+1)
	}
	return gain / ideal
}

type document struct{ grade, rank int }

// documents are what is wanted, each once: two names that stand at one rank are one document with the higher grade.
func (o *Outcome) documents() []document {
	var out []document
	for i, r := range o.Ranks {
		grade := o.Query.Wanted[i].Grade
		if j := slices.IndexFunc(out, func(d document) bool { return r > 0 && d.rank == r }); j >= 0 {
			out[j].grade = max(out[j].grade, grade)
			continue
		}
		out = append(out, document{grade, r})
	}
	return out
}

func discounted(grade, rank int) float64 {
	return (math.Exp2(float64(grade)) - 1) / math.Log2(float64(rank)+1)
}

// A Summary is means over all queries, each from 0 to 1.
type Summary struct {
	Queries int
	NDCG10  float64
	MRR     float64 // of 1 ÷ rank of the first wanted document, 0 where none is among the first Depth
	Hit1    float64 // share of the queries with a wanted document, of any grade, first
	Hit10   float64 // among the first ten
}

// Summarize measures outcomes, of which there must be one or more.
func Summarize(outcomes []Outcome) Summary {
	s := Summary{Queries: len(outcomes)}
	hit1, hit10 := 0, 0
	for i := range outcomes {
		s.NDCG10 += outcomes[i].NDCG(10)
		first := outcomes[i].First()
		if first == 0 {
			continue
		}
		s.MRR += 1 / float64(first)
		if first == 1 {
			hit1++
		}
		if first <= 10 {
			hit10++
		}
	}
	n := float64(len(outcomes))
	s.NDCG10, s.MRR, s.Hit1, s.Hit10 = s.NDCG10/n, s.MRR/n, float64(hit1)/n, float64(hit10)/n
	return s
}
