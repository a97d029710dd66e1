package archive

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
)

// Outcomes of a list's entries that are counted apart: they are no notices of the list.
const (
	ApartAttachment = "attachment" // a file, not found by itself
	ApartColumn     = "column"     // itself a list or a home page
)

// A Column is a list of a site, with all its pages, held against what it says of itself.
type Column struct {
	ID      string // of its first page
	Site    string
	URL     string // of its first page
	Name    string // text of the link that leads to it
	State   State  // of its first page
	Reason  string
	Pages   int // that are known of it
	Unread  int // of these, those that were not fetched
	Said    int // entries the list says it has: its first page, or else the page that says most; 0: none says
	Outside int // entries that lead out of the cluster or to what is no page, as its pages show them

	Entries map[string]int // distinct entries within the cluster that its pages show, by outcome

	n int64 // of its first page
}

// An Entry is one entry of a column.
type Entry struct {
	Page    Page
	Outcome string
	End     Page // where Page has moved to: what was looked at in its place; its ID is empty where Page has not
}

const (
	// ends finds, of pages e.target, what they are (p), where they lead to (t) and what that came to (o).
	ends = ` JOIN page AS p ON p.n = e.target LEFT JOIN page AS t ON t.id = nullif(p.moved_to, '')
		LEFT JOIN outcome AS o ON o.generation = @generation AND o.page = coalesce(t.n, p.n)`

	taken = "coalesce(t.cause, p.cause) = 'kept' AND coalesce(t.change, p.change) <= @cursor AND @told"

	// fate is what became of a page.
	fate = `CASE
		WHEN ` + taken + ` AND coalesce(o.reason, 'copy') = 'copy' THEN coalesce(o.reason, 'indexed')
		WHEN coalesce(t.role, p.role) = 'attachment' THEN 'attachment'
		WHEN coalesce(t.role, p.role) IN ('list', 'home') THEN 'column'
		WHEN coalesce(t.cause, p.cause) <> 'kept' THEN coalesce(t.cause, p.cause)
		WHEN coalesce(t.change, p.change) > @cursor THEN 'pending'
		WHEN NOT @told THEN 'untold'
		ELSE o.reason END`
)

// args are those of ends and fate, and more.
func (v view) args(more ...any) []any {
	return append(more, sql.Named("generation", v.generation), sql.Named("cursor", v.cursor), sql.Named("told", v.told))
}

// Columns holds the lists of a site, or of all where site is empty, against a generation, in order of site and of when they were first seen. A list
// of which nothing is left but redirects and pages that are gone is left out. told is as for Coverage.
func (a *Archive) Columns(ctx context.Context, generation, site string) (columns []Column, told bool, err error) {
	err = a.covering(ctx, generation, func(tx coverageTx, v view) error {
		told = v.told
		if columns, err = tx.lists(site); err != nil {
			return err
		}
		return tx.entries(v, site, columns)
	})
	return columns, told, err
}

// of is the condition that a table's rows are of a site, where one is meant.
func of(site, table string) string {
	if site == "" {
		return ""
	}
	return " AND " + table + ".site = @site"
}

// lists finds the columns, without their entries.
func (tx coverageTx) lists(site string) ([]Column, error) {
	found, err := tx.QueryContext(tx.ctx, `SELECT h.n, h.id, h.site, h.url, h.anchor, h.state, h.reason,
			count(*), sum(m.content = '' AND m.state <> 'redirect'), CASE WHEN h.listed > 0 THEN h.listed ELSE max(m.listed) END, sum(m.outside)
		FROM page AS m JOIN page AS h ON h.id = CASE m.head WHEN '' THEN m.id ELSE m.head END
		WHERE m.role = 'list'`+of(site, "m")+`
		GROUP BY h.n HAVING sum(m.content <> '' OR m.state NOT IN ('redirect', 'gone')) > 0 ORDER BY h.site, h.n`, sql.Named("site", site))
	if err != nil {
		return nil, err
	}
	return collect(found, func(c *Column) []any {
		return []any{&c.n, &c.ID, &c.Site, &c.URL, &c.Name, &c.State, &c.Reason, &c.Pages, &c.Unread, &c.Said, &c.Outside}
	})
}

