package indexer

import (
	"context"
	"fmt"
	"strings"
	"time"

	"terrace/indexer/archive"
)

// A Loss is a site some of whose pages are kept though their last visits did not show them to be there.
type Loss struct {
	Site   string // id
	Name   string
	Alarm  time.Time // since when the site is in alarm; zero: it is not
	Cause  string    // of most of its documents in trouble, Chinese
	Of     int       // documents of the site
	Causes []LossCause
}

// A LossCause is those of one cause.
type LossCause struct {
	Reason string // Chinese
	archive.Cause
}

// Documents is how many documents of the site are in trouble.
func (l *Loss) Documents() (n int) {
	for i := range l.Causes {
		n += l.Causes[i].Documents
	}
	return n
}

// Decision is what an administrator says to losses.
type Decision string

const (
	Accept Decision = "accept" // they take effect
	Keep   Decision = "keep"   // what is there stays until the site shows it again, without an alarm
)

// Losses lists sites with pages in trouble, those in alarm first; of one site where it is named, by id or name.
func (x *Indexer) Losses(ctx context.Context, site string) ([]Loss, error) {
	id, err := x.siteNamed(site)
	if err != nil {
		return nil, err
	}
	found, err := x.archive.Losses(ctx, id)
	if err != nil {
		return nil, err
	}
	var alarms, others []Loss
	for _, f := range found {
		if s := x.registry.Site(f.Site); s == nil || s.Closed {
			continue // what is kept of it stays as it is
		}
		l := Loss{Site: f.Site, Name: x.registry.SiteName(f.Site), Alarm: f.Alarm, Of: f.Of}
		for _, c := range f.Causes {
			l.Causes = append(l.Causes, LossCause{causeInChinese(c.Reason), c})
		}
		if len(l.Causes) > 0 {
			l.Cause = l.Causes[0].Reason
		}
		if l.Alarm.IsZero() {
			others = append(others, l)
		} else {
			alarms = append(alarms, l)
		}
	}
	return append(alarms, others...), nil
}

// DecideLosses carries out an administrator's decision on a site's losses and tells how many pages it was about, and how many are left that need none:
// their site does not answer. They are judged with those of later visits.
func (x *Indexer) DecideLosses(ctx context.Context, site string, d Decision) (pages, left int, err error) {
	id, err := x.siteNamed(site)
	if err != nil {
		return 0, 0, err
	}
	if id == "" {
		return 0, 0, fmt.Errorf("%w：请指明站点", ErrOrder)
	}
	decide := x.archive.AcceptLosses
	switch d {
	case Accept:
	case Keep:
		decide = x.archive.KeepLosses
	default:
		return 0, 0, fmt.Errorf("%w：决定“%s”应为 accept 或 keep", ErrOrder, d)
	}
	defer x.Wake()
	done, err := decide(ctx, id, time.Now())
	x.log.Warn("an administrator has decided on the losses of a site", "site", id, "decision", d, "pages", done.Pages, "left", done.Left, "error", err)
	return done.Pages, done.Left, err
}

// siteNamed finds a site's id.
func (x *Indexer) siteNamed(site string) (string, error) {
	if site == "" {
		return "", nil
	}
	id, ok := x.registry.SiteNamed(site)
	if !ok {
		return "", fmt.Errorf("%w：没有站点“%s”", ErrOrder, site)
	}
	return id, nil
}

// causeInChinese is a cause in the words of reasons, without blanks that addresses have left.
func causeInChinese(cause string) string {
	if cause == "redirect loop" {
		return "转向成环"
	}
	return strings.Join(strings.Fields(ReasonInChinese(cause)), " ")
}
