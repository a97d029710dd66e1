package server

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"terrace/index"
	"terrace/query"
)

// results is what was found, with every way on from there.
type results struct {
	Total     int
	Exact     bool
	Relaxed   bool
	Ignored   bool // nothing in the text can be searched for
	Browsed   bool // no words were asked for: latest first
	Page      int  // from 1
	First     int  // rank of the first hit
	Tabs      []link
	Groups    []group
	Sorts     []link
	Ins       []link
	From, To  string
	DatesKeep []pair // what the date form keeps of the state
	Hits      []hit
	Pages     []link // a link without URL is a gap
	Prev      string
	Next      string
	Cut       bool // there is more than is served
	Widen     []link
	Rewriting *rewriting
	Address   *address // what was typed is a URL
	Related   []link   // what readers ask for together with the text
}

// A rewriting is another form of the text, likelier to be meant.
type rewriting struct {
	Text    string
	Applied bool   // the results are those of Text
	URL     string // of Text
	AsTyped string // of what was typed, as it is
}

// A link is one choice. Count is how many results it leads to.
type link struct {
	Name   string
	Count  int
	URL    string
	Chosen bool
}

// A group is a facet. More holds what is not needed at first sight.
type group struct {
	Name   string
	Values []link
	More   []link
}

const (
	groupFirst = 8
	groupMost  = 100
)

func (g *group) add(l link) {
	switch {
	case len(g.Values) < groupFirst:
		g.Values = append(g.Values, l)
	case len(g.Values)+len(g.More) < groupMost:
		g.More = append(g.More, l)
	}
}

// A hit is one result as shown.
type hit struct {
	query.Hit
	KindName string
	Where    []string // who publishes it, no name twice
	From     string   // the source as published, where Where does not say it already
	Validity string   // as a badge
	Related  []relatedDocument
	Card     []row

	MoreAttached int // attachments that are not shown
}

// A relatedDocument is what a hit leads on to, with what it is to the hit.
type relatedDocument struct{ What, URL, Title string }

// mostRelated is how many are shown with a hit.
const mostRelated = 3

// mostAttached is how many attachments are shown with a hit.
const mostAttached = 3

var validityNames = map[string]string{index.Valid: "有效", index.Amended: "已修改", index.Repealed: "已废止"}

var linkNames = map[string]string{index.RepealedBy: "已被废止，见", index.AmendedBy: "已被修改，见", index.Explains: "所解读的政策", index.ExplainedBy: "政策解读"}

// fill asks what the state asks and lays the answer out.
func (p *pages) fill(ctx context.Context, v *view, st state) error {
	r, err := st.request()
	if err != nil {
		return err
	}
	res, err := p.options.Searcher.Search(ctx, r)
	if err != nil {
		return err
	}
	out := &results{
		Total: res.Total, Exact: res.TotalIsExact, Relaxed: res.Relaxed, Ignored: res.Ignored, Browsed: res.Browsed, Page: st.page, First: (st.page-1)*pageSize + 1,
		From: st.from, To: st.to, DatesKeep: st.pairs("date_from", "date_to", "page"), Cut: res.Total > index.MaxRank,
		Sorts: []link{{Name: "相关度", URL: st.sorted(false).url(p.home), Chosen: !st.byDate}, {Name: "时间", URL: st.sorted(true).url(p.home), Chosen: st.byDate}},
		Ins:   []link{{Name: "全文", URL: st.in(false).url(p.home), Chosen: !st.titleOnly}, {Name: "标题", URL: st.in(true).url(p.home), Chosen: st.titleOnly}},
		Tabs:  p.tabs(st, res), Groups: p.groups(st, res),
	}
	for _, h := range res.Hits {
		out.Hits = append(out.Hits, show(h))
	}
	p.paginate(out, st)
	narrowings := p.narrowings(st)
	clear := st.free()
	if d := res.Days; d != nil {
		narrowings = append(narrowings, narrowing{"时间：" + d.Text + "（" + dates(d.From.String(), d.To.String()) + "）", st.words()})
		clear = clear.words()
	}
	if res.AllWords {
		narrowings = append(narrowings, narrowing{"含全部词语", st.any()})
		clear = clear.any()
	}
	if res.Days != nil || res.AllWords {
		v.Chips, v.ClearURL = p.chips(narrowings), clear.url(p.home)
	}
	if w := res.Rewriting; w != nil {
		out.Rewriting = &rewriting{Text: w.Text, Applied: w.Applied, URL: st.asking(w.Text).url(p.home), AsTyped: st.asTyped().url(p.home)}
	}
	if res.Address != nil {
		out.Address = p.address(st, *res.Address, len(res.Hits) > 0)
	}
	if res.Total == 0 && !res.Ignored && res.Address == nil {
		out.Widen = p.widen(ctx, st, narrowings)
	}
	v.Results, v.Heading = out, p.heading(st)
	v.Window = window(st, v.Heading, out.Total, v.Cluster)
	return nil
}

// heading is what was asked for: the words, or else what was chosen.
func (p *pages) heading(st state) string {
	if st.text != "" {
		return st.text
	}
	var names []string
	for _, f := range filters {
		for _, v := range st.chosen[f] {
			names = append(names, p.valueName(f, v))
		}
	}
	if days := dates(st.from, st.to); days != "" {
		names = append(names, days)
	}
	return strings.Join(names, " · ")
}