// entries counts the entries of columns.
func (tx coverageTx) entries(v view, site string, columns []Column) error {
	found, err := tx.QueryContext(tx.ctx, `WITH m AS MATERIALIZED (SELECT n, CASE head WHEN '' THEN n ELSE (SELECT h.n FROM page AS h WHERE h.id = page.head) END AS list
			FROM page WHERE role = 'list'`+of(site, "page")+`)
		SELECT e.list, `+fate+`, count(*) FROM (SELECT DISTINCT m.list, l.target FROM m CROSS JOIN link AS l ON l.source = m.n AND l.entry = 1) AS e
		`+ends+` GROUP BY 1, 2`, v.args(sql.Named("site", site))...)
	if err != nil {
		return err
	}
	type line struct {
		list    int64
		outcome string
		entries int
	}
	lines, err := collect(found, func(l *line) []any { return []any{&l.list, &l.outcome, &l.entries} })
	if err != nil {
		return err
	}
	byNumber := map[int64]*Column{}
	for i := range columns {
		columns[i].Entries = map[string]int{}
		byNumber[columns[i].n] = &columns[i]
	}
	for _, l := range lines {
		if c := byNumber[l.list]; c != nil {
			c.Entries[l.outcome] = l.entries
		}
	}
	return nil
}

const (
	// missing are entries of the column @of, missingMapped what the sitemaps of the site @of lead to. One statement for both would pass over all pages.
	missing       = "WITH m AS MATERIALIZED (SELECT n FROM page WHERE id = @of OR head = @of AND head <> '')" + unfoundFrom + " AND entry = 1" + unfoundOf
	missingMapped = "WITH m AS MATERIALIZED (SELECT n FROM page WHERE site = @of AND role = 'sitemap' AND content <> '' AND listed > 0)" + unfoundFrom + unfoundOf

	unfoundFrom = " SELECT e.target, coalesce(t.n, 0), " + fate + " AS fate FROM (SELECT DISTINCT target FROM link WHERE source IN m AND target > @after"
	unfoundOf   = ") AS e" + ends + " WHERE fate NOT IN ('indexed', 'copy', 'attachment', 'column') ORDER BY e.target LIMIT @limit"
)

// Missing returns entries of a column that are not found in a generation, in the order in which they were first seen, beginning behind a mark; "" begins
// with the first. next is the mark of the last, empty where there are no more. ErrUnknown where no list page has that id.
func (a *Archive) Missing(ctx context.Context, generation, column, after string, limit int) (entries []Entry, next string, err error) {
	known := false
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM page WHERE id = ? AND role = 'list')", column).Scan(&known)
	})
	if err == nil && !known {
		err = ErrUnknown
	}
	if err != nil {
		return nil, "", err
	}
	return a.unfound(ctx, missing, generation, column, after, limit)
}

// MissingMapped is Missing for what the sitemaps of a site lead to.
func (a *Archive) MissingMapped(ctx context.Context, generation, site, after string, limit int) (entries []Entry, next string, err error) {
	return a.unfound(ctx, missingMapped, generation, site, after, limit)
}

func (a *Archive) unfound(ctx context.Context, query, generation, of, after string, limit int) (entries []Entry, next string, err error) {
	from, _ := strconv.ParseInt(after, 10, 64) // what is no mark begins with the first
	err = a.covering(ctx, generation, func(tx coverageTx, v view) error {
		found, err := tx.QueryContext(ctx, query, v.args(sql.Named("of", of), sql.Named("after", from), sql.Named("limit", limit+1))...)
		if err != nil {
			return err
		}
		type line struct {
			n, end  int64
			outcome string
		}
		lines, err := collect(found, func(l *line) []any { return []any{&l.n, &l.end, &l.outcome} })
		if err != nil {
			return err
		}
		if len(lines) > limit {
			lines = lines[:limit]
			next = strconv.FormatInt(lines[limit-1].n, 10)
		}
		for _, l := range lines {
			e := Entry{Outcome: l.outcome}
			if e.Page, err = tx.page(l.n); err != nil {
				return err
			}
			if l.end != 0 {
				if e.End, err = tx.page(l.end); err != nil {
					return err
				}
			}
			entries = append(entries, e)
		}
		return nil
	})
	return entries, next, err
}

func (tx coverageTx) page(n int64) (Page, error) {
	var r row
	err := tx.QueryRowContext(tx.ctx, "SELECT "+columns+" FROM page WHERE n = ?", n).Scan(r.fields()...)
	return r.Page, err
}

// Unread returns the known pages of a column that were not fetched, those seen first before others, at most limit.
func (a *Archive) Unread(ctx context.Context, column string, limit int) ([]Page, error) {
	pages, err := a.pages(ctx, "SELECT "+columns+` FROM page WHERE (id = ?1 OR head = ?1 AND head <> '') AND content = '' AND state <> 'redirect'
		ORDER BY n LIMIT ?2`, column, max(limit, 0))
	if err != nil {
		return nil, fmt.Errorf("unread pages of %s: %w", column, err)
	}
	return pages, nil
}
