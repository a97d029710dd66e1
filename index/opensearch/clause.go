package opensearch

import (
	"math"
	"slices"
	"unicode/utf8"

	"terrace/index"
)

// A cluster refuses queries of more than 1,024 terms. A search may name those of Score and the excluded ones twice, and each in the body and in the attachments.
const (
	maxScored = 120 // terms of Score that the cluster scores by: the weightiest
	maxAll    = 80  // terms of All: the rarest
	maxPhrase = 75  // terms of Require and Exclude, shared out evenly, and how many phrases
)

func every(clauses ...object) object { return object{"bool": object{"filter": clauses}} }

func some(clauses ...object) object {
	return object{"bool": object{"should": clauses, "minimum_should_match": 1}}
}

var (
	nothing    = object{"match_none": object{}}
	everything = object{"match_all": object{}}
)

func is(field, value string) object { return object{"term": object{field: object{"value": value}}} }

func idsOf(ids []string) object {
	if len(ids) == 0 {
		return nothing
	}
	return object{"ids": object{"values": ids}}
}

// plain is the documents that hold a term.
func plain(k key) object {
	if k.Field == index.Body {
		attached := k
		attached.Field = index.Attached
		return some(inField(k), inField(attached))
	}
	return inField(k)
}

// inField is the documents that hold a term in its very field.
func inField(k key) object {
	switch {
	case !k.prefix:
		return is(string(k.Field), term(k.Text))
	case isFirst(k.Text):
		return is(firstField(k.Field), term(k.Text))
	}
	return object{"prefix": object{string(k.Field): object{"value": encode(k.Text)}}}
}

// isLong tells whether a key is a prefix of more than one character, for which the cluster has no BM25.
func (k key) isLong() bool { return k.prefix && !isFirst(k.Text) }

// isFirst tells whether a prefix is one character, which has a field of its own.
func isFirst(prefix string) bool { return utf8.RuneCountInString(prefix) == 1 }

// finite is a factor as the cluster takes it.
func finite(f float64) float64 {
	if !(f > 0) {
		return 0
	}
	return min(f, 1e6)
}

// scoring is Score as the cluster computes it, without the terms that are left out. Nil where nothing is left. It weighs a term of Body in the body and in the
// attachments each by the documents that hold it there; the best are scored exactly afterwards.
func scoring(q *index.Query, left map[key]bool, s *statistics) object {
	var groups []object
	for _, g := range q.Score {
		var alternatives []object
		for _, a := range g {
			if c := alternative(a, q.TitleWeights, left, s); c != nil {
				alternatives = append(alternatives, c)
			}
		}
		switch len(alternatives) {
		case 0:
		case 1:
			groups = append(groups, alternatives[0])
		default:
			groups = append(groups, object{"dis_max": object{"queries": alternatives}})
		}
	}
	return sum(groups)
}

func sum(clauses []object) object {
	switch len(clauses) {
	case 0:
		return nil
	case 1:
		return clauses[0]
	}
	return some(clauses...)
}

func alternative(a index.Alternative, titles map[string]float32, left map[key]bool, s *statistics) object {
	var body, title []object
	for _, t := range a {
		if !left[keyOf(t)] {
			continue
		}
		if t.Field == index.Title {
			title = append(title, scored(t, s))
		} else {
			attached := t
			attached.Field, attached.Weight = index.Attached, index.WithAttached(0, t.Weight)
			body = append(body, object{"dis_max": object{"queries": []object{scored(t, s), scored(attached, s)}}})
		}
	}
	if t := sum(title); t != nil {
		body = append(body, weighted(t, titles))
	}
	return sum(body)
}

// scored is a term with its weight. A prefix of more than one character has no BM25 there: it counts like a term of its document frequency
// that stands once in a text of average length.
func scored(t index.Term, s *statistics) object {
	boost := finite(float64(t.Weight))
	switch k := keyOf(t); {
	case !t.Prefix:
		return object{"term": object{string(t.Field): object{"value": term(t.Text), "boost": boost}}}
	case isFirst(t.Text):
		return object{"term": object{firstField(t.Field): object{"value": term(t.Text), "boost": boost}}}
	default:
		held := k
		if k.Field == index.Attached {
			held.Field = index.Body
		}
		n, df := float64(s.documents), float64(s.docFreq[held])
		idf := math.Log(1 + max(0, n-df+.5)/(df+.5))
		return object{"constant_score": object{"filter": inField(k), "boost": finite(boost * idf / 2.2)}}
	}
}

// titleSteps is into how many steps title weights are rounded, so that sites share them. The best documents are scored by the exact ones.
const titleSteps = 20

// weighted multiplies a score of titles by the site's title weight.
func weighted(title object, weights map[string]float32) object {
	sites := map[float64][]string{}
	for site, w := range weights {
		rounded := finite(math.Round(float64(w)*titleSteps) / titleSteps)
		sites[rounded] = append(sites[rounded], term(site))
	}
	if len(sites) == 0 {
		return title
	}
	var functions []object
	for w, terms := range sites {
		slices.Sort(terms)
		functions = append(functions, object{"filter": object{"terms": object{fieldSite: terms}}, "weight": w})
	}
	return object{"function_score": object{"query": title, "functions": functions, "score_mode": "first", "boost_mode": "multiply"}}
}

// above is the documents that the cluster scores at least floor.
func above(score object, floor float64) object {
	if !(floor > 0) {
		return score
	}
	return object{"function_score": object{"query": score, "min_score": floor * (1 - 1e-6)}}
}

// conjunction is the documents that hold all terms of phrases, or all of the first limit of them.
func conjunction(limit int, phrases ...index.Phrase) (out object, complete bool) {
	seen := map[key]bool{}
	var clauses []object
	for _, p := range phrases {
		for _, t := range p.Terms {
			k := key{TermKey: index.TermKey{Field: p.Field, Text: t}}
			if seen[k] {
				continue
			}
			if len(clauses) == limit {
				return every(clauses...), false
			}
			seen[k] = true
			clauses = append(clauses, plain(k))
		}
	}
	return every(clauses...), true
}

// keyed is the documents that have one of Keys.
func (s *search) keyed() object { return object{"terms": object{fieldKey: termsOf(s.Keys)}} }

func termsOf(values []string) []string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = term(v)
	}
	return out
}

// valueFilter is one field's part of a filter.
func valueFilter(f index.Field, values []string) object {
	return object{"terms": object{keywordField(f): termsOf(values)}}
}

// days is the filter's span of days; nil where it is open.
func days(f *index.Filter) object {
	if f.From == 0 && f.To == 0 {
		return nil
	}
	span := object{"gte": f.From}
	if f.To != 0 {
		span["lte"] = f.To
	}
	within := object{"bool": object{
		"filter":   object{"range": object{fieldDate: span}},
		"must_not": object{"term": object{fieldDate: 0}},
	}}
	if len(f.Dated) == 0 {
		return within
	}
	clauses := []object{within}
	for _, p := range f.Dated {
		holds, _ := conjunction(maxPhrase, p)
		clauses = append(clauses, holds)
	}
	return some(clauses...)
}
