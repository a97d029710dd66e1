package finding

import (
	"database/sql"
	"errors"
	"strings"

	"terrace/personal"
)

// ofPages are the rules that look at pages one by one; the others look at the state as a whole.
var ofPages = []string{HiddenLink, BadWord, Outbound, Script, Personal, BadLink, GovTag, Undated}

var ruleOfPages = "rule IN ('" + strings.Join(ofPages, "', '") + "')"

// A place is a page that shows something, and what it shows.
type place struct {
	id, url       string
	evidence, fix string
}

// replace makes sights all that a page, by its number, shows by the rules that look at pages one by one, or by every rule.
func (t tx) replace(page int64, id, site string, sights []sight, every bool) error {
	before := map[int64]bool{}
	err := t.rows(`SELECT finding FROM mark JOIN finding ON finding.n = mark.finding WHERE page = ? AND gone = 0 AND (`+ruleOfPages+` OR ?)`,
		func(scan func(...any) error) error {
			var n int64
			err := scan(&n)
			before[n] = true
			return err
		}, page, every)
	if err != nil {
		return err
	}
	shown := map[int64]bool{} // a page may show one finding in several places: the first counts
	for _, s := range sights {
		own := ""
		if s.own {
			own = id
		}
		n, err := t.open(s, site, own)
		if err != nil {
			return err
		}
		if shown[n] {
			continue
		}
		shown[n] = true
		known := before[n]
		delete(before, n)
		if err := t.mark(page, n, s, known); err != nil {
			return err
		}
	}
	for n := range before {
		if err := t.unmark(page, n); err != nil {
			return err
		}
	}
	return nil
}

// open gives the number of the finding of a sight, which is open from now on if it was not.
func (t tx) open(s sight, site, own string) (int64, error) {
	s.subject = personal.Mask(s.subject)
	err := t.exec(`DELETE FROM mark WHERE finding = (SELECT n FROM finding WHERE rule = ? AND site = ? AND subject = ? AND own = ? AND gone > 0)`,
		s.rule, site, s.subject, own)
	if err != nil {
		return 0, err
	}
	return t.number(`INSERT INTO finding (rule, site, subject, own, cause, severity, pages, since, seen, gone) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?7, 0)
		ON CONFLICT (rule, site, subject, own) DO UPDATE SET cause = excluded.cause, severity = excluded.severity, seen = excluded.seen,
			since = CASE gone WHEN 0 THEN since ELSE excluded.since END, pages = CASE gone WHEN 0 THEN pages ELSE 0 END, gone = 0 RETURNING n`,
		s.rule, site, s.subject, own, s.group, s.severity, stamp(t.at))
}

// mark notes that a page shows a finding. Of one that many share only some are kept with what they show.
func (t tx) mark(page, finding int64, s sight, known bool) error {
	s.evidence, s.fix = discreet(s.evidence, s.fix)
	if known {
		return t.exec("UPDATE mark SET evidence = ?, fix = ? WHERE page = ? AND finding = ? AND (evidence <> '' OR ?)", s.evidence, s.fix, page, finding, s.own)
	}
	kept, err := t.number("SELECT count(*) FROM (SELECT 1 FROM mark WHERE finding = ? AND evidence <> '' LIMIT ?)", finding, sharedKept)
	if err != nil {
		return err
	}
	if kept >= sharedKept {
		s.evidence, s.fix = "", ""
	}
	if err := t.exec("INSERT INTO mark (page, finding, evidence, fix) VALUES (?, ?, ?, ?)", page, finding, s.evidence, s.fix); err != nil {
		return err
	}
	return t.exec("UPDATE finding SET pages = pages + 1 WHERE n = ?", finding)
}

// discreet masks the numbers of persons in what is kept, and leaves out a correction that has any: masked it would be none.
func discreet(evidence, fix string) (string, string) {
	if personal.Mask(fix) != fix {
		fix = ""
	}
	return personal.Mask(evidence), fix
}

// unmark notes that a page does not show a finding any more. The last to do so ends it, and stays as its example.
func (t tx) unmark(page, finding int64) error {
	left, err := t.number("UPDATE finding SET pages = max(pages - 1, 0) WHERE n = ? AND gone = 0 RETURNING pages", finding)
	if err != nil {
		return err
	}
	if left > 0 {
		return t.exec("DELETE FROM mark WHERE page = ? AND finding = ?", page, finding)
	}
	return t.exec("UPDATE finding SET gone = ? WHERE n = ? AND gone = 0", stamp(t.at), finding)
}

// A whole is a finding as it is seen on the state as a whole: with the pages that show it, or some of them, and how many there are.
type whole struct {
	sight
	site  string
	pages int
	at    []place
}

// settle makes all of what was seen by some rules the findings of these, and ends those that were not seen.
func (t tx) settle(all []whole, rules ...string) error {
	open := map[int64]bool{}
	for _, r := range rules {
		err := t.rows("SELECT n FROM finding WHERE rule = ? AND gone = 0", func(scan func(...any) error) error {
			var n int64
			err := scan(&n)
			open[n] = true
			return err
		}, r)
		if err != nil {
			return err
		}
	}
	for _, w := range all {
		n, err := t.open(w.sight, w.site, "")
		if err == nil {
			err = t.show(n, w)
		}
		if err != nil {
			return err
		}
		delete(open, n)
	}
	for n := range open {
		if err := t.exec("UPDATE finding SET gone = ? WHERE n = ?", stamp(t.at), n); err != nil {
			return err
		}
	}
	return nil
}

// show replaces the pages that show a finding.
func (t tx) show(n int64, w whole) error {
	if err := t.exec("DELETE FROM mark WHERE finding = ?", n); err != nil {
		return err
	}
	for _, p := range w.at {
		p.evidence, p.fix = discreet(p.evidence, p.fix)
		page, err := t.page(p.id, w.site, p.url)
		if err != nil {
			return err
		}
		err = t.exec("INSERT INTO mark (page, finding, evidence, fix) VALUES (?, ?, ?, ?) ON CONFLICT (page, finding) DO NOTHING", page, n, p.evidence, p.fix)
		if err != nil {
			return err
		}
	}
	return t.exec("UPDATE finding SET pages = ? WHERE n = ?", w.pages, n)
}

// shown is what is kept of an open finding of the state as a whole, so that its pages need not be read again: its group, how many show it, and those of which something is kept.
func (t tx) shown(rule, site, subject string) (w whole, err error) {
	var n int64
	err = t.QueryRowContext(t.ctx, "SELECT n, cause, pages FROM finding WHERE rule = ? AND site = ? AND subject = ? AND own = '' AND gone = 0",
		rule, site, subject).Scan(&n, &w.group, &w.pages)
	if errors.Is(err, sql.ErrNoRows) {
		return w, nil
	}
	if err == nil {
		w.at, err = t.places(n)
	}
	return w, err
}

// places are the pages of a finding of which is kept what they show, in the order in which they were first seen.
func (t tx) places(finding int64) (out []place, err error) {
	err = t.rows(`SELECT id, url, evidence, fix FROM mark JOIN page ON page.n = mark.page WHERE finding = ? ORDER BY evidence = '', mark.page LIMIT ?`,
		func(scan func(...any) error) error {
			var p place
			err := scan(&p.id, &p.url, &p.evidence, &p.fix)
			out = append(out, p)
			return err
		}, finding, maxExamples)
	return out, err
}
