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
	if r.JSON != "" {
		return weburl.CanonicalJSON(r.URL, r.JSON)
	}
	if r.Form == nil {
		return weburl.Canonical(r.URL)
	}
	if !r.Form.Has(eventTarget) {
		return weburl.CanonicalPost(r.URL, r.Form)
	}
	kept := url.Values{eventTarget: r.Form[eventTarget], eventArgument: r.Form[eventArgument]}
	for _, name := range r.chosen {
		kept[name] = r.Form[name]
	}
	return weburl.CanonicalPost(r.URL, kept)
}

// Asked is the request by which the page is got that a canonical URL is of.
func Asked(u *url.URL) Request {
	if plain, form, ok := weburl.Post(u); ok {
		return Request{URL: plain, Form: form}
	}
	if plain, text, ok := weburl.JSON(u); ok {
		return Request{URL: plain, JSON: text}
	}
	return Request{URL: u}
}

// carry gives the pages that an answer to POST leads to by other numbers in its own address the form by which it was asked for.
func (l *Listing) carry(asked Request) {
	for i := range l.Next {
		if next := &l.Next[i]; asked.Form != nil && next.Form == nil && next.URL.Host == asked.URL.Host && next.URL.Path == asked.URL.Path {
			next.Form = asked.Form
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
		for name, values := range form {
			if i < len(values) {
				step.Set(name, values[i])
			}
		}
		steps = append(steps, step)
	}
	return steps
}

// Renew completes one of Steps with the fields of its page as that was just fetched.
func Renew(p *markup.Page, form url.Values) url.Values {
	renewed := look(p).form(form.Get(eventTarget), form.Get(eventArgument))
	for name := range form {
		renewed.Set(name, form.Get(name))
	}
	return renewed
}

func itoa(n int) string { return strconv.Itoa(n) }
