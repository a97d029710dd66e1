package server

import (
	"context"
	"fmt"
	"math"
	"time"

	"terrace/index"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/query"
	"terrace/site"
)

type searchService struct {
	terracev1.UnimplementedSearchServiceServer
	searcher Searcher
	registry *site.Registry
}

func (s searchService) Search(ctx context.Context, in *terracev1.SearchRequest) (*terracev1.SearchResponse, error) {
	r, err := request(in)
	if err != nil {
		return nil, err
	}
	res, err := s.searcher.Search(ctx, r)
	if err != nil {
		return nil, err
	}
	out := response(res)
	if in.Explain {
		s.explain(out, res, r.Text)
	}
	return out, nil
}

func (s searchService) ListSites(ctx context.Context, _ *terracev1.ListSitesRequest) (*terracev1.ListSitesResponse, error) {
	documents, err := s.searcher.Sites(ctx)
	if err != nil {
		return nil, fmt.Errorf("list sites: %w", err)
	}
	out := &terracev1.ListSitesResponse{}
	for _, w := range s.registry.Cluster().Sites {
		out.Sites = append(out.Sites, &terracev1.Site{
			Id: w.ID, Name: s.registry.SiteName(w.ID), Url: w.SeedURLs()[0],
			Department: w.Department, County: w.County, Documents: count(documents[w.ID]),
		})
	}
	return out, nil
}

func (s searchService) Suggest(ctx context.Context, in *terracev1.SuggestRequest) (*terracev1.SuggestResponse, error) {
	found, err := s.searcher.Suggest(ctx, in.Q, int(in.Limit))
	if err != nil {
		return nil, err
	}
	out := &terracev1.SuggestResponse{}
	for _, f := range found {
		out.Suggestions = append(out.Suggestions, &terracev1.Suggestion{Text: f.Text, Kind: f.Kind, Results: count(f.Results)})
	}
	return out, nil
}

func request(in *terracev1.SearchRequest) (query.Request, error) {
	r := query.Request{
		Text: in.Q, Site: filled(in.Site), Department: filled(in.Department), County: filled(in.County), Kind: filled(in.Kind),
		Column: filled(in.Column), Page: int(in.Page), PageSize: int(in.PageSize),
	}
	var err error
	if r.From, err = day("date_from", in.DateFrom); err != nil {
		return r, err
	}
	if r.To, err = day("date_to", in.DateTo); err != nil {
		return r, err
	}
	switch in.Sort {
	case "", "relevance":
	case "date":
		r.Sort = index.ByDate
	default:
		return r, badParameter("sort", "参数 sort 应是 relevance（相关度）或 date（时间）")
	}
	switch in.Match {
	case "", "all":
	case "any":
		r.AnyWords = true
	default:
		return r, badParameter("match", "参数 match 应是 all（含全部词语）或 any（含部分词语）")
	}
	switch in.Dates {
	case "", "condition":
	case "words":
		r.PlainDays = true
	default:
		return r, badParameter("dates", "参数 dates 应是 condition（作为时间条件）或 words（作为普通词语）")
	}
	switch in.Spelling {
	case "", "correct":
	case "literal":
		r.Literal = true
	default:
		return r, badParameter("spelling", "参数 spelling 应是 correct（纠错）或 literal（仍然搜索原词）")
	}
	r.Explain = in.Explain
	switch in.In {
	case "", "all":
	case "title":
		r.TitleOnly = true
	default:
		return r, badParameter("in", "参数 in 应是 all（全文）或 title（标题）")
	}
	return r, nil
}

func day(name, value string) (index.Date, error) {
	d, err := index.ParseDate(value)
	if err != nil {
		return 0, badParameter(name, fmt.Sprintf("参数 %s 应是 2024-01-31 这样的日期", name))
	}
	return d, nil
}

// filled leaves out empty values, which forms send for what was not chosen.
func filled(values []string) []string {
	var out []string
	for _, v := range values {
		if v != "" {
			out = append(out, v)
		}
	}
	return out
}

func response(res *query.Response) *terracev1.SearchResponse {
	out := &terracev1.SearchResponse{
		Total: count(res.Total), TotalIsExact: res.TotalIsExact, AllWords: res.AllWords, Relaxed: res.Relaxed, TookMs: count(int(res.Took / time.Millisecond)),
		Facets: &terracev1.Facets{
			Site: facet(res, index.Site), Department: facet(res, index.Department), County: facet(res, index.County),
			Kind: facet(res, index.Kind), Column: facet(res, index.Column), Year: facet(res, index.Year),
		},
	}
	if d := res.Days; d != nil {
		out.Days = &terracev1.Days{Text: d.Text, From: d.From.String(), To: d.To.String()}
	}
	if w := res.Rewriting; w != nil {
		out.Rewriting = &terracev1.Rewriting{Text: w.Text, Kind: w.Kind, Applied: w.Applied}
	}
	out.Address = addressMessage(res)
	for i := range res.Hits {
		h := &res.Hits[i]
		out.Hits = append(out.Hits, &terracev1.Hit{
			Id: h.ID, Url: h.URL, Title: spans(h.Title), Snippet: spans(h.Snippet),
			Site: h.Site, SiteName: h.SiteName, Department: h.Department, DepartmentName: h.DepartmentName, County: h.County, CountyName: h.CountyName,
			Kind: h.Kind, Column: h.Column, DocNo: h.DocNo, Date: h.Date.String(), Source: h.Source, Copies: count(h.Copies),
			Validity: h.Validity, Links: links(h.Links), Places: places(h.Places), Closed: h.Closed, Attachments: attachments(h.Attachments), Attached: count(h.Attached),
			Details: details(h.Details),
		})
	}
	return out
}

func attachments(in []query.Attachment) (out []*terracev1.Attachment) {
	for _, a := range in {
		out = append(out, &terracev1.Attachment{Url: a.URL, Name: spans(a.Name), Snippet: spans(a.Snippet)})
	}
	return out
}

func places(in []query.Place) (out []*terracev1.Place) {
	for _, p := range in {
		out = append(out, &terracev1.Place{Site: p.Site, SiteName: p.SiteName, Url: p.URL, Date: p.Date.String()})
	}
	return out
}

func details(in []index.Detail) (out []*terracev1.Detail) {
	for _, d := range in {
		out = append(out, &terracev1.Detail{Name: d.Name, Value: d.Value})
	}
	return out
}

func links(in []index.Link) (out []*terracev1.Link) {
	for _, l := range in {
		out = append(out, &terracev1.Link{Kind: l.Kind, Id: l.ID, Url: l.URL, Title: l.Title})
	}
	return out
}

func spans(in []query.Span) []*terracev1.Span {
	out := make([]*terracev1.Span, len(in))
	for i, s := range in {
		out[i] = &terracev1.Span{Text: s.Text, Match: s.Match}
	}
	return out
}

func facet(res *query.Response, f index.Field) []*terracev1.FacetValue {
	var out []*terracev1.FacetValue
	for _, v := range res.Facets[f] {
		out = append(out, &terracev1.FacetValue{Value: v.Value, Name: v.Name, Count: count(v.Count)})
	}
	return out
}

func count(n int) int32 { return int32(min(n, math.MaxInt32)) }
