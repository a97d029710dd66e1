package archive

import (
	"database/sql/driver"
	"fmt"
	"strings"
	"time"
)

// A row is a page as the database has it.
type row struct {
	Page
	n       int64
	visits  int64
	changed bool // the next save gives it a new change number

	former, formerSite string // URL and site that it leaves for good in this batch
}

const columns = `n, visits, id, site, url, role, state, reason, moved_to, imported, next_at, interval, fails, status, etag,
	last_modified, content_type, content, size, first_seen, last_verified, last_changed, referrer, anchor, list_date, change, deleted, listed, head, outside, file_name`

// fields are where the columns are read into and written from.
func (r *row) fields() []any {
	p := &r.Page
	return []any{&r.n, &r.visits, &p.ID, &p.Site, &p.URL, &p.Role, &p.State, &p.Reason, &p.MovedTo, &p.Imported,
		(*moment)(&p.NextAt), (*period)(&p.Interval), &p.Fails, &p.Status, &p.ETag, &p.LastModified, &p.ContentType, &p.Content,
		&p.Size, (*moment)(&p.FirstSeen), (*moment)(&p.LastVerified), (*moment)(&p.LastChanged), &p.Referrer, &p.Anchor,
		&p.ListDate, &p.Change, &p.Deleted, &p.Listed, &p.Head, &p.Outside, &p.FileName}
}

var (
	insertRow = "INSERT INTO page (" + strings.TrimPrefix(columns, "n, ") + ") VALUES (?" + strings.Repeat(", ?", strings.Count(columns, ",")-1) +
		") ON CONFLICT (id) DO NOTHING RETURNING n"
	updateRow = "UPDATE page SET " + strings.ReplaceAll(strings.TrimPrefix(columns, "n, "), ",", " = ?,") + " = ? WHERE n = ?"
)

// live tells whether there is something of the page to index.
func (r *row) live() bool { return r.Content != "" }

// moment stores a time as unix milliseconds.
type moment time.Time

func (m moment) Value() (driver.Value, error) {
	if time.Time(m).IsZero() {
		return int64(0), nil
	}
	return time.Time(m).UnixMilli(), nil
}

func (m *moment) Scan(from any) error {
	ms, ok := from.(int64)
	if !ok {
		return fmt.Errorf("time from a %T", from)
	}
	*m = moment{}
	if ms != 0 {
		*m = moment(time.UnixMilli(ms).UTC())
	}
	return nil
}

// period stores a duration as milliseconds.
type period time.Duration

func (p period) Value() (driver.Value, error) { return time.Duration(p).Milliseconds(), nil }

func (p *period) Scan(from any) error {
	ms, ok := from.(int64)
	if !ok {
		return fmt.Errorf("duration from a %T", from)
	}
	*p = period(time.Duration(ms) * time.Millisecond)
	return nil
}
