package db

import (
	"context"
	"database/sql"
	"fmt"
)

const migrations = `CREATE TABLE IF NOT EXISTS migration (
	component TEXT NOT NULL,
	step      INTEGER NOT NULL, -- from 1
	applied   TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
	PRIMARY KEY (component, step)
)`

// Migrate brings a component's tables up to date: of its steps, each one or more SQL statements, it applies those the database has
// not seen, all or none. Steps are only ever added to the end. A database that has seen more steps than there are fails with ErrNewer, one that is opened to be read and has seen
// fewer with ErrOlder.
func (d *DB) Migrate(ctx context.Context, component string, steps []string) error {
	if d.writer == nil {
		return d.migrated(ctx, component, len(steps))
	}
	err := d.Update(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, migrations); err != nil {
			return err
		}
		done, err := d.step(ctx, tx, component, len(steps))
		if err != nil {
			return err
		}
		for i, step := range steps[done:] {
			if _, err := tx.ExecContext(ctx, step); err != nil {
				return fmt.Errorf("step %d: %w", done+i+1, err)
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO migration (component, step) VALUES (?, ?)`, component, done+i+1); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("migrate %s: %w", component, err)
	}
	return nil
}

// step is the last that a component's tables have seen.
func (d *DB) step(ctx context.Context, tx *sql.Tx, component string, known int) (done int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT coalesce(max(step), 0) FROM migration WHERE component = ?`, component).Scan(&done)
	if err == nil && done > known {
		err = fmt.Errorf("database %s: %w: it is at step %d, the program knows %d", d.path, ErrNewer, done, known)
	}
	return done, err
}

// migrated fails unless a component's tables are up to date.
func (d *DB) migrated(ctx context.Context, component string, known int) error {
	return d.View(ctx, func(tx *sql.Tx) error {
		done, err := d.step(ctx, tx, component, known)
		if err == nil && done < known {
			err = fmt.Errorf("database %s: %w: it is at step %d of %d", d.path, ErrOlder, done, known)
		}
		return err
	})
}
