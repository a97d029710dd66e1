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
// not seen, all or none. Steps are only ever added to the end. A database that has seen more steps than there are fails with ErrNewer.
func (d *DB) Migrate(ctx context.Context, component string, steps []string) error {
	err := d.Update(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, migrations); err != nil {
			return err
		}
		var done int
		err := tx.QueryRowContext(ctx, `SELECT coalesce(max(step), 0) FROM migration WHERE component = ?`, component).Scan(&done)
		if err != nil {
			return err
		}
		if done > len(steps) {
			return fmt.Errorf("database %s: %w: it is at step %d, the program knows %d", d.path, ErrNewer, done, len(steps))
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
