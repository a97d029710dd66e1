package opensearch

import (
	"context"
	"encoding/json"
	"fmt"

	"terrace/index"
)

// A key names a term of a query.
type key struct {
	index.TermKey
	prefix bool
}

func keyOf(t index.Term) key { return key{index.TermKey{Field: t.Field, Text: t.Text}, t.Prefix} }

// distinct lists the terms of Score, each once.
func distinct(score []index.Group) (out []key) {
	seen := map[key]bool{}
	for _, g := range score {
		for _, a := range g {
			for _, t := range a {
				if k := keyOf(t); !seen[k] {
					seen[k] = true
					out = append(out, k)
				}
			}
		}
	}
	return out
}

// statistics are what Weighting needs of a generation. Deleted documents do not count.
type statistics struct {
	documents int
	average   map[index.Field]float64 // of Body, Title and Attached
	docFreq   map[key]int
}

// countedAtOnce is how many terms one search counts.
const countedAtOnce = 2000

// read asks the cluster, and with it whatever else is asked; the answers to that it returns.
func (s *statistics) read(ctx context.Context, g *generation, keys []key, preference string, more ...object) ([]response, error) {
	sum := func(field string) object { return object{"sum": object{"field": field}} }
	searches := []object{{
		"size": 0, "track_total_hits": true, "aggs": object{
			"body": sum(fieldBodyLength), "title": sum(fieldTitleLength), "attached": object{"stats": object{"field": fieldAttachedLength}},
		},
	}}
	for from := 0; from < len(keys); from += countedAtOnce {
		var filters []object
		for _, k := range keys[from:min(from+countedAtOnce, len(keys))] {
			filters = append(filters, plain(k))
		}
		searches = append(searches, object{
			"size": 0, "track_total_hits": false, "aggs": object{"terms": object{"filters": object{"filters": filters}}},
		})
	}
	rs, err := g.ask(ctx, preference, append(searches, more...)...)
	if err != nil {
		return nil, fmt.Errorf("count terms: %w", err)
	}
	return rs[len(searches):], s.decode(rs[:len(searches)], keys)
}

func (s *statistics) decode(rs []response, keys []key) error {
	var body, title struct{ Value float64 }
	var attached struct{ Count, Sum float64 }
	for name, into := range map[string]any{"body": &body, "title": &title, "attached": &attached} {
		if err := json.Unmarshal(rs[0].Aggregations[name], into); err != nil {
			return err
		}
	}
	s.documents = rs[0].Hits.Total.Value
	n := float64(max(s.documents, 1))
	s.average = map[index.Field]float64{index.Body: body.Value / n, index.Title: title.Value / n, index.Attached: attached.Sum / max(attached.Count, 1)}
	s.docFreq = make(map[key]int, len(keys))
	at := 0
	for _, r := range rs[1:] {
		var terms struct {
			Buckets []struct {
				Count int `json:"doc_count"`
			}
		}
		if err := json.Unmarshal(r.Aggregations["terms"], &terms); err != nil {
			return err
		}
		if at+len(terms.Buckets) > len(keys) {
			return fmt.Errorf("count terms: %d counts too many", at+len(terms.Buckets)-len(keys))
		}
		for _, b := range terms.Buckets {
			s.docFreq[keys[at]] = b.Count
			at++
		}
	}
	return nil
}
