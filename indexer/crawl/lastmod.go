package crawl

import (
	"strings"
	"time"

	"terrace/indexer/archive"
	"terrace/site"
)

// Forms of <lastmod>: those of W3C's NOTE-datetime that name a day at least, and what systems write instead. A time without a zone is China's.
var lastmodForms = []string{time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04"}

// lastModified is a moment by which a page was last changed, as a sitemap says: the end of the day where it names only that. Zero where it says nothing, or
// a day that is not there yet.
func lastModified(said string, now time.Time) time.Time {
	said = strings.TrimSpace(said)
	for _, form := range lastmodForms {
		if t, err := time.ParseInLocation(form, said, site.Zone); err == nil && !t.After(now) {
			return t
		}
	}
	if day, err := time.ParseInLocation(time.DateOnly, said, site.Zone); err == nil && !day.After(now) {
		return day.AddDate(0, 0, 1)
	}
	return time.Time{}
}

// leastStamped is how many links of a sitemap have one time of change where that is the sitemap's own.
const leastStamped = 10

// unstamp takes the time of change from links where most have the same: it is that of the sitemap, or of a template. It returns how many those were.
func unstamp(links []archive.Link) int {
	count := map[int64]int{}
	for _, l := range links {
		if !l.Modified.IsZero() {
			count[l.Modified.Unix()/60]++
		}
	}
	stamped := 0
	for i := range links {
		if n := count[links[i].Modified.Unix()/60]; n >= leastStamped && 2*n > len(links) {
			links[i].Modified = time.Time{}
			stamped++
		}
	}
	return stamped
}
