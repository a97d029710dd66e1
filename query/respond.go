package query

import (
	"context"
	"slices"

	"terrace/index"
	"terrace/personal"
)

func (s *view) respond(ctx context.Context, r Request, p parsed, q index.Query, res *index.Result) (*Response, error) {
	out := &Response{
		Total: res.Total, TotalIsExact: res.TotalIsExact, Relaxed: res.Relaxed && res.Total > 0,
		Facets: map[index.Field][]FacetValue{},
	}
	for _, f := range index.Keywords {
		out.Facets[f] = s.facet(f, res.Facets[f], q.Filter.Values[f])
	}
	m := newMarker(s.seg, p)
	first := min((r.Page-1)*r.PageSize-q.Offset, len(res.Hits))
	for _, h := range res.Hits[first:min(first+r.PageSize, len(res.Hits))] {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out.Hits = append(out.Hits, s.show(h, q.Filter, m))
	}
	return out, nil
}

func (s *Searcher) facet(f index.Field, counts []index.Count, chosen []string) []FacetValue {
	out := make([]FacetValue, 0, len(counts))
	for _, c := range counts {
		out = append(out, FacetValue{Value: c.Value, Name: s.valueName(f, c.Value), Count: c.Count, Chosen: slices.Contains(chosen, c.Value)})
	}
	return out
}

// valueName is what a reader calls a value of a keyword field.
func (s *Searcher) valueName(f index.Field, v string) string {
	switch f {
	case index.Site:
		return s.registry.SiteName(v)
	case index.Department:
		return s.registry.DepartmentName(v)
	case index.County:
		return s.registry.CountyName(v)
	case index.Kind:
		return KindName(v)
	}
	return v
}

func (s *Searcher) show(h index.Hit, f index.Filter, m *marker) Hit {
	d := &h.Document
	hide := withoutWriter(d)
	out := Hit{
		ID: d.ID, Kind: d.Kind, DocNo: d.DocNo, Source: d.Source, Score: h.Score, Validity: d.Validity,
		Title: m.title(hide(d.Title)), Snippet: m.passage(hide(withoutAttachments(untitled(d.Body, d.Title), d.Attachments))), Details: details(d),
		Attachments: m.attachments(d, hide), Attached: len(d.Attachments),
	}
	for _, l := range d.Links {
		l.Title = personal.Mask(l.Title)
		out.Links = append(out.Links, l)
	}
	if len(d.Copies) == 0 {
		return out
	}
	places := s.open(d.Copies)
	c := meeting(places, f)
	out.Closed = s.registry.Closed(c.Site)
	out.URL, out.Site, out.Department, out.County, out.Column = c.URL, c.Site, c.Department, c.County, c.Column
	out.Date = d.Date() // what is filtered and sorted by
	out.SiteName = s.registry.SiteName(c.Site)
	out.DepartmentName = s.registry.DepartmentName(c.Department)
	out.CountyName = s.registry.CountyName(c.County)
	out.Copies = len(places) - 1
	for _, other := range places {
		if other != c && len(out.Places) < mostPlaces {
			out.Places = append(out.Places, Place{other.Site, s.registry.SiteName(other.Site), other.URL, other.Date})
		}
	}
	return out
}

// open are the copies that are on sites of now; all where there is none.
func (s *Searcher) open(copies []index.Copy) []index.Copy {
	closed := func(c index.Copy) bool { return s.registry.Closed(c.Site) }
	if !slices.ContainsFunc(copies, closed) {
		return copies
	}
	if now := slices.DeleteFunc(slices.Clone(copies), closed); len(now) > 0 {
		return now
	}
	return copies
}

// mostPlaces is how many other places of a hit are told.
const mostPlaces = 10

// meeting is the copy that meets the filter, the first of those that meet the most of it: several copies may do so only together.
func meeting(copies []index.Copy, f index.Filter) index.Copy {
	best, most := copies[0], -1
	for _, c := range copies {
		met := 0
		for field, v := range map[index.Field]string{index.Site: c.Site, index.Department: c.Department, index.County: c.County, index.Column: c.Column} {
			if slices.Contains(f.Values[field], v) {
				met++
			}
		}
		if met > most {
			best, most = c, met
		}
	}
	return best
}
