package server

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"terrace/index"
	"terrace/query"
)

// A state is all a search page shows, which is all its URL holds. It is a value: the methods that change it give a changed copy.
type state struct {
	text      string
	chosen    map[index.Field][]string // by the fields of filters
	from, to  string
	byDate    bool
	titleOnly bool
	anyWords  bool // by date: also what does not hold every word
	plainDays bool // a time in the text is no condition
	literal   bool // the text is searched for as it is
	page      int

	elder, contrast string // "1" and "0" say so in the URL, "" leaves it to the cookie
}

// filters are the fields a reader can choose values of, in the order of the page.
var filters = []index.Field{index.Kind, index.Department, index.County, index.Site, index.Column}

// parseState reads a query string. What it does not know or understand it leaves out, but for dates, which the request refuses later.
func parseState(v url.Values) state {
	st := state{
		text: tidy(v.Get("q")), chosen: map[index.Field][]string{}, from: tidy(v.Get("date_from")), to: tidy(v.Get("date_to")),
		byDate: v.Get("sort") == "date", titleOnly: v.Get("in") == "title",
		anyWords: v.Get("match") == "any", plainDays: v.Get("dates") == "words", literal: v.Get("spelling") == "literal", page: 1, elder: flag(v.Get("elder")), contrast: flag(v.Get("contrast")),
	}
	for _, f := range filters {
		if values := filled(v[string(f)]); len(values) > 0 {
			st.chosen[f] = values
		}
	}
	if n, err := strconv.Atoi(v.Get("page")); err == nil && n > 1 {
		st.page = n
	}
	return st
}

// tidy is what a reader meant to type: no control characters, no blanks around it.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return strings.TrimSpace(s)
}

func flag(s string) string {
	if s == "1" || s == "0" {
		return s
	}
	return ""
}

func (st state) request() (query.Request, error) {
	r := query.Request{
		Text: st.text, Kind: st.chosen[index.Kind], Department: st.chosen[index.Department], County: st.chosen[index.County],
		Site: st.chosen[index.Site], Column: st.chosen[index.Column], TitleOnly: st.titleOnly, AnyWords: st.anyWords, PlainDays: st.plainDays, Literal: st.literal,
		Page: st.page,
	}
	if st.byDate {
		r.Sort = index.ByDate
	}
	var err error
	if r.From, err = index.ParseDate(st.from); err != nil {
		return r, noDay("date_from", st.from)
	}
	if r.To, err = index.ParseDate(st.to); err != nil {
		return r, noDay("date_to", st.to)
	}
	return r, nil
}

func noDay(parameter, value string) error {
	return &query.RequestError{Parameter: parameter, Text: fmt.Sprintf("“%s”不是 2024-01-31 这样的日期", value)}
}

// A pair is a parameter.
type pair struct{ Name, Value string }

// pairs are the parameters of a state, in one order whatever the order they came in; skip names those to leave out.
func (st state) pairs(skip ...string) []pair {
	var out []pair
	add := func(name, value string) {
		if value != "" && !slices.Contains(skip, name) {
			out = append(out, pair{name, value})
		}
	}
	add("q", st.text)
	for _, f := range filters {
		for _, v := range st.chosen[f] {
			add(string(f), v)
		}
	}
	add("date_from", st.from)
	add("date_to", st.to)
	if st.byDate {
		add("sort", "date")
	}
	if st.titleOnly {
		add("in", "title")
	}
	if st.anyWords {
		add("match", "any")
	}
	if st.plainDays {
		add("dates", "words")
	}
	if st.literal {
		add("spelling", "literal")
	}
	if st.page > 1 {
		add("page", strconv.Itoa(st.page))
	}
	add("elder", st.elder)
	add("contrast", st.contrast)
	return out
}

// url is the address of a state on the page that stands at home.
func (st state) url(home string) string {
	var b strings.Builder
	b.WriteString(home)
	for i, p := range st.pairs() {
		b.WriteByte("?&"[min(i, 1)])
		b.WriteString(p.Name + "=" + url.QueryEscape(p.Value))
	}
	return b.String()
}

// with has the values chosen in a field instead of what was; none: the field is free. It begins at the first page, as all changes do.
func (st state) with(f index.Field, values ...string) state {
	st.chosen = maps.Clone(st.chosen)
	delete(st.chosen, f)
	if len(values) > 0 {
		st.chosen[f] = values
	}
	return st.at(1)
}

func (st state) between(from, to string) state {
	st.from, st.to = from, to
	return st.at(1)
}

func (st state) sorted(byDate bool) state {
	st.byDate = byDate
	return st.at(1)
}

func (st state) in(titleOnly bool) state {
	st.titleOnly = titleOnly
	return st.at(1)
}

func (st state) at(page int) state {
	st.page = page
	return st
}

// narrowed reports whether a filter is in force.
func (st state) narrowed() bool { return len(st.chosen) > 0 || st.from != "" || st.to != "" }

// any has what does not hold every word, too.
func (st state) any() state {
	st.anyWords = true
	return st.at(1)
}

// words is the state in which a time in the text is no condition.
func (st state) words() state {
	st.plainDays = true
	return st.at(1)
}

// asTyped is the state in which the text is searched for as it is.
func (st state) asTyped() state {
	st.literal = true
	return st.at(1)
}

// asking is the state with another text.
func (st state) asking(text string) state {
	st.text, st.literal = text, false
	return st.at(1)
}

// free is the state without any filter.
func (st state) free() state {
	st.chosen = map[index.Field][]string{}
	return st.between("", "")
}
