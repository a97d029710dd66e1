package listing

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// A place is where the number of its page stands in what a page was asked for by.
type place struct {
	number, size int                 // size: rows to a page; 0: it does not say
	zero         bool                // pages count from 0
	write        func(n int) Request // with another number
}

// place looks in JSON that was posted, the fields of a form, JSON in one of these, and the query.
func (v *view) place() *place {
	r := v.asked
	if at := placeIn(r.JSON, func(text string) Request { return Request{URL: r.URL, JSON: text} }); at != nil {
		return at
	}
	for _, name := range slices.Sorted(maps.Keys(r.Form)) {
		with := func(value string) Request {
			form := maps.Clone(r.Form)
			form[name] = []string{value}
			return Request{URL: r.URL, Form: form}
		}
		value := r.Form.Get(name)
		if at := placeIn(value, with); at != nil {
			return at
		}
		if pageParam.MatchString(name) && (value == "0" || atoi(value) > 0) {
			at := &place{number: atoi(value), zero: value == "0" || v.fromZero(), write: func(n int) Request { return with(itoa(n)) }}
			for other := range r.Form {
				if sizeParam.MatchString(other) {
					at.size = atoi(r.Form.Get(other))
				}
			}
			return at
		}
	}
	name, number := v.parameter(pageParam)
	if name == "" {
		return nil
	}
	_, size := v.parameter(sizeParam)
	return &place{number, size, number == 0, func(n int) Request {
		u := *v.page.URL
		u.RawQuery = setNumber(u.RawQuery, name, n)
		return Request{URL: &u, Form: r.Form}
	}}
}

// fromZero reports an action of EpointWebBuilder's, all of which count pages from 0.
func (v *view) fromZero() bool { return strings.Contains(v.page.URL.Path, "/rest/") }

// numberIn is a number in JSON, or the beginning of one in quotes.
var numberIn = regexp.MustCompile(`"(\w{1,20})"\s*:\s*"?(\d{1,7})\b`)

// placeIn finds the number of a page, which counts from 0, in JSON; nil where there is none. A search has that of its first row, pn, beside the rows to a
// page, rn.
func placeIn(text string, with func(text string) Request) *place {
	if !strings.HasPrefix(text, "{") {
		return nil
	}
	var at []int
	p, step, named := &place{zero: true}, 1, ""
	for _, m := range numberIn.FindAllStringSubmatchIndex(text, 40) {
		name, n := text[m[2]:m[3]], atoi(text[m[4]:m[5]])
		switch {
		case name == "rn":
			p.size, step = n, max(n, 1)
		case sizeParam.MatchString(name):
			p.size = n
		case at == nil && pageParam.MatchString(name):
			at, p.number, named = m[4:6], n, name
		}
	}
	if at == nil {
		return nil
	}
	if named != "pn" {
		step = 1
	}
	p.number /= step
	p.write = func(n int) Request { return with(text[:at[0]] + itoa(n*step) + text[at[1]:]) }
	return p
}

// parameter is the first parameter of the page's address whose name a pattern knows, and its value; empty where there is none.
func (v *view) parameter(name *regexp.Regexp) (string, int) {
	for part := range strings.SplitSeq(v.page.URL.RawQuery, "&") {
		if k, value, ok := strings.Cut(part, "="); ok && name.MatchString(k) && (value == "0" || atoi(value) > 0) {
			return k, atoi(value)
		}
	}
	return "", 0
}
