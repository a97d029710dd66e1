package markup

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var (
	splitPattern = regexp.MustCompile(`(?:^|\s)(\d{1,2})日?\s*((?:19|20)\d\d)\s*(?:[-/.]|年)\s*(\d{1,2})月?(?:$|[^\d])`)
)

// findDate finds the first day written as 2024-01-31, 2024/1/31, 2024.01.31 or 2024年1月31日, or as newer lists set it, 「31 2024-01」. It returns it
// as yyyy-mm-dd with the place it stands at, or the empty string.
func findDate(s string) (date string, at, end int) {
	year := yearAt(s, 0)
	if year < 0 {
		return "", 0, 0
	}
	for at := year; at >= 0; at = yearAt(s, at+1) {
		if month, dayOf, end := dayAfter(s, at+4); end > 0 {
			if d := day(s[at:at+4], month, dayOf); d != "" {
				return d, at, trailing(s, end)
			}
			break
		}
	}
	if year == 0 && yearAt(s, 1) < 0 { // a day stands before the year
		return "", 0, 0
	}
	if m := splitPattern.FindStringSubmatchIndex(s); m != nil {
		if d := day(s[m[4]:m[5]], s[m[6]:m[7]], s[m[2]:m[3]]); d != "" {
			return d, m[0], m[1]
		}
	}
	return "", 0, 0
}

// yearAt is where, from some place on, four digits stand that may be a year of these centuries; -1: nowhere.
func yearAt(s string, from int) int {
	for i := from; i+3 < len(s); i++ {
		if (s[i] == '1' && s[i+1] == '9' || s[i] == '2' && s[i+1] == '0') && digit(s, i+2) && digit(s, i+3) {
			return i
		}
	}
	return -1
}

// dayAfter reads 「-1-31」, 「 / 1 / 31」, 「年1月31」 after a year, up to end; 0 where there is none.
func dayAfter(s string, at int) (month, day string, end int) {
	month, at = part(s, at, "年")
	if at > 0 {
		day, at = part(s, at, "月")
	}
	return month, day, at
}

// part reads a separator, with blanks around it, and the one or two digits after it, up to end; 0 where they are not there.
func part(s string, at int, sign string) (digits string, end int) {
	at = pastBlanks(s, at)
	switch {
	case at < len(s) && (s[at] == '-' || s[at] == '/' || s[at] == '.'):
		at++
	case strings.HasPrefix(s[at:], sign):
		at += len(sign)
	default:
		return "", 0
	}
	at = pastBlanks(s, at)
	if !digit(s, at) {
		return "", 0
	}
	end = at + 1
	if digit(s, end) {
		end++
	}
	return s[at:end], end
}

func pastBlanks(s string, at int) int {
	for at < len(s) && (s[at] == ' ' || s[at] >= '\t' && s[at] <= '\r' && s[at] != '\v') {
		at++
	}
	return at
}

func digit(s string, i int) bool { return i < len(s) && '0' <= s[i] && s[i] <= '9' }

var tail = regexp.MustCompile(`^日?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?`)

// trailing moves past the 日 and the time of day that may follow a date.
func trailing(s string, end int) int {
	if end == len(s) {
		return end
	}
	return end + len(tail.FindString(s[end:]))
}

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
