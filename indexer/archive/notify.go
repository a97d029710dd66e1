package archive

import (
	"context"
	"fmt"
	"time"
)

// Urgent is when a page is due that comes before all others. One of more than few that are told of at once comes behind it: a site that tells of all its
// pages does not hold up the notice that it publishes next.
// Found is when one is due that a list shows for the first time: behind what is urgent, before all that waits.
var (
	Urgent = time.UnixMilli(1)
	Found  = time.UnixMilli(2)
	behind = time.UnixMilli(3)
)

const few = 100

// Notify makes the pages of links due before all others, whether they were known or not. On return it is durable.
func (a *Archive) Notify(ctx context.Context, links ...Link) error {
	now, due := time.Now(), Urgent
	if len(links) > few {
		due = behind
	}
	return a.update(ctx, func(b *batch) error {
		for _, l := range links {
			l.DueAt = due
			r, err := b.meet(l, now, nil)
			if err != nil {
				return fmt.Errorf("notify of %s: %w", l.URL, err)
			}
			if !r.NextAt.IsZero() && !r.NextAt.After(due) {
				continue
			}
			r.NextAt, r.Fails = due, 0
			if err := b.save(r); err != nil {
				return fmt.Errorf("notify of %s: %w", l.URL, err)
			}
		}
		return nil
	})
}

// IsUrgent tells whether a page waits for its turn because it was told of or is new on a list.
func IsUrgent(p Page) bool { return !p.NextAt.IsZero() && !p.NextAt.After(behind) }
