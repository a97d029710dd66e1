package bluge

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"terrace/index"
)

func TestABackupTakenWhileWritingHoldsWhatWasAcknowledgedAndCanBeRestored(t *testing.T) {
	ix, g := liveWith(t, t.TempDir(), 300, 50)
	must(t, g.Delete(t.Context(), "n00007"))
	ctx, stop := context.WithCancel(t.Context())
	wrote := make(chan error, 1)
	go func() {
		for i := 300; ctx.Err() == nil; i++ {
			if err := g.Put(ctx, notices(i, i+1)...); err != nil && ctx.Err() == nil {
				wrote <- err
				return
			}
		}
		wrote <- nil
	}()
	to := filepath.Join(t.TempDir(), "backup")
	must(t, ix.Backup(t.Context(), g.name, to))
	stop()
	must(t, <-wrote)

	found, err := Verify(t.Context(), to)
	must(t, err)
	if len(found) != 1 || found[0].Err != nil || !found[0].Live || found[0].Generation != g.name || found[0].Documents < 299 {
		t.Fatalf("the backup: %+v", found)
	}
	if err := ix.Backup(t.Context(), g.name, to); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second backup into the same folder: %v", err)
	}

	must(t, g.Delete(t.Context(), "n00001", "n00002"))
	name, err := ix.Restore(t.Context(), to)
	must(t, err)
	if got := count(t, ix); got < 297 {
		t.Errorf("%d documents before the restored one is promoted", got)
	}
	must(t, ix.Promote(t.Context(), name))
	if got := count(t, ix); got != found[0].Documents {
		t.Errorf("%d documents are restored, want %d", got, found[0].Documents)
	}
	restored, err := ix.Open(t.Context(), name)
	must(t, err)
	must(t, restored.Put(t.Context(), notices(9000, 9010)...))
}

func TestABackupThatCannotBeMadeLeavesNoFolder(t *testing.T) {
	ix, g := liveWith(t, t.TempDir(), 10, 10)
	for what, to := range map[string]string{"no parent": filepath.Join(t.TempDir(), "none", "backup")} {
		err := ix.Backup(t.Context(), g.name, to)
		if _, statErr := os.Stat(to); err == nil && statErr != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
	to := filepath.Join(t.TempDir(), "backup")
	if err := ix.Backup(t.Context(), "unknown", to); !errors.Is(err, index.ErrNoGeneration) {
		t.Errorf("an unknown generation: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ix.Backup(ctx, g.name, to); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(to), "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestVerifyNamesWhatIsDamagedAndRestoreRefusesIt(t *testing.T) {
	dir := t.TempDir()
	ix, g := liveWith(t, dir, 400, 400)
	if _, err := Verify(t.Context(), dir); !errors.Is(err, ErrLocked) {
		t.Errorf("verify of an open index: %v", err)
	}
	must(t, ix.Close())
	if _, err := Verify(t.Context(), filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("verify of no folder: %v", err)
	}
	found, err := Verify(t.Context(), dir)
	must(t, err)
	if len(found) != 1 || found[0].Err != nil || found[0].Documents != 400 || found[0].Segments == 0 {
		t.Fatalf("undamaged: %+v", found)
	}
	segment := files(t, g.path, "*.seg")[0]
	good, err := os.ReadFile(segment)
	must(t, err)
	other := openAt(t, t.TempDir())
	for i := range 25 {
		bad := append([]byte(nil), good...)
		bad[(len(bad)-1)*i/24] ^= 4
		must(t, os.WriteFile(segment, bad, 0o600))
		found, err := Verify(t.Context(), dir)
		must(t, err)
		if len(found) != 1 || !errors.Is(found[0].Err, ErrDamaged) {
			t.Errorf("a bit turned at %d of 24: %+v", i, found)
		}
		if _, err := other.Restore(t.Context(), dir); !errors.Is(err, ErrDamaged) {
			t.Errorf("restored: %v", err)
		}
	}
	infos, err := other.Generations(t.Context())
	if err != nil || len(infos) != 0 {
		t.Errorf("generations of the index that refused: %v %v", fmt.Sprint(infos), err)
	}
}
