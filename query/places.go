package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"terrace/index"
	"terrace/lexicon"
	"terrace/segment"
	"terrace/site"
)

// A meaning is a Name with where its words mean it.
type meaning struct {
	Name
	township bool       // which means its county, of several of one name those that the query names beside it
	where    site.Where // of a township
	not      string     // site.Call
}

// Places are the names that a query may hold, with those of the divisions that the cluster is of.
type places struct {
	sure  lexicon.Table[[]meaning] // mean what they name at most places
	loose lexicon.Table[[]meaning] // mean it at some places only
	above map[string]string        // the place that one lies in, where that is no more than part of the region
}

// Places of one name beyond these say too little.
const maxNamesakes = 3

// newPlaces adds to the configured names those of the cluster's division: counties that are configured or that documents carry, and townships, which
// mean the county that they are of. carried are the values of index.County that no configured place has.
func newPlaces(configured *lexicon.Table[[]Name], r *site.Registry, carried []string) *places {
	p := &places{above: map[string]string{}}
	configured.Each(func(text string, names []Name) {
		for _, n := range names {
			p.add(&p.sure, text, meaning{Name: n})
		}
	})
	for _, place := range r.Cluster().Places {
		p.addPlace(site.Plain(place.Name), place.ID)
	}
	for _, name := range r.Region() {
		p.addPlace(site.Plain(name), "")
	}
	values := map[string]bool{}
	for _, v := range carried {
		plain := site.Plain(v)
		if site.Bare(plain) == "" {
			continue // no place's name: 其他
		}
		values[v] = true
		p.addPlace(v, v)
		p.addPlace(plain, v)
	}
	if d := r.Division(); d != nil {
		w := walk{p, r, values, d.Calls(), d.Level == site.County}
		w.below(d, "")
	}
	return p
}

// add keeps a name that is none yet for something else.
func (p *places) add(table *lexicon.Table[[]meaning], text string, n meaning) {
	have, _ := table.Get(text)
	for _, h := range have {
		if h.Name == n.Name || h.township != n.township {
			return
		}
	}
	table.Set(text, append(have, n))
}

func (p *places) addPlace(name, value string) {
	name = strings.TrimSpace(segment.Normalize(name))
	if _, taken := p.sure.Get(name); !taken && utf8.RuneCountInString(name) >= 2 {
		p.sure.Set(name, []meaning{{Name: Name{Field: index.County, Value: value}}})
	}
}

// A walk goes through a division.
type walk struct {
	*places
	registry *site.Registry
	carried  map[string]bool
	calls    map[string][]site.Call
	ofCounty bool // the cluster is of a county: a township lies in the region alone
}

// below adds what lies below a division. above is the place that documents may be of which that is or lies in; empty: the region.
func (w *walk) below(d *site.Division, above string) {
	for _, b := range d.Below {
		value := w.value(b)
		if value != "" && above != "" && value != above {
			w.above[value] = above
		}
		if value == "" {
			value = above
		} else {
			w.addPlace(b.Name, value)
			w.addPlace(site.Plain(b.Name), value)
		}
		if b.Level == site.Township && (value != "" || w.ofCounty) {
			w.township(b.Name, value)
		}
		w.below(b, value)
	}
}

// value is what documents of a division hold as their county: a configured place's id, or the division's name as they carry it; else empty.
func (w *walk) value(d *site.Division) string {
	if id, ok := w.registry.PlaceOf(d); ok {
		return id
	}
	for _, name := range []string{d.Name, site.Plain(d.Name)} {
		if w.carried[name] {
			return name
		}
	}
	return ""
}

func (w *walk) township(name, county string) {
	for _, c := range w.calls[name] {
		text := segment.Normalize(c.Text)
		have, taken := w.sure.Get(text)
		if taken && !have[0].township {
			continue // what is configured overrules
		}
		table := &w.loose
		if c.Where == site.Anywhere {
			table = &w.sure
		}
		w.add(table, text, meaning{Name{Field: index.County, Value: county}, true, c.Where, c.Not})
	}
}

// find looks for names in a normalised text: at each place the longest, then among what is left those that mean something only where they stand well.
func (p *places) find(text string) []Name {
	var out []meaning
	rest := []byte(text)
	afterPlace := map[int]bool{}
	keep := func(f lexicon.Found[[]meaning]) {
		for _, n := range f.Value {
			n.Start, n.End = f.Start, f.End
			out = append(out, n)
		}
		afterPlace[f.End] = f.Value[0].Field == index.County
		blank(rest, f.Start, f.End)
	}
	for _, f := range p.sure.Find(text) {
		if f.Value[0].stands(rest, f.Start, f.End, false) {
			keep(f)
		}
	}
	for _, f := range p.loose.Find(string(rest)) {
		if f.Value[0].stands(rest, f.Start, f.End, afterPlace[f.Start]) {
			keep(f)
		}
	}
	return p.meant(out)
}

// stands reports whether a name means something between two bytes of a text whose names that are found already are blank.
func (n *meaning) stands(text []byte, start, end int, afterPlace bool) bool {
	before, _ := utf8.DecodeLastRune(text[:start])
	after, _ := utf8.DecodeRune(text[end:])
	switch {
	case strings.ContainsRune(n.not, after):
		return false
	case n.where == site.First:
		return afterPlace || !inWord(before)
	case n.where == site.Alone:
		return afterPlace || !inWord(before) && !inWord(after)
	}
	return true
}

func inWord(r rune) bool { return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// meant leaves of townships those whose county the query names, where it names one, and none of a name that many have.
func (p *places) meant(names []meaning) (out []Name) {
	counties := map[string]bool{}
	for _, n := range names {
		if n.Field == index.County && !n.township && n.Value != "" {
			counties[n.Value] = true
		}
	}
	namesakes := map[int]int{}
	kept := names[:0]
	for _, n := range names {
		if n.township && len(counties) > 0 && !counties[n.Value] && !counties[p.above[n.Value]] {
			continue
		}
		kept = append(kept, n)
		namesakes[n.Start]++
	}
	for _, n := range kept {
		if !n.township || namesakes[n.Start] <= maxNamesakes {
			out = append(out, n.Name)
		}
	}
	slices.SortStableFunc(out, func(a, b Name) int { return a.Start - b.Start })
	return out
}
