package archive

import (
	"crypto/rand"
	"errors"
	"strings"
	"time"
)

// probe sees in an alarm whether the site has healed: when most of the sample is well, everything in trouble is asked for again, else the sample is.
func (b *batch) probe(g *guard, now time.Time) error {
	if g.sample > 0 && !g.unsound() {
		return errors.Join(b.drop(g), b.askAll(g, now))
	}
	if now.Sub(g.probed) < sampleEvery {
		return nil
	}
	g.probed = now
	if g.sample == 0 {
		if err := b.drawProbes(g, now); err != nil {
			return err
		}
	}
	return b.exec("UPDATE page SET next_at = min(next_at, ?2) WHERE next_at > 0 AND n IN (SELECT page FROM sample WHERE site = ?1)", g.site, moment(now))
}

// drawProbes makes pages in trouble the sample, home pages and lists before documents.
func (b *batch) drawProbes(g *guard, now time.Time) error {
	if err := b.drop(g); err != nil {
		return err
	}
	return b.exec("INSERT INTO sample (page, site, at) SELECT page, site, ?2 FROM trouble WHERE "+counted+" ORDER BY document, random() LIMIT ?3",
		g.site, moment(now), probeSize)
}

// drop forgets the sample.
func (b *batch) drop(g *guard) error { return b.exec("DELETE FROM sample WHERE site = ?", g.site) }

// askAll makes everything in trouble due.
func (b *batch) askAll(g *guard, now time.Time) error {
	return b.exec("UPDATE page SET next_at = ?2 WHERE n IN (SELECT page FROM trouble WHERE site = ?1) AND next_at > ?2", g.site, moment(now))
}

// draw makes documents that were well the sample, and due before everything else. Ids are hashes: those that follow one another are taken at random.
func (b *batch) draw(g *guard, now time.Time) error {
	const some = `INSERT INTO sample (page, site, at) SELECT n, site, ?2 FROM page WHERE site = ?1 AND id >= ?3 AND state = 'ok' AND ` + isDocument +
		` ORDER BY id LIMIT ?4 - (SELECT count(*) FROM sample WHERE site = ?1) ON CONFLICT (page) DO NOTHING`
	for _, from := range []string{strings.ToLower(rand.Text()), ""} {
		if err := b.exec(some, g.site, moment(now), from, sampleSize); err != nil {
			return err
		}
	}
	return b.exec(`UPDATE page SET next_at = max(1, min(?2, coalesce((SELECT min(next_at) FROM page WHERE site = ?1 AND next_at > 0) - 1, ?2)))
		WHERE n IN (SELECT page FROM sample WHERE site = ?1)`, g.site, moment(now))
}

// release lets held losses of a site that is well take effect, a chunk at a time: few after a while, more when a sample of the others was found well.
func (b *batch) release(g *guard, now time.Time) (int, error) {
	switch {
	case g.sample > 0 && g.pending == 0:
		g.passed = g.drawn
		if err := b.drop(g); err != nil {
			return 0, err
		}
	case g.sample > 0 && now.Sub(g.drawn) > sampleLife:
		if err := b.drop(g); err != nil {
			return 0, err
		}
	case g.sample == 0 && (g.fresh >= leastLost || g.quiet) && now.Sub(g.passed) >= sampleEvery:
		if err := b.draw(g, now); err != nil {
			return 0, err
		}
	}
	before := g.passed
	if g.fresh < leastLost && now.Add(-settleAfter).After(before) {
		before = now.Add(-settleAfter)
	}
	return b.releaseAll("site = ? AND decided <> 'keep' AND lost > 0 AND lost <= ?", now, g.site, moment(before))
}

// A held row is what was held of a page.
type held struct {
	page          int64
	next          time.Time
	state         State
	target, owner string
	permanent     bool
}

// releaseAll lets held losses that meet a condition take effect, a chunk at most, and returns how many. A move may turn out to be a loop: that is held anew.
func (b *batch) releaseAll(where string, at time.Time, args ...any) (int, error) {
	s, err := b.prepare("SELECT page, next_at, state, target, target_site, permanent FROM trouble WHERE " + where + " ORDER BY page LIMIT ?")
	if err != nil {
		return 0, err
	}
	found, err := s.QueryContext(b.ctx, append(args, chunk)...)
	if err != nil {
		return 0, err
	}
	all, err := collect(found, func(h *held) []any {
		return []any{&h.page, (*moment)(&h.next), &h.state, &h.target, &h.owner, &h.permanent}
	})
	if err != nil {
		return 0, err
	}
	for i := range all {
		if err := b.releaseOne(&all[i], at); err != nil {
			return 0, err
		}
	}
	return len(all), nil
}

func (b *batch) releaseOne(h *held, at time.Time) error {
	r, err := b.at(h.page)
	if err != nil || r == nil {
		return err
	}
	if !r.live() || r.State != Held { // another's release has changed it
		return b.exec("UPDATE trouble SET lost = 0 WHERE page = ?", h.page)
	}
	v := Visit{ID: r.ID, At: at, State: h.state, Reason: r.Reason, Status: r.Status, NextAt: h.next, MovedTo: h.target, Permanent: h.permanent}
	if h.target != "" {
		v.Links = []Link{{URL: h.target, Site: h.owner}}
	}
	b.releasing = r
	defer func() { b.releasing = nil }()
	r.State, r.NextAt = v.State, v.NextAt
	if err := b.come(r, v, ""); err != nil {
		return err
	}
	if err := b.reoffer(r); err != nil {
		return err
	}
	if err := b.account(r, v, Held); err != nil {
		return err
	}
	r.former, r.formerSite = "", ""
	return b.save(r)
}
