package archive

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// The loss guard. A site that answers 404, forbids or sends elsewhere by accident says so of page after page, over as long as a round of visits takes.
// What is lost is therefore held first, and judged by how the site's other documents are.
const (
	// A loss of fewer documents than leastLost waits for settleAfter, and then takes effect.
	leastLost   = 5
	settleAfter = 30 * time.Minute
	// Above one in lossShare of a site's documents the site is in alarm: nothing takes effect until it is well again or an administrator has decided.
	lossShare = 10
	// What took effect counts for as long as the longest round of visits takes.
	lossRound = 60 * 24 * time.Hour
	// More losses at a time take effect after a sample of the site's other documents was found well. Another sample is drawn after sampleEvery at the earliest;
	// one that its site does not answer in a day is given up for another.
	sampleSize  = 40
	sampleEvery = 30 * time.Minute
	sampleLife  = 24 * time.Hour
	// A site of which no page got a usable answer for quietFor is sampled, too.
	quietFor = time.Hour
	// In an alarm up to probeSize of the pages in trouble are asked for every sampleEvery, to see whether the site has healed.
	probeSize = 20
)

// Settled is what Settle found and did.
type Settled struct {
	Alarm           Alarm // as it is now; its Since is zero where there is none
	Raised, Cleared bool  // by this call
	Ended           int   // held pages whose loss has taken effect
}

// An Alarm says that a site's documents cannot be verified, or would be lost, and are kept.
type Alarm struct {
	Site      string
	Since     time.Time
	Cause     string // of most of them; English, as in Page.Reason
	Documents int    // that were not there when last visited
	Of        int    // documents of the site
}

// isDocument is the condition on a row of page for what the guard counts.
const isDocument = "content <> '' AND imported = 0 AND role NOT IN ('home', 'list', 'sitemap')"

// counted is the condition on trouble for pages that may mean that a site is not well: nobody has decided on them, and they did not each move to a
// place of their own, as in a migration.
const counted = `site = ?1 AND decided = '' AND (shared = '' OR shared IN
	(SELECT shared FROM trouble WHERE site = ?1 AND shared <> '' GROUP BY shared HAVING count(*) > 1))`

// Settle judges a site: it raises or ends its alarm, lets held losses take effect where the site is well, and makes pages due by which it can tell.
// Call it now and then, at least every few minutes while a site is crawled; it costs next to nothing where all is well. It rests on what Record has
// written alone, so that it may be called at any time, by anyone, after any crash.
func (a *Archive) Settle(ctx context.Context, site string, now time.Time) (out Settled, err error) {
	for {
		documents, idle, err := a.atStake(ctx, site)
		if err != nil || idle {
			return out, err
		}
		var some Settled
		err = a.update(ctx, func(b *batch) (err error) {
			some, err = b.settle(site, now, documents)
			return err
		})
		if err != nil {
			return out, fmt.Errorf("settle site %s: %w", site, err)
		}
		out.Alarm, out.Raised, out.Cleared = some.Alarm, out.Raised || some.Raised, out.Cleared || some.Cleared
		out.Ended += some.Ended
		if some.Ended < chunk {
			return out, nil
		}
	}
}

