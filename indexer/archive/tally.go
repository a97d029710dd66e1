package archive

import (
	"context"
	"database/sql"
	"time"
)

// tallyStep adds counts that the database keeps itself, so that nobody passes over a million pages to show a few hundred numbers: pages by site, role, state and cause, and
// of those with content the ones that gave a generation no document by the reason for it.
const tallyStep = `
CREATE TABLE tally (
	site      TEXT NOT NULL,
	role      TEXT NOT NULL,
	state     TEXT NOT NULL,
	cause     TEXT NOT NULL,
	pages     INTEGER NOT NULL,
	unchanged INTEGER NOT NULL, -- of these, those that the last visit found as before
	crawled   INTEGER NOT NULL, -- of these, those that are no imports
	PRIMARY KEY (site, role, state, cause)
) WITHOUT ROWID;
CREATE TABLE outcome_tally (
	generation TEXT NOT NULL,
	site       TEXT NOT NULL,
	role       TEXT NOT NULL,
	state      TEXT NOT NULL,
	reason     TEXT NOT NULL,
	pages      INTEGER NOT NULL,
	unchanged  INTEGER NOT NULL,
	PRIMARY KEY (generation, site, role, state, reason)
) WITHOUT ROWID;
` + countPages + ";" + countOutcomes + `;

CREATE TRIGGER page_comes AFTER INSERT ON page BEGIN
	INSERT INTO tally VALUES (NEW.site, NEW.role, NEW.state, NEW.cause, 1, NEW.last_changed < NEW.last_verified, NEW.imported = 0)
		ON CONFLICT DO UPDATE SET pages = pages + 1, unchanged = unchanged + excluded.unchanged, crawled = crawled + excluded.crawled;
END;
CREATE TRIGGER page_turns AFTER UPDATE ON page WHEN OLD.site <> NEW.site OR OLD.role <> NEW.role OR OLD.state <> NEW.state OR OLD.cause <> NEW.cause OR OLD.imported <> NEW.imported
	OR (OLD.last_changed < OLD.last_verified) <> (NEW.last_changed < NEW.last_verified) BEGIN
	UPDATE tally SET pages = pages - 1, unchanged = unchanged - (OLD.last_changed < OLD.last_verified), crawled = crawled - (OLD.imported = 0)
		WHERE site = OLD.site AND role = OLD.role AND state = OLD.state AND cause = OLD.cause;
	INSERT INTO tally VALUES (NEW.site, NEW.role, NEW.state, NEW.cause, 1, NEW.last_changed < NEW.last_verified, NEW.imported = 0)
		ON CONFLICT DO UPDATE SET pages = pages + 1, unchanged = unchanged + excluded.unchanged, crawled = crawled + excluded.crawled;
	UPDATE outcome_tally SET pages = pages - 1, unchanged = unchanged - (OLD.last_changed < OLD.last_verified)
		FROM (SELECT generation AS g, reason AS r FROM outcome WHERE page = OLD.n AND OLD.content <> '') AS o
		WHERE generation = o.g AND site = OLD.site AND role = OLD.role AND state = OLD.state AND reason = o.r;
	INSERT INTO outcome_tally SELECT generation, NEW.site, NEW.role, NEW.state, reason, 1, NEW.last_changed < NEW.last_verified FROM outcome WHERE page = NEW.n AND NEW.content <> ''
		ON CONFLICT DO UPDATE SET pages = pages + 1, unchanged = unchanged + excluded.unchanged;
END;
CREATE TRIGGER page_goes BEFORE DELETE ON page BEGIN
	DELETE FROM outcome WHERE page = OLD.n;
	UPDATE tally SET pages = pages - 1, unchanged = unchanged - (OLD.last_changed < OLD.last_verified), crawled = crawled - (OLD.imported = 0)
		WHERE site = OLD.site AND role = OLD.role AND state = OLD.state AND cause = OLD.cause;
END;
CREATE TRIGGER outcome_comes AFTER INSERT ON outcome BEGIN
	INSERT INTO outcome_tally SELECT NEW.generation, site, role, state, NEW.reason, 1, last_changed < last_verified FROM page WHERE n = NEW.page AND content <> ''
		ON CONFLICT DO UPDATE SET pages = pages + 1, unchanged = unchanged + excluded.unchanged;
END;
CREATE TRIGGER outcome_goes AFTER DELETE ON outcome BEGIN
	UPDATE outcome_tally SET pages = pages - 1, unchanged = unchanged - p.unseen
		FROM (SELECT site AS s, role AS r, state AS t, last_changed < last_verified AS unseen FROM page WHERE n = OLD.page AND content <> '') AS p
		WHERE generation = OLD.generation AND site = s AND role = r AND state = t AND reason = OLD.reason;
END;
CREATE TRIGGER outcome_turns AFTER UPDATE OF reason ON outcome WHEN OLD.reason <> NEW.reason BEGIN
	UPDATE outcome_tally SET pages = pages - 1, unchanged = unchanged - p.unseen
		FROM (SELECT site AS s, role AS r, state AS t, last_changed < last_verified AS unseen FROM page WHERE n = OLD.page AND content <> '') AS p
		WHERE generation = OLD.generation AND site = s AND role = r AND state = t AND reason = OLD.reason;
	INSERT INTO outcome_tally SELECT NEW.generation, site, role, state, NEW.reason, 1, last_changed < last_verified FROM page WHERE n = NEW.page AND content <> ''
		ON CONFLICT DO UPDATE SET pages = pages + 1, unchanged = unchanged + excluded.unchanged;
END;

-- What is counted above needs no index to be counted by.
DROP INDEX page_ledger;
CREATE INDEX page_role ON page (role, site);
CREATE INDEX page_rare ON page (state, id) WHERE state NOT IN ('ok', 'new');
`

