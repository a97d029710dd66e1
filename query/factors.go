package query

import (
	"math"
	"slices"
	"strconv"
	"time"

	"terrace/index"
	"terrace/site"
)

// The factors that a score is multiplied by, by what a document is and not by what it says. Each can be switched off; docs/ranking.md tells
// how far each goes and why.
const (
	FactorKind       = "kind"       // it is of the kind asked for
	FactorDepartment = "department" // it is of the office named
	FactorColumn     = "column"     // it stands in the column named
	FactorPlace      = "place"      // it is of the place named, or of another
	FactorLevel      = "level"      // where no place is named, a county's page is for its county alone
	FactorFreshness  = "freshness"  // how fast it ages is its kind's
	FactorValidity   = "validity"   // it was repealed
)

// Factors lists them.
var Factors = []string{FactorKind, FactorDepartment, FactorColumn, FactorPlace, FactorLevel, FactorFreshness, FactorValidity}

// How far each factor goes.
const (
	kindAsked     = 1.12
	officeNamed   = 1.15
	columnNamed   = 1.08
	placeNamed    = 1.15
	regionNamed   = 1.08
	countyUnasked = .96 // where no place is named
	countyBeside  = .93 // where the region is named, or a place that the county lies in
	countyOther   = .80 // where another county is named
	repealed      = .75
)

// aging is how much a document of a kind loses in the end, and the years in which it loses two thirds of that. A notice ages, a rule does not.
var aging = map[string]struct{ loss, years float64 }{
	index.News:           {.15, 2},
	index.Interaction:    {.10, 3},
	index.Disclosure:     {.10, 3},
	index.Interpretation: {.05, 4},
	index.Other:          {.05, 4},
	index.Service:        {.04, 5},
}

// A factor is what one of them does to a score, and why, in a reader's words.
type factor struct {
	value float64
	why   string
}

// factors knows what a query asks for beside its words.
type factors struct {
	registry *site.Registry
	off      map[string]bool
	today    time.Time
	kinds    []string
	offices  []string
	columns  []string
	counties []string          // places within the region
	above    map[string]string // the place that one lies in
	region   bool
}

func (s *view) factorsOf(p *parsed) *factors {
	f := &factors{registry: s.registry, off: s.off, today: s.now(), above: s.understander.places.Load().above}
	for _, n := range p.names {
		switch {
		case n.Field == index.Kind:
			f.kinds = append(f.kinds, n.Value)
		case n.Field == index.Department:
			f.offices = append(f.offices, n.Value)
		case n.Field == index.Column:
			f.columns = append(f.columns, n.Value)
		case n.Value == "":
			f.region = true
		default:
			f.counties = append(f.counties, n.Value)
		}
	}
	return f
}

// of gives the factors of a document that change its score.
func (f *factors) of(d *index.Document) (out []factor) {
	for _, x := range []struct {
		name string
		of   func(*index.Document) factor
	}{
		{FactorKind, f.kind}, {FactorDepartment, f.office}, {FactorColumn, f.column}, {FactorPlace, f.place}, {FactorLevel, f.level}, {FactorFreshness, f.freshness}, {FactorValidity, f.validity},
	} {
		if f.off[x.name] {
			continue
		}
		if got := x.of(d); got.value != 0 && got.value != 1 {
			out = append(out, got)
		}
	}
	return out
}

func (f *factors) kind(d *index.Document) (out factor) {
	if slices.Contains(f.kinds, d.Kind) {
		return factor{kindAsked, "类别为" + KindName(d.Kind)}
	}
	return out
}

func (f *factors) office(d *index.Document) (out factor) {
	for i := range d.Copies {
		if id := d.Copies[i].Department; id != "" && slices.Contains(f.offices, id) {
			return factor{officeNamed, "同为" + f.registry.DepartmentName(id)}
		}
	}
	return out
}

func (f *factors) column(d *index.Document) (out factor) {
	for i := range d.Copies {
		if c := d.Copies[i].Column; c != "" && slices.Contains(f.columns, c) {
			return factor{columnNamed, "栏目为" + c}
		}
	}
	return out
}

// place puts what is of the county named first, then what is of a place above it, a county that lies in it, and another county's last.
func (f *factors) place(d *index.Document) factor {
	if len(f.counties) == 0 {
		return f.ofRegion(d)
	}
	best := factor{}
	for i := range d.Copies {
		county := d.Copies[i].County
		if county == "" {
			continue
		}
		if got := f.county(county); best.value == 0 || got.value > best.value {
			best = got
		}
	}
	return best
}

// county is what a document's being of a county does where some are named.
func (f *factors) county(county string) factor {
	name := f.registry.CountyName(county)
	switch {
	case slices.Contains(f.counties, county):
		return factor{placeNamed, "同为" + name}
	case slices.ContainsFunc(f.counties, func(named string) bool { return f.liesIn(named, county) }):
		return factor{1, "上一级（" + name + "）"}
	case slices.ContainsFunc(f.counties, func(named string) bool { return f.liesIn(county, named) }):
		return factor{countyBeside, "只属于" + name}
	}
	return factor{countyOther, "属于别处（" + name + "）"}
}

// liesIn goes up by no more steps than there are levels, whatever ids are configured.
func (f *factors) liesIn(place, in string) bool {
	for range site.Township {
		if place = f.above[place]; place == in && in != "" {
			return true
		}
	}
	return false
}

func (f *factors) ofRegion(d *index.Document) (out factor) {
	if !f.region {
		return out
	}
	for i := range d.Copies {
		if c := d.Copies[i].County; c != "" {
			return factor{countyBeside, "只属于" + f.registry.CountyName(c)}
		}
	}
	return factor{regionNamed, "同为" + f.registry.Region()[0]}
}

func (f *factors) level(d *index.Document) (out factor) {
	if len(f.counties) > 0 || f.region || d.Level < 2 {
		return out
	}
	return factor{countyUnasked, "县级站点"}
}

func (f *factors) freshness(d *index.Document) (out factor) {
	a, ages := aging[d.Kind]
	day := d.Date()
	if !ages || day == 0 {
		return out
	}
	published := day.In(site.Zone)
	years := max(f.today.Sub(published).Hours()/24/365.25, 0)
	return factor{1 - a.loss*(1-math.Exp(-years/a.years)), ago(years)}
}

func (f *factors) validity(d *index.Document) (out factor) {
	if d.Validity == index.Repealed {
		return factor{repealed, "已废止"}
	}
	return out
}

func ago(years float64) string {
	switch {
	case years < 1.0/12:
		return "一个月内发布"
	case years < 1:
		return strconv.Itoa(int(max(years*12, 1)+.5)) + " 个月前发布"
	}
	return strconv.Itoa(int(years+.5)) + " 年前发布"
}
