package query

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"terrace/index"
	"terrace/indexer/weburl"
	"terrace/moves"
	"terrace/segment"
)

// Addresses tells what a URL is that was typed; *indexer.Indexer does.
type Addresses interface {
	Address(ctx context.Context, typed string) (moves.Address, error)
}

// An address has a scheme, escaped or not, or begins with a host's name, and holds no blank within.
var (
	withScheme = regexp.MustCompile(`(?i)^https?(?:://|%3a%2f%2f)[^\s]+$`)
	withHost   = regexp.MustCompile(`(?i)^(?:[a-z0-9_-]+\.)+[a-z]{2,}\.?(?::[0-9]{1,5})?(?:[/?#][^\s]*)?$|^[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?::[0-9]{1,5})?/[^\s]*$`)
)

// address answers a request whose text is a URL: with the page that is there, or to which its page has moved, as the only hit. nil where the text is none. What has a host's form alone, as
// node.js has, is one only where the host is known, or a path follows.
func (s *view) address(ctx context.Context, r Request) (*Response, error) {
	text := moves.Trim(r.Text)
	full := withScheme.MatchString(text)
	if s.addresses == nil || r.Literal || len(text) > weburl.MaxLength || !full && !withHost.MatchString(text) {
		return nil, nil
	}
	start := time.Now()
	a, err := s.addresses.Address(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("look up a URL: %w", err)
	}
	if a.Typed == "" || a.State == moves.Elsewhere && !full && !strings.Contains(text, "/") {
		return nil, nil
	}
	out := &Response{TotalIsExact: true, Facets: map[index.Field][]FacetValue{}, Address: &a}
	if a.ID != "" && r.Page <= 1 {
		if err := s.turns.Acquire(ctx, 1); err != nil {
			return nil, err
		}
		defer s.turns.Release(1)
		if err := s.showAlone(ctx, a, out); err != nil {
			return nil, err
		}
	}
	out.Took = time.Since(start)
	return out, nil
}

// showAlone adds the document of an address to an answer, where the index gives it.
func (s *view) showAlone(ctx context.Context, a moves.Address, out *Response) error {
	key := segment.TitleKey(a.Title)
	if key == "" {
		return nil
	}
	q := index.Query{Keys: []string{key}, Limit: index.MaxRank, Filter: index.Filter{Values: map[index.Field][]string{}, From: a.Date, To: a.Date}}
	if a.Site != "" {
		q.Filter.Values[index.Site] = []string{a.Site}
	}
	res, err := s.ix.Search(ctx, q)
	if err != nil {
		return fmt.Errorf("search for the document of a URL: %w", err)
	}
	i := slices.IndexFunc(res.Hits, func(h index.Hit) bool { return h.Document.ID == a.ID })
	if i < 0 {
		return nil
	}
	hit := s.show(res.Hits[i], q.Filter, newMarker(s.seg, parsed{}))
	if slices.ContainsFunc(res.Hits[i].Document.Copies, func(c index.Copy) bool { return c.URL == a.URL }) {
		hit.URL = a.URL
	}
	out.Hits, out.Total = []Hit{hit}, 1
	return nil
}
