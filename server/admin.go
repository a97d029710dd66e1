package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/timestamppb"

	"terrace/indexer"
	terracev1 "terrace/proto/terrace/v1"
)

type adminService struct {
	terracev1.UnimplementedAdminServiceServer
	indexer    Indexer
	dictionary Dictionary // nil: none
}

func (a adminService) StartReindex(ctx context.Context, in *terracev1.StartReindexRequest) (*terracev1.Job, error) {
	o := indexer.Order{Mode: indexer.Mode(in.Mode), Site: in.Site, URL: in.Url}
	return job(a.indexer.Start(ctx, o))
}

func (a adminService) GetJob(ctx context.Context, in *terracev1.GetJobRequest) (*terracev1.Job, error) {
	return job(a.indexer.Job(ctx, in.Id))
}

func (a adminService) ListJobs(ctx context.Context, _ *terracev1.ListJobsRequest) (*terracev1.ListJobsResponse, error) {
	jobs, err := a.indexer.Jobs(ctx)
	if err != nil {
		return nil, fmt.Errorf("list jobs: %w", err)
	}
	out := &terracev1.ListJobsResponse{}
	for _, j := range jobs {
		out.Jobs = append(out.Jobs, message(j))
	}
	return out, nil
}

func (a adminService) CancelJob(ctx context.Context, in *terracev1.CancelJobRequest) (*terracev1.Job, error) {
	return job(a.indexer.Cancel(ctx, in.Id))
}

func (a adminService) ImportDocuments(stream grpc.BidiStreamingServer[terracev1.ImportDocumentsRequest, terracev1.ImportDocumentsResponse]) error {
	for {
		in, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		report, err := a.indexer.Import(stream.Context(), in.Lines)
		if err != nil {
			return fmt.Errorf("import %d lines: %w", len(in.Lines), err)
		}
		out := &terracev1.ImportDocumentsResponse{Imported: count(report.Imported), UnknownNames: count(report.UnknownNames)}
		for _, b := range report.Bad {
			out.Bad = append(out.Bad, &terracev1.BadLine{Line: count(b.Line), Reason: b.Reason})
		}
		if err := stream.Send(out); err != nil {
			return err
		}
	}
}

func (a adminService) InspectPage(ctx context.Context, in *terracev1.InspectPageRequest) (*terracev1.InspectPageResponse, error) {
	if in.Page == "" {
		return nil, badParameter("page", "请用 page 给出网页的地址或编号")
	}
	text, err := a.indexer.Inspect(ctx, in.Page)
	if err != nil {
		return nil, err
	}
	return &terracev1.InspectPageResponse{Text: text}, nil
}

func job(j indexer.Job, err error) (*terracev1.Job, error) {
	if err != nil {
		return nil, err
	}
	return message(j), nil
}

func message(j indexer.Job) *terracev1.Job {
	return &terracev1.Job{
		Id: j.ID, Mode: string(j.Order.Mode), Site: j.Order.Site, Url: j.Order.URL, State: string(j.State), Reason: j.Reason,
		Done: count(j.Done), Total: count(j.Total), Failed: count(j.Failed), Rate: j.Rate,
		Created: timestamp(j.Created), Ended: timestamp(j.Ended),
	}
}

func timestamp(t time.Time) *timestamppb.Timestamp {
	if t.IsZero() {
		return nil
	}
	return timestamppb.New(t)
}
