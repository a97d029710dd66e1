package main

import (
	"strings"

	"golang.org/x/text/width"
)

// A table is rows of cells that a terminal shows in columns, Chinese characters taking two places.
type table [][]string

func (t table) lines() []string {
	var widths []int
	for _, row := range t {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], columns(cell))
		}
	}
	out := make([]string, len(t))
	for i, row := range t {
		var b strings.Builder
		for j, cell := range row {
			b.WriteString(cell)
			b.WriteString(strings.Repeat(" ", widths[j]-columns(cell)+2))
		}
		out[i] = strings.TrimRight(b.String(), " ")
	}
	return out
}

func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
		return 2
	}
	return 1
}

// short cuts a text that takes more than n columns. Control characters, which a terminal may obey, become blanks.
func short(s string, n int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, s)
	if columns(s) <= n {
		return s
	}
	used := 0
	for i, r := range s {
		if used += runeColumns(r); used > n-2 {
			return s[:i] + "…"
		}
	}
	return s
}
