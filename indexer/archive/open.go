package archive

import (
	"context"
	"fmt"
	"sync"

	"github.com/klauspost/compress/zstd"

	"terrace/db"
)

// An Archive keeps pages and their bytes. Its methods may be called from several goroutines.
type Archive struct {
	state    *db.DB
	contents *db.DB
	packer   *zstd.Encoder
	unpacker *zstd.Decoder

	// Bytes are stored before the row that names them: in between nobody may look for bytes without a row.
	storing   sync.RWMutex
	withdrawn func(id, url string) bool // see Withhold
	withheld  func(id, url string) bool // guarded by storing

	counting sync.Mutex
	counted  map[string]count // of large sitemaps, by site; guarded by counting
}

// Open brings both databases up to date and returns the archive in them. The caller closes them, once nothing uses the archive.
func Open(ctx context.Context, state, contents *db.DB) (*Archive, error) {
	if err := state.Migrate(ctx, "archive", stateSteps); err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	if err := contents.Migrate(ctx, "archive contents", contentSteps); err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	packer, err := zstd.NewWriter(nil)
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	unpacker, err := zstd.NewReader(nil)
	if err != nil {
		return nil, fmt.Errorf("open archive: %w", err)
	}
	return &Archive{state: state, contents: contents, packer: packer, unpacker: unpacker, counted: map[string]count{}}, nil
}
