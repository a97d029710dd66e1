package bluge

import (
	"errors"
	"math"
	"sync/atomic"
	"syscall"
	"testing"

	"terrace/index"
	"terrace/index/indextest"
)

// A small disk has room for so many bytes.
type small struct {
	machine
	left *atomic.Int64
}

type smallFile struct {
	diskFile
	left *atomic.Int64
}

func (d small) create(name string) (diskFile, error) {
	f, err := d.machine.create(name)
	return smallFile{f, d.left}, err
}

// Write fills the disk to its last byte.
func (f smallFile) Write(b []byte) (int, error) {
	if left := f.left.Add(-int64(len(b))); left < 0 {
		n, _ := f.diskFile.Write(b[:max(0, int64(len(b))+left)])
		return n, syscall.ENOSPC
	}
	return f.diskFile.Write(b)
}

func TestAFullDiskIsAnErrorAndLosesNothing(t *testing.T) {
	dir, o := t.TempDir(), quiet
	disk := small{left: new(atomic.Int64)}
	disk.left.Store(math.MaxInt64)
	o.disk = disk
	ix, err := Open(dir, indextest.Analyzer(), o)
	must(t, err)
	g, err := ix.Create(t.Context(), index.Fingerprints{})
	must(t, err)
	must(t, ix.Promote(t.Context(), g.Name()))
	must(t, g.Put(t.Context(), notices(0, 50)...))

	disk.left.Store(200_000)
	acknowledged := 50
	for err == nil {
		if err = g.Put(t.Context(), notices(acknowledged, acknowledged+50)...); err == nil {
			acknowledged += 50
		}
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("put on a full disk: %v", err)
	}
	if n := count(t, ix); n < acknowledged {
		t.Errorf("%d documents of %d are found while the disk is full", n, acknowledged)
	}
	if _, err := ix.Create(t.Context(), index.Fingerprints{}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("create on a full disk: %v", err)
	}
	must(t, ix.Close())
	if n := count(t, openAt(t, dir)); n < acknowledged {
		t.Errorf("%d documents of %d are there after reopening", n, acknowledged)
	}
}

func TestPuttingGoesOnWhenAFullDiskHasRoomAgain(t *testing.T) {
	dir, o := t.TempDir(), quiet
	disk := small{left: new(atomic.Int64)}
	disk.left.Store(math.MaxInt64)
	o.disk = disk
	ix, err := Open(dir, indextest.Analyzer(), o)
	must(t, err)
	g, err := ix.Create(t.Context(), index.Fingerprints{})
	must(t, err)
	must(t, ix.Promote(t.Context(), g.Name()))
	disk.left.Store(1000)
	if err := g.Put(t.Context(), notices(0, 50)...); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("put on a full disk: %v", err)
	}
	disk.left.Store(math.MaxInt64)
	must(t, g.Put(t.Context(), notices(0, 60)...))
	must(t, ix.Close())
	if n := count(t, openAt(t, dir)); n != 60 {
		t.Errorf("%d documents are there after reopening, want 60", n)
	}
}
