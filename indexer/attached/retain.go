package attached

import (
	"context"
	"errors"
	"slices"
	"time"

	"terrace/indexer/archive"
	"terrace/indexer/attach"
)

// Retained is what Retain took away.
type Retained struct {
	Files int
	Bytes int64 // that they took, packed
}

// dropAtOnce is how many files go in one step, for which visits wait to be recorded.
const dropAtOnce = 50

// Retain drops the bytes of files that were fetched before a moment, where their texts are kept, by the readers of now, and whole. What the readers could not read, or only in
// part, keeps its bytes for better readers.
func (f *Files) Retain(ctx context.Context, before time.Time) (r Retained, err error) {
	err = f.archive.OldFiles(ctx, before, func(hashes []string) error {
		var some []string
		for _, hash := range hashes {
			whole, err := f.whole(ctx, hash)
			if err != nil {
				return err
			}
			if whole {
				some = append(some, hash)
			}
		}
		for few := range slices.Chunk(some, dropAtOnce) {
			files, size, err := f.archive.Drop(ctx, before, attach.Version, few...)
			if err != nil {
				return err
			}
			r.Files, r.Bytes = r.Files+files, r.Bytes+size
		}
		return nil
	})
	return r, err
}

// whole tells whether all that a file says is kept, as the readers of now read it.
func (f *Files) whole(ctx context.Context, hash string) (bool, error) {
	t, version, err := Kept(ctx, f.archive, hash)
	if errors.Is(err, archive.ErrUnknown) {
		return false, nil
	}
	return version == attach.Version && t.State == archive.OK && t.Reason == "" && !t.Alien && t.Body != "", err
}

// Want lets files of a scope whose bytes were dropped be fetched whole again, where these are needed: see archive.Want.
func (f *Files) Want(ctx context.Context, scope archive.Scope) (int, error) {
	return f.archive.Want(ctx, scope, attach.Version)
}
