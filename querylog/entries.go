package querylog

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

const pageOfEntries = `SELECT e.n, e.at, coalesce(t.text, ''), e.site, e.total, e.page, e.took FROM entry e LEFT JOIN text t ON t.n = e.text
WHERE (e.at, e.n) > (?, ?) AND e.at < ? ORDER BY e.at, e.n LIMIT 1000`

// Each calls f with the entries from one moment until before another, to the second, oldest first, until f fails; it returns f's error then. It is
// for reports. Readers are left out.
func (l *Log) Each(ctx context.Context, from, until time.Time, f func(Entry) error) error {
	at, n := from.Unix(), int64(0)
	for {
		var page []Entry
		err := l.db.View(ctx, func(tx *sql.Tx) (err error) {
			page, n, err = readEntries(ctx, tx, at, n, until.Unix())
			return err
		})
		if err != nil {
			return fmt.Errorf("read query log: %w", err)
		}
		for _, e := range page {
			if err := f(e); err != nil {
				return err
			}
		}
		if len(page) == 0 {
			return nil
		}
		at = page[len(page)-1].At.Unix()
	}
}

// readEntries reads a page of entries behind one, and gives the number of the last.
func readEntries(ctx context.Context, tx *sql.Tx, at, n, until int64) (page []Entry, last int64, err error) {
	rows, err := tx.QueryContext(ctx, pageOfEntries, at, n, until)
	if err != nil {
		return nil, 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var e Entry
		var seconds, took int64
		if err := rows.Scan(&last, &seconds, &e.Text, &e.Site, &e.Total, &e.Page, &took); err != nil {
			return nil, 0, err
		}
		e.At, e.Took = time.Unix(seconds, 0), time.Duration(took)*time.Millisecond
		page = append(page, e)
	}
	return page, last, rows.Err()
}
