package server

import (
	"terrace/index"
	terracev1 "terrace/proto/terrace/v1"
	"terrace/query"
)

// explain adds how the text was understood, and what each score is made of.
func (s searchService) explain(out *terracev1.SearchResponse, res *query.Response, text string) {
	for i := range res.Hits {
		out.Hits[i].Score = float64(res.Hits[i].Score)
		for _, p := range res.Hits[i].Parts {
			out.Hits[i].Parts = append(out.Hits[i].Parts, &terracev1.Part{Text: p.Text, Value: p.Value})
		}
	}
	p := res.Plan
	if p == nil {
		return
	}
	out.Plan = &terracev1.Plan{Require: p.Require, Exclude: p.Exclude, Sites: p.Sites}
	for _, g := range p.Groups {
		group := &terracev1.Plan_Group{Start: count(g.Start), End: count(g.End)}
		for _, a := range g.Alternatives {
			group.Alternatives = append(group.Alternatives, &terracev1.Plan_Alternative{Text: a.Text, Weight: a.Weight, Source: a.Source})
		}
		out.Plan.Groups = append(out.Plan.Groups, group)
	}
	recognized := func(r query.Range, kind, value, name string) {
		out.Plan.Recognized = append(out.Plan.Recognized, &terracev1.Plan_Recognized{Start: count(r.Start), End: count(r.End), Kind: kind, Value: value, Name: name})
	}
	for _, n := range p.Numbers {
		recognized(n.Range, "doc_no", n.Number, text[n.Start:n.End])
	}
	if d := p.Days; d != nil {
		recognized(d.Range, "days", d.From.String()+"/"+d.To.String(), d.Text)
	}
	for _, n := range p.Names {
		recognized(n.Range, nameKind(n), n.Value, s.nameOf(n, text))
	}
}

func nameKind(n query.Name) string {
	switch {
	case n.Intent:
		return "intent"
	case n.Field == index.County && n.Value == "":
		return "region"
	}
	return string(n.Field)
}

func (s searchService) nameOf(n query.Name, text string) string {
	switch {
	case n.Field == index.Kind:
		return query.KindName(n.Value)
	case n.Field == index.Department:
		return s.registry.DepartmentName(n.Value)
	case n.Field == index.County && n.Value != "":
		return s.registry.CountyName(n.Value)
	}
	return text[n.Start:n.End]
}
