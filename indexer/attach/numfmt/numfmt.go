// Package numfmt shows the numbers of a sheet's cells as their formats say, so that a sheet reads the same in whichever file it was saved.
package numfmt

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// A Format is how a number in a cell reads. Of the codes of ECMA-376 part 1, 18.8.31 it knows decimals, leading zeros, thousands, shares, dates,
// times, and literal text on both sides; conditions, colours and places that are filled with blanks read as if they were not there, fractions are decimals.
type Format struct {
	positive, negative section
	two                bool // negative numbers have a section of their own
}

type section struct {
	general       bool
	before, after string // literal text
	within        []literal
	digits        int // least digits before the point
	decimals      int
	optional      int // of the decimals, those at the end that are shown only where they are not zero
	thousands     bool
	scale         int // the number is shown divided by 1000 so many times
	percent       bool
	scientific    bool
	date, clock   bool // shows a day, a time of day
	noDay         bool // of a date, year and month only
	seconds       bool
	elapsed       bool // hours may be more than a day has
}

// A literal is text that stands between digits, so many places before the point: 0!.0,"万" shows ten thousands with a tenth.
type literal struct {
	text   string
	places int
}

// maxCode is the longest code that is read, in bytes: 255 characters are allowed.
const maxCode = 1024

// builtIn are the codes that files name by number alone (18.8.30); those from 27 as in Chinese editions.
var builtIn = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00",
	9: "0%", 10: "0.00%", 11: "0.00E+00", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy",
	18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm",
	37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00", 40: "#,##0.00;-#,##0.00",
	41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 48: "0.0E+0", 49: "@",
	27: "yyyy/m", 28: "m/d", 29: "m/d", 30: "m/d/yy", 31: "yyyy/m/d", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: "yyyy/m",
	50: "yyyy/m", 51: "m/d", 52: "yyyy/m", 53: "m/d", 54: "m/d", 55: "h:mm", 56: "h:mm:ss", 57: "yyyy/m", 58: "m/d",
}

// BuiltIn is the format that files name by number alone: as a number stands, where there is none of that number.
func BuiltIn(id int) Format { return Read(builtIn[id]) }

// Read reads a format's code. Of one that is empty or too long a number reads as it stands.
func Read(code string) Format {
	if len(code) > maxCode {
		code = ""
	}
	sections := splitSections(code)
	f := Format{positive: readSection(sections[0])}
	if len(sections) > 1 {
		f.two, f.negative = true, readSection(sections[1])
	}
	return f
}

// First is the first section of a code: by it alone numbers below zero read like those above, behind a minus.
func First(code string) string { return splitSections(code)[0] }

// splitSections cuts a code at its semicolons, but for those in quotes.
func splitSections(code string) (sections []string) {
	quoted, from := false, 0
	for i := 0; i < len(code); i++ {
		switch {
		case code[i] == '\\' && !quoted:
			i++
		case code[i] == '"':
			quoted = !quoted
		case code[i] == ';' && !quoted:
			sections = append(sections, code[from:i])
			from = i + 1
		}
	}
	return append(sections, code[from:])
}

// Show is how a number reads. since04 counts days from 1904.
func (f Format) Show(v float64, since04 bool) string {
	s := f.positive
	if v < 0 && f.two {
		s, v = f.negative, -v
	}
	switch {
	case s.elapsed:
		minutes := int64(math.Round(min(math.Abs(v), 1e9) * 24 * 60))
		return fmt.Sprintf("%d:%02d", minutes/60, minutes%60)
	case s.date || s.clock:
		if text := s.moment(v, since04); text != "" {
			return text
		}
		return General(v)
	case s.general || s.scientific || math.Abs(v) >= 1e21:
		return s.before + General(v) + s.after
	}
	return s.before + s.number(v) + s.after
}

// number shows a number with so many decimals.
func (s section) number(v float64) string {
	if s.percent {
		v *= 100
	}
	for range s.scale {
		v /= 1000
	}
	text := strconv.FormatFloat(math.Abs(tidy(v)), 'f', s.decimals, 64)
	whole, rest, _ := strings.Cut(text, ".")
	for range s.optional {
		rest = strings.TrimSuffix(rest, "0")
	}
	if zeros := s.digits - len(whole); zeros > 0 {
		whole = strings.Repeat("0", zeros) + whole
	}
	for n, i := len(whole), len(s.within)-1; i >= 0; i-- {
		if at := n - s.within[i].places; at >= 0 {
			whole = whole[:at] + s.within[i].text + whole[at:]
		}
	}
	if s.thousands && len(s.within) == 0 {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + "," + whole[i:]
		}
	}
	if rest != "" {
		whole += "." + rest
	}
	if s.percent {
		whole += "%"
	}
	if v < 0 && strings.Trim(whole, "0.,%") != "" {
		whole = "-" + whole
	}
	return whole
}

// tidy is a number with the 15 digits that a sheet keeps, which ends 0.30000000000000004.
func tidy(v float64) float64 {
	t, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		return v
	}
	return t
}

// General shows a number without a format.
func General(v float64) string {
	verb := byte('f')
	if a := math.Abs(v); a >= 1e21 || a != 0 && a < 1e-9 {
		verb = 'g'
	}
	return strconv.FormatFloat(tidy(v), verb, -1, 64)
}

// moment shows a number of days as 2024-03-05, 2024-03, 14:30 or a day and a time; empty where it is no day of the calendar. Days before March 1900
// are one less than they seem, for a leap day that was not is counted.
func (s section) moment(v float64, since04 bool) string {
	if v < 0 || v >= 2958466 {
		return ""
	}
	base := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	switch {
	case since04:
		base = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	case v < 60:
		base = base.AddDate(0, 0, 1)
	}
	days := math.Floor(v)
	t := base.AddDate(0, 0, int(days)).Add(time.Duration(math.Round((v-days)*86400)) * time.Second)
	clock := "15:04"
	if s.seconds {
		clock = "15:04:05"
	}
	switch {
	case s.date && s.clock:
		return t.Format("2006-01-02 " + clock)
	case s.clock:
		return t.Format(clock)
	case s.noDay:
		return t.Format("2006-01")
	}
	return t.Format("2006-01-02")
}
