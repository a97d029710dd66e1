package listing

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// queryNumber is the value of a parameter of that name, whatever its case, or 0.
func queryNumber(u *url.URL, name string) int {
	for part := range strings.SplitSeq(u.RawQuery, "&") {
		if k, v, ok := strings.Cut(part, "="); ok && strings.EqualFold(k, name) {
			return atoi(v)
		}
	}
	return 0
}

// queryText is the value of a parameter of that name, whatever its case, where it is of a form; empty where there is none.
func queryText(u *url.URL, name string, form *regexp.Regexp) string {
	for k, values := range u.Query() {
		if strings.EqualFold(k, name) && form.MatchString(values[0]) {
			return values[0]
		}
	}
	return ""
}

// setNumber gives a parameter another value and leaves all else of a query as the site wrote it.
func setNumber(query, name string, n int) string {
	parts := strings.Split(query, "&")
	for i, part := range parts {
		if k, _, ok := strings.Cut(part, "="); ok && strings.EqualFold(k, name) {
			parts[i] = k + "=" + strconv.Itoa(n)
		}
	}
	return strings.Join(parts, "&")
}

var wholeNumber = regexp.MustCompile(`\d+`)

// pattern finds where the number of a page stands in its absolute address: the last number that is the page's, or one less where a system counts
// from 0. The function returned writes another page's address.
func pattern(address string, number int) (func(n int) string, bool) {
	_, rest, _ := strings.Cut(address, "://")
	host := len(address) - len(rest) + max(strings.IndexByte(rest, '/'), 0)
	at := wholeNumber.FindAllStringIndex(address[host:], -1)
	for _, less := range []int{0, 1} {
		for i := len(at) - 1; i >= 0; i-- {
			from, to := host+at[i][0], host+at[i][1]
			if address[from:to] == strconv.Itoa(number-less) {
				return func(n int) string { return address[:from] + strconv.Itoa(n-less) + address[to:] }, true
			}
		}
	}
	return nil, false
}
