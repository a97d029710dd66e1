package indextest

import (
	"slices"

	"terrace/index"
)

// scorer rates documents by the statistics of the documents it was made with.
type scorer struct {
	index.Query
	weightings map[index.Term]index.Weighting
	docFreq    map[index.TermKey]int
	attached   index.Saturation
}

func newScorer(q index.Query, docs []*document) *scorer {
	s := &scorer{Query: q, weightings: map[index.Term]index.Weighting{}, docFreq: map[index.TermKey]int{}}
	s.attached = index.NewSaturation(index.Attached, averageLength(index.Attached, docs))
	for _, group := range q.Score {
		for _, alternative := range group {
			for _, t := range alternative {
				df := docFreq(t, docs)
				s.docFreq[index.TermKey{Field: t.Field, Text: t.Text}] = df
				s.weightings[t] = index.NewWeighting(t.Field, t.Weight, df, len(docs), averageLength(t.Field, docs))
			}
		}
	}
	return s
}

func docFreq(t index.Term, docs []*document) int {
	df := 0
	for _, d := range docs {
		if d.count(t) > 0 || d.attached(t) > 0 {
			df++
		}
	}
	return df
}

// averageLength is over all documents: one without a title counts as a title of no tokens. Those without attachments do not count among these.
func averageLength(f index.Field, docs []*document) float64 {
	tokens, n := 0, 0
	for _, d := range docs {
		tokens += d.fields[f].length
		if f != index.Attached || d.fields[f].length > 0 {
			n++
		}
	}
	return float64(tokens) / float64(max(n, 1))
}

func (s *scorer) rate(d *document) *rated {
	r := &rated{document: d, exact: slices.ContainsFunc(s.Keys, func(k string) bool { return slices.Contains(d.keys, k) })}
	for _, group := range s.Score {
		if len(group) == 1 {
			r.candidate = s.add(&r.score, group[0], d) || r.candidate
			continue
		}
		var best float32
		for _, alternative := range group {
			var sum float32
			r.candidate = s.add(&sum, alternative, d) || r.candidate
			best = max(best, sum)
		}
		r.score += best
	}
	return r
}

// add adds the terms that the document holds to sum, and reports whether it holds one. The conversion keeps a processor from fusing the
// multiplication with the sum.
func (s *scorer) add(sum *float32, terms index.Alternative, d *document) (holds bool) {
	for _, t := range terms {
		count, attached := d.count(t), d.attached(t)
		if count == 0 && attached == 0 {
			continue
		}
		holds = true
		w := s.weightings[t]
		saturation := w.Of(float32(count), float32(d.fields[t.Field].length))
		if attached > 0 {
			saturation = index.WithAttached(saturation, s.attached.Of(float32(attached), float32(d.fields[index.Attached].length)))
		}
		worth := w.Times(saturation)
		if t.Field == index.Title {
			worth = float32(worth * s.titleWeight(d.site()))
		}
		*sum += worth
	}
	return holds
}

func (s *scorer) titleWeight(site string) float32 {
	if w, ok := s.TitleWeights[site]; ok {
		return w
	}
	return 1
}
