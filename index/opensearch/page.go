package opensearch

import (
	"cmp"
	"context"
	"slices"

	"terrace/index"
)

// A document is a hit, and what was read of it.
type document struct {
	id      string // the cluster's
	sortID  string
	keys    []string
	bytes   int
	title   int     // tokens
	cluster float32 // the cluster's score

	loaded   bool
	document index.Document
	exact    bool // score is exact
	score    float32
}

// found returns the documents of hits, each the same whenever it is found.
func (s *search) found(hits []hit) []*document {
	out := make([]*document, len(hits))
	for i := range hits {
		h := &hits[i]
		d := s.loaded[h.ID]
		if d == nil {
			d = &document{
				id: h.ID, sortID: first(h.Fields.ID), keys: h.Fields.Key, title: first(h.Fields.TitleLength), bytes: first(h.Fields.Bytes),
			}
			s.loaded[h.ID] = d
		}
		d.cluster = h.Score
		out[i] = d
	}
	return out
}

const (
	loadedBytes     = 8 << 20 // asked for at once, or one document where that is larger
	loadedDocuments = 500
)

// load reads the documents that were not read yet. One that was deleted meanwhile stays unread.
func (s *search) load(ctx context.Context, ds []*document) error {
	ds = slices.DeleteFunc(slices.Clone(ds), func(d *document) bool { return d.loaded })
	return s.inPieces(ctx, ds, true, func(h *hit) {
		if d := s.loaded[h.ID]; d != nil && h.Source.Doc != nil {
			d.document, d.loaded = h.Source.Doc.document(), true
		}
	})
}

// inPieces asks for the source of documents, a bounded number of bytes at a time.
func (s *search) inPieces(ctx context.Context, ds []*document, source any, each func(*hit)) error {
	for len(ds) > 0 {
		var ids []string
		size := 0
		for _, d := range ds {
			if len(ids) > 0 && (size+d.bytes > loadedBytes || len(ids) == loadedDocuments) {
				break
			}
			ids = append(ids, d.id)
			size += d.bytes
		}
		ds = ds[len(ids):]
		rs, err := s.g.ask(ctx, s.preference, object{"query": every(idsOf(ids)), "size": len(ids), "track_total_hits": false, "_source": source})
		if err != nil {
			return err
		}
		for i := range rs[0].Hits.Hits {
			each(&rs[0].Hits.Hits[i])
		}
	}
	return nil
}

// A page is what the cluster found of Match within the conditions.
type page struct {
	total         int
	titled, other []*document // titled have one of Keys, where it decides the order
	response      response    // with the facets

	all     object                 // Match within the conditions, but for
	byField map[index.Field]object // the filters on fields that are counted
}

// counted is the documents that a facet counts.
func (p *page) counted(f index.Field) object { return every(p.all, others(p.byField, f)) }

// page asks for the hits, in the cluster's order, and the facets.
func (s *search) page(ctx context.Context, match object) (*page, error) {
	filter, byField := s.split()
	all := s.whereClauses(match, filter)
	hits := object{
		"query": s.scored(all), "track_total_hits": true, "track_scores": true, "_source": false, "docvalue_fields": columns,
		"aggs": s.aggregations(byField),
	}
	var post object
	if len(byField) > 0 {
		post = every(valuesOf(byField)...)
	}
	if s.Sort == index.ByDate {
		hits["from"], hits["size"] = s.Offset, s.Limit
		hits["sort"] = []object{{fieldDate: "desc"}, {fieldID: "asc"}}
	} else {
		hits["size"], hits["sort"] = s.depth(), byScore
	}
	searches := []object{hits}
	if s.Sort == index.ByScore && len(s.Keys) > 0 {
		titled := s.keyed()
		searches = append(searches, object{
			"query": s.scored(every(append(valuesOf(byField), all, titled)...)), "track_total_hits": true, "track_scores": true, "_source": false,
			"docvalue_fields": columns, "size": s.depth(),
			"sort": []object{{fieldLevel: "asc"}, {fieldDate: "desc"}, {"_score": "desc"}, {fieldID: "asc"}},
		})
		rest := object{"must_not": titled}
		if post != nil {
			rest["filter"] = post
		}
		post = object{"bool": rest}
	}
	if post != nil {
		hits["post_filter"] = post
	}
	rs, err := s.g.ask(ctx, s.preference, searches...)
	if err != nil {
		return nil, err
	}
	p := &page{total: rs[0].Hits.Total.Value, other: s.found(rs[0].Hits.Hits), response: rs[0], all: all, byField: byField}
	if len(rs) > 1 {
		p.total += rs[1].Hits.Total.Value
		p.titled = s.found(rs[1].Hits.Hits)
	}
	return p, nil
}

