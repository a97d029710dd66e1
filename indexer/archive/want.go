package archive

import (
	"context"
	"database/sql"
	"fmt"
)

// Want lets the files of a scope whose bytes were dropped be fetched whole at their next visits, and kept again: all of one URL's, of others those whose texts another
// version of the readers made. It returns how many.
func (a *Archive) Want(ctx context.Context, scope Scope, version string) (files int, err error) {
	only := "" // hash; empty: any
	if scope.URL != "" {
		p, err := a.Page(ctx, scope.URL)
		if err != nil || p.Content == "" {
			return 0, err
		}
		only, version = p.Content, "" // which no reader has
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
