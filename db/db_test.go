package db

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

func open(t *testing.T, path string) *DB {
	t.Helper()
	d, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

func migrate(t *testing.T, d *DB, steps ...string) {
	t.Helper()
	if err := d.Migrate(t.Context(), "notes", steps); err != nil {
		t.Fatal(err)
	}
}

func add(t *testing.T, d *DB, text string) {
	t.Helper()
	if err := d.Update(t.Context(), insert(t.Context(), text)); err != nil {
		t.Fatal(err)
	}
}

func insert(ctx context.Context, text string) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO note (text) VALUES (?)", text)
		return err
	}
}

func notes(t *testing.T, d *DB) string {
	t.Helper()
	var all sql.NullString
	err := d.View(t.Context(), func(tx *sql.Tx) error {
		return tx.QueryRowContext(t.Context(), "SELECT group_concat(text) FROM (SELECT text FROM note ORDER BY n)").Scan(&all)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String
}

const noteTable = "CREATE TABLE note (n INTEGER PRIMARY KEY, text TEXT NOT NULL)"

func TestWhatIsCommittedIsThereAfterReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new folder", "a?b#c%20 数据.db")
	d := open(t, path)
	migrate(t, d, noteTable)
	add(t, d, "one")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*-wal")); len(left) > 0 {
		t.Errorf("Close left %v", left)
	}
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the file has another name: %v", err)
	}
	if got := notes(t, open(t, path)); got != "one" {
		t.Errorf("after reopening: %q", got)
	}
}

func TestWhatIsCommittedOutlivesACrash(t *testing.T) {
	dir := t.TempDir()
	d := open(t, filepath.Join(dir, "a.db"))
	migrate(t, d, noteTable)
	add(t, d, "one")
	// The files as they are while the database is open are what a crash would leave.
	crashed := filepath.Join(t.TempDir(), "crashed")
	if err := os.CopyFS(crashed, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(crashed, "a.db-shm"))
	if got := notes(t, open(t, filepath.Join(crashed, "a.db"))); got != "one" {
		t.Errorf("after the crash: %q", got)
	}
}

func TestAFailedUpdateLeavesNothing(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "a.db"))
	migrate(t, d, noteTable)
	bad := errors.New("bad")
	err := d.Update(t.Context(), func(tx *sql.Tx) error {
		return errors.Join(insert(t.Context(), "half")(tx), bad)
	})
	if !errors.Is(err, bad) {
		t.Errorf("got %v", err)
	}
	func() {
		defer func() { recover() }()
		d.Update(t.Context(), func(tx *sql.Tx) error {
			insert(t.Context(), "half")(tx)
			panic("in the middle")
		})
	}()
	ctx, cancel := context.WithCancel(t.Context())
	err = d.Update(ctx, func(tx *sql.Tx) error {
		defer cancel()
		return insert(ctx, "half")(tx)
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	add(t, d, "whole")
	if got := notes(t, d); got != "whole" {
		t.Errorf("kept %q", got)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "a.db"))
	migrate(t, d, noteTable)
	if err := d.View(t.Context(), insert(t.Context(), "sly")); err == nil {
		t.Error("a View wrote")
	}
}

func TestReadersSeeOneStateAndDoNotWait(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "a.db"))
	migrate(t, d, noteTable)
	add(t, d, "one")
	err := d.View(t.Context(), func(tx *sql.Tx) error {
		count := func() (n int) {
			if err := tx.QueryRowContext(t.Context(), "SELECT count(*) FROM note").Scan(&n); err != nil {
				t.Error(err)
			}
			return n
		}
		before := count()
		add(t, d, "two")
		if after := count(); before != 1 || after != 1 {
			t.Errorf("a View saw %d notes, then %d", before, after)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := notes(t, d); got != "one,two" {
		t.Errorf("a later View saw %q", got)
	}
}

func TestWritersOfTwoProcessesWaitForEachOther(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	one, other := open(t, path), open(t, path) // two DBs lock each other out as two processes do
	migrate(t, one, noteTable)
	var wg sync.WaitGroup
	for _, d := range []*DB{one, other, one, other} {
		wg.Go(func() {
			for range 20 {
				add(t, d, "x")
			}
		})
	}
	wg.Wait()
	if got := strings.Count(notes(t, one), "x"); got != 80 {
		t.Errorf("%d of 80 notes", got)
	}
}

func TestMigrateAppliesEachStepOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	d := open(t, path)
	migrate(t, d, noteTable+"; INSERT INTO note (text) VALUES ('first')")
	migrate(t, d, noteTable+"; INSERT INTO note (text) VALUES ('first')")
	second := "INSERT INTO note (text) VALUES ('second')"
	migrate(t, d, "edited later, applied long ago", second)
	migrate(t, d, "edited later, applied long ago", second)
	if got := notes(t, d); got != "first,second" {
		t.Errorf("steps left %q", got)
	}
	if err := d.Migrate(t.Context(), "others", []string{"CREATE TABLE other (n)"}); err != nil {
		t.Errorf("a second component: %v", err)
	}
}

func TestMigrateIsAllOrNothing(t *testing.T) {
	d := open(t, filepath.Join(t.TempDir(), "a.db"))
	err := d.Migrate(t.Context(), "notes", []string{noteTable, "CREATE NONSENSE"})
	if err == nil || !strings.Contains(err.Error(), "step 2") {
		t.Errorf("got %v", err)
	}
	migrate(t, d, noteTable) // fails if the first step had stayed
}

func TestADatabaseOfANewerProgramIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	d := open(t, path)
	migrate(t, d, noteTable, "CREATE TABLE later (n)")
	err := d.Migrate(t.Context(), "notes", []string{noteTable})
	if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
}