// scored is a filter whose documents have the score of Score.
func (s *search) scored(filter object) object {
	if s.score == nil || s.Limit == 0 {
		return every(filter)
	}
	return object{"bool": object{"filter": filter, "should": s.score}}
}

// depth is how many hits to ask for: all before the last one wanted, and enough to put the first in their exact order.
func (s *search) depth() int {
	if s.Limit == 0 {
		return 0
	}
	return max(ordered, s.Offset+s.Limit)
}

// hits puts the documents of a page into the exact order, as far as they are scored exactly, and cuts out the window.
func (s *search) hits(ctx context.Context, p *page) ([]index.Hit, error) {
	if s.Limit == 0 {
		return nil, nil
	}
	wanted := p.other
	if s.Sort == index.ByScore {
		if err := s.order(ctx, p); err != nil {
			return nil, err
		}
		wanted = slices.Concat(p.titled, p.other)
		wanted = wanted[min(s.Offset, len(wanted)):]
		wanted = wanted[:min(s.Limit, len(wanted))]
	}
	if err := s.load(ctx, wanted); err != nil {
		return nil, err
	}
	if s.Sort == index.ByDate {
		s.rate(ctx, s.exactly(p, wanted))
		s.estimate(wanted)
	}
	var out []index.Hit
	for _, d := range wanted {
		if d.loaded {
			exact := slices.ContainsFunc(termsOf(s.Keys), func(k string) bool { return slices.Contains(d.keys, k) })
			out = append(out, index.Hit{Document: d.document, Score: d.score, Exact: exact, TitleLength: d.title})
		}
	}
	return out, ctx.Err()
}

// order puts the first documents of a page into their order.
func (s *search) order(ctx context.Context, p *page) error {
	for _, part := range [][]*document{p.titled, p.other} {
		head := s.exactly(p, part)
		if err := s.load(ctx, head); err != nil {
			return err
		}
		s.rate(ctx, head)
	}
	s.estimate(slices.Concat(p.titled, p.other))
	orderTitled(s.exactly(p, p.titled))
	orderScored(p.other[:min(ordered, len(p.other))])
	return nil
}

// exactly are the first documents of a page's, which are scored exactly: all where they are few.
func (s *search) exactly(p *page, ds []*document) []*document {
	n := s.g.ix.options.exact
	if p.total <= s.g.ix.options.small {
		n = ordered
	}
	return ds[:min(n, len(ds))]
}

// estimate gives the documents that are not scored exactly the cluster's score, in the measure of the exact ones.
func (s *search) estimate(ds []*document) {
	var exact, cluster float32
	for _, d := range ds {
		if d.exact {
			exact += d.score
			cluster += d.cluster
		}
	}
	ratio := float32(1)
	if exact > 0 && cluster > 0 {
		ratio = exact / cluster
	}
	for _, d := range ds {
		if !d.exact {
			d.score = d.cluster * ratio
		}
	}
}

func orderScored(ds []*document) {
	slices.SortStableFunc(ds, func(a, b *document) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.sortID, b.sortID))
	})
}

func orderTitled(ds []*document) {
	slices.SortStableFunc(ds, func(a, b *document) int {
		return cmp.Or(
			cmp.Compare(a.document.Level, b.document.Level), cmp.Compare(b.document.Date(), a.document.Date()),
			cmp.Compare(b.score, a.score), cmp.Compare(a.sortID, b.sortID))
	})
}
