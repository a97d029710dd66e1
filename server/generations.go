package server

import (
	"context"
	"fmt"

	"terrace/indexer"
	terracev1 "terrace/proto/terrace/v1"
)

func (a adminService) ListGenerations(ctx context.Context, _ *terracev1.ListGenerationsRequest) (*terracev1.ListGenerationsResponse, error) {
	generations, err := a.indexer.Generations(ctx)
	if err != nil {
		return nil, fmt.Errorf("list generations: %w", err)
	}
	return &terracev1.ListGenerationsResponse{Generations: Generations(generations)}, nil
}

// Generations are generations as the API describes them.
func Generations(generations []indexer.Generation) []*terracev1.Generation {
	out := make([]*terracev1.Generation, len(generations))
	for i, g := range generations {
		out[i] = &terracev1.Generation{
			Name: g.Name, Live: g.Live, Building: g.Building, Outdated: g.Outdated, Documents: count(g.Documents), Bytes: g.Bytes, Created: timestamp(g.Created),
			Extractor: g.Made.Extractor, Analyzer: g.Made.Analyzer, Dictionary: g.Made.Dictionary, Registry: g.Made.Registry,
		}
		if g.Err != nil {
			out[i].Problem = Explain(g.Err).Error()
		}
	}
	return out
}

func (a adminService) PromoteGeneration(ctx context.Context, in *terracev1.PromoteGenerationRequest) (*terracev1.PromoteGenerationResponse, error) {
	return &terracev1.PromoteGenerationResponse{}, a.indexer.Promote(ctx, in.Name)
}

func (a adminService) DropGeneration(ctx context.Context, in *terracev1.DropGenerationRequest) (*terracev1.DropGenerationResponse, error) {
	return &terracev1.DropGenerationResponse{}, a.indexer.Drop(ctx, in.Name)
}

func (a adminService) CreateBackup(ctx context.Context, in *terracev1.CreateBackupRequest) (*terracev1.CreateBackupResponse, error) {
	folder, err := a.indexer.BackUp(ctx, in.Generation, in.Backup)
	return &terracev1.CreateBackupResponse{Folder: folder}, err
}

func (a adminService) RestoreBackup(ctx context.Context, in *terracev1.RestoreBackupRequest) (*terracev1.RestoreBackupResponse, error) {
	name, err := a.indexer.Restore(ctx, in.Backup)
	return &terracev1.RestoreBackupResponse{Generation: name}, err
}