func TestADamagedFileIsNamedAndKept(t *testing.T) {
	whole := func(t *testing.T) []byte {
		path := filepath.Join(t.TempDir(), "a.db")
		d := open(t, path)
		migrate(t, d, noteTable)
		for range 50 {
			add(t, d, strings.Repeat("文字", 500))
		}
		d.Close()
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	for name, damage := range map[string]func([]byte) []byte{
		"another kind of file": func([]byte) []byte { return []byte(strings.Repeat("this is no database\n", 300)) },
		"cut short":            func(raw []byte) []byte { return raw[:len(raw)/2/4096*4096] },
		"first page lost":      func(raw []byte) []byte { clear(raw[100:4096]); return raw },
	} {
		t.Run(name, func(t *testing.T) {
			raw := damage(whole(t))
			path := filepath.Join(t.TempDir(), "state.db")
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Open(t.Context(), path)
			if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v", err)
			}
			if kept, _ := os.ReadFile(path); string(kept) != string(raw) {
				t.Error("the file was changed")
			}
		})
	}
}

func TestDamageMetLaterIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	d := open(t, path)
	migrate(t, d, noteTable)
	for range 50 {
		add(t, d, strings.Repeat("文字", 500))
	}
	d.Close()
	raw, _ := os.ReadFile(path)
	for i := 4096 * 3; i < len(raw); i++ {
		raw[i] = 0xff
	}
	os.WriteFile(path, raw, 0o600)
	d = open(t, path)
	err := d.View(t.Context(), func(tx *sql.Tx) error {
		var n int
		return tx.QueryRowContext(t.Context(), "SELECT sum(length(text)) FROM note").Scan(&n)
	})
	if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
}

func TestAFileThatCannotBeOpenedIsNamed(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(t.Context(), dir)
	if err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("opening a folder: %v", err)
	}
	file := filepath.Join(dir, "file")
	os.WriteFile(file, nil, 0o600)
	if _, err := Open(t.Context(), filepath.Join(file, "a.db")); err == nil || !strings.Contains(err.Error(), file) {
		t.Errorf("opening below a file: %v", err)
	}
}

func BenchmarkUpdate(b *testing.B) {
	for _, mode := range []string{"FULL", "NORMAL"} {
		b.Run(mode, func(b *testing.B) {
			d, err := Open(b.Context(), filepath.Join(b.TempDir(), "a.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			if _, err := d.writer.Exec("PRAGMA synchronous = " + mode); err != nil {
				b.Fatal(err)
			}
			if err := d.Migrate(b.Context(), "notes", []string{noteTable}); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := d.Update(b.Context(), insert(b.Context(), "x")); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestATransactionThatItsContextEndsFailsWithTheContextsError(t *testing.T) {
	d, err := Open(t.Context(), filepath.Join(t.TempDir(), "a.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ctx, cancel := context.WithCancel(t.Context())
	err = d.Update(ctx, func(tx *sql.Tx) error {
		cancel()
		for {
			if _, err := tx.Exec("SELECT 1"); errors.Is(err, sql.ErrTxDone) {
				return err
			}
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("update: %v", err)
	}
}

func TestWhatIsErasedIsInNoFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	d := open(t, path)
	migrate(t, d, noteTable)
	const secret = "a secret of which nothing may be left"
	for range 200 {
		add(t, d, secret)
	}
	add(t, d, strings.Repeat(secret, 1000)) // over several pages of the file
	add(t, d, "kept")
	holds := func() (files []string) {
		for _, name := range []string{path, path + "-wal"} {
			if raw, err := os.ReadFile(name); err == nil && strings.Contains(string(raw), secret) {
				files = append(files, filepath.Base(name))
			}
		}
		return files
	}
	remove := func(tx *sql.Tx) error {
		_, err := tx.ExecContext(t.Context(), "DELETE FROM note WHERE text <> 'kept'")
		return err
	}
	if len(holds()) == 0 {
		t.Fatal("no file holds it before")
	}
	clean, err := d.Erase(t.Context(), remove)
	if err != nil || !clean || len(holds()) > 0 || notes(t, d) != "kept" {
		t.Errorf("erased: clean %v, %v; %v hold it; %q is left", clean, err, holds(), notes(t, d))
	}
}
