package listing

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// submit is any system whose pager has buttons that send a form: <input type="submit" value="下一页">. What the form sends tells the page, or the server
// remembers where the reader is.
var submit = adapter{"form", func(v *view) bool { return len(v.presses) > 0 }, readSubmit}

func readSubmit(v *view, l *Listing) bool {
	for _, b := range v.presses {
		if !isNext.MatchString(b.label) {
			continue
		}
		current := max(v.said.current, 1)
		if v.hasState(b.form) {
			if b.name == "" {
				continue
			}
			l.requests(current, min(max(l.Pages, current+1), maxClicks+1), func(n int) Request { return v.clicked(b, n-1) })
			return true
		}
		v.turned(l, b, current)
		return len(l.Next) > 0
	}
	return false
}

// hasState reports ASP.NET's forms, which have to be sent from page to page.
func (v *view) hasState(form int) bool {
	return slices.ContainsFunc(v.fields, func(f field) bool { return f.form == form && f.name == "__VIEWSTATE" })
}

// clicked is the page that a button of an ASP.NET page leads to when it was pressed so many times.
func (v *view) clicked(b press, times int) Request {
	form := v.form("", "")
	form[eventTarget], form[eventArgument] = slices.Repeat([]string{""}, times), slices.Repeat([]string{""}, times)
	form[b.name] = slices.Repeat([]string{b.value}, times)
	return Request{URL: v.page.URL, Form: form, chosen: []string{b.name}}
}

// turned adds the pages that a button leads to. Where the number of the next one stands in a field or in the button's value, and that of the last one in
// another button's form, those are all pages.
func (v *view) turned(l *Listing, b press, current int) {
	number := ""
	for _, f := range v.filled(b.form, b.name, b.value) {
		if f.value == itoa(current+1) && (number == "" || pageParam.MatchString(f.name)) {
			number = f.name
		}
	}
	if number == "" {
		l.requests(current, current+1, func(int) Request { return v.sent(b.form, b.name, b.value) })
		return
	}
	for _, other := range v.presses {
		if !isLast.MatchString(other.label) {
			continue
		}
		for _, f := range v.filled(other.form, other.name, other.value) {
			if f.name == number {
				l.Pages = max(l.Pages, atoi(f.value))
			}
		}
	}
	l.requests(current, max(l.Pages, current+1), func(n int) Request { return v.sent(b.form, b.name, b.value, number, itoa(n)) })
}

// passing are fields and values that servers change from visit to visit. They are left out: a page would have another address each time.
var (
	passingName  = regexp.MustCompile(`(?i)token|csrf|scode|stamp|nonce|session|viewstate|validation|captcha|rand`)
	passingValue = regexp.MustCompile(`^(?:\d{13,}|[0-9A-Za-z_-]*[0-9][0-9A-Za-z_-]{31,})$`)
)

// filled are the fields of a form as a browser sends them, some with other values: names and values in turn. A name that no field has, a button's, is added.
func (v *view) filled(form int, values ...string) []field {
	var out []field
	set := map[string]bool{}
	for _, f := range v.fields {
		if f.form != form || passingName.MatchString(f.name) || passingValue.MatchString(f.value) {
			continue
		}
		for i := 0; i+1 < len(values); i += 2 {
			if values[i] == f.name {
				f.value = values[i+1]
				set[f.name] = true
			}
		}
		out = append(out, f)
	}
	for i := len(values) - 2; i >= 0; i -= 2 {
		if name := values[i]; name != "" && !set[name] {
			set[name] = true
			out = append(out, field{name: name, value: values[i+1]})
		}
	}
	return out
}

// sent is a form with the fields that filled gives, as its method sends them.
func (v *view) sent(form int, values ...string) Request {
	f := v.forms[form]
	to, err := v.page.Resolve(f.action)
	if err != nil {
		return Request{}
	}
	sent := url.Values{}
	var query strings.Builder
	for _, f := range v.filled(form, values...) {
		sent.Add(f.name, f.value)
		query.WriteString("&" + url.QueryEscape(f.name) + "=" + url.QueryEscape(f.value))
	}
	if strings.EqualFold(f.method, "post") {
		return Request{URL: to, Form: sent}
	}
	u := *to
	u.RawQuery = strings.TrimPrefix(query.String(), "&")
	return Request{URL: &u}
}