const (
	countPages    = "INSERT INTO tally SELECT site, role, state, cause, count(*), sum(last_changed < last_verified), sum(imported = 0) FROM page GROUP BY 1, 2, 3, 4"
	countOutcomes = `INSERT INTO outcome_tally SELECT o.generation, p.site, p.role, p.state, o.reason, count(*), sum(p.last_changed < p.last_verified)
		FROM outcome AS o CROSS JOIN page AS p ON p.n = o.page WHERE p.content <> '' GROUP BY 1, 2, 3, 4, 5`
)

// documentsOf counts a site's documents: pages with content that were crawled, without home pages, lists and sitemaps.
const documentsOf = "SELECT coalesce(sum(crawled), 0) FROM tally WHERE cause = 'kept' AND role NOT IN ('home', 'list', 'sitemap') AND site = "

// Tallies counts the pages of every site there is a page of, in order of site id; imports of no site come first, under "".
func (a *Archive) Tallies(ctx context.Context, now time.Time) ([]Tally, error) {
	var tallies []Tally
	err := a.state.View(ctx, func(tx *sql.Tx) error {
		type count struct {
			site  string
			state State
			pages int
		}
		found, err := tx.QueryContext(ctx, "SELECT site, state, sum(pages) FROM tally GROUP BY site, state HAVING sum(pages) > 0 ORDER BY site")
		if err != nil {
			return err
		}
		counts, err := collect(found, func(c *count) []any { return []any{&c.site, &c.state, &c.pages} })
		if err != nil {
			return err
		}
		for _, c := range counts {
			if len(tallies) == 0 || tallies[len(tallies)-1].Site != c.site {
				tallies = append(tallies, Tally{Site: c.site, States: map[State]int{}})
			}
			tallies[len(tallies)-1].States[c.state] = c.pages
		}
		for i := range tallies {
			t := &tallies[i]
			err := tx.QueryRowContext(ctx, "SELECT count(*) FROM page WHERE site = ? AND next_at > 0 AND next_at <= ?", t.Site, moment(now)).Scan(&t.Due)
			if err != nil {
				return err
			}
			if err := tx.QueryRowContext(ctx, lastGood, t.Site).Scan((*moment)(&t.LastGood)); err != nil {
				return err
			}
		}
		return nil
	})
	return tallies, err
}

// lastGood is when a page of a site was last shown to be there.
const lastGood = `SELECT coalesce(max((SELECT max(last_verified) FROM page WHERE site = t.site AND state = t.state)), 0)
	FROM (SELECT DISTINCT site, state FROM tally WHERE site = ?) AS t`
