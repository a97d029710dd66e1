package server

import (
	"context"

	"terrace/indexer"
	terracev1 "terrace/proto/terrace/v1"
)

func (a adminService) ListLosses(ctx context.Context, in *terracev1.ListLossesRequest) (*terracev1.ListLossesResponse, error) {
	losses, err := a.indexer.Losses(ctx, in.Site)
	if err != nil {
		return nil, err
	}
	return &terracev1.ListLossesResponse{Losses: Losses(losses)}, nil
}

func (a adminService) DecideLosses(ctx context.Context, in *terracev1.DecideLossesRequest) (*terracev1.DecideLossesResponse, error) {
	if in.Site == "" {
		return nil, badParameter("site", "请用 site 给出站点的编号或名称")
	}
	pages, left, err := a.indexer.DecideLosses(ctx, in.Site, indexer.Decision(in.Decision))
	if err != nil {
		return nil, err
	}
	return &terracev1.DecideLossesResponse{Pages: count(pages), Left: count(left)}, nil
}

// Losses are losses as the API describes them.
func Losses(losses []indexer.Loss) []*terracev1.SiteLoss {
	out := make([]*terracev1.SiteLoss, len(losses))
	for i := range losses {
		l := &losses[i]
		out[i] = &terracev1.SiteLoss{Site: l.Site, SiteName: l.Name, Alarm: timestamp(l.Alarm), Cause: l.Cause, Documents: count(l.Documents()), Of: count(l.Of)}
		for _, c := range l.Causes {
			m := &terracev1.LossCause{
				Reason: c.Reason, Documents: count(c.Documents), Pages: count(c.Pages), Held: count(c.Held), Kept: count(c.Kept),
				Since: timestamp(c.Since), LastVerified: timestamp(c.LastVerified),
			}
			for _, p := range c.Examples {
				m.Examples = append(m.Examples, &terracev1.LostPage{Id: p.ID, Url: p.URL, Title: p.Anchor, LastVerified: timestamp(p.LastVerified)})
			}
			out[i].Causes = append(out[i].Causes, m)
		}
	}
	return out
}
