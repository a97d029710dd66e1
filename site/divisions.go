package site

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"terrace/dict"
)

// A Division is an administrative division of the country, as dict.Divisions lists them.
type Division struct {
	Name  string
	Level Level
	Below []*Division
}

// A Level is how high a division stands.
type Level int

const (
	Province   Level = iota
	Prefecture       // 地级市, 自治州, 地区, 盟
	County           // 县级
	Township         // 乡级
)

// Division is the division that the cluster is of, with all below it. It is nil where none is called as Region says, or several are and neither the
// configured places nor their level tells which. A name of Region may begin with those of the divisions above: 北京市朝阳区. A bare one, as 红河,
// counts where no name is fuller, and means the highest division called so.
func (r *Registry) Division() *Division {
	region := r.Region()
	if len(region) == 0 {
		return nil
	}
	c := readCountry()
	official := func(full string) []string { return []string{full, Plain(full)} }
	for _, name := range region {
		if found := c.called(name, official); len(found) > 0 {
			return r.likeliest(c, found)
		}
	}
	short := func(full string) []string { return []string{Bare(Plain(full))} }
	for _, name := range region {
		fuller := func(other string) bool { return other != name && strings.HasPrefix(other, name) }
		if slices.ContainsFunc(region, fuller) {
			continue // 云河 is what 云河州 is, or nothing
		}
		if found := c.called(name, short); len(found) > 0 {
			return r.likeliest(c, found)
		}
	}
	return nil
}

// likeliest is of the divisions of one name the one that most of the configured places lie in, of equal ones the highest.
func (r *Registry) likeliest(c country, found []int) *Division {
	var best *Division
	most, twice := 0, false
	for _, line := range found {
		d := c.division(line)
		n := 0
		for _, below := range d.Below {
			if _, ok := r.PlaceOf(below); ok {
				n++
			}
		}
		switch {
		case best == nil || n > most || n == most && d.Level < best.Level:
			best, most, twice = d, n, false
		case n == most && d.Level == best.Level:
			twice = true
		}
	}
	if twice {
		return nil
	}
	if len(best.Below) == 1 && best.Below[0].Name == best.Name { // 东莞市 has townships only, listed below a county of its name
		return best.Below[0]
	}
	return best
}

// PlaceOf is the id of the configured place that a division is: called so in full or for short, a county also by its bare name.
func (r *Registry) PlaceOf(d *Division) (id string, ok bool) {
	names := []string{d.Name, Plain(d.Name)}
	if d.Level == County {
		names = append(names, Bare(names[1]))
	}
	for _, name := range names {
		if id, ok = r.County(name); ok && name != "" {
			return id, true
		}
	}
	return "", false
}

// A country is the lines of dict.Divisions.
type country []string

// readCountry unpacks the list; its half a megabyte is needed once. The list is embedded and tested: an error is the program's.
func readCountry() country {
	in, err := dict.Divisions()
	if err != nil {
		panic(fmt.Errorf("read the list of divisions: %w", err))
	}
	text, err := io.ReadAll(in)
	if err != nil {
		panic(fmt.Errorf("read the list of divisions: %w", err))
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// entry is the division of a line, without those below it, and the names of its townships.
func (c country) entry(line int) (level Level, name, townships string) {
	text := strings.TrimLeft(c[line], " ")
	level = Level(len(c[line]) - len(text))
	name, townships, _ = strings.Cut(text, " ")
	return level, name, townships
}

// called are the lines of the divisions that a name means, which may begin with the names of those above. forms gives the ways to write one's own.
func (c country) called(name string, forms func(full string) []string) (lines []int) {
	rest := [County + 1]string{name, name, name} // of the name, without those of the divisions above each level
	for line := range c {
		level, full, _ := c.entry(line)
		if level < County {
			rest[level+1] = withoutFirst(rest[level], full)
		}
		if own := forms(full); name != "" && (slices.Contains(own, name) || slices.Contains(own, rest[level])) {
			lines = append(lines, line)
		}
	}
	return lines
}

func withoutFirst(name, division string) string {
	for _, form := range []string{division, Plain(division), Bare(Plain(division))} {
		if rest, ok := strings.CutPrefix(name, form); ok && rest != "" && form != "" {
			return rest
		}
	}
	return name
}

// division is that of a line with all below it. It shares no memory with the list.
func (c country) division(line int) *Division {
	level, name, townships := c.entry(line)
	d := &Division{Name: strings.Clone(name), Level: level}
	for t := range strings.FieldsSeq(townships) {
		d.Below = append(d.Below, &Division{Name: strings.Clone(t), Level: Township})
	}
	for line++; line < len(c); line++ {
		below, name, _ := c.entry(line)
		switch {
		case below <= level:
			return d
		case below == level+1 && name == "-":
			d.Below = append(d.Below, c.division(line).Below...)
		case below == level+1:
			d.Below = append(d.Below, c.division(line))
		}
	}
	return d
}
