package query

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"terrace/analysis"
	"terrace/index"
)

// A Plan is how a query is understood. Ranges are bytes of the text as typed.
type Plan struct {
	Groups  []PlanGroup
	Require []string // exact parts
	Exclude []string
	Sites   []string // ids
	Numbers []PlanNumber
	Days    *Days
	Names   []Name
}

// A PlanGroup is words that are looked for together; a document counts by the best of the alternatives, of which the first is as typed.
type PlanGroup struct {
	Range
	Alternatives []PlanAlternative
}

// A PlanAlternative is what may stand for the words of a group.
type PlanAlternative struct {
	Text   string
	Weight float64
	Source string // the list that says so; empty for what was typed
}

// A PlanNumber is a document number in a query.
type PlanNumber struct {
	Range
	Number string // in the form of the standard
}

// A Part is one part of a score, in words that an editor understands.
type Part struct {
	Text  string // such as 标题含“公积金”
	Value float64
}

func (s *view) describe(p *parsed) *Plan {
	out := &Plan{Require: p.require, Exclude: p.exclude, Sites: p.sites, Days: p.days, Names: p.names}
	for _, n := range p.numbers {
		out.Numbers = append(out.Numbers, PlanNumber{Range{n.Start, n.End}, n.String()})
	}
	for _, w := range p.words.Words {
		inside := func(g group) bool { return g.Start <= w.Start && w.End <= g.End }
		if !slices.ContainsFunc(p.groups, inside) {
			out.Groups = append(out.Groups, PlanGroup{Range{w.Start, w.End}, []PlanAlternative{{Text: w.Text, Weight: 1}}})
		}
	}
	for _, g := range p.groups {
		group := PlanGroup{Range: g.Range}
		for _, a := range g.alternatives {
			group.Alternatives = append(group.Alternatives, PlanAlternative{a.Text, a.Weight, a.Source})
		}
		out.Groups = append(out.Groups, group)
	}
	slices.SortFunc(out.Groups, func(a, b PlanGroup) int { return a.Start - b.Start })
	return out
}

// explain gives the hits of a page the parts that their scores are the sums of.
func (s *view) explain(out *Response, r Request, rankings []ranking, res *index.Result) {
	first := (max(r.Page, 1) - 1) * max(r.PageSize, 10)
	if r.PageSize > 0 {
		first = (max(r.Page, 1) - 1) * r.PageSize
	}
	analyzer := analysis.Index(s.seg)
	for i := range out.Hits {
		if first+i >= len(rankings) {
			break
		}
		k := &rankings[first+i]
		made := analyzer.Analyze(&k.hit.Document)
		out.Hits[i].Parts = k.parts(&made, res)
	}
}

// parts are in the order in which the score is made.
func (k *ranking) parts(made *index.Analysis, res *index.Result) (out []Part) {
	add := func(value float64, format string, a ...any) {
		if math.Abs(value) >= .005 {
			out = append(out, Part{fmt.Sprintf(format, a...), value})
		}
	}
	if k.hit.Exact {
		add(.01, "标题或文号与查询完全相同，排在最前")
		out[len(out)-1].Value = 0
	}
	if k.behind {
		out = append(out, Part{"已被后来的文件废止，排在那份文件之后", 0})
	}
	as := ""
	if k.variant.Source != "" {
		as = "按“" + k.variant.Text + "”："
	}
	add(k.title, "%s标题含%s", as, quoteAll(k.titleWords()))
	left := k.words
	for _, w := range k.wordWorth(made, res) {
		add(w.worth, "%s正文含“%s”%d 处", as, w.text, w.count)
		if math.Abs(w.worth) >= .005 {
			left -= w.worth
		}
	}
	rest := "正文其余字词"
	if len(made.Attached.Terms) > 0 {
		rest = "正文其余字词和附件的字词"
	}
	add(left, "%s", rest)
	add(k.whole, "标题含整个查询")
	add(k.singles, "单字相同")
	add(k.pairs, "相邻的词也相邻")
	score := k.sum()
	add(score*(k.cover-1), "查询的字词有缺")
	add(score*k.lead, "开头就讲所查内容")
	score = k.ofText()
	for _, f := range k.factors {
		add(score*(f.value-1), "%s", f.why)
		score *= f.value
	}
	total := 0.0
	for _, p := range out {
		total += p.Value
	}
	if rest := k.score() - total; math.Abs(rest) >= 1e-9 {
		out = append(out, Part{"其他", rest})
	}
	return out
}

// titleWords are the words of the query in the title, or, where it holds none whole, the pairs of characters.
func (k *ranking) titleWords() (out []string) {
	k.variant.reader.begin()
	k.variant.reader.read(k.hit.Document.Title)
	var pairs []string
	for i, u := range k.variant.terms.Units {
		isWord := func(w analysis.Word) bool { return w.Text == u.Text }
		switch {
		case !k.variant.reader.units[i]:
		case slices.ContainsFunc(k.variant.terms.Words, isWord):
			out = append(out, u.Text)
		default:
			pairs = append(pairs, u.Text)
		}
	}
	if len(out) == 0 {
		out = pairs
	}
	var longest []string
	for _, w := range out {
		inLonger := func(o string) bool { return o != w && strings.Contains(o, w) }
		if !slices.ContainsFunc(out, inLonger) {
			longest = append(longest, w)
		}
	}
	return longest
}

func quoteAll(words []string) string {
	var out strings.Builder
	for _, w := range words {
		out.WriteString("“" + w + "”")
	}
	return out.String()
}

type wordWorth struct {
	text  string
	count int
	worth float64
}

// wordWorth is what each content word's units add to the engine's score of the text.
func (k *ranking) wordWorth(made *index.Analysis, res *index.Result) (out []wordWorth) {
	counts := map[string]int{}
	for _, t := range made.Body.Terms {
		counts[t.Text] = t.Count
	}
	seen := map[string]bool{}
	weights := map[string]float32{}
	for _, u := range k.variant.terms.Units {
		weights[u.Text] = u.Weight
	}
	for _, w := range k.variant.terms.Words {
		x := wordWorth{text: w.Text, count: math.MaxInt}
		for _, t := range append(slices.Clone(w.Terms), w.Text) {
			if _, asked := weights[t]; !asked || seen[t] {
				continue
			}
			seen[t] = true
			df := res.DocFreq[index.TermKey{Field: index.Body, Text: t}]
			if df == 0 {
				continue // a word that was activated since the index was cut
			}
			worth := index.NewWeighting(index.Body, weights[t], df, res.Documents, res.AverageLength[index.Body])
			if n := counts[t]; n > 0 {
				x.worth += float64(worth.Add(float32(n), float32(made.Body.Length)))
			}
		}
		for _, t := range w.Terms {
			x.count = min(x.count, counts[t])
		}
		if x.worth > 0 && x.count > 0 {
			out = append(out, x)
		}
	}
	return out
}
