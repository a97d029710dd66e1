package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// lasting is the condition on a hash, ?1, whose bytes may be dropped: they are an attached file's on every page that has them, and each was there at its last visit. ?2 is the
// moment before which they were fetched, where the contents do not tell that.
const lasting = `SELECT EXISTS (SELECT 1 FROM page WHERE content = ?1 AND content <> '') AND NOT EXISTS
	(SELECT 1 FROM page WHERE content = ?1 AND content <> '' AND NOT (role = 'attachment' AND state = 'ok' AND imported = 0 AND last_changed < ?2))`

// oldFiles are attached files of a site, behind a page number, that have not changed since a moment.
const oldFiles = `SELECT n, content FROM page WHERE role = 'attachment' AND site = ? AND n > ? AND state = 'ok' AND content <> '' AND last_changed < ? ORDER BY n LIMIT ?`

// OldFiles gives the hashes of attached files that were fetched before a moment and have their bytes, to a function, some at a time. What the function is given is to be
// looked at again by Drop.
func (a *Archive) OldFiles(ctx context.Context, before time.Time, f func(hashes []string) error) error {
	tallies, err := a.Tallies(ctx, before)
	for i := 0; i < len(tallies) && err == nil; i++ {
		err = a.oldFiles(ctx, tallies[i].Site, before, f)
	}
	if err != nil {
		return fmt.Errorf("old files: %w", err)
	}
	return nil
}

func (a *Archive) oldFiles(ctx context.Context, site string, before time.Time, f func(hashes []string) error) error {
	type file struct {
		n    int64
		hash string
	}
	for last := int64(0); ; {
		var some []file
		err := a.state.View(ctx, func(tx *sql.Tx) error {
			found, err := tx.QueryContext(ctx, oldFiles, site, last, moment(before), chunk)
			if err == nil {
				some, err = collect(found, func(f *file) []any { return []any{&f.n, &f.hash} })
			}
			return err
		})
		if err != nil || len(some) == 0 {
			return err
		}
		last = some[len(some)-1].n
		var hashes []string
		err = a.contents.View(ctx, func(tx *sql.Tx) error {
			for _, file := range some {
				var old bool
				err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM content WHERE hash = ? AND at < ?)", file.hash, moment(before)).Scan(&old)
				if err != nil {
					return err
				}
				if old {
					hashes = append(hashes, file.hash)
				}
			}
			return nil
		})
		if err == nil && len(hashes) > 0 {
			err = f(hashes)
		}
		if err != nil {
			return err
		}
	}
}

// Drop takes away the bytes of files whose texts are kept by a version of the readers and that were fetched before a moment, and returns how many those were and the bytes
// that they took, packed. Text, hash, size and validators stay. Files that others than attachments have, too, or that are not what they were, are left alone.
func (a *Archive) Drop(ctx context.Context, before time.Time, version string, hashes ...string) (files int, size int64, err error) {
	a.storing.Lock()
	defer a.storing.Unlock()
	var some []string
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		for _, hash := range hashes {
			var may bool
			if err := tx.QueryRowContext(ctx, lasting, hash, moment(before)).Scan(&may); err != nil {
				return err
			}
			if may {
				some = append(some, hash)
			}
		}
		return nil
	})
	if err == nil && len(some) > 0 {
		err = a.contents.Update(ctx, func(tx *sql.Tx) error {
			for _, hash := range some {
				n, err := drop(ctx, tx, hash, before, version)
				if err != nil {
					return err
				}
				if n > 0 {
					files, size = files+1, size+n
				}
			}
			return nil
		})
	}
	if err != nil {
		return 0, 0, fmt.Errorf("drop the bytes of %d files: %w", len(hashes), err)
	}
	return files, size, nil
}

// drop returns the bytes that were taken away; 0: none.
func drop(ctx context.Context, tx *sql.Tx, hash string, before time.Time, version string) (size int64, err error) {
	err = tx.QueryRowContext(ctx, `SELECT coalesce((SELECT length(data) FROM content WHERE hash = ?1 AND at < ?2
		AND EXISTS (SELECT 1 FROM text WHERE hash = ?1 AND version = ?3)), 0)`, hash, moment(before), version).Scan(&size)
	if err != nil || size == 0 {
		return 0, err
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO dropped (hash, at, size, wanted) VALUES (?, ?, ?, 0)", hash, moment(time.Now()), size); err != nil {
		return 0, err
	}
	_, err = tx.ExecContext(ctx, "DELETE FROM content WHERE hash = ?", hash)
	return size, err
}

// Dropped tells whether the bytes with a hash were dropped, and when.
func (a *Archive) Dropped(ctx context.Context, hash string) (at time.Time, err error) {
	err = a.contents.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT coalesce((SELECT at FROM dropped WHERE hash = ?), 0)", hash).Scan((*moment)(&at))
	})
	return at, err
}
