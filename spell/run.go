package spell

import (
	"regexp"
	"unicode/utf8"

	"terrace/segment"
)

// A run is Han characters that stand beside each other in a query.
type run struct {
	han     []rune // in their normal form
	from    []int  // byte of the query each begins at
	to      []int  // and ends at
	fixed   []bool // not to be changed, or no more
	closed  []bool // at i, nothing goes before the character i
	unknown []bool // at i, the bigram of the characters i-1 and i is in no text
}

// documentNumber is 红政发〔2023〕5号 in any bracket, width and spacing: a year in brackets with the agency's characters before it and, if it is
// there, the number after it; or without brackets a year and 第…号 or …号.
var documentNumber = func() *regexp.Regexp {
	blank, open, end := `[\s\p{Zs}]*`, `[〔\[［【(（{｛﹝<＜《〈「『]`, `[〕\]］】)）}｝﹞>＞》〉」』]`
	year, number := `(?:[0-9０-９]{4}|[〇○零一二三四五六七八九]{4})`, `第?`+blank+`[0-9０-９一二三四五六七八九十百]+`+blank
	return regexp.MustCompile(`\p{Han}*` + blank + `(?:` +
		open + blank + year + blank + end + `(?:` + blank + number + `号?)?|` +
		open + `?` + blank + year + blank + `年?` + blank + end + `?` + blank + number + `号)`)
}()

// readRuns gives the runs that may be changed, all that are in no document number.
func readRuns(query string) []*run {
	table := segment.NewCharacters()
	kept := documentNumber.FindAllStringIndex(query, -1)
	var runs []*run
	current := &run{}
	end := func() {
		if n := len(current.han); n > 0 {
			current.fixed, current.closed = make([]bool, n), make([]bool, n+1)
			runs, current = append(runs, current), &run{}
		}
	}
	for i, r := range query {
		for len(kept) > 0 && kept[0][1] <= i {
			kept = kept[1:]
		}
		normal, class := table.Of(r)
		if class != segment.Han || len(kept) > 0 && kept[0][0] <= i {
			end()
			continue
		}
		current.han = append(current.han, normal)
		current.from, current.to = append(current.from, i), append(current.to, i+utf8.RuneLen(r))
	}
	end()
	return runs
}
