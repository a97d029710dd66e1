package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"google.golang.org/protobuf/types/known/timestamppb"

	terracev1 "terrace/proto/terrace/v1"
)

// overview writes how many findings each rule and each site has.
func (r *findingsReport) overview(o *terracev1.ListFindingRulesResponse) {
	rules, sites := table{{"规则", "", "未解决", "严重", "本周新增", "已消失", "站点"}}, table{{"站点", "未解决", "严重", "本周新增", "已消失", "主要问题"}}
	titles := map[string]string{}
	for _, x := range o.Rules {
		titles[x.Name] = x.Title
		if sum, order, open := r.sum(o.Counts, func(c *terracev1.FindingCount) (string, bool) { return c.SiteName, c.Rule == x.Name }); sum.Open+sum.Gone > 0 {
			rules = append(rules, append([]string{x.Title, x.Name}, append(figures(sum), first(order, open))...))
		}
	}
	var ids []string
	for _, c := range o.Counts {
		if !slices.Contains(ids, c.Site) {
			ids = append(ids, c.Site)
		}
	}
	slices.Sort(ids)
	for _, id := range ids {
		name := ""
		sum, order, open := r.sum(o.Counts, func(c *terracev1.FindingCount) (string, bool) {
			if c.Site == id {
				name = c.SiteName
			}
			return titles[c.Rule], c.Site == id
		})
		sites = append(sites, append([]string{cmp.Or(name, id)}, append(figures(sum), first(order, open))...))
	}
	if len(rules) == 1 {
		fmt.Fprintln(r.out, "没有发现问题")
	} else {
		r.table(rules)
	}
	if r.site == "" && len(sites) > 1 {
		fmt.Fprintln(r.out)
		r.table(sites)
	}
	switch {
	case o.Left > 0 && r.done:
		fmt.Fprintf(r.out, "\n还有 %d 个网页没有看过：它们等着进索引，进了才看；服务没有运行的，运行 terrace crawl --once 或启动服务\n", o.Left)
	case o.Left > 0:
		fmt.Fprintf(r.out, "\n还有 %d 个网页没有看过：服务会在空闲时接着看，或加 --now 现在看完\n", o.Left)
	}
}

func (r *findingsReport) table(t table) {
	for i := range t {
		for j := range t[i] {
			t[i][j] = short(t[i][j], widestCell)
		}
	}
	fmt.Fprintln(r.out, strings.Join(t.lines(), "\n"))
}

// sum adds up counts that are meant, and those that are open by name.
func (r *findingsReport) sum(counts []*terracev1.FindingCount, meant func(*terracev1.FindingCount) (name string, ok bool)) (sum *terracev1.FindingCount, order []string, open map[string]int32) {
	sum, open = &terracev1.FindingCount{}, map[string]int32{}
	for _, c := range counts {
		name, ok := meant(c)
		if !ok {
			continue
		}
		sum.Open, sum.Serious, sum.New, sum.Gone = sum.Open+c.Open, sum.Serious+c.Serious, sum.New+c.New, sum.Gone+c.Gone
		if c.Open > 0 {
			order = append(order, name)
			open[name] += c.Open
		}
	}
	return sum, order, open
}

func figures(c *terracev1.FindingCount) []string {
	return []string{decimal(c.Open), decimal(c.Serious), decimal(c.New), decimal(c.Gone)}
}

// first names the three most frequent of names.
func first(order []string, count map[string]int32) string {
	const most = 3
	slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(count[b], count[a]) })
	text := frequent(order[:min(len(order), most)], count)
	if len(order) > most {
		text += "、…"
	}
	return text
}

// section writes findings of a rule, those of one site and cause beside each other.
func (r *findingsReport) section(rule *terracev1.FindingRule, all []*terracev1.Finding) {
	fmt.Fprintf(r.out, "\n%s（%s）%d 条\n依据：%s\n", rule.Title, rule.Name, len(all), rule.Basis)
	heading := ""
	for _, f := range all {
		if h := strings.TrimSpace(f.SiteName + "　" + oneLine(f.Group)); h != heading {
			heading = h
			fmt.Fprintf(r.out, "%s\n", h)
		}
		since := day(f.Since)
		if f.Gone != nil {
			since += " 至 " + day(f.Gone)
		}
		pages := ""
		if f.Pages > 1 {
			pages = fmt.Sprintf("　%d 个网页", f.Pages)
		}
		fmt.Fprintf(r.out, "  %s  %s%s\n", since, oneLine(f.Subject), pages)
		for i, e := range f.Examples {
			if i == examplesShown {
				break
			}
			fmt.Fprintf(r.out, "      %s\n", oneLine(e.Url))
			if e.Evidence != "" {
				fmt.Fprintf(r.out, "        %s\n", oneLine(e.Evidence))
			}
			for line := range strings.Lines(e.Fix) {
				fmt.Fprintf(r.out, "        改为 %s\n", short(strings.TrimSpace(line), 4*widestCell))
			}
		}
	}
}

// examplesShown is how many pages of a finding a terminal shows.
const examplesShown = 3

var severityNames = map[string]string{"hint": "提示", "fault": "问题", "serious": "严重"}

// row writes a finding into the file, a page a row.
func (r *findingsReport) row(rule *terracev1.FindingRule, f *terracev1.Finding) {
	examples := f.Examples
	if len(examples) == 0 {
		examples = []*terracev1.FindingExample{{}}
	}
	for _, e := range examples {
		r.csv.row([]string{f.SiteName, rule.Name, rule.Title, severityNames[f.Severity], f.Subject, f.Group, decimal(f.Pages), day(f.Since), day(f.Seen), day(f.Gone),
			e.Url, e.Evidence, e.Fix})
	}
}

// day is the day of a time here; empty where there is none.
func day(at *timestamppb.Timestamp) string {
	if at == nil {
		return ""
	}
	return at.AsTime().Local().Format("2006-01-02")
}
