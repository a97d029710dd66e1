package server

import (
	"context"

	"terrace/indexer"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/withdraw"
)

func (a adminService) Withdraw(ctx context.Context, in *terracev1.WithdrawRequest) (*terracev1.Withdrawal, error) {
	o := indexer.WithdrawOrder{Page: in.Page, Pattern: in.Pattern, Reason: in.Reason, By: in.By, Purge: in.Purge, Confirm: in.Confirm}
	r, err := a.indexer.Withdraw(ctx, o)
	if err != nil {
		return nil, err
	}
	return Receipt(r), nil
}

func (a adminService) ListWithdrawals(ctx context.Context, _ *terracev1.ListWithdrawalsRequest) (*terracev1.ListWithdrawalsResponse, error) {
	entries, err := a.indexer.Withdrawals(ctx)
	if err != nil {
		return nil, err
	}
	return &terracev1.ListWithdrawalsResponse{Withdrawals: Withdrawals(entries)}, nil
}

func (a adminService) UndoWithdrawal(ctx context.Context, in *terracev1.UndoWithdrawalRequest) (*terracev1.Withdrawal, error) {
	r, err := a.indexer.UndoWithdrawal(ctx, in.Id, in.By)
	if err != nil {
		return nil, err
	}
	return Receipt(r), nil
}

// Withdrawals are entries of the list of withdrawals as the API describes them.
func Withdrawals(entries []withdraw.Entry) []*terracev1.Withdrawal {
	out := make([]*terracev1.Withdrawal, len(entries))
	for i, e := range entries {
		out[i] = &terracev1.Withdrawal{
			Id: e.ID, Page: e.Page, Pattern: e.Pattern, Reason: e.Reason, By: e.By, Created: timestamp(e.At), Purge: e.Purge,
			Undone: timestamp(e.UndoneAt), UndoneBy: e.UndoneBy, Settled: e.Settled, Pages: count(e.Pages),
		}
	}
	return out
}

// Receipt is a receipt as the API describes it.
func Receipt(r indexer.Receipt) *terracev1.Withdrawal {
	out := Withdrawals([]withdraw.Entry{r.Entry})[0]
	out.Withdrawn, out.Elsewhere, out.Purged, out.Remains = withdrawnPages(r.Pages), withdrawnPages(r.Elsewhere), r.Purged, r.Remains
	return out
}

func withdrawnPages(pages []withdraw.Page) (out []*terracev1.WithdrawnPage) {
	for _, p := range pages {
		out = append(out, &terracev1.WithdrawnPage{Id: p.ID, Url: p.URL, Title: p.Title})
	}
	return out
}
