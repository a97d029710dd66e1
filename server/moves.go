package server

import (
	"bufio"
	"context"
	"fmt"
	"io"

	"github.com/fullstorydev/grpchan/inprocgrpc"
	"google.golang.org/grpc/codes"

	"terrace/indexer"
	"terrace/moves"
	terracev1 "terrace/proto/terrace/v1"
)

// A Mover knows where the pages of closed sites have gone; *indexer.Indexer does.
type Mover interface {
	Address(ctx context.Context, typed string) (moves.Address, error)
	Moves(ctx context.Context, s moves.State, token string, n int) (list []moves.Move, next string, counts map[moves.State]int, err error)
	PutMoves(ctx context.Context, rows []moves.Row, o moves.Origin, by string) (indexer.MoveReport, error)
	DecideMoves(ctx context.Context, d moves.Decision, named []string, by string) (done int, unknown []string, err error)
	ProposeMoves(ctx context.Context, accept bool, by string, told func(indexer.Proposing) error) (indexer.Proposing, error)
	HomelessPages(ctx context.Context, do func(indexer.HomelessPage) error) error
	EachMove(ctx context.Context, do func(moves.Move) error) error
}

type moveService struct {
	terracev1.UnimplementedMoveServiceServer
	mover Mover
}

// LocalMoves are the calls of MoveService to a Mover in this process, which pass no gate.
func LocalMoves(m Mover) terracev1.MoveServiceClient {
	channel := new(inprocgrpc.Channel)
	terracev1.RegisterMoveServiceServer(channel, moveService{mover: m})
	return terracev1.NewMoveServiceClient(channel)
}

const usualMoves = 100

func (s moveService) ready() error {
	if s.mover == nil {
		return refuse(codes.Unimplemented, "MOVES_CLOSED", "这个服务不管新旧网址")
	}
	return nil
}

func (s moveService) ListMoves(ctx context.Context, in *terracev1.ListMovesRequest) (*terracev1.ListMovesResponse, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	size := int(in.PageSize)
	switch {
	case size < 0 || size > moves.MaxBatch:
		return nil, badParameter("page_size", fmt.Sprintf("page_size 应为 1 到 %d", moves.MaxBatch))
	case size == 0:
		size = usualMoves
	}
	list, next, counts, err := s.mover.Moves(ctx, moves.State(in.State), in.PageToken, size)
	if err != nil {
		return nil, err
	}
	out := &terracev1.ListMovesResponse{NextPageToken: next, Counts: map[string]int32{}}
	for state, n := range counts {
		out.Counts[string(state)] = count(n)
	}
	for _, m := range list {
		out.Moves = append(out.Moves, &terracev1.Move{
			Old: m.Old.Text, New: m.New, Origin: string(m.Origin), State: string(m.State), Sure: m.Sure, Evidence: m.Evidence, By: m.By, Changed: timestamp(m.At),
		})
	}
	return out, nil
}

func (s moveService) PutMoves(ctx context.Context, in *terracev1.PutMovesRequest) (*terracev1.PutMovesResponse, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	rows := make([]moves.Row, len(in.Rows))
	for i, r := range in.Rows {
		rows[i] = moves.Row{Line: int(r.Line), Old: r.Old, New: r.New, Title: r.Title, Date: r.Date, DocNo: r.DocNo}
	}
	origin := moves.Imported
	if in.Added {
		origin = moves.Added
	}
	report, err := s.mover.PutMoves(ctx, rows, origin, in.By)
	if err != nil {
		return nil, err
	}
	out := &terracev1.PutMovesResponse{Moves: count(report.Moves), Pages: count(report.Pages)}
	for _, b := range report.Bad {
		out.Bad = append(out.Bad, &terracev1.BadOldPage{Line: count(b.Line), Reason: b.Reason, Taken: b.Taken})
	}
	return out, nil
}

func (s moveService) DecideMoves(ctx context.Context, in *terracev1.DecideMovesRequest) (*terracev1.DecideMovesResponse, error) {
	if err := s.ready(); err != nil {
		return nil, err
	}
	done, unknown, err := s.mover.DecideMoves(ctx, moves.Decision(in.Decision), in.Old, in.By)
	if err != nil {
		return nil, err
	}
	return &terracev1.DecideMovesResponse{Done: count(done), Unknown: unknown}, nil
}

func (s moveService) ProposeMoves(in *terracev1.ProposeMovesRequest, out terracev1.MoveService_ProposeMovesServer) error {
	if err := s.ready(); err != nil {
		return err
	}
	_, err := s.mover.ProposeMoves(out.Context(), in.AcceptSure, in.By, func(p indexer.Proposing) error {
		return out.Send(&terracev1.ProposeMovesResponse{
			Done: count(p.Done), Total: count(p.Total), Known: count(p.Known), Proposed: count(p.Proposed), Sure: count(p.Sure), Ambiguous: count(p.Ambiguous),
			Homeless: count(p.Homeless), Prefixes: count(p.Prefixes), Accepted: count(p.Accepted), Files: count(p.Files), Lists: count(p.Lists), ToPage: count(p.ToPage),
		})
	})
	return err
}

// homelessAtOnce is how many pages a message of ListHomeless holds.
const homelessAtOnce = 100

func (s moveService) ListHomeless(_ *terracev1.ListHomelessRequest, out terracev1.MoveService_ListHomelessServer) error {
	if err := s.ready(); err != nil {
		return err
	}
	batch := &terracev1.ListHomelessResponse{}
	send := func() error {
		full := batch
		batch = &terracev1.ListHomelessResponse{}
		return out.Send(full)
	}
	err := s.mover.HomelessPages(out.Context(), func(p indexer.HomelessPage) error {
		batch.Pages = append(batch.Pages, &terracev1.HomelessPage{Url: p.URL, Title: p.Title, Date: p.Date, DocNo: p.DocNo, Why: p.Why})
		if len(batch.Pages) < homelessAtOnce {
			return nil
		}
		return send()
	})
	if err != nil || len(batch.Pages) == 0 {
		return err
	}
	return send()
}

// exportAtOnce is how many bytes a message of ExportMoves holds.
const exportAtOnce = 64 << 10

func (s moveService) ExportMoves(in *terracev1.ExportMovesRequest, out terracev1.MoveService_ExportMovesServer) error {
	if err := s.ready(); err != nil {
		return err
	}
	write := map[string]func(io.Writer, func(func(moves.Move) error) error) error{"csv": moves.WriteCSV, "nginx": moves.WriteNginx}[in.Format]
	if write == nil {
		return badParameter("format", "format 应是 csv 或 nginx")
	}
	w := bufio.NewWriterSize(sender{out}, exportAtOnce)
	err := write(w, func(do func(moves.Move) error) error { return s.mover.EachMove(out.Context(), do) })
	if err == nil {
		err = w.Flush()
	}
	return err
}

// A sender sends what is written to it.
type sender struct {
	out terracev1.MoveService_ExportMovesServer
}

func (s sender) Write(b []byte) (int, error) {
	return len(b), s.out.Send(&terracev1.ExportMovesResponse{Data: append([]byte(nil), b...)})
}
