package markup

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

var (
	dayPattern   = regexp.MustCompile(`((?:19|20)\d\d)\s*(?:[-/.]|年)\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})`)
	splitPattern = regexp.MustCompile(`(?:^|\s)(\d{1,2})日?\s*((?:19|20)\d\d)\s*(?:[-/.]|年)\s*(\d{1,2})月?(?:$|[^\d])`)
)

// findDate finds the first day written as 2024-01-31, 2024/1/31, 2024.01.31 or 2024年1月31日, or as newer lists set it, 「31 2024-01」. It returns it
// as yyyy-mm-dd with the place it stands at, or the empty string.
func findDate(s string) (date string, at, end int) {
	if !hasYear(s) {
		return "", 0, 0
	}
	if m := dayPattern.FindStringSubmatchIndex(s); m != nil {
		if d := day(s[m[2]:m[3]], s[m[4]:m[5]], s[m[6]:m[7]]); d != "" {
			return d, m[0], trailing(s, m[1])
		}
	}
	if m := splitPattern.FindStringSubmatchIndex(s); m != nil {
		if d := day(s[m[4]:m[5]], s[m[6]:m[7]], s[m[2]:m[3]]); d != "" {
			return d, m[0], m[1]
		}
	}
	return "", 0, 0
}

// hasYear reports four digits that may be a year of these centuries.
func hasYear(s string) bool {
	digit := func(i int) bool { return '0' <= s[i] && s[i] <= '9' }
	for i := 0; i+3 < len(s); i++ {
		if (s[i] == '1' && s[i+1] == '9' || s[i] == '2' && s[i+1] == '0') && digit(i+2) && digit(i+3) {
			return true
		}
	}
	return false
}

var tail = regexp.MustCompile(`^日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?`)

// trailing moves past the 日 and the time of day that may follow a date.
func trailing(s string, end int) int { return end + len(tail.FindString(s[end:])) }

func day(year, month, day string) string {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	t := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", y, m, d)
}
