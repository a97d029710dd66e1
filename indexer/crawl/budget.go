package crawl

import "time"

// A budget lets so many pages an hour be opened in the browser, at once or one by one. Those beyond it are each promised a moment of their own, so that they
// are not asked for again before their turn.
type budget struct {
	share    time.Duration // of the hour, that a page takes
	spent    time.Time     // when the shares of the pages that were opened have passed, one after the other
	promised time.Time     // to the last page that has to wait
}

func newBudget(pagesPerHour int) budget {
	return budget{share: time.Hour / time.Duration(pagesPerHour)}
}

// take reports whether a page may be opened now, and counts it.
func (b *budget) take(now time.Time) bool {
	spent := later(b.spent, now).Add(b.share)
	if spent.Sub(now) > time.Hour {
		return false
	}
	b.spent = spent
	return true
}

// wait is when a page that has to wait is to come again.
func (b *budget) wait(now time.Time) time.Time {
	b.promised = later(b.promised, later(b.spent.Add(-time.Hour), now)).Add(b.share)
	return b.promised
}
