package db

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// worn is a database of which most was deleted.
func worn(t *testing.T) (path string, before int64) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a.db")
	d := open(t, path)
	migrate(t, d, noteTable)
	for range 200 {
		add(t, d, strings.Repeat("文字", 2000))
	}
	add(t, d, "kept")
	if err := d.Update(t.Context(), func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), "DELETE FROM note WHERE text <> 'kept'")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	d.Close()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, info.Size()
}

func TestCompactGivesBackWhatIsNotUsed(t *testing.T) {
	path, before := worn(t)
	if err := os.WriteFile(path+".compact", []byte("left by one that was killed"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Compact(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Size()*2 > before || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v; it had %d bytes", info, err, before)
	}
	d := open(t, path)
	if got := notes(t, d); got != "kept" {
		t.Errorf("it holds %q", got)
	}
	add(t, d, "more")
	if got := notes(t, open(t, path)); got != "kept,more" {
		t.Errorf("it holds %q", got)
	}
	if left, _ := filepath.Glob(path + ".compact*"); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

func TestACompactThatIsStoppedChangesNothing(t *testing.T) {
	path, before := worn(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Compact(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != before {
		t.Errorf("%v, %v", info, err)
	}
	if got := notes(t, open(t, path)); got != "kept" {
		t.Errorf("it holds %q", got)
	}
}

func TestCheckNamesDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	d := open(t, path)
	migrate(t, d, noteTable, "CREATE TABLE about (note INTEGER REFERENCES note (n))")
	for range 50 {
		add(t, d, strings.Repeat("文字", 500))
	}
	faults := func() (out []string) {
		t.Helper()
		r, err := OpenToRead(t.Context(), path) // beside the one that writes
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if err := r.Check(t.Context(), func(says string) { out = append(out, says) }); err != nil {
			t.Error(err)
		}
		return out
	}
	if got := faults(); len(got) > 0 {
		t.Errorf("of a sound one: %q", got)
	}
	if _, err := d.writer.Exec("PRAGMA foreign_keys = 0; INSERT INTO about VALUES (1000)"); err != nil {
		t.Fatal(err)
	}
	if got := faults(); len(got) != 1 || got[0] != "a row of about refers to none of note" {
		t.Errorf("of a row about nothing: %q", got)
	}
	d.Close()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	clear(raw[4096*5 : 4096*7])
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if got := faults(); len(got) == 0 {
		t.Error("nothing is said of pages that were overwritten")
	}
}

func TestADatabaseThatIsOpenedToReadIsLeftAsItIs(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	if _, err := OpenToRead(t.Context(), path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of none: %v", err)
	}
	d := open(t, path)
	migrate(t, d, noteTable)
	r, err := OpenToRead(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	add(t, d, "one")
	if got := notes(t, r); got != "one" {
		t.Errorf("it reads %q", got)
	}
	if err := r.Update(t.Context(), insert(t.Context(), "sly")); !errors.Is(err, ErrReadOnly) {
		t.Errorf("an update: %v", err)
	}
	if err := r.Migrate(t.Context(), "notes", []string{noteTable}); err != nil {
		t.Errorf("up to date: %v", err)
	}
	if err := r.Migrate(t.Context(), "notes", []string{noteTable, "CREATE TABLE later (n)"}); !errors.Is(err, ErrOlder) {
		t.Errorf("an older one: %v", err)
	}
	if err := r.Migrate(t.Context(), "notes", nil); !errors.Is(err, ErrNewer) {
		t.Errorf("a newer one: %v", err)
	}
}
