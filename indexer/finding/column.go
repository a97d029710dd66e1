package finding

import (
	"context"
	"fmt"
	"time"

	"terrace/index"
	"terrace/indexer/archive"
)

// entriesAsked is how many of the latest entries of a list without dates are asked for theirs.
const entriesAsked = 100

// columns are the columns and home pages that are blank or were not updated in time, and the sites that fail for it.
func (w *Watcher) columns(ctx context.Context, generation string) ([]whole, error) {
	all, _, err := w.Archive.Columns(ctx, generation, "")
	if err != nil {
		return nil, err
	}
	dates, err := w.Archive.ColumnDates(ctx, dayOf(w.now()).String())
	if err != nil {
		return nil, err
	}
	out, err := w.blanks(ctx, all)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		i := w.Indicators.of(c.Name)
		if i == nil || c.State != archive.OK || !w.open(c.Site) || w.Withdrawn(c.ID, c.URL) {
			continue
		}
		latest, err := index.ParseDate(dates[c.ID])
		if err == nil && latest == 0 {
			latest, err = w.latestEntry(ctx, c.ID)
		}
		if err != nil {
			return nil, err
		}
		if late := w.days(latest); latest != 0 && late > i.Days {
			out = append(out, whole{sight: sight{rule: ColumnStale, subject: c.Name + " " + c.URL, group: i.Kind, severity: Fault}, site: c.Site, pages: 1,
				at: []place{{c.ID, c.URL, fmt.Sprintf("最近更新 %s，已 %d 天；%s", latest, late, w.Indicators.basis(i.Indicator)), ""}}})
		}
	}
	homes, err := w.homes(ctx)
	if err != nil {
		return nil, err
	}
	return append(w.vetoes(out), homes...), nil
}

// days is how many days ago a day was.
func (w *Watcher) days(d index.Date) int {
	return int(dayOf(w.now()).In(time.UTC).Sub(d.In(time.UTC)).Hours() / 24)
}

// latestEntry is the latest date of the documents that a list's latest entries are.
func (w *Watcher) latestEntry(ctx context.Context, column string) (latest index.Date, err error) {
	entries, err := w.Archive.Entries(ctx, column, entriesAsked)
	if err != nil {
		return 0, err
	}
	today := dayOf(w.now())
	err = w.view(ctx, func(t tx) error {
		for _, e := range entries {
			n, err := t.number("SELECT date FROM page WHERE id = ?", e.ID)
			if err != nil {
				return err
			}
			if d := index.Date(n); d <= today {
				latest = max(latest, d)
			}
		}
		return nil
	})
	return latest, err
}

// blanks are the lists that say that they have nothing, and have nothing. A list without a word of it may be made by a script.
func (w *Watcher) blanks(ctx context.Context, all []archive.Column) (out []whole, err error) {
	listed := map[string]bool{}
	see := func(site, name string, p place) {
		if !w.open(site) || w.Withdrawn(p.id, p.url) || listed[p.id] {
			return
		}
		listed[p.id] = true
		if name != "" {
			name += " "
		}
		out = append(out, whole{sight: sight{rule: ColumnBlank, subject: name + p.url, severity: Fault}, site: site, pages: 1, at: []place{p}})
	}
	entries, names := map[string]int{}, map[string]string{}
	for _, c := range all {
		n := c.Outside + c.Said
		for _, some := range c.Entries {
			n += some
		}
		entries[c.ID], names[c.ID] = n, c.Name
	}
	err = w.view(ctx, func(t tx) error {
		return t.rows("SELECT id, site, url, blank FROM page WHERE blank <> '' ORDER BY n", func(scan func(...any) error) error {
			var site, says string
			var p place
			if err := scan(&p.id, &site, &p.url, &says); err != nil {
				return err
			}
			if entries[p.id] == 0 {
				p.evidence = "网页上写着「" + says + "」"
				see(site, names[p.id], p)
			}
			return nil
		})
	})
	return out, err
}

// homes are the home pages that show nothing new.
func (w *Watcher) homes(ctx context.Context) (out []whole, err error) {
	in := w.Indicators
	for _, s := range w.Registry.Cluster().Sites {
		if s.Closed {
			continue
		}
		pages, err := w.Archive.Pages(ctx, archive.Filter{Site: s.ID, Role: archive.Home}, "", 5)
		if err != nil {
			return nil, err
		}
		for _, p := range pages {
			if p.Content == "" || w.Withdrawn(p.ID, p.URL) {
				continue
			}
			var latest index.Date
			where := "首页上最新的日期是"
			err := w.view(ctx, func(t tx) error {
				n, err := t.number("SELECT newest FROM page WHERE id = ?", p.ID)
				if err == nil && n == 0 {
					where = "首页上没有日期，全站最新的稿件是"
					n, err = t.number("SELECT coalesce(max(date), 0) FROM page WHERE site = ? AND date <= ?", s.ID, int(dayOf(w.now())))
				}
				latest = index.Date(n)
				return err
			})
			if err != nil {
				return nil, err
			}
			if late := w.days(latest); latest != 0 && late > in.Home.Days {
				out = append(out, whole{sight: sight{rule: ColumnVeto, subject: "首页不更新 " + p.URL, group: "首页", severity: Serious}, site: s.ID, pages: 1,
					at: []place{{p.ID, p.URL, fmt.Sprintf("%s %s，已 %d 天；%s", where, latest, late, in.basis(in.Home)), ""}}})
			}
		}
	}
	return out, nil
}

// vetoes adds to the columns the sites that have too many of them.
func (w *Watcher) vetoes(columns []whole) []whole {
	in := w.Indicators
	type count struct{ counted, stale, blank int }
	counts := map[string]*count{}
	counted := map[string]bool{}
	for _, c := range in.Columns {
		counted[c.Kind] = c.Counted
	}
	for _, c := range columns {
		n := counts[c.site]
		if n == nil {
			n = &count{}
			counts[c.site] = n
		}
		if c.rule == ColumnBlank {
			n.blank++
			continue
		}
		n.stale++
		if counted[c.group] {
			n.counted++
		}
	}
	for site, n := range counts {
		for _, v := range []struct {
			what        string
			found, most int
		}{
			{"动态要闻类与通知公告、政策文件类栏目未更新", n.counted, in.Veto.Counted}, {"应更新但长期未更新的栏目", n.stale, in.Veto.Stale}, {"空白栏目", n.blank, in.Veto.Blank},
		} {
			if v.found >= v.most {
				columns = append(columns, whole{sight: sight{rule: ColumnVeto, subject: v.what, group: "栏目", severity: Serious}, site: site, pages: v.found,
					at: w.atHome(site, fmt.Sprintf("%s %d 个，达到 %d 个即单项否决（%s）", v.what, v.found, v.most, in.Source))})
			}
		}
	}
	return columns
}

// ofSite begins what stands for the id of a page where a site as a whole is meant.
const ofSite = "site:"

// atHome is a site as a place.
func (w *Watcher) atHome(site, evidence string) []place {
	url := "http://" + w.Registry.Site(site).Hosts[0] + "/"
	return []place{{ofSite + site, url, evidence, ""}}
}
