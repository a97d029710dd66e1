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

// OldFiles gives the hashes of attached files that were fetched before a moment and have their bytes, to a function, some at a time. What the function is given is to be
// looked at again by Drop.
func (a *Archive) OldFiles(ctx context.Context, before time.Time, f func(hashes []string) error) error {
	tallies, err := a.Tallies(ctx, before)
	if err != nil {
		return fmt.Errorf("old files: %w", err)
	}
	for _, site := range tallies {
		for last := int64(0); ; {
			type file struct {
				n    int64
				hash string
			}
			var some []file
			err := a.state.View(ctx, func(tx *sql.Tx) error {
				found, err := tx.QueryContext(ctx, `SELECT n, content FROM page WHERE role = 'attachment' AND site = ? AND n > ? AND state = 'ok' AND content <> ''
					AND last_changed < ? ORDER BY n LIMIT ?`, site.Site, last, moment(before), chunk)
				if err != nil {
					return err
				}
				some, err = collect(found, func(f *file) []any { return []any{&f.n, &f.hash} })
				return err
			})
			if err != nil {
				return fmt.Errorf("old files: %w", err)
			}
			if len(some) == 0 {
				break
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
				return fmt.Errorf("old files: %w", err)
			}
		}
	}
	return nil
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

// Want lets the files of a scope whose bytes were dropped be fetched whole at their next visits, and kept again: all of one URL's, of others those whose texts another
// version of the readers made. It returns how many.
func (a *Archive) Want(ctx context.Context, scope Scope, version string) (files int, err error) {
	if scope.URL != "" {
		version = "" // which no reader has
	}
	only := ""
	if scope.URL != "" {
		p, err := a.Page(ctx, scope.URL)
		if err != nil {
			return 0, err
		}
		only = p.Content
	}
	for last := ""; ; {
		var some []kept
		err := a.contents.View(ctx, func(tx *sql.Tx) error {
			found, err := tx.QueryContext(ctx, `SELECT hash FROM dropped WHERE hash > ?1 AND (?2 = '' OR hash = ?2)
				AND NOT EXISTS (SELECT 1 FROM text WHERE text.hash = dropped.hash AND version = ?3) ORDER BY hash LIMIT ?4`, last, only, version, chunk)
			if err != nil {
				return err
			}
			some, err = collect(found, func(k *kept) []any { return []any{&k.hash} })
			return err
		})
		if err != nil || len(some) == 0 {
			return files, err
		}
		last = some[len(some)-1].hash
		if some, err = a.of(ctx, scope, some); err != nil {
			return files, err
		}
		n, err := a.want(ctx, scope, some)
		files += n
		if err != nil || scope.URL != "" {
			return files, err
		}
	}
}

// of picks the hashes that pages of a scope have.
func (a *Archive) of(ctx context.Context, scope Scope, some []kept) (out []kept, err error) {
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		for _, k := range some {
			var has bool
			err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM page WHERE content = ?1 AND content <> '' AND (?2 = '' OR site = ?2))", k.hash, scope.Site).Scan(&has)
			if err != nil {
				return err
			}
			if has {
				out = append(out, k)
			}
		}
		return nil
	})
	return out, err
}

// want notes that hashes are wanted which pages of a scope have, then forgets the validators of these.
func (a *Archive) want(ctx context.Context, scope Scope, some []kept) (n int, err error) {
	err = a.contents.Update(ctx, func(tx *sql.Tx) error {
		for _, k := range some {
			if _, err := tx.ExecContext(ctx, "UPDATE dropped SET wanted = 1 WHERE hash = ?", k.hash); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		err = a.update(ctx, func(b *batch) error {
			for _, k := range some {
				if err := b.exec("UPDATE page SET etag = '', last_modified = '' WHERE content = ?1 AND content <> '' AND (?2 = '' OR site = ?2)", k.hash, scope.Site); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		return 0, fmt.Errorf("want files: %w", err)
	}
	return len(some), nil
}

// Dropped tells whether the bytes with a hash were dropped, and when.
func (a *Archive) Dropped(ctx context.Context, hash string) (at time.Time, err error) {
	err = a.contents.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT coalesce((SELECT at FROM dropped WHERE hash = ?), 0)", hash).Scan((*moment)(&at))
	})
	return at, err
}
