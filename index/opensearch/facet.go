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
	maxValues   = 10_000 // of one answer
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

// others is the filters on all fields but one.
func others(byField map[index.Field]object, but index.Field) object {
	out := []object{everything}
	for f, c := range byField {
		if f != but {
			out = append(out, c)
		}
	}
	return every(out...)
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
		size := min(f.Size, maxValues)
		out[string(f.Field)] = object{
			"filter": others(byField, f.Field),
			"aggs":   object{"values": object{"terms": object{"field": keywordField(f.Field), "size": size, "shard_size": size + shardValues}}},
		}
	}
	return out
}

// A bucket is one value and its count, as the cluster gives them.
type bucket struct {
	Key   string
	Count int `json:"doc_count"`
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
			Values struct{ Buckets []bucket }
		}
		if err := json.Unmarshal(p.response.Aggregations[string(f.Field)], &counted); err != nil {
			return nil, fmt.Errorf("facet %s: %w", f.Field, err)
		}
		buckets := counted.Values.Buckets
		if len(buckets) == maxValues && f.Size > maxValues {
			var err error
			if buckets, err = s.everyValue(ctx, p, f.Field); err != nil {
				return nil, fmt.Errorf("facet %s: %w", f.Field, err)
			}
		}
		counts, err := s.g.counts(ctx, keywordField(f.Field), buckets)
		if err != nil {
			return nil, fmt.Errorf("facet %s: %w", f.Field, err)
		}
		out[f.Field] = counts[:min(len(counts), f.Size)]
	}
	return out, nil
}

// everyValue reads the counts of a field that has more values than one answer holds.
func (s *search) everyValue(ctx context.Context, p *page, f index.Field) (out []bucket, err error) {
	values := object{"size": maxValues, "sources": []object{{"value": object{"terms": object{"field": keywordField(f)}}}}}
	for {
		rs, err := s.g.ask(ctx, s.preference, object{
			"size": 0, "track_total_hits": false, "query": p.counted(f), "aggs": object{"values": object{"composite": values}},
		})
		if err != nil {
			return nil, err
		}
		var answer struct {
			After   json.RawMessage `json:"after_key"`
			Buckets []struct {
				Key   struct{ Value string }
				Count int `json:"doc_count"`
			}
		}
		if err := json.Unmarshal(rs[0].Aggregations["values"], &answer); err != nil {
			return nil, err
		}
		for _, b := range answer.Buckets {
			out = append(out, bucket{b.Key.Value, b.Count})
		}
		if len(answer.Buckets) < maxValues {
			return out, nil
		}
		values["after"] = answer.After
	}
}

// counts orders buckets, the most frequent first.
func (g *generation) counts(ctx context.Context, field string, buckets []bucket) (out []index.Count, err error) {
	for _, b := range buckets {
		v, err := g.value(ctx, field, b.Key)
		if err != nil {
			return nil, err
		}
		out = append(out, index.Count{Value: v, Count: b.Count})
	}
	slices.SortFunc(out, func(a, b index.Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
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