// atStake counts a site's documents. idle: nothing is the matter with it.
func (a *Archive) atStake(ctx context.Context, site string) (documents int, idle bool, err error) {
	err = a.state.View(ctx, func(tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM trouble WHERE site = ?1)
			AND NOT EXISTS (SELECT 1 FROM guard WHERE site = ?1 AND alarm > 0)`, site).Scan(&idle)
		if err != nil || idle {
			return err
		}
		return tx.QueryRowContext(ctx, documentsOf+"?", site).Scan(&documents)
	})
	return documents, idle, err
}

// A guard is the row of a site, and what is counted of it.
type guard struct {
	site                            string
	alarm, accepted, passed, probed time.Time
	cause                           string

	documents int // of the site
	pages     int // in trouble, decided or not
	troubled  int // documents in trouble that count
	lost      int // of these, those that the site says are gone
	fresh     int // of these, those that no sample has explained
	buried    int // documents lost for good within the round
	silent    bool
	quiet     bool // no page has got a usable answer for quietFor

	sample  int // pages of it
	unwell  int // of these, those in trouble
	pending int // of these, those not visited yet
	drawn   time.Time
}

func (b *batch) guard(site string, now time.Time, documents int) (*guard, error) {
	g := &guard{site: site, documents: documents}
	err := b.scan("SELECT alarm, cause, accepted, passed, probed FROM guard WHERE site = ?",
		[]any{(*moment)(&g.alarm), &g.cause, (*moment)(&g.accepted), (*moment)(&g.passed), (*moment)(&g.probed)}, site)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	if err := b.scan("SELECT count(*) FROM trouble WHERE site = ?", []any{&g.pages}, site); err != nil {
		return nil, err
	}
	err = b.scan(`SELECT coalesce(sum(document), 0), coalesce(sum(document AND lost > 0), 0), coalesce(sum(document AND max(since, lost) > ?2), 0)
		FROM trouble WHERE `+counted, []any{&g.troubled, &g.lost, &g.fresh}, site, moment(g.passed))
	if err != nil {
		return nil, err
	}
	since := now.Add(-lossRound)
	if g.accepted.After(since) {
		since = g.accepted
	}
	err = b.scan(`SELECT count(*) FROM page WHERE site = ? AND deleted = 1 AND moved_to = '' AND last_changed > ? AND role NOT IN ('home', 'list', 'sitemap')`,
		[]any{&g.buried}, site, moment(since))
	if err != nil {
		return nil, err
	}
	if g.silent, err = b.silent(site); err != nil {
		return nil, err
	}
	if g.quiet, err = b.quiet(site, now); err != nil {
		return nil, err
	}
	return g, b.scan(`SELECT count(*), coalesce(sum(t.page IS NOT NULL AND t.decided = ''), 0),
		coalesce(sum(t.page IS NULL AND p.content <> '' AND p.last_verified < s.at), 0), coalesce(min(s.at), 0)
		FROM sample s JOIN page p ON p.n = s.page LEFT JOIN trouble t ON t.page = s.page WHERE s.site = ?`,
		[]any{&g.sample, &g.unwell, &g.pending, (*moment)(&g.drawn)}, site)
}

// silent reports that a site does not answer: since the first of the last leastLost pages that got no usable answer, no page got one.
func (b *batch) silent(site string) (bool, error) {
	var since, n, mute int64
	err := b.scan(`SELECT coalesce(min(since), 0), count(*), coalesce(sum(silent), 0) FROM
		(SELECT since, silent FROM trouble WHERE site = ? AND decided = '' ORDER BY since DESC LIMIT ?)`, []any{&since, &n, &mute}, site, leastLost)
	if err != nil || n < leastLost || mute < n {
		return false, err
	}
	quiet := false
	err = b.scan("SELECT NOT EXISTS (SELECT 1 FROM page WHERE site = ? AND state = 'ok' AND last_verified >= ?)", []any{&quiet}, site, since)
	return quiet, err
}

// quiet reports that pages began to get no usable answer quietFor ago, after the last that got one.
func (b *batch) quiet(site string, now time.Time) (quiet bool, err error) {
	err = b.scan(`SELECT coalesce(min(since) <= ?2, 0) FROM trouble WHERE site = ?1 AND silent = 1 AND decided = ''
		AND since > (SELECT coalesce(max(last_verified), 0) FROM page WHERE site = ?1 AND state = 'ok')`, []any{&quiet}, site, moment(now.Add(-quietFor)))
	return quiet, err
}

// wrong tells whether more is lost, or in trouble, than a site that is well would show.
func (g *guard) wrong() bool {
	gone := g.lost + g.buried
	return g.silent ||
		g.troubled >= leastLost && g.troubled*lossShare > g.documents ||
		gone >= leastLost && g.lost > 0 && gone*lossShare > g.documents+g.buried ||
		g.troubled >= 2 && g.troubled == g.documents
}

// mute tells whether a site does not even answer for the sample.
func (g *guard) mute(now time.Time) bool {
	return g.quiet && g.sample > 0 && g.pending+g.unwell == g.sample && now.Sub(g.drawn) >= sampleEvery
}

// unsound tells whether the sample speaks for a site that is not well: in an alarm, as long as half of it is in trouble.
func (g *guard) unsound() bool {
	if g.alarm.IsZero() {
		return g.unwell >= leastLost && g.unwell*lossShare > g.sample
	}
	return g.unwell > 0 && 2*g.unwell >= g.sample
}

func (b *batch) settle(site string, now time.Time, documents int) (out Settled, err error) {
	g, err := b.guard(site, now, documents)
	if err != nil {
		return out, err
	}
	was, wrong := !g.alarm.IsZero(), g.wrong() || g.unsound() || g.mute(now)
	switch {
	case wrong && !was:
		out.Raised, g.alarm, g.probed = true, now, now
		err = b.drawProbes(g, now)
	case wrong:
		err = b.probe(g, now)
	case was:
		out.Cleared, g.alarm, g.cause = true, time.Time{}, ""
		err = errors.Join(b.drop(g), b.askAll(g, now))
	default:
		out.Ended, err = b.release(g, now)
	}
	if err != nil {
		return out, err
	}
	if wrong {
		err = b.scan("SELECT cause FROM trouble WHERE "+counted+" GROUP BY cause ORDER BY count(*) DESC, cause LIMIT 1", []any{&g.cause}, site)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return out, err
		}
		out.Alarm = Alarm{Site: site, Since: g.alarm, Cause: g.cause, Documents: g.troubled, Of: g.documents}
	}
	return out, b.exec(`INSERT INTO guard (site, alarm, cause, accepted, passed, probed) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (site) DO UPDATE SET alarm = excluded.alarm, cause = excluded.cause, accepted = excluded.accepted, passed = excluded.passed,
		probed = excluded.probed`, site, moment(g.alarm), g.cause, moment(g.accepted), moment(g.passed), moment(g.probed))
}
