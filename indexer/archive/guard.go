package archive

import (
	"database/sql"
	"errors"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// heldInterval is how long a held page waits for its next visit at most: its site may have healed.
const heldInterval = 7 * 24 * time.Hour

// guards tells whether the end of a page has to be held first: there is something to lose that came from the site.
func (b *batch) guards(r *row) bool {
	return r.live() && !r.Imported && b.releasing != r && (b.withdrawn == nil || !b.withdrawn(r.ID, r.URL))
}

// hold keeps a page of which a visit says that it is gone or elsewhere.
func (b *batch) hold(r *row, v Visit) error {
	if err := b.stay(r); err != nil {
		return err
	}
	r.State, r.Reason = Held, v.Reason
	if latest := v.At.Add(heldInterval); r.NextAt.IsZero() || r.NextAt.After(latest) {
		r.NextAt = latest
	}
	return b.trouble(r, v, v.At)
}

// unmove calls a page by the URL that it had left for good, where a visit to the new one says that it is not there: the move may have been the accident.
// Unless it is released before, it is looked for there soon.
func (b *batch) unmove(r *row, v *Visit) error {
	var url, site string
	err := b.scan("SELECT former, former_site FROM trouble WHERE page = ?", []any{&url, &site}, r.n)
	if errors.Is(err, sql.ErrNoRows) || err == nil && url == "" {
		return nil
	}
	if err != nil {
		return err
	}
	r.URL, r.Site, r.changed = url, site, true
	r.NextAt = v.At.Add(2 * settleAfter)
	v.Reason += ", where it had moved"
	return errors.Join(b.call(url, r), b.exec("DELETE FROM trouble WHERE page = ?", r.n))
}

// account notes whether a visit showed a page that has content to be there. was is the page's state before.
func (b *batch) account(r *row, v Visit, was State) error {
	switch {
	case r.State == Held: // noted with it
		return nil
	case r.live() && !r.Imported && r.State != OK && !(v.good() && r.State == v.State):
		v.State, v.Reason = r.State, r.Reason
		return b.trouble(r, v, time.Time{})
	case was == OK || was == New:
		return nil
	}
	return b.exec("DELETE FROM trouble WHERE page = ?", r.n)
}

const noteTrouble = `INSERT INTO trouble (page, site, document, since, lost, next_at, state, cause, silent,
		target, target_site, permanent, shared, former, former_site, shown, shown_at, shown_n, decided)
	VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, '')
	ON CONFLICT (page) DO UPDATE SET site = excluded.site, document = excluded.document, next_at = excluded.next_at, state = excluded.state, cause = excluded.cause, silent = excluded.silent,
	lost = CASE WHEN excluded.lost > 0 AND lost > 0 THEN lost ELSE excluded.lost END,
	target = excluded.target, target_site = excluded.target_site, permanent = excluded.permanent, shared = excluded.shared,
	former = CASE WHEN excluded.former <> '' THEN excluded.former ELSE former END,
	former_site = CASE WHEN excluded.former <> '' THEN excluded.former_site ELSE former_site END,
	shown_at = CASE WHEN shown = excluded.shown THEN shown_at ELSE excluded.shown_at END,
	shown_n = CASE WHEN shown = excluded.shown THEN shown_n + 1 ELSE 1 END, shown = excluded.shown`

// trouble writes down that a visit did not show a page to be there; lost is when the site said that it is gone.
func (b *batch) trouble(r *row, v Visit, lost time.Time) error {
	target, shared := Link{}, ""
	if v.State == Redirect {
		target = movedLink(r, v)
		shared = sharedPlace(r.URL, v.MovedTo)
	}
	if r.former != "" && lost.IsZero() {
		target, shared = Link{}, r.URL // where it has just gone
	}
	document := r.Role != Home && r.Role != List && r.Role != Sitemap
	silent := (v.State == Retry || v.State == WAF) && v.Status != 404
	return b.exec(noteTrouble, r.n, r.Site, document, moment(v.At), moment(lost), moment(v.NextAt), v.State, causeOf(v.Reason), silent, target.URL, target.Site, v.Permanent, shared,
		r.former, r.formerSite, v.Shown, moment(v.At))
}

// sharedPlace is what moves to one place have in common: the URL they lead to, without parameters that say where the reader came from.
func sharedPlace(from, to string) string {
	f, err := url.Parse(from)
	if err != nil {
		return to
	}
	t, err := url.Parse(to)
	if err != nil || t.RawQuery == "" {
		return to
	}
	query := t.Query()
	for name, values := range query {
		if len(f.Path) > 1 && strings.Contains(strings.Join(values, " "), f.Path) {
			query.Del(name)
		}
	}
	t.RawQuery = query.Encode()
	return t.String()
}

var addresses = regexp.MustCompile(`https?://\S+|(?:\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]):\d+(?:->)?`)

// tlsAdvice ends what a reason says of a TLS handshake that a setting of the site would let pass; details of the library's follow.
const tlsAdvice = "TLS would accept it"

// causeOf is a reason without what differs from page to page: of "no answer: read tcp 10.0.0.1:33->10.0.0.2:80: connection reset" the ends.
func causeOf(reason string) string {
	if strings.HasPrefix(reason, "redirect loop") {
		return "redirect loop"
	}
	if strings.HasPrefix(reason, MovedHere) {
		return "moved for good, not seen there yet"
	}
	if said, _, ok := strings.Cut(reason, tlsAdvice+": "); ok {
		reason = said + tlsAdvice
	}
	parts := strings.Split(addresses.ReplaceAllString(reason, ""), ": ")
	if len(parts) > 2 {
		parts = []string{parts[0], parts[len(parts)-1]}
	}
	return strings.Join(parts, ": ")
}
