package finding

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/html"

	"terrace/index"
	"terrace/indexer/markup"
)

// newest is the latest date beside a link of a page, or written alone without its year as home pages do, 06-29; dates in the future are none.
func newest(p *markup.Page, now time.Time) (latest int) {
	today := dayOf(now)
	for _, l := range p.Links {
		if d, err := index.ParseDate(l.Date); err == nil && d <= today {
			latest = max(latest, int(d))
		}
	}
	for n := range p.Root.Descendants() {
		if n.Type == html.TextNode && len(n.Data) < 100 {
			latest = max(latest, int(yearless(strings.TrimSpace(n.Data), today)))
		}
	}
	return latest
}

var monthAndDay = regexp.MustCompile(`^[\[(（【]?(?:(0[1-9]|1[0-2])[-/.](0[1-9]|[12]\d|3[01])|(\d{1,2})月(\d{1,2})日)[\])）】]?$`)

// yearless is the last day until today that a month and a day may be, 0 where a text is something else.
func yearless(text string, today index.Date) index.Date {
	m := monthAndDay.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	month, _ := strconv.Atoi(m[1] + m[3])
	day, _ := strconv.Atoi(m[2] + m[4])
	if month == 0 || month > 12 || day == 0 || day > 31 {
		return 0
	}
	d := index.Date(today.Year()*10000 + month*100 + day)
	if d > today {
		d -= 10000
	}
	return d
}
