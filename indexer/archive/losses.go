package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Loss is the trouble of one site: pages whose content is kept though their last visits did not show them to be there.
type Loss struct {
	Site   string
	Alarm  time.Time // since when the site is in alarm; zero: it is not
	Of     int       // documents of the site
	Causes []Cause   // most documents first
}

// A Cause is the pages of one site in trouble for one reason.
type Cause struct {
	Reason       string // English, as in Page.Reason, without what differs from page to page
	Documents    int
	Pages        int // documents, home pages, lists and sitemaps
	Held         int // of Pages: the site says that they are gone or elsewhere
	Kept         int // of Pages: an administrator has said to keep them
	Since        time.Time
	LastVerified time.Time // of the page that was there last
	Examples     []Page    // at most lossExamples, those longest in trouble first
}

const lossExamples = 3

// Losses lists the sites that have pages in trouble, or one of them, in order of site id.
func (a *Archive) Losses(ctx context.Context, site string) ([]Loss, error) {
	var out []Loss
	err := a.state.View(ctx, func(tx *sql.Tx) error {
		found, err := tx.QueryContext(ctx, `SELECT t.site, coalesce(g.alarm, 0) FROM (SELECT DISTINCT site FROM trouble WHERE ?1 IN ('', site)) t
			LEFT JOIN guard g ON g.site = t.site ORDER BY t.site`, site)
		if err != nil {
			return err
		}
		if out, err = collect(found, func(l *Loss) []any { return []any{&l.Site, (*moment)(&l.Alarm)} }); err != nil {
			return err
		}
		for i := range out {
			if err := out[i].fill(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list losses: %w", err)
	}
	return out, nil
}

func (l *Loss) fill(ctx context.Context, tx *sql.Tx) error {
	if err := tx.QueryRowContext(ctx, documentsOf+"?", l.Site).Scan(&l.Of); err != nil {
		return err
	}
	found, err := tx.QueryContext(ctx, `SELECT t.cause, sum(document), count(*), sum(t.lost > 0), sum(decided = 'keep'), min(since), max(last_verified)
		FROM trouble t JOIN page ON n = t.page WHERE t.site = ? GROUP BY t.cause ORDER BY 2 DESC, 3 DESC, t.cause`, l.Site)
	if err != nil {
		return err
	}
	l.Causes, err = collect(found, func(c *Cause) []any {
		return []any{&c.Reason, &c.Documents, &c.Pages, &c.Held, &c.Kept, (*moment)(&c.Since), (*moment)(&c.LastVerified)}
	})
	if err != nil {
		return err
	}
	for i := range l.Causes {
		c := &l.Causes[i]
		found, err := tx.QueryContext(ctx, "SELECT "+columns+` FROM page WHERE n IN
			(SELECT page FROM trouble WHERE site = ? AND cause = ? ORDER BY document DESC, since, page LIMIT ?) ORDER BY last_verified, n`, l.Site, c.Reason, lossExamples)
		if err != nil {
			return err
		}
		rows, err := collect(found, (*row).fields)
		if err != nil {
			return err
		}
		for _, r := range rows {
			c.Examples = append(c.Examples, r.Page)
		}
	}
	return nil
}

// Alarms lists the sites in alarm, in order of site id.
func (a *Archive) Alarms(ctx context.Context) ([]Alarm, error) {
	var out []Alarm
	err := a.state.View(ctx, func(tx *sql.Tx) error {
		found, err := tx.QueryContext(ctx, "SELECT site, alarm, cause FROM guard WHERE alarm > 0 ORDER BY site")
		if err != nil {
			return err
		}
		if out, err = collect(found, func(x *Alarm) []any { return []any{&x.Site, (*moment)(&x.Since), &x.Cause} }); err != nil {
			return err
		}
		for i := range out {
			x := &out[i]
			err := tx.QueryRowContext(ctx, "SELECT (SELECT coalesce(sum(document), 0) FROM trouble WHERE "+counted+"), ("+documentsOf+"?1)", x.Site).Scan(&x.Documents, &x.Of)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list alarms: %w", err)
	}
	return out, nil
}

// A Decided counts the pages that a decision was about.
type Decided struct {
	Pages int // whose loss took effect, that are asked for to take what stands there now, or that are kept
	Left  int // in trouble for causes that need no decision: their site does not answer
}

// Reasons of suspect pages in whose place stands nothing that could be their new content.
const (
	EmptyPage  = "an empty page in its place"
	LoginForm  = "a login form in its place"
	BrokenText = "text that cannot be read in its place"

	PageForFile = "a web page came in place of the file"
	BrokenFile  = "a file that cannot be read in its place"
)

// AcceptLosses lets what is held of a site take effect, and what stands in other pages' places be taken at their next visit, which is now; nothing is taken
// that could not be content. It may be repeated where it was interrupted.
func (a *Archive) AcceptLosses(ctx context.Context, site string, now time.Time) (Decided, error) {
	var out Decided
	err := a.update(ctx, func(b *batch) error {
		return b.exec(`INSERT INTO guard (site, alarm, cause, accepted, passed, probed) VALUES (?1, 0, '', ?2, 0, 0)
			ON CONFLICT (site) DO UPDATE SET accepted = excluded.accepted`, site, moment(now))
	})
	for some := chunk; some == chunk && err == nil; out.Pages += some {
		err = a.update(ctx, func(b *batch) (err error) {
			some, err = b.releaseAll("site = ? AND lost > 0", now, site)
			return err
		})
	}
	if err == nil {
		err = a.update(ctx, func(b *batch) error {
			suspects, err := b.numbers("UPDATE trouble SET decided = 'accept' WHERE site = ? AND state = 'suspect' AND cause NOT IN (?, ?, ?, ?, ?) RETURNING page",
				site, EmptyPage, LoginForm, BrokenText, PageForFile, BrokenFile)
			if err != nil {
				return err
			}
			for _, n := range suspects {
				if err := b.exec("UPDATE page SET next_at = ? WHERE n = ?", moment(now), n); err != nil {
					return err
				}
			}
			out.Pages += len(suspects)
			return b.scan("SELECT count(*) FROM trouble WHERE site = ? AND decided = ''", []any{&out.Left}, site)
		})
	}
	return a.decided(ctx, site, now, out, err)
}

// KeepLosses says that what a site has lost, or shows something else in place of, stays as it is until it comes back or AcceptLosses; an alarm is
// raised again for what is lost later.
func (a *Archive) KeepLosses(ctx context.Context, site string, now time.Time) (Decided, error) {
	var out Decided
	err := a.update(ctx, func(b *batch) error {
		kept, err := b.numbers("UPDATE trouble SET decided = 'keep' WHERE site = ? AND silent = 0 RETURNING page", site)
		if err != nil {
			return err
		}
		out.Pages = len(kept)
		return b.scan("SELECT count(*) FROM trouble WHERE site = ? AND decided = ''", []any{&out.Left}, site)
	})
	return a.decided(ctx, site, now, out, err)
}

// decided judges the site anew.
func (a *Archive) decided(ctx context.Context, site string, now time.Time, out Decided, err error) (Decided, error) {
	if err == nil {
		_, err = a.Settle(ctx, site, now)
	}
	if err != nil {
		return out, fmt.Errorf("decide on the losses of site %s: %w", site, err)
	}
	return out, nil
}

// Trouble is why a page is kept though its last visit did not show it to be there.
type Trouble struct {
	Since   time.Time // of the first such visit in a row
	Held    time.Time // since when the site says it is gone; zero: it does not
	State   State     // that the last visit came to
	Kept    bool      // an administrator has said to keep it
	Accept  bool      // an administrator has said to take what stands in its place
	Alarm   bool      // its site is in alarm
	Shown   string    // digest of what stood in its place, since when it was the same, how many times in a row, on how many other pages of the site
	ShownAt time.Time
	Times   int
	Others  int
}

// Trouble returns a page's, by id, and false where there is none.
func (a *Archive) Trouble(ctx context.Context, id string) (t Trouble, ok bool, err error) {
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `SELECT since, lost, t.state, decided = 'keep', decided = 'accept', shown, shown_at, shown_n,
			EXISTS (SELECT 1 FROM guard WHERE site = t.site AND alarm > 0),
			(SELECT count(*) FROM trouble o WHERE o.site = t.site AND o.shown = t.shown AND o.shown <> '' AND o.page <> t.page)
			FROM trouble t WHERE page = (SELECT n FROM page WHERE id = ?)`, id).Scan((*moment)(&t.Since), (*moment)(&t.Held), &t.State, &t.Kept, &t.Accept,
			&t.Shown, (*moment)(&t.ShownAt), &t.Times, &t.Alarm, &t.Others)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return t, false, nil
	}
	if err != nil {
		return t, false, fmt.Errorf("trouble of page %q: %w", id, err)
	}
	return t, true, nil
}

// Shown tells whether something stands in the place of a site's pages, by its digest.
func (a *Archive) Shown(ctx context.Context, site, digest string) (known bool, err error) {
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM trouble WHERE site = ? AND shown = ? AND shown <> '')", site, digest).Scan(&known)
	})
	return known, err
}

// Neighbours returns some other pages of a page's site and role that have content, in no particular order.
func (a *Archive) Neighbours(ctx context.Context, p Page, limit int) ([]Page, error) {
	const others = "SELECT " + columns + " FROM page WHERE site = ? AND id > ? AND id <> ? AND role = ? AND content <> '' AND imported = 0 ORDER BY id LIMIT ?"
	found, err := a.pages(ctx, others, p.Site, p.ID, p.ID, p.Role, limit)
	if err != nil || len(found) >= limit {
		return found, err
	}
	first, err := a.pages(ctx, others, p.Site, "", p.ID, p.Role, limit-len(found))
	return append(found, first...), err
}
