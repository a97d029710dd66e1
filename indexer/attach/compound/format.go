package compound

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// A format is how a number in a cell reads. Of its code ([MS-XLS] 2.4.126, ECMA-376 part 1, 18.8.31) the first section counts: decimals, leading zeros,
// thousands, shares, dates, times and literal text on both sides. The zero format shows a number as it is.
type format struct {
	before, after string // literal text
	number        bool   // has places for digits
	digits        int    // least digits before the point
	decimals      int
	optional      int // of the decimals, those at the end that are shown only where they are not zero
	thousands     bool
	percent       bool
	date, clock   bool
	month         bool // of a date, no day
	seconds       bool
}

// builtIn are the codes that files name by number alone; those from 27 as in Chinese editions.
var builtIn = map[int]string{
	1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "#,##0", 6: "#,##0", 7: "#,##0.00", 8: "#,##0.00", 9: "0%", 10: "0.00%",
	14: "yyyy-m-d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy-m-d h:mm",
	27: "yyyy/m", 28: "m/d", 29: "m/d", 30: "m/d/yy", 31: "yyyy/m/d", 32: "h:mm", 33: "h:mm:ss", 34: "h:mm", 35: "h:mm:ss", 36: "yyyy/m",
	37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "h:mm:ss", 46: "h:mm:ss",
	47: "h:mm:ss", 50: "yyyy/m", 51: "m/d", 52: "yyyy/m", 53: "m/d", 54: "m/d", 55: "h:mm", 56: "h:mm:ss", 57: "yyyy/m", 58: "m/d",
}

// maxFormat is the longest code that is read, in bytes: 255 characters are allowed.
const maxFormat = 1024

// readFormat reads a code letter by letter. Colours, conditions and locales in brackets and places for blanks (_ and *) are passed over.
func readFormat(code string) (f format) {
	if strings.EqualFold(code, "General") || len(code) > maxFormat {
		return f
	}
	r := formatReader{format: &f}
	for code != "" && code[0] != ';' {
		switch {
		case code[0] == '"' || code[0] == '[':
			text, rest, _ := strings.Cut(code[1:], map[byte]string{'"': `"`, '[': "]"}[code[0]])
			if code[0] == '"' {
				r.literal(text)
			}
			code = rest
			continue
		case strings.IndexByte(`\_*`, code[0]) >= 0 && len(code) > 1:
			if code[0] == '\\' {
				r.literal(code[1:2])
			}
			code = code[1:]
		default:
			r.letter(code[0])
		}
		code = code[1:]
	}
	f.date = f.date || r.months && !f.clock
	f.month = f.date && !r.days
	return f
}

type formatReader struct {
	*format
	point, months, days bool
}

func (r *formatReader) literal(text string) {
	if r.number {
		r.after += text
	} else {
		r.before += text
	}
}

func (r *formatReader) letter(c byte) {
	switch c | 0x20 {
	case 'y':
		r.date = true
	case 'd':
		r.date, r.days = true, true
	case 'm':
		r.months = true
	case 'h':
		r.clock = true
	case 's':
		r.clock, r.seconds = true, true
	}
	switch c {
	case '0', '#', '?':
		r.place(c == '0')
	case '.':
		r.point = true
	case ',':
		r.thousands = r.thousands || r.number && !r.point
	case '%':
		r.percent = true
	}
	if c >= 0x80 || strings.IndexByte("$-+()", c) >= 0 && !r.date {
		r.literal(string([]byte{c}))
	}
}

// place reads a place for a digit: one that must be filled, or may be.
func (r *formatReader) place(must bool) {
	r.number = true
	switch {
	case !r.point && (must || r.digits > 0):
		r.digits++
	case r.point && must:
		r.decimals, r.optional = r.decimals+1, 0
	case r.point:
		r.decimals, r.optional = r.decimals+1, r.optional+1
	}
}

// show is how a number reads. since04 counts days from 1904.
func (f format) show(v float64, since04 bool) string {
	switch {
	case f.date || f.clock:
		if text := f.moment(v, since04); text != "" {
			return text
		}
	case f.number && math.Abs(v) < 1e15:
		return f.before + f.places(v) + f.after
	}
	return general(v)
}

func (f format) places(v float64) string {
	if f.percent {
		v *= 100
	}
	text := strconv.FormatFloat(math.Abs(tidy(v)), 'f', f.decimals, 64)
	whole, rest, _ := strings.Cut(text, ".")
	for range f.optional {
		rest = strings.TrimSuffix(rest, "0")
	}
	whole = strings.Repeat("0", max(f.digits-len(whole), 0)) + whole
	for i := len(whole) - 3; i > 0 && f.thousands; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	if v < 0 && strings.Trim(whole, "0.,") != "" {
		whole = "-" + whole
	}
	if f.percent {
		whole += "%"
	}
	return whole
}

// tidy is a number with the 15 digits that a sheet keeps.
func tidy(v float64) float64 {
	t, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 15, 64), 64)
	if err != nil {
		return v
	}
	return t
}

func general(v float64) string {
	verb := byte('f')
	if a := math.Abs(v); a >= 1e21 || a != 0 && a < 1e-9 {
		verb = 'g'
	}
	return strconv.FormatFloat(tidy(v), verb, -1, 64)
}

// moment shows a number of days as 2024-03-05, 2024-03, 14:30 or a day and a time; empty where it is no day of the calendar. Days before March 1900
// are one less than they seem, for a leap day that was not is counted.
func (f format) moment(v float64, since04 bool) string {
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
	layout := ""
	switch {
	case f.month:
		layout = "2006-01"
	case f.date:
		layout = "2006-01-02"
	}
	switch {
	case f.seconds:
		layout += " 15:04:05"
	case f.clock:
		layout += " 15:04"
	}
	return t.Format(strings.TrimSpace(layout))
}
