package listing

import (
	"net/url"
	"strconv"

	"terrace/indexer/markup"
	"terrace/indexer/weburl"
)

// Canonical is the canonical URL by which the archive knows the page. Where that is asked for by POST, it tells of the form what makes the page this
// one, and leaves out what the server changes from visit to visit; Renew gets that anew.
func (r Request) Canonical() string {
	if r.Form == nil {
		return weburl.Canonical(r.URL)
	}
	if !r.Form.Has(eventTarget) {
		return weburl.CanonicalPost(r.URL, r.Form)
	}
	return weburl.CanonicalPost(r.URL, url.Values{eventTarget: r.Form[eventTarget], eventArgument: r.Form[eventArgument]})
}

// Carry gives the pages that an answer to POST leads to by other numbers in its own address the form by which it was asked for.
func (l *Listing) Carry(asked *url.URL, form url.Values) {
	for i := range l.Next {
		if next := &l.Next[i]; next.Form == nil && next.URL.Host == asked.Host && next.URL.Path == asked.Path {
			next.Form = form
		}
	}
}

// Renewed reports whether a form as Canonical keeps it wants fields of the list's first page, which Renew adds.
func Renewed(form url.Values) bool { return form.Has(eventTarget) }

// Steps are the forms that are sent one after the other, each with the fields of the page before, to get at the page of a form that Renewed reports.
func Steps(form url.Values) []url.Values {
	steps := make([]url.Values, 0, len(form[eventTarget]))
	for i, target := range form[eventTarget] {
		step := url.Values{eventTarget: {target}, eventArgument: {""}}
		if i < len(form[eventArgument]) {
			step.Set(eventArgument, form[eventArgument][i])
		}
		steps = append(steps, step)
	}
	return steps
}

// Renew completes one of Steps with the fields of its page as that was just fetched.
func Renew(p *markup.Page, form url.Values) url.Values {
	return look(p).form(form.Get(eventTarget), form.Get(eventArgument))
}

func itoa(n int) string { return strconv.Itoa(n) }
