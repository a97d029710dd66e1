package server

import (
	"context"
	"fmt"
	"strconv"

	"google.golang.org/grpc/codes"

	"terrace/indexer"
	"terrace/indexer/finding"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/site"
)

// Findings tell what is wrong with the sites; *finding.Watcher are some.
type Findings interface {
	Overview(ctx context.Context, site string) (finding.Overview, error)
	List(ctx context.Context, q finding.Query) ([]finding.Finding, error)
	CatchUp(ctx context.Context) error
}

// Findings on a page of ListFindings.
const (
	usualFindings = 100
	mostFindings  = 1000
)

// A FindingService answers as the API describes it. The command line asks it on a storage folder, too.
type FindingService struct {
	terracev1.UnimplementedFindingServiceServer
	Findings Findings // nil: none
	Registry *site.Registry
}

func (s FindingService) ListFindingRules(ctx context.Context, in *terracev1.ListFindingRulesRequest) (*terracev1.ListFindingRulesResponse, error) {
	id, err := s.site(in.Site)
	if err != nil {
		return nil, err
	}
	o, err := s.Findings.Overview(ctx, id)
	if err != nil {
		return nil, err
	}
	out := &terracev1.ListFindingRulesResponse{Left: count(o.Left), Round: timestamp(o.Round)}
	for _, r := range finding.Rules {
		out.Rules = append(out.Rules, &terracev1.FindingRule{Name: r.Name, Title: r.Title, Basis: r.Basis, About: r.About})
	}
	for _, c := range o.Counts {
		out.Counts = append(out.Counts, &terracev1.FindingCount{
			Site: c.Site, SiteName: s.Registry.SiteName(c.Site), Rule: c.Rule, Open: count(c.Open), Serious: count(c.Serious), New: count(c.New), Gone: count(c.Gone),
		})
	}
	return out, nil
}

func (s FindingService) ListFindings(ctx context.Context, in *terracev1.ListFindingsRequest) (*terracev1.ListFindingsResponse, error) {
	id, err := s.site(in.Site)
	if err != nil {
		return nil, err
	}
	size := int(in.PageSize)
	if size < 0 || size > mostFindings {
		return nil, badParameter("page_size", fmt.Sprintf("page_size 应为 1 到 %d", mostFindings))
	}
	if size == 0 {
		size = usualFindings
	}
	q := finding.Query{Site: id, Rule: in.Rule, Gone: in.Gone, Limit: size + 1}
	if in.PageToken != "" {
		if q.After, err = strconv.ParseInt(in.PageToken, 10, 64); err != nil {
			return nil, badParameter("page_token", "page_token 应是上一页给出的 next_page_token")
		}
	}
	found, err := s.Findings.List(ctx, q)
	if err != nil {
		return nil, err
	}
	out := &terracev1.ListFindingsResponse{}
	if len(found) > size {
		found = found[:size]
		out.NextPageToken = strconv.FormatInt(found[size-1].Number, 10)
	}
	for i := range found {
		out.Findings = append(out.Findings, s.finding(&found[i]))
	}
	return out, nil
}

func (s FindingService) UpdateFindings(ctx context.Context, _ *terracev1.UpdateFindingsRequest) (*terracev1.UpdateFindingsResponse, error) {
	if _, err := s.site(""); err != nil {
		return nil, err
	}
	return &terracev1.UpdateFindingsResponse{}, s.Findings.CatchUp(ctx)
}

// site is the id of a site that is called by its id or name, and checks that there are findings at all.
func (s FindingService) site(name string) (string, error) {
	if s.Findings == nil {
		return "", refuse(codes.Unimplemented, "NO_FINDINGS", "这个服务没有开启网站问题清单")
	}
	if name == "" {
		return "", nil
	}
	id, ok := s.Registry.SiteNamed(name)
	if !ok {
		return "", fmt.Errorf("%w：%s", indexer.ErrUnknownSite, name)
	}
	return id, nil
}

var severities = map[finding.Severity]string{finding.Hint: "hint", finding.Fault: "fault", finding.Serious: "serious"}

func (s FindingService) finding(f *finding.Finding) *terracev1.Finding {
	out := &terracev1.Finding{
		Id: strconv.FormatInt(f.Number, 10), Rule: f.Rule, Site: f.Site, SiteName: s.Registry.SiteName(f.Site), Subject: f.Subject, Group: f.Group,
		Severity: severities[f.Severity], Pages: count(f.Pages), Since: timestamp(f.Since), Seen: timestamp(f.Seen), Gone: timestamp(f.Gone),
	}
	for _, e := range f.Examples {
		out.Examples = append(out.Examples, &terracev1.FindingExample{Page: e.Page, Url: e.URL, Evidence: e.Evidence, Fix: e.Fix})
	}
	return out
}
