package crawl

import (
	"context"
	"fmt"
	"time"
)

// How often a site is judged while it is crawled, and at most when nothing is due any more.
const (
	settleEvery = time.Minute
	settleIdle  = 10 * time.Second
)

// settle lets the archive judge the site: what it has lost takes effect, or the site is in alarm. That is told once.
func (a *actor) settle(ctx context.Context) error {
	c := a.crawler
	a.settled, a.unsettled = c.now(), false
	s, err := c.archive.Settle(ctx, a.site.ID, a.settled)
	if err != nil {
		return fmt.Errorf("judge site: %w", err)
	}
	a.alarmed = !s.Alarm.Since.IsZero()
	if !a.alarmed {
		clear(a.shown)
	}
	switch {
	case s.Raised:
		c.Log.Warn("the site is in alarm: its documents cannot be verified or would be lost, and are kept", "site", a.site.ID, "cause", s.Alarm.Cause,
			"documents", s.Alarm.Documents, "of", s.Alarm.Of)
	case s.Cleared:
		c.Log.Warn("the alarm of the site is over", "site", a.site.ID)
	}
	if s.Ended > 0 && c.Recorded != nil {
		c.Recorded()
	}
	return nil
}
