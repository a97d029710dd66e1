package indextest

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"terrace/index"
)

// smallest leaves out of q what it can while fails still holds.
func smallest(q index.Query, fails func(index.Query) bool) index.Query {
	for {
		i := slices.IndexFunc(smaller(q), fails)
		if i < 0 {
			return q
		}
		q = smaller(q)[i]
	}
}

// smaller lists q with one thing left out, in every way.
func smaller(q index.Query) []index.Query {
	var out []index.Query
	add := func(change func(*index.Query)) {
		less := q
		change(&less)
		if !reflect.DeepEqual(less, q) {
			out = append(out, less)
		}
	}
	add(func(q *index.Query) { q.Floor = 0 })
	add(func(q *index.Query) { q.OnlyAll = false })
	add(func(q *index.Query) { q.Keys = nil })
	add(func(q *index.Query) { q.TitleWeights = nil })
	add(func(q *index.Query) { q.Sort = index.ByScore })
	add(func(q *index.Query) { q.Offset = 0 })
	add(func(q *index.Query) { q.Limit = 0 })
	add(func(q *index.Query) { q.Filter.From = 0 })
	add(func(q *index.Query) { q.Filter.To = 0 })
	add(func(q *index.Query) { q.Filter.Dated = nil })
	for f := range q.Filter.Values {
		add(func(q *index.Query) {
			q.Filter.Values = maps.Clone(q.Filter.Values)
			delete(q.Filter.Values, f)
		})
	}
	for _, less := range without(q.Facets) {
		add(func(q *index.Query) { q.Facets = less })
	}
	for _, less := range without(q.All) {
		add(func(q *index.Query) { q.All = less })
	}
	for _, less := range without(q.Require) {
		add(func(q *index.Query) { q.Require = less })
	}
	for _, less := range without(q.Exclude) {
		add(func(q *index.Query) { q.Exclude = less })
	}
	for _, less := range smallerScores(q.Score) {
		add(func(q *index.Query) { q.Score = less })
	}
	return out
}

// smallerScores lists score with one group, alternative or term left out.
func smallerScores(score []index.Group) [][]index.Group {
	out := without(score)
	for i, group := range score {
		for _, less := range without(group) {
			out = append(out, replaced(score, i, less))
		}
		for j, alternative := range group {
			for _, less := range without(alternative) {
				out = append(out, replaced(score, i, replaced(group, j, less)))
			}
		}
	}
	return out
}

func without[S ~[]E, E any](s S) []S {
	var out []S
	for i := range s {
		out = append(out, slices.Delete(slices.Clone(s), i, i+1))
	}
	return out
}

func replaced[S ~[]E, E any](s S, i int, e E) S {
	s = slices.Clone(s)
	s[i] = e
	return s
}

// renderQuery writes the parts of q that are not zero.
func renderQuery(q index.Query) string {
	var out []string
	v := reflect.ValueOf(q)
	for i := range v.NumField() {
		if f := v.Field(i); !f.IsZero() {
			out = append(out, fmt.Sprintf("%s: %+v", v.Type().Field(i).Name, f.Interface()))
		}
	}
	return "{" + strings.Join(out, ", ") + "}"
}
