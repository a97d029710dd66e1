package bluge

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"log/slog"
	"os"
	"path/filepath"

	blugeindex "github.com/blugelabs/bluge/index"
)

// A Verified is what Verify found of a generation.
type Verified struct {
	Generation string
	Live       bool
	Documents  int
	Segments   int
	Bytes      int64
	Err        error // what is wrong with it, ErrDamaged or ErrFormat; nil: nothing
}

// Verify reads every byte of an index that no process has open: checksums, postings, and each document as it is stored. It changes nothing.
// ErrLocked where the index is open; the error is nil where generations are damaged.
func Verify(ctx context.Context, dir string) ([]Verified, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("verify index: %w", err)
	}
	unlock, err := lockDirectory(dir)
	if err != nil {
		return nil, fmt.Errorf("verify index %s: %w", dir, err)
	}
	defer unlock.Close()
	current, err := readCurrent(dir)
	if err != nil {
		return nil, fmt.Errorf("verify index %s: %w", dir, err)
	}
	var out []Verified
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if _, err := os.Stat(filepath.Join(path, manifestFile)); err != nil {
			continue
		}
		v := verifyGeneration(ctx, path)
		if ctx.Err() != nil {
			return out, fmt.Errorf("verify index %s: %w", dir, ctx.Err())
		}
		v.Generation, v.Live = e.Name(), e.Name() == current
		out = append(out, v)
	}
	return out, nil
}

func verifyGeneration(ctx context.Context, path string) (out Verified) {
	out.Bytes = folderSize(path)
	m, err := readManifest(path)
	if err == nil {
		err = m.check()
	}
	if err == nil {
		err = out.read(ctx, path)
	}
	out.Err = err
	return out
}

func (out *Verified) read(ctx context.Context, path string) error {
	d := newDirectory(machine{}, path, slog.New(slog.DiscardHandler))
	c, err := d.contents()
	if err != nil {
		return err
	}
	if c.good == 0 {
		return nil // nothing was put yet
	}
	snapshot, err := blugeindex.OpenReader(engineConfig(d))
	if err != nil {
		return fmt.Errorf("%w: %v", ErrDamaged, err)
	}
	v, err := newView(snapshot, &cache{})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	defer v.close()
	out.Documents, out.Segments = v.docs, len(v.parts)
	if err := holds(snapshot, c.newest); err != nil {
		return err
	}
	seen := make(map[string]struct{}, v.docs)
	for i := range v.parts {
		p := &v.parts[i]
		if err := p.verify(ctx); err != nil {
			return fmt.Errorf("segment %x: %w", p.id, err)
		}
		for d := range uint32(p.size) {
			if p.isDeleted(d) {
				continue
			}
			if err := v.verifyDocument(p.first+d, seen); err != nil {
				return fmt.Errorf("segment %x: %w", p.id, err)
			}
		}
	}
	return nil
}

func (v *view) verifyDocument(doc uint32, seen map[string]struct{}) error {
	d, err := v.document(doc)
	if err != nil {
		return err
	}
	if id := string(v.id(doc)); id != d.ID {
		return fmt.Errorf("%w: document %q is stored under %q", ErrDamaged, d.ID, id)
	}
	if _, twice := seen[d.ID]; twice {
		return fmt.Errorf("%w: document %q is there twice", ErrDamaged, d.ID)
	}
	seen[d.ID] = struct{}{}
	return nil
}

// verify checks a segment's sum and decodes all its postings.
func (s *segment) verify(ctx context.Context) (err error) {
	defer recoverDamage(&err)
	n := len(s.data) - crc32.Size
	if crc32.ChecksumIEEE(s.data[:n]) != binary.BigEndian.Uint32(s.data[n:]) {
		return fmt.Errorf("%w: checksum", ErrDamaged)
	}
	for field := range s.fields {
		var bad error
		err := s.each(field, "", func(term []byte, p postings) {
			if bad == nil {
				docs, _ := s.decode(p)
				bad = cmp.Or(ctx.Err(), checkDocs(docs, s.size))
			}
		})
		if err = cmp.Or(err, bad); err != nil {
			return fmt.Errorf("field %s: %w", field, err)
		}
	}
	return nil
}

// checkDocs reports documents that are out of order or beyond the segment.
func checkDocs(docs []uint32, size int) error {
	for i, d := range docs {
		if int(d) >= size || i > 0 && d <= docs[i-1] {
			return fmt.Errorf("%w: postings", ErrDamaged)
		}
	}
	return nil
}
