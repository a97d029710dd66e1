package judge

import (
	"math"
	"testing"
)

// outcome is one query whose wanted documents have these grades and stand at these ranks.
func outcome(grades, ranks []int) Outcome {
	o := Outcome{Ranks: ranks}
	for _, g := range grades {
		o.Query.Wanted = append(o.Query.Wanted, Wanted{Grade: g})
	}
	return o
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6 }

// The gains of grades 3, 2, 1 are 7, 3, 1; the discounts of ranks 1, 2, 3, 10 are 1, 1.584963, 2, 3.459432.
func TestNDCGIsTheGainOverTheIdealGain(t *testing.T) {
	for name, c := range map[string]struct {
		grades, ranks []int
		want          float64
	}{
		"all in order of grade":                    {[]int{1, 3, 2}, []int{3, 1, 2}, 1},
		"the only one second":                      {[]int{1}, []int{2}, 0.630930},             // 1 / 1.584963
		"the better of two second":                 {[]int{3, 2, 1}, []int{2, 1, 0}, 0.789596}, // (3 + 7/1.584963) / (7 + 3/1.584963 + 1/2)
		"the last of ten":                          {[]int{2}, []int{10}, 0.289065},            // (3/3.459432) / 3
		"the eleventh does not count":              {[]int{2}, []int{11}, 0},
		"none":                                     {[]int{3, 3}, []int{0, 0}, 0},
		"two names of one document are one":        {[]int{2, 3, 1}, []int{1, 1, 2}, 1},
		"two of one grade, the second not there":   {[]int{3, 3}, []int{1, 0}, 0.613147}, // 7 / (7 + 7/1.584963)
		"of twelve wanted the first ten are ideal": {[]int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			o := outcome(c.grades, c.ranks)
			if got := o.NDCG(10); !near(got, c.want) {
				t.Errorf("nDCG@10 %f, want %f", got, c.want)
			}
		})
	}
}

func TestASummaryIsTheMeanOverQueries(t *testing.T) {
	s := Summarize([]Outcome{
		outcome([]int{3}, []int{1}),
		outcome([]int{1, 3}, []int{1, 4}), // first by a lower grade
		outcome([]int{2}, []int{20}),
		outcome([]int{2}, []int{0}),
	})
	second := (1 + 7/math.Log2(5)) / (7 + 1/math.Log2(3))
	if s.Queries != 4 || !near(s.NDCG10, (1+second)/4) || !near(s.MRR, (1+1+.05)/4) || !near(s.Hit1, .5) || !near(s.Hit10, .5) {
		t.Errorf("summary %+v", s)
	}
}

func TestTheBestIsTheHighestGradeThatStandsFirst(t *testing.T) {
	for name, c := range map[string]struct {
		grades, ranks []int
		index, rank   int
	}{
		"the higher grade, though it is lower": {[]int{2, 3}, []int{1, 7}, 1, 7},
		"of one grade the first found":         {[]int{3, 3, 3}, []int{0, 9, 4}, 2, 4},
		"not found":                            {[]int{3, 1}, []int{0, 1}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			o := outcome(c.grades, c.ranks)
			for i := range o.Query.Wanted {
				o.Query.Wanted[i].Line = i
			}
			if w, rank := o.Best(); w.Line != c.index || rank != c.rank {
				t.Errorf("best is document %d at rank %d", w.Line, rank)
			}
		})
	}
}
