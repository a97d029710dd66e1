package bluge

import (
	"math/rand/v2"
	"testing"
)

func TestBlocksBelowALimitAreLeftOutAndNoOthers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	few := []float32{none, 0, 1e-45, .5, 1, 1.0000001, 3e38}
	for range 20_000 {
		scores := make([]float32, 1+r.IntN(5*block))[r.IntN(2):]
		for i := range scores {
			scores[i] = few[r.IntN(1+r.IntN(len(few)))]
		}
		least := few[1+r.IntN(len(few)-1)]
		reached := func(some []float32) bool {
			for _, x := range some {
				if !isNone(x) && x >= least {
					return true
				}
			}
			return false
		}
		n := below(scores, least)
		if n%block > 1 || reached(scores[:n]) {
			t.Fatalf("%d of %v are said to be below %v", n, scores, least)
		}
		if rest := scores[n:]; least > 0 && len(rest) >= block && !reached(rest[:block]) {
			t.Fatalf("the block after %d of %v reaches %v", n, scores, least)
		}
	}
}
