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
	"sync/atomic"

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
	last atomic.Pointer[error] // the outcome of the last Persist
}

const tornSuffix = ".torn"

func newDirectory(on disk, path string, log *slog.Logger) *directory {
	return &directory{FileSystemDirectory: blugeindex.NewFileSystemDirectory(path), disk: on, path: path, log: log}
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
	err := d.persist(kind, id, w, closed)
	d.last.Store(&err)
	return err
}

// cause is the disk's error that an error of bluge's came from: bluge keeps its words alone.
func (d *directory) cause(err error) error {
	if last := d.last.Load(); err != nil && last != nil && *last != nil && strings.Contains(err.Error(), (*last).Error()) {
		return *last
	}
	return err
}

func (d *directory) persist(kind string, id uint64, w blugeindex.WriterTo, closed chan struct{}) error {
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

// sweep sets snapshots aside that are torn or lack a segment, and removes what no snapshot names. It is called before bluge opens the directory,
// and returns the segments of the newest snapshot, which bluge must find.
func (d *directory) sweep() (newest []uint64, err error) {
	c, err := d.contents()
	if err != nil {
		return nil, err
	}
	for _, name := range c.temporary {
		if err := d.disk.remove(name); err != nil {
			return nil, err
		}
	}
	for id, torn := range c.torn {
		name := d.file(blugeindex.ItemKindSnapshot, id)
		d.log.Error("torn index snapshot set aside", "file", name+tornSuffix, "error", torn)
		if err := d.disk.rename(name, name+tornSuffix); err != nil {
			return nil, err
		}
	}
	if len(c.orphans) > 0 {
		d.log.Info("orphan index segments removed", "folder", d.path, "segments", len(c.orphans))
	}
	for _, id := range c.orphans {
		if err := d.Remove(blugeindex.ItemKindSegment, id); err != nil {
			return nil, err
		}
	}
	return c.newest, d.disk.syncDir(d.path)
}

// contents are a generation's files as a crash or a power cut may leave them.
type contents struct {
	newest    []uint64 // segments of the newest good snapshot
	orphans   []uint64 // segments that no good snapshot names
	good      int      // snapshots
	torn      map[uint64]error
	temporary []string
}

// contents sorts the files. A power cut may leave a snapshot that is torn or whose segments are not there, but none that was acknowledged.
// It fails with ErrDamaged where there are snapshots and none is good.
func (d *directory) contents() (c contents, err error) {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return c, err
	}
	segments, named := map[uint64]bool{}, map[uint64]bool{}
	var snapshots []uint64 // oldest first, as their names sort
	spoilt := false
	for _, e := range entries {
		kind := filepath.Ext(e.Name())
		id, err := strconv.ParseUint(strings.TrimSuffix(e.Name(), kind), 16, 64)
		switch {
		case kind == temporarySuffix:
			c.temporary = append(c.temporary, filepath.Join(d.path, e.Name()))
		case kind == tornSuffix:
			spoilt = true
		case err != nil:
		case kind == blugeindex.ItemKindSegment:
			segments[id] = true
		case kind == blugeindex.ItemKindSnapshot:
			snapshots = append(snapshots, id)
		}
	}
	c.torn = map[uint64]error{}
	for _, id := range snapshots {
		ids, err := d.snapshot(id, segments)
		switch {
		case errors.Is(err, ErrDamaged):
			c.torn[id] = err
			continue
		case err != nil:
			return c, err
		}
		c.good, c.newest = c.good+1, ids
		for _, id := range ids {
			named[id] = true
		}
	}
	if c.good == 0 && (spoilt || len(c.torn) > 0) {
		return c, fmt.Errorf("%w: no snapshot that can be read", ErrDamaged)
	}
	for id := range segments {
		if !named[id] {
			c.orphans = append(c.orphans, id)
		}
	}
	return c, nil
}

// snapshot lists the segments of a snapshot, or fails with ErrDamaged.
func (d *directory) snapshot(id uint64, there map[uint64]bool) ([]uint64, error) {
	b, err := os.ReadFile(d.file(blugeindex.ItemKindSnapshot, id))
	if err != nil {
		return nil, err
	}
	ids, err := snapshotSegments(b)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if !there[id] {
			return nil, fmt.Errorf("%w: segment %x is not there", ErrDamaged, id)
		}
	}
	return ids, nil
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
