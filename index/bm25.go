package index

import "math"

// BM25 constants (Robertson and Zaragoza, 2009); b is per field because titles vary little in length.
const (
	k1     = 1.2
	bBody  = .75
	bTitle = .3
)

// Saturation is how much of a term's weight a document earns by holding it, in one field of one generation.
type Saturation struct {
	base, perToken float32
}

// averageBits are the bits of an average length that count. What is computed by it is good for a while, then, though documents come and go.
const averageBits = 7

// attachedShare is what a term earns in the attachments, beside what it would earn in the body: they are long, and much in them is beside the point.
const attachedShare = .5

// WithAttached is the saturation of a term of Body by those that it has in the body and in the attachments: there attachedShare of it counts, where that is more.
func WithAttached(body, attached float32) float32 { return max(body, attachedShare*attached) }

// NewSaturation is that of a field of averageLength tokens: of all documents, but of Attached of those that have it. Documents deleted or replaced do not count.
func NewSaturation(f Field, averageLength float64) Saturation {
	b := bBody
	if f == Title {
		b = bTitle
	}
	fraction, exponent := math.Frexp(max(averageLength, 1))
	average := math.Ldexp(math.Round(fraction*(1<<averageBits)), exponent-averageBits)
	return Saturation{base: float32(k1 * (1 - b)), perToken: float32(k1 * b / average)}
}

// Of is the share of k1 + 1 times the weight that a document earns where the term stands count times in length tokens, below 1.
func (s Saturation) Of(count, length float32) float32 {
	return count / (count + (s.base + s.perToken*length))
}

// Weighting is what a term is worth in one field of one generation.
//
// A document's score is float32 arithmetic in the order of the query, from 0 on. A term is worth Times its saturation, which for Body is WithAttached, and times the
// site's title weight for Title. A group of one alternative adds its terms one after the other; one of several adds the greatest alternative, which is 0 plus each
// of its terms. Engines that follow it agree to the last bit.
type Weighting struct {
	Saturation
	weight float32
}

// NewWeighting prepares a term of the given weight that docFreq of n documents hold, in a field of averageLength tokens; a term of Body is held in the attachments, too.
// Documents deleted or replaced do not count.
func NewWeighting(f Field, weight float32, docFreq, n int, averageLength float64) Weighting {
	idf := math.Log(1 + (float64(n-docFreq)+.5)/(float64(docFreq)+.5))
	return Weighting{NewSaturation(f, averageLength), float32(float64(weight) * idf * (k1 + 1))}
}

// Add is the score of a term that stands count times in a field of length tokens.
func (w Weighting) Add(count, length float32) float32 { return w.Times(w.Of(count, length)) }

// Times is the score of a term of that saturation. The conversion keeps a processor from fusing the multiplication with a sum.
func (w Weighting) Times(saturation float32) float32 { return float32(w.weight * saturation) }
