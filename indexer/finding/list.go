package finding

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"terrace/indexer/archive"
)

// A Count is how many findings of a rule a site has.
type Count struct {
	Site    string // id
	Rule    string
	Open    int
	Serious int // of these
	New     int // of these, since a week
	Gone    int
}

// An Overview is how many findings there are, and how far the pages were looked at.
type Overview struct {
	Counts []Count   // in the order of Rules, then of the sites' ids; none without findings
	Left   int       // pages of the archive that are still to be looked at
	Round  time.Time // when the state as a whole was last looked at; zero: never
}

const week = 7 * 24 * time.Hour

// ErrRule says that a rule has another name.
var ErrRule = errors.New("没有这条规则")

// Overview counts the findings of a site, or of all where site is empty.
func (w *Watcher) Overview(ctx context.Context, site string) (o Overview, err error) {
	var p progress
	err = w.view(ctx, func(t tx) (err error) {
		if p, err = t.progress(); err != nil {
			return err
		}
		return t.rows(`SELECT site, rule, sum(gone = 0), sum(gone = 0 AND severity = ?), sum(gone = 0 AND since >= ?), sum(gone > 0)
			FROM finding WHERE ?3 = '' OR site = ?3 GROUP BY rule, site ORDER BY site`, func(scan func(...any) error) error {
			var c Count
			err := scan(&c.Site, &c.Rule, &c.Open, &c.Serious, &c.New, &c.Gone)
			o.Counts = append(o.Counts, c)
			return err
		}, Serious, stamp(t.at.Add(-week)), site)
	})
	if err != nil {
		return o, fmt.Errorf("count findings: %w", err)
	}
	slices.SortStableFunc(o.Counts, func(a, b Count) int { return rank(a.Rule) - rank(b.Rule) })
	if p.version != w.version {
		p.change = 0
	}
	o.Round = p.round
	o.Left, err = w.Archive.CountChanges(ctx, p.change)
	return o, err
}

func rank(rule string) int {
	return slices.IndexFunc(Rules, func(r Rule) bool { return r.Name == rule })
}

// A Query says which findings are meant.
type Query struct {
	Site  string // id; empty: all
	Rule  string // name; empty: all
	Gone  bool   // those that are gone in place of those that are open
	After int64  // begins behind the finding with this number
	Limit int    // at most
}

// ofURLs are the rules whose findings are called by the URL of a page.
var ofURLs = []string{DeadLink, Duplicate}

// List returns findings in the order of their numbers, which is that in which they were first seen. ErrRule where there is no such rule.
func (w *Watcher) List(ctx context.Context, q Query) (out []Finding, err error) {
	if q.Rule != "" && rank(q.Rule) < 0 {
		return nil, fmt.Errorf("%w：%s", ErrRule, q.Rule)
	}
	var looked progress
	err = w.view(ctx, func(t tx) error {
		var err error
		if looked, err = t.progress(); err != nil {
			return err
		}
		if looked.version != w.version {
			looked.change = 0
		}
		for more := true; more && len(out) < q.Limit; {
			read := 0
			err := t.rows(`SELECT n, rule, site, subject, cause, severity, pages, since, seen, gone FROM finding
				WHERE (?1 = '' OR site = ?1) AND (?2 = '' OR rule = ?2) AND (gone > 0) = ?3 AND n > ?4 ORDER BY n LIMIT ?5`,
				func(scan func(...any) error) error {
					var f Finding
					var since, seen, gone int64
					err := scan(&f.Number, &f.Rule, &f.Site, &f.Subject, &f.Group, &f.Severity, &f.Pages, &since, &seen, &gone)
					f.Since, f.Seen, f.Gone = moment(since), moment(seen), moment(gone)
					read, q.After = read+1, f.Number
					if !slices.Contains(ofURLs, f.Rule) || !w.Withdrawn("", f.Subject) {
						out = append(out, f)
					}
					return err
				}, q.Site, q.Rule, q.Gone, q.After, q.Limit-len(out))
			if err != nil {
				return err
			}
			more = read > 0
		}
		for i := range out {
			at, err := t.places(out[i].Number)
			if err != nil {
				return err
			}
			for _, p := range at {
				if strings.HasPrefix(p.id, ofSite) {
					p.id = ""
				}
				if !w.Withdrawn(p.id, p.url) {
					out[i].Examples = append(out[i].Examples, Example{p.id, p.url, p.evidence, p.fix})
				}
			}
		}
		return nil
	})
	for i := range out {
		if err == nil && out[i].Gone.IsZero() && !slices.Contains(settled, out[i].Rule) {
			err = w.confirm(ctx, &out[i], looked.change)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("list findings: %w", err)
	}
	return out, nil
}

// confirm moves when a finding was seen to when its pages were last found to be as they were looked at: what has not changed is not looked at again.
func (w *Watcher) confirm(ctx context.Context, f *Finding, looked int64) error {
	for _, x := range f.Examples {
		p, err := w.Archive.Page(ctx, x.Page)
		if errors.Is(err, archive.ErrUnknown) {
			continue
		}
		if err != nil {
			return err
		}
		if p.Change <= looked && p.LastVerified.After(f.Seen) {
			f.Seen = p.LastVerified
		}
	}
	return nil
}
