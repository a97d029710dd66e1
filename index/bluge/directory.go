package bluge

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	blugeindex "github.com/blugelabs/bluge/index"
	segapi "github.com/blugelabs/bluge_segment_api"
)

// A directory is bluge's with its holes closed: a snapshot appears whole or not at all and is checked before it is read (bluge crashes on
// a torn one), what was written is in the directory after a power cut, and what a crash left behind is swept.
//
// It does not lock: Index does, for all generations.
type directory struct {
	*blugeindex.FileSystemDirectory
	disk disk
	path string
	log  *slog.Logger
}

const tornSuffix = ".torn"

func newDirectory(on disk, path string, log *slog.Logger) *directory {
	return &directory{blugeindex.NewFileSystemDirectory(path), on, path, log}
}

func (d *directory) file(kind string, id uint64) string {
	return filepath.Join(d.path, fmt.Sprintf("%012x%s", id, kind))
}

// Lock does nothing.
func (d *directory) Lock() error { return nil }

// Unlock does nothing.
func (d *directory) Unlock() error { return nil }

// Persist writes a segment or snapshot so that it outlasts a power cut. Bluge looks for segapi.ErrClosed by ==, so errors go through as
// they are.
func (d *directory) Persist(kind string, id uint64, w blugeindex.WriterTo, closed chan struct{}) error {
	if kind == blugeindex.ItemKindSnapshot {
		var b bytes.Buffer
		if _, err := w.WriteTo(&b, closed); err != nil {
			return err
		}
		return replaceFile(d.disk, d.file(kind, id), b.Bytes())
	}
	err := writeFile(d.disk, d.file(kind, id), func(f io.Writer) error { _, err := w.WriteTo(f, closed); return err })
	if err != nil {
		return err
	}
	return d.disk.syncDir(d.path)
}

// Load opens a segment, or reads and checks a snapshot.
func (d *directory) Load(kind string, id uint64) (*segapi.Data, io.Closer, error) {
	if kind != blugeindex.ItemKindSnapshot {
		return d.FileSystemDirectory.Load(kind, id)
	}
	b, err := os.ReadFile(d.file(kind, id))
	if err != nil {
		return nil, nil, err
	}
	if err := checkSnapshot(b); err != nil {
		return nil, nil, fmt.Errorf("snapshot %x: %w", id, err)
	}
	return segapi.NewDataBytes(b), nil, nil
}

// Remove deletes a file; readers that have it mapped keep it.
func (d *directory) Remove(kind string, id uint64) error {
	return d.disk.remove(d.file(kind, id))
}

// sweep sets torn snapshots aside and removes the segments that no snapshot names. It is called before bluge opens the directory.
func (d *directory) sweep() error {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return err
	}
	named := map[uint64]bool{}
	var segments []uint64
	good, torn := 0, 0
	for _, e := range entries {
		kind := filepath.Ext(e.Name())
		id, err := strconv.ParseUint(strings.TrimSuffix(e.Name(), kind), 16, 64)
		switch {
		case kind == tornSuffix:
			torn++
		case kind == temporarySuffix:
			if err := d.disk.remove(filepath.Join(d.path, e.Name())); err != nil {
				return err
			}
		case err != nil:
		case kind == blugeindex.ItemKindSegment:
			segments = append(segments, id)
		case kind == blugeindex.ItemKindSnapshot:
			ok, err := d.readSnapshot(id, named)
			if err != nil {
				return err
			}
			if ok {
				good++
			} else {
				torn++
			}
		}
	}
	if good == 0 && torn > 0 {
		return fmt.Errorf("%w: no snapshot that can be read", ErrDamaged)
	}
	return d.removeOrphans(segments, named)
}

// readSnapshot notes which segments a snapshot names, or sets it aside where it is torn.
func (d *directory) readSnapshot(id uint64, named map[uint64]bool) (ok bool, err error) {
	name := d.file(blugeindex.ItemKindSnapshot, id)
	b, err := os.ReadFile(name)
	if err != nil {
		return false, err
	}
	ids, torn := snapshotSegments(b)
	if torn == nil {
		for _, id := range ids {
			named[id] = true
		}
		return true, nil
	}
	d.log.Error("torn index snapshot set aside", "file", name+tornSuffix, "error", torn)
	return false, d.disk.rename(name, name+tornSuffix)
}

func (d *directory) removeOrphans(segments []uint64, named map[uint64]bool) error {
	for _, id := range segments {
		if named[id] {
			continue
		}
		if err := d.Remove(blugeindex.ItemKindSegment, id); err != nil {
			return err
		}
		d.log.Info("orphan index segment removed", "file", d.file(blugeindex.ItemKindSegment, id))
	}
	return d.disk.syncDir(d.path)
}

func checkSnapshot(b []byte) error {
	if len(b) < crc32.Size+1 {
		return fmt.Errorf("%w: snapshot of %d bytes", ErrDamaged, len(b))
	}
	n := len(b) - crc32.Size
	if crc32.ChecksumIEEE(b[:n]) != binary.BigEndian.Uint32(b[n:]) {
		return fmt.Errorf("%w: checksum of a snapshot", ErrDamaged)
	}
	return nil
}

// snapshotSegments lists the segments that a snapshot of bluge's format 1 names: for each its type, version (4 bytes), id and deletions.
func snapshotSegments(b []byte) (ids []uint64, err error) {
	if err := checkSnapshot(b); err != nil {
		return nil, err
	}
	r := bufio.NewReader(bytes.NewReader(b[:len(b)-crc32.Size]))
	number := func() uint64 {
		n, e := binary.ReadUvarint(r)
		err = errors.Join(err, e)
		return n
	}
	skip := func(n uint64) {
		_, e := r.Discard(int(min(n, uint64(len(b)))))
		err = errors.Join(err, e)
	}
	if version := number(); version != 1 {
		return nil, fmt.Errorf("%w: snapshot of format %d", ErrDamaged, version)
	}
	for n := number(); n > 0 && err == nil; n-- {
		skip(number())
		skip(4)
		ids = append(ids, number())
		skip(number())
	}
	if err != nil {
		return nil, fmt.Errorf("%w: snapshot: %v", ErrDamaged, err)
	}
	return ids, nil
}
