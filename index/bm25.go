package index

import "math"

// BM25 constants (Robertson and Zaragoza, 2009); b is per field because titles vary little in length.
const (
	k1     = 1.2
	bBody  = .75
	bTitle = .3
)

// Weighting is what a term is worth in one field of one generation.
//
// A document's score is float32 arithmetic in the order of the query: an alternative is 0 plus Add of each of its terms (times the site's
// title weight for Title), a group the greatest alternative, the score 0 plus each group. Engines that follow it agree to the last bit.
type Weighting struct {
	weight, base, perToken float32
}

// NewWeighting prepares a term of the given weight that docFreq of n documents hold, in a field of averageLength tokens.
// Documents deleted or replaced do not count.
func NewWeighting(f Field, weight float32, docFreq, n int, averageLength float64) Weighting {
	b := bBody
	if f == Title {
		b = bTitle
	}
	idf := math.Log(1 + (float64(n-docFreq)+.5)/(float64(docFreq)+.5))
	return Weighting{
		weight:   float32(float64(weight) * idf * (k1 + 1)),
		base:     float32(k1 * (1 - b)),
		perToken: float32(k1 * b / max(averageLength, 1)),
	}
}

// Add is the score of a term that stands count times in a field of length tokens.
func (w Weighting) Add(count, length float32) float32 {
	return w.weight * count / (count + (w.base + w.perToken*length))
}
