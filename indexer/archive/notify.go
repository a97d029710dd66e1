package archive

import (
	"context"
	"fmt"
	"time"
)

// Urgent is when a page is due that comes before all others.
var Urgent = time.UnixMilli(1)

// Notify makes the pages of links due before all others, whether they were known or not. On return it is durable.
func (a *Archive) Notify(ctx context.Context, links ...Link) error {
	now := time.Now()
	return a.update(ctx, func(b *batch) error {
		for _, l := range links {
			l.DueAt = Urgent
			r, err := b.meet(l, now, nil)
			if err != nil {
				return fmt.Errorf("notify of %s: %w", l.URL, err)
			}
			if r.NextAt.Equal(Urgent) {
				continue
			}
			r.NextAt, r.Fails = Urgent, 0
			if err := b.save(r); err != nil {
				return fmt.Errorf("notify of %s: %w", l.URL, err)
			}
		}
		return nil
	})
}
