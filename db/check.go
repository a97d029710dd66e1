package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
)

// Check looks over the whole file and tells of every fault in its structure, and of rows that refer to none, to a function. It takes as long as reading the file does, and needs
// no writer to wait.
func (d *DB) Check(ctx context.Context, fault func(string)) error {
	for _, pragma := range []string{"PRAGMA integrity_check", "SELECT 'a row of ' || \"table\" || ' refers to none of ' || parent FROM pragma_foreign_key_check"} {
		err := d.View(ctx, func(tx *sql.Tx) error {
			found, err := tx.QueryContext(ctx, pragma)
			if err != nil {
				return err
			}
			defer found.Close()
			for found.Next() {
				var says string
				if err := found.Scan(&says); err != nil {
					return err
				}
				if says != "ok" {
					fault(says)
				}
			}
			return found.Err()
		})
		if errors.Is(err, ErrDamaged) {
			fault(err.Error())
		} else if err != nil {
			return err
		}
	}
	return nil
}

// Live is how many bytes of the file are in use, about as many as Compact needs for a moment.
func (d *DB) Live(ctx context.Context) (n int64, err error) {
	err = d.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size").Scan(&n)
	})
	return n, err
}

// Compact writes a database that no process has open anew, without what is not used, and puts that in its place at once: whenever it is broken off, the one or the other
// is there whole. It needs as much room in the same folder as the new file takes.
func Compact(ctx context.Context, path string) error {
	fresh := path + ".compact" // of an earlier call that was broken off
	if err := os.Remove(fresh); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("compact %s: %w", path, err)
	}
	d, err := Open(ctx, path)
	if err != nil {
		return err
	}
	_, err = d.writer.ExecContext(ctx, "VACUUM INTO ?", fresh)
	err = errors.Join(d.named(err), d.Close()) // which empties the log: it must not be taken for the new file's
	if err == nil {
		err = replace(path, fresh)
	}
	if err != nil {
		os.Remove(fresh)
		return fmt.Errorf("compact %s: %w", path, err)
	}
	return nil
}
