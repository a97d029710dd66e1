// Package db opens the SQLite databases that hold the product's state, brings their tables up to date, and gives transactions on them.
//
// It promises that a transaction which has returned without an error survives a crash of the program and of the machine, that writers
// wait for each other instead of failing, that readers never wait for a writer, and that a damaged file is reported and left as it is.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// A DB is one open database file. Its methods may be called from several goroutines.
type DB struct {
	path    string
	writer  *sql.DB // one connection: writers queue for it; nil: the database is only read
	readers *sql.DB
}

// Errors a caller may want to tell apart; they come wrapped with the file's path.
var (
	ErrDamaged = errors.New("damaged or not a database")
	ErrNewer   = errors.New("made by a newer version of the program")

	ErrReadOnly = errors.New("opened to be read alone")
	ErrOlder    = errors.New("made by an older version of the program")
)

// How long a statement waits for a lock that another process holds.
const busyTimeout = 10_000 // ms

// Above this size the write-ahead log is cut back after a checkpoint.
const walKept = 64 << 20 // bytes

// Open opens the database in a file and makes the file and its folder where they are missing; only the user running the program may
// read a new file. It fails with ErrDamaged, and changes nothing, where the file is something else than a sound database.
func Open(ctx context.Context, path string) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	if err := touch(abs); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	// synchronous=FULL: with NORMAL the last commits before a power cut are lost from a WAL database, and the indexer's cursor lives in
	// another file than what it points at. The price is one flush a commit; Record commits batches, so it is small beside the work
	// (BenchmarkUpdate measures it).
	d := &DB{path: abs}
	// secure_delete=FAST: what is deleted or moved within a page is overwritten there, which costs no write; without it Erase finds copies of rows in gaps that
	// nothing names.
	d.writer, err = sql.Open("sqlite", source(abs, "immediate", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "secure_delete(FAST)",
		fmt.Sprintf("journal_size_limit(%d)", walKept)))
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", abs, err)
	}
	d.writer.SetMaxOpenConns(1)
	d.readers, err = sql.Open("sqlite", source(abs, "deferred", "query_only(1)"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open database %s: %w", abs, err), d.writer.Close())
	}
	d.readers.SetMaxOpenConns(max(4, runtime.GOMAXPROCS(0)))
	if err := d.Update(ctx, readSchema(ctx)); err != nil {
		return nil, errors.Join(err, d.writer.Close(), d.readers.Close())
	}
	return d, nil
}

// OpenToRead opens a database that is there to be read alone, whether another process has it open or not: Views work, Updates fail with ErrReadOnly.
func OpenToRead(ctx context.Context, path string) (*DB, error) {
	abs, err := filepath.Abs(path)
	if err == nil {
		_, err = os.Stat(abs)
	}
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	d := &DB{path: abs}
	if d.readers, err = sql.Open("sqlite", source(abs, "deferred", "query_only(1)")); err != nil {
		return nil, fmt.Errorf("open database %s: %w", abs, err)
	}
	d.readers.SetMaxOpenConns(max(4, runtime.GOMAXPROCS(0)))
	if err := d.View(ctx, readSchema(ctx)); err != nil {
		return nil, errors.Join(err, d.readers.Close())
	}
	return d, nil
}

// touch makes the file, so that a wrong path or a missing permission is told by the system in its own clear words.
func touch(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return f.Close()
}

func source(path, lock string, pragmas ...string) string {
	q := url.Values{"_txlock": {lock}, "_pragma": append([]string{fmt.Sprintf("busy_timeout(%d)", busyTimeout)}, pragmas...)}
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive letter
	}
	return (&url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}).String()
}

// readSchema makes SQLite look at the file: opening alone does not.
func readSchema(ctx context.Context) func(*sql.Tx) error {
	return func(tx *sql.Tx) error {
		var tables int
		return tx.QueryRowContext(ctx, `SELECT count(*) FROM sqlite_master`).Scan(&tables)
	}
}

// Update runs a function in a transaction and commits it; where the function fails or panics nothing of it stays. Updates run one after
// another, so the function should be short, must not call Update of the same DB, and sees what earlier ones wrote.
func (d *DB) Update(ctx context.Context, f func(*sql.Tx) error) error {
	if d.writer == nil {
		return fmt.Errorf("database %s: %w", d.path, ErrReadOnly)
	}
	return d.run(ctx, d.writer, f)
}

// Erase is Update whose deletions leave nothing behind: what they free in the file is overwritten with zeros, and the write-ahead log, which holds the pages as they were,
// is emptied. clean is false where a reader of this moment, or another process, keeps the log from it; the next checkpoint does it then.
func (d *DB) Erase(ctx context.Context, f func(*sql.Tx) error) (clean bool, err error) {
	err = d.Update(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `PRAGMA secure_delete = ON`); err != nil {
			return err
		}
		return f(tx)
	})
	if errors.Is(err, ErrReadOnly) {
		return false, err
	}
	_, off := d.writer.ExecContext(context.WithoutCancel(ctx), `PRAGMA secure_delete = FAST`)
	if err = errors.Join(err, d.named(off)); err != nil {
		return false, err
	}
	var busy, inLog, moved int
	err = d.writer.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &inLog, &moved)
	return busy == 0, d.named(err)
}

// View runs a function that only reads, on one unchanging state of the database. A View that stays open keeps the write-ahead log
// from being cut: read long lists in several.
func (d *DB) View(ctx context.Context, f func(*sql.Tx) error) error {
	return d.run(ctx, d.readers, f)
}

func (d *DB) run(ctx context.Context, on *sql.DB, f func(*sql.Tx) error) error {
	tx, err := on.BeginTx(ctx, nil)
	if err != nil {
		return d.named(err)
	}
	defer tx.Rollback()
	if err = f(tx); err == nil {
		err = tx.Commit()
	}
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		return ctx.Err() // which ended the transaction
	}
	return d.named(err)
}

// named adds the file to errors that are the file's.
func (d *DB) named(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("database %s: %w: %w", d.path, ErrDamaged, err)
	}
	return fmt.Errorf("database %s: %w", d.path, err)
}

// Close waits for running transactions, moves the write-ahead log into the file, and closes it.
func (d *DB) Close() error {
	readers := d.readers.Close() // first: a reader would hold the log back
	if d.writer == nil {
		return readers
	}
	_, err := d.writer.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	return errors.Join(readers, d.named(err), d.writer.Close())
}
