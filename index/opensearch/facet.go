package opensearch

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"terrace/index"
)

const (
	maxValues   = 10_000 // of one facet
	shardValues = 1000   // counted on each shard beyond those asked for
)

// split returns the filter's parts that hold for hits and facets alike, and those on fields that are counted, by field.
func (s *search) split() (filter []object, byField map[index.Field]object) {
	byField = map[index.Field]object{}
	for f, values := range s.Filter.Values {
		if slices.ContainsFunc(s.Facets, func(c index.Facet) bool { return c.Field == f }) {
			byField[f] = valueFilter(f, values)
		} else {
			filter = append(filter, valueFilter(f, values))
		}
	}
	return filter, byField
}

func valuesOf(byField map[index.Field]object) (out []object) {
	for _, c := range byField {
		out = append(out, c)
	}
	return out
}

// where is the documents of match that meet every condition, but for what more names in place of the filters on values.
func (s *search) where(match object, more []object) object {
	if more == nil {
		for f, values := range s.Filter.Values {
			more = append(more, valueFilter(f, values))
		}
	}
	return s.whereClauses(match, more)
}

func (s *search) whereClauses(match object, more []object) object {
	filter := append([]object{match}, more...)
	if c := days(&s.Filter); c != nil {
		filter = append(filter, c)
	}
	filter = append(filter, s.verifier.require...)
	out := object{"filter": filter}
	not := slices.Clone(s.verifier.exclude)
	if len(s.verifier.rejected) > 0 {
		not = append(not, idsOf(s.verifier.rejected))
	}
	if len(not) > 0 {
		out["must_not"] = not
	}
	return object{"bool": out}
}

// aggregations count each facet's field under the filters on all others.
func (s *search) aggregations(byField map[index.Field]object) object {
	out := object{}
	for _, f := range s.Facets {
		if f.Size <= 0 {
			continue
		}
		others := []object{everything}
		for field, c := range byField {
			if field != f.Field {
				others = append(others, c)
			}
		}
		size := min(f.Size, maxValues)
		out[string(f.Field)] = object{
			"filter": every(others...),
			"aggs":   object{"values": object{"terms": object{"field": keywordField(f.Field), "size": size, "shard_size": size + shardValues}}},
		}
	}
	return out
}

// facets reads the counts of a page.
func (s *search) facets(ctx context.Context, p *page) (map[index.Field][]index.Count, error) {
	out := map[index.Field][]index.Count{}
	for _, f := range s.Facets {
		out[f.Field] = nil
		if f.Size <= 0 {
			continue
		}
		var counted struct {
			Values struct {
				Buckets []struct {
					Key   string
					Count int `json:"doc_count"`
				}
			}
		}
		if err := json.Unmarshal(p.response.Aggregations[string(f.Field)], &counted); err != nil {
			return nil, fmt.Errorf("facet %s: %w", f.Field, err)
		}
		var counts []index.Count
		for _, b := range counted.Values.Buckets {
			v, err := s.g.value(ctx, keywordField(f.Field), b.Key)
			if err != nil {
				return nil, fmt.Errorf("facet %s: %w", f.Field, err)
			}
			counts = append(counts, index.Count{Value: v, Count: b.Count})
		}
		slices.SortFunc(counts, func(a, b index.Count) int {
			return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
		})
		out[f.Field] = counts
	}
	return out, nil
}

// value undoes term. One that was cut is read from a document that holds it.
func (g *generation) value(ctx context.Context, field, t string) (string, error) {
	if !wasCut(t) {
		return decode(t), nil
	}
	rs, err := g.ask(ctx, "", object{"query": every(is(field, t)), "size": 1, "_source": []string{fieldDocument + ".copies", fieldDocument + ".kind"}})
	if err != nil || len(rs[0].Hits.Hits) == 0 || rs[0].Hits.Hits[0].Source.Doc == nil {
		return decode(t), err
	}
	d := rs[0].Hits.Hits[0].Source.Doc.document()
	for _, f := range index.Keywords {
		for _, v := range d.Values(f) {
			if term(v) == t {
				return v, nil
			}
		}
	}
	return decode(t), nil
}
