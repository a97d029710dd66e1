package withdraw

import (
	"context"
	"slices"

	"terrace/index"
)

// Over is an index whose answers hold nothing that is on the list, whatever the index holds: no document, no place that publishes one, no link to one.
//
// The live generation is rid of what is withdrawn before its entry is settled. Until then, totals and facets are counted without it among the first index.MaxRank
// documents of an answer.
func Over(ix index.Index, l *List) index.Index { return &filtered{ix, l} }

type filtered struct {
	index.Index
	list *List
}

// Search implements index.Index.
func (f *filtered) Search(ctx context.Context, q index.Query) (*index.Result, error) {
	s := f.list.set.Load()
	if s.empty() {
		return f.Index.Search(ctx, q)
	}
	if s.unsettled == 0 {
		r, err := f.Index.Search(ctx, q)
		if err != nil {
			return nil, err
		}
		hits := len(r.Hits)
		if s.filter(r); len(r.Hits) == hits {
			return r, nil
		}
	}
	return f.searchAll(ctx, q, s)
}

// searchAll answers from all documents that can be looked at, for some of them are withdrawn.
func (f *filtered) searchAll(ctx context.Context, q index.Query, s *set) (*index.Result, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	all := q
	all.Offset, all.Limit = 0, index.MaxRank
	r, err := f.Index.Search(ctx, all)
	if err != nil {
		return nil, err
	}
	for _, gone := range s.filter(r) {
		r.Total--
		for field, counts := range r.Facets {
			r.Facets[field] = without(counts, gone.Values(field))
		}
	}
	r.Hits = r.Hits[min(q.Offset, len(r.Hits)):min(q.Offset+q.Limit, len(r.Hits))]
	return r, nil
}

// without are counts with one less of each value.
func without(counts []index.Count, values []string) []index.Count {
	var out []index.Count
	for _, c := range counts {
		if slices.Contains(values, c.Value) {
			c.Count--
		}
		if c.Count > 0 {
			out = append(out, c)
		}
	}
	return out
}

// Each implements index.Index.
func (f *filtered) Each(ctx context.Context, do func(*index.Document) error) error {
	return f.Index.Each(ctx, func(d *index.Document) error {
		s := f.list.set.Load()
		if !s.empty() && !s.clean(d) {
			return nil
		}
		return do(d)
	})
}

// filter takes what is withdrawn out of the hits and returns those taken out.
func (s *set) filter(r *index.Result) (gone []index.Document) {
	kept := r.Hits[:0:0]
	for i := range r.Hits {
		if s.clean(&r.Hits[i].Document) {
			kept = append(kept, r.Hits[i])
		} else {
			gone = append(gone, r.Hits[i].Document)
		}
	}
	r.Hits = kept
	return gone
}

// clean takes withdrawn places, links and attachments out of a document, and reports whether it is to be shown at all. The document's own slices stay as they are.
func (s *set) clean(d *index.Document) bool {
	at := ""
	if len(d.Copies) > 0 {
		at = d.Copies[0].URL
	}
	if s.of(d.ID, at) != nil {
		return false
	}
	away := func(u string) bool { return u != "" && (s.places[u] || s.of("", u) != nil) }
	otherPlace := func(c index.Copy) bool { return c.URL != at && away(c.URL) }
	if slices.ContainsFunc(d.Copies, otherPlace) {
		d.Copies = slices.DeleteFunc(slices.Clone(d.Copies), otherPlace)
	}
	lost := func(l index.Link) bool { return s.ids[l.ID] != nil || away(l.URL) }
	if slices.ContainsFunc(d.Links, lost) {
		d.Links = slices.DeleteFunc(slices.Clone(d.Links), lost)
	}
	if slices.ContainsFunc(d.Attachments, func(a index.Attachment) bool { return away(a.URL) }) {
		d.Attachments = slices.DeleteFunc(slices.Clone(d.Attachments), func(a index.Attachment) bool { return away(a.URL) })
	}
	return true
}
