package finding

import (
	"terrace/indexer/archive"
)

// novel leaves out of sights what is only a fault where it is new and is not, and notes what is seen for the first time. A domain is new where no site led to it before;
// a script where its own site did not load it before. What a site shows before it was looked at whole once is not new.
func (w *Watcher) novel(t tx, site string, sights []sight) ([]sight, error) {
	whole, err := t.number("SELECT whole FROM site WHERE id = ?", site)
	if err != nil {
		return nil, err
	}
	out := sights[:0]
	for _, s := range sights {
		if s.novel == "" {
			out = append(out, s)
			continue
		}
		err := t.exec(`INSERT INTO seen (site, kind, subject, fresh) SELECT ?1, ?2, ?3, ?4 AND NOT EXISTS
			(SELECT 1 FROM seen WHERE kind = ?2 AND subject = ?3 AND kind = ?5 AND fresh = 0) ON CONFLICT DO NOTHING`, site, s.novel, s.subject, whole > 0, novelDomain)
		if err != nil {
			return nil, err
		}
		fresh, err := t.number("SELECT fresh FROM seen WHERE site = ? AND kind = ? AND subject = ?", site, s.novel, s.subject)
		if err != nil {
			return nil, err
		}
		if fresh == 1 {
			out = append(out, s)
		}
	}
	return out, nil
}

// What is only a fault where it is new.
const (
	novelDomain = "domain"
	novelScript = "script"
)

// wholeShare is how many of a site's pages may not have been fetched yet where the site counts as looked at whole.
const wholeShare = 0.01

// complete notes the sites that were looked at whole by now.
func (t tx) complete(tallies []archive.Tally) error {
	for _, tally := range tallies {
		all := 0
		for _, n := range tally.States {
			all += n
		}
		if tally.States[archive.OK] == 0 || float64(tally.States[archive.New]) > wholeShare*float64(all) {
			continue
		}
		if err := t.exec("INSERT INTO site (id, whole) VALUES (?, ?) ON CONFLICT DO NOTHING", tally.Site, stamp(t.at)); err != nil {
			return err
		}
	}
	return nil
}
