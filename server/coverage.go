package server

import (
	"context"
	"fmt"

	"terrace/indexer"
	"terrace/indexer/archive"
	terracev1 "terrace/proto/terrace/v1"
)

// Entries of a page of ListMissing, and pages of a list that it names.
const (
	usualMissing = 100
	mostMissing  = 1000
	mostUnread   = 100
)

func (a adminService) GetCoverage(ctx context.Context, in *terracev1.GetCoverageRequest) (*terracev1.GetCoverageResponse, error) {
	c, err := a.indexer.Coverage(ctx, in.Site)
	if err != nil {
		return nil, err
	}
	return Coverage(&c), nil
}

// Coverage is a coverage as the API describes it.
func Coverage(c *indexer.Coverage) *terracev1.GetCoverageResponse {
	out := &terracev1.GetCoverageResponse{Generation: c.Generation, Told: c.Told}
	for i := range c.Sites {
		out.Sites = append(out.Sites, siteCoverage(&c.Sites[i]))
	}
	for i := range c.Columns {
		out.Columns = append(out.Columns, columnCoverage(&c.Columns[i]))
	}
	return out
}

func siteCoverage(s *indexer.SiteCoverage) *terracev1.SiteCoverage {
	copies := s.Sum(func(g archive.Group) bool { return g.Outcome == archive.Copy })
	out := &terracev1.SiteCoverage{
		Site: s.Site, Name: s.Name, Configured: s.Configured, Known: count(s.Known()), Fetched: count(s.Fetched()), Indexed: count(s.Found() - copies),
		Copies: count(copies), Unchanged: count(s.Unchanged()), Sitemap: count(s.Sitemap), SitemapFound: count(s.SitemapFound), LastGood: timestamp(s.LastGood),
	}
	for _, g := range s.Groups {
		out.Groups = append(out.Groups, &terracev1.CoverageGroup{
			Role: string(g.Role), State: string(g.State), Outcome: g.Outcome, Text: indexer.OutcomeInChinese(g.Outcome), Kept: g.Kept,
			Pages: count(g.Pages), Unchanged: count(g.Unchanged),
		})
	}
	return out
}

func columnCoverage(c *indexer.ColumnCoverage) *terracev1.ColumnCoverage {
	out := &terracev1.ColumnCoverage{
		Id: c.ID, Site: c.Site, SiteName: c.SiteName, Name: c.Name, Url: c.URL, State: string(c.State), Pages: count(c.Pages), Unread: count(c.Unread),
		Said: count(c.Said), Linked: count(c.Linked()), Found: count(c.Found()), Copies: count(c.Entries[archive.Copy]),
		Attachments: count(c.Entries[archive.ApartAttachment]), Columns: count(c.Entries[archive.ApartColumn]), Outside: count(c.Outside),
		Missing: count(c.Missing()), Unseen: count(c.Unseen()), Text: c.String(),
	}
	if out.Name == "" {
		out.Name = c.URL
	}
	for _, r := range c.Reasons() {
		out.Reasons = append(out.Reasons, &terracev1.CoverageReason{Outcome: r.Outcome, Text: indexer.OutcomeInChinese(r.Outcome), Entries: count(r.Count)})
	}
	return out
}

func (a adminService) ListMissing(ctx context.Context, in *terracev1.ListMissingRequest) (*terracev1.ListMissingResponse, error) {
	if in.Column == "" {
		return nil, badParameter("column", "请用 column 给出栏目的编号或列表页的网址")
	}
	if in.PageSize < 0 || in.PageSize > mostMissing {
		return nil, badParameter("page_size", fmt.Sprintf("page_size 应为 1 到 %d", mostMissing))
	}
	return Missing(ctx, a.indexer, in)
}

// A Lister lists what is missing of a column; *indexer.Indexer is one.
type Lister interface {
	Missing(ctx context.Context, column, after string, limit int) (entries []indexer.MissingEntry, next string, err error)
	Unread(ctx context.Context, column string, limit int) ([]archive.Page, error)
}

// Missing answers a ListMissingRequest.
func Missing(ctx context.Context, l Lister, in *terracev1.ListMissingRequest) (*terracev1.ListMissingResponse, error) {
	size := int(in.PageSize)
	if size == 0 {
		size = usualMissing
	}
	entries, next, err := l.Missing(ctx, in.Column, in.PageToken, size)
	if err != nil {
		return nil, err
	}
	out := &terracev1.ListMissingResponse{NextPageToken: next}
	for _, e := range entries {
		out.Entries = append(out.Entries, &terracev1.MissingEntry{
			Id: e.Page.ID, Url: e.Page.URL, Text: e.Page.Anchor, Date: e.Page.ListDate, State: string(e.Page.State), Outcome: e.Outcome, Reason: e.Why,
			MovedTo: e.End.URL,
		})
	}
	if in.PageToken != "" {
		return out, nil
	}
	unread, err := l.Unread(ctx, in.Column, mostUnread)
	for _, p := range unread {
		out.Unread = append(out.Unread, &terracev1.UnreadPage{Url: p.URL, State: string(p.State), Reason: indexer.WhyUnread(p)})
	}
	return out, err
}