func window(st state, heading string, total int, cluster string) string {
	s := fmt.Sprintf("%s（%s 条结果）", heading, thousands(total))
	if st.page > 1 {
		s += fmt.Sprintf("第 %d 页", st.page)
	}
	return s + " - " + cluster + "搜索"
}

func show(h query.Hit) hit {
	out := hit{Hit: h, KindName: query.KindName(h.Kind), Validity: validityNames[h.Validity]}
	for _, l := range h.Links[:min(len(h.Links), mostRelated)] {
		out.Related = append(out.Related, relatedDocument{linkNames[l.Kind], l.URL, l.Title})
	}
	out.Attachments = h.Attachments[:min(len(h.Attachments), mostAttached)]
	out.MoreAttached = h.Attached - len(out.Attachments)
	if h.Kind == index.Other {
		out.KindName = ""
	}
	for _, name := range []string{h.SiteName, h.DepartmentName, h.CountyName} {
		if name != "" && !slices.ContainsFunc(out.Where, func(said string) bool { return strings.Contains(said, name) }) {
			out.Where = append(out.Where, name)
		}
	}
	if h.Source != "" && !slices.ContainsFunc(out.Where, func(said string) bool { return strings.Contains(said, h.Source) }) {
		out.From = h.Source
	}
	out.Card = card(&out)
	return out
}

// tabs are the kinds of content. A count is what the click gives.
func (p *pages) tabs(st state, res *query.Response) []link {
	counts := map[string]int{}
	all := 0
	for _, v := range res.Facets[index.Kind] {
		counts[v.Value] = v.Count
		all += v.Count
	}
	chosen := st.chosen[index.Kind]
	if len(chosen) == 0 {
		all = res.Total
	}
	out := []link{{Name: "全部", Count: all, URL: st.with(index.Kind).url(p.home), Chosen: len(chosen) == 0}}
	for _, k := range index.Kinds {
		is := slices.Contains(chosen, k) || slices.Contains(chosen, query.KindName(k))
		if counts[k] == 0 && !is {
			continue
		}
		to := st.with(index.Kind, k)
		if is {
			to = st.with(index.Kind)
		}
		out = append(out, link{Name: query.KindName(k), Count: counts[k], URL: to.url(p.home), Chosen: is})
	}
	return out
}

var groupNames = []struct {
	field index.Field
	name  string
}{{index.Department, "部门"}, {index.County, "地区"}, {index.Site, "站点"}, {index.Column, "栏目"}, {index.Year, "年份"}}

func (p *pages) groups(st state, res *query.Response) []group {
	var out []group
	for _, n := range groupNames {
		g := group{Name: n.name}
		for _, v := range p.values(st, res, n.field) {
			if n.field == index.Year {
				g.add(p.year(st, v))
				continue
			}
			g.add(p.choice(st, n.field, v))
		}
		if len(g.Values) > 0 {
			out = append(out, g)
		}
	}
	return out
}

// values are those of a facet, years the latest first, and before them what was chosen and is not among the results.
func (p *pages) values(st state, res *query.Response, f index.Field) []query.FacetValue {
	var out []query.FacetValue
	for _, v := range st.chosen[f] {
		id := p.valueID(f, v)
		if !slices.ContainsFunc(res.Facets[f], func(have query.FacetValue) bool { return have.Value == id }) {
			out = append(out, query.FacetValue{Value: id, Name: p.valueName(f, v), Chosen: true})
		}
	}
	out = append(out, res.Facets[f]...)
	if f == index.Year {
		slices.SortFunc(out, func(a, b query.FacetValue) int { return strings.Compare(b.Value, a.Value) })
	}
	return out
}

func (p *pages) choice(st state, f index.Field, v query.FacetValue) link {
	chosen := v.Chosen && len(st.chosen[f]) > 0
	to := st.with(f, v.Value)
	if chosen {
		to = st.with(f)
	}
	return link{Name: v.Name, Count: v.Count, URL: to.url(p.home), Chosen: chosen}
}

// year leads to the part of a year inside the days chosen, which is what its count counts.
func (p *pages) year(st state, v query.FacetValue) link {
	first, last := v.Value+"-01-01", v.Value+"-12-31"
	from, to := max(first, st.from), last
	if st.to != "" {
		to = min(last, st.to)
	}
	if st.from >= first && st.to != "" && st.to <= last {
		return link{Name: v.Name + " 年", Count: v.Count, URL: st.between("", "").url(p.home), Chosen: true}
	}
	return link{Name: v.Name + " 年", Count: v.Count, URL: st.between(from, to).url(p.home)}
}

// pageSize is how many results a page shows.
const pageSize = 10

// paginate links the first page, the last, and those around the current one.
func (p *pages) paginate(out *results, st state) {
	last := (min(out.Total, index.MaxRank) + pageSize - 1) / pageSize
	if last < 2 {
		return
	}
	to := func(n int) string { return st.at(n).url(p.home) }
	if st.page > 1 {
		out.Prev = to(min(st.page-1, last))
	}
	if st.page < last {
		out.Next = to(st.page + 1)
	}
	before := 0
	for n := 1; n <= last; n++ {
		if n != 1 && n != last && (n < st.page-2 || n > st.page+2) {
			continue
		}
		if n > before+1 {
			out.Pages = append(out.Pages, link{Name: "…"})
		}
		out.Pages = append(out.Pages, link{Name: strconv.Itoa(n), URL: to(n), Chosen: n == st.page})
		before = n
	}
}

func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
