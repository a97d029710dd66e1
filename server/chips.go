package server

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"terrace/index"
	"terrace/query"
)

var fieldNames = map[index.Field]string{
	index.Kind: "类别", index.Department: "部门", index.County: "地区", index.Site: "站点", index.Column: "栏目",
}

// A narrowing is one filter in force and the state without it.
type narrowing struct {
	label   string
	without state
}

func (p *pages) narrowings(st state) []narrowing {
	var out []narrowing
	for _, f := range filters {
		for i, v := range st.chosen[f] {
			rest := slices.Delete(slices.Clone(st.chosen[f]), i, i+1)
			out = append(out, narrowing{fieldNames[f] + "：" + p.valueName(f, v), st.with(f, rest...)})
		}
	}
	if label := dates(st.from, st.to); label != "" {
		out = append(out, narrowing{label, st.between("", "")})
	}
	return out
}

func (p *pages) chips(narrowings []narrowing) []chip {
	var out []chip
	for _, n := range narrowings {
		out = append(out, chip{n.label, n.without.url(p.home)})
	}
	return out
}

// dates names a span of days: 2024 年, 2024-03-01 至 2024-03-31, 2024-03-01 以来.
func dates(from, to string) string {
	switch {
	case from == "" && to == "":
		return ""
	case to == "":
		return from + " 以来"
	case from == "":
		return to + " 以前"
	}
	if year, first := strings.CutSuffix(from, "-01-01"); first && to == year+"-12-31" {
		return year + " 年"
	}
	return from + " 至 " + to
}

// valueID is the id of a value that a filter was given, by id or by name.
func (p *pages) valueID(f index.Field, v string) string {
	find := map[index.Field]func(string) (string, bool){
		index.Department: p.registry.Department, index.County: p.registry.County, index.Site: p.registry.SiteNamed,
	}[f]
	if find != nil {
		if id, ok := find(v); ok {
			return id
		}
	}
	return v
}

// valueName is what a reader calls a value of a filter.
func (p *pages) valueName(f index.Field, v string) string {
	id := p.valueID(f, v)
	switch f {
	case index.Department:
		return p.registry.DepartmentName(id)
	case index.County:
		return p.registry.CountyName(id)
	case index.Site:
		return p.registry.SiteName(id)
	case index.Kind:
		if name := query.KindName(id); name != "" {
			return name
		}
	}
	return v
}

// maxWiden bounds how many searches an empty page makes to offer a way on.
const maxWiden = 5

// widen offers what would find something: one filter less, the text instead of the titles, no filter at all.
func (p *pages) widen(ctx context.Context, st state, narrowings []narrowing) []link {
	var tries []narrowing
	for _, n := range narrowings {
		tries = append(tries, narrowing{"去掉“" + n.label + "”", n.without})
	}
	if st.titleOnly {
		tries = append(tries, narrowing{"在全文中查找", st.in(false)})
	}
	tries = tries[:min(len(tries), maxWiden)]
	if len(tries) > 1 {
		tries = append(tries, narrowing{"去掉全部筛选", st.free().in(false)})
	}
	var out []link
	for _, t := range tries {
		r, err := t.without.request()
		if err != nil {
			continue
		}
		r.PageSize = 1
		res, err := p.options.Searcher.Search(ctx, r)
		if err != nil {
			p.log.Debug("no suggestion for an empty page", "error", fmt.Sprint(err))
			return out
		}
		if res.Total > 0 {
			out = append(out, link{Name: t.label, Count: res.Total, URL: t.without.url(p.home)})
		}
	}
	return out
}
