package query

import (
	"terrace/analysis"
	"terrace/index"
	"terrace/lexicon"
	"terrace/segment"
)

// A group is words of a query that others may stand for. A document counts by the best of the alternatives, the first of which is the words as typed.
type group struct {
	Range
	alternatives []alternative
}

// An alternative is what is looked for in place of a group's words.
type alternative struct {
	lexicon.Expansion
	units []analysis.Unit
}

// maxGroups is how many terms of a query are expanded: what it costs grows with each.
const maxGroups = 4

// groups makes a group of each term that others may stand for, and takes its units out of the query's. The weights of an alternative's units add up to
// those of the words that it stands for, times its own: a longer term is not worth more.
func (s *view) groups(p parsed) (out []group, rest []analysis.Unit) {
	rest = p.words.Units
	for _, m := range p.matches[:min(len(p.matches), maxGroups)] {
		typed := analysis.Query(s.seg, p.text[m.Start:m.End]).Units
		if rest = without(rest, &typed); len(typed) == 0 {
			continue
		}
		g := group{Range{m.Start, m.End}, []alternative{{lexicon.Expansion{Text: p.text[m.Start:m.End], Weight: 1}, typed}}}
		for _, x := range m.Expansions[:min(len(m.Expansions), lexicon.MaxUsed)] {
			g.alternatives = append(g.alternatives, s.alternative(x, typed))
		}
		out = append(out, g)
	}
	return out, rest
}

// alternative weighs the units of a term that may stand for what was typed.
func (s *view) alternative(x lexicon.Expansion, typed []analysis.Unit) alternative {
	units := analysis.Query(s.seg, x.Text).Units
	scale := float32(x.Weight) * weightOf(typed) / weightOf(units)
	for i := range units {
		units[i].Weight *= scale
	}
	return alternative{x, units}
}

// without takes the units of a part of a query out of the whole's, and out of the part's what the whole lacks.
func without(whole []analysis.Unit, part *[]analysis.Unit) []analysis.Unit {
	weights := map[string]float32{}
	for _, u := range *part {
		weights[u.Text] = u.Weight
	}
	var left, taken []analysis.Unit
	for _, u := range whole {
		w, in := weights[u.Text]
		if !in {
			left = append(left, u)
			continue
		}
		t := u
		t.Weight = min(w, u.Weight)
		taken = append(taken, t)
		if u.Weight -= w; u.Weight > 0 {
			left = append(left, u)
		}
	}
	*part = taken
	return left
}

func weightOf(units []analysis.Unit) (sum float32) {
	for _, u := range units {
		sum += u.Weight
	}
	return max(sum, 1e-9)
}

// scored is what documents are scored by in a field.
func (p *parsed) scored(f index.Field, share float32) (out []index.Group) {
	out = append(out, index.Group{terms(p.words.Units, f, share)})
	for _, g := range p.groups {
		var alternatives index.Group
		for _, a := range g.alternatives {
			alternatives = append(alternatives, terms(a.units, f, share))
		}
		out = append(out, alternatives)
	}
	return out
}

func terms(units []analysis.Unit, f index.Field, share float32) index.Alternative {
	a := make(index.Alternative, 0, len(units))
	for _, u := range units {
		a = append(a, index.Term{Field: f, Text: u.Text, Weight: u.Weight * share, Prefix: u.Prefix})
	}
	return a
}

// A variant is the query with an alternative in place of the words that it stands for.
type variant struct {
	lexicon.Expansion
	terms analysis.Terms
	key   string // segment.TitleKey of its text
}

// variants are the query as typed, and with each alternative by itself.
func (s *view) variants(p *parsed) []variant {
	typed := variant{lexicon.Expansion{Weight: 1}, p.words, segment.TitleKey(p.text)}
	typed.terms.Units = joined(p, -1, 0)
	out := []variant{typed}
	for i, g := range p.groups {
		for j, a := range g.alternatives[1:] {
			text := p.text[:g.Start] + " " + a.Text + " " + p.text[g.End:]
			t := analysis.Query(s.seg, text)
			t.Units = joined(p, i, j+1)
			out = append(out, variant{a.Expansion, t, segment.TitleKey(text)})
		}
	}
	return out
}

// joined are the units of the query with one alternative of one group, and the words as typed for the others.
func joined(p *parsed, group, alternative int) []analysis.Unit {
	var out []analysis.Unit
	at := map[string]int{}
	add := func(units []analysis.Unit) {
		for _, u := range units {
			if i, twice := at[u.Text]; twice {
				out[i].Weight += u.Weight
				continue
			}
			at[u.Text] = len(out)
			out = append(out, u)
		}
	}
	add(p.words.Units)
	for i, g := range p.groups {
		if i == group {
			add(g.alternatives[alternative].units)
		} else {
			add(g.alternatives[0].units)
		}
	}
	return out
}

// searchable reports whether anything is looked for.
func (p *parsed) searchable() bool { return len(p.words.Units) > 0 || len(p.groups) > 0 }
