package querylog

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// Forget deletes what is older than the retention, a thousand rows a transaction so that writing goes on meanwhile, and which reader asked for what
// before yesterday.
func (l *Log) Forget(ctx context.Context) error {
	today := dayOf(time.Now())
	oldest := today - l.retention
	for _, f := range []struct {
		table, key, old string
		before          int
	}{
		{"entry", "n", "at < 86400 * ? - 8 * 3600", oldest}, // see dayOf
		{"daily", "text, day", "day < ?", oldest},
		{"pair", "week, text, other", "week < ?", weekOf(oldest + 6)}, // weeks that began before it
		{"text", "n", "last < ?", oldest},                             // after all that names one
		{"asked", "day, reader, text", "day < ?", today - 1},
		{"paired", "day, reader, text, other", "day < ?", today - 1},
	} {
		query := fmt.Sprintf("DELETE FROM %[1]s WHERE (%[2]s) IN (SELECT %[2]s FROM %[1]s WHERE %[3]s LIMIT 1000)", f.table, f.key, f.old)
		if err := l.delete(ctx, query, f.before); err != nil {
			return fmt.Errorf("forget old rows of %s: %w", f.table, err)
		}
	}
	return nil
}

// delete repeats a statement until it deletes nothing.
func (l *Log) delete(ctx context.Context, query string, before int) error {
	for deleted := int64(1); deleted > 0; {
		err := l.db.Update(ctx, func(tx *sql.Tx) error {
			res, err := tx.ExecContext(ctx, query, before)
			if err == nil {
				deleted, err = res.RowsAffected()
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
