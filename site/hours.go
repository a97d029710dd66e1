package site

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Hours is a daily span of time in Asia/Shanghai. A span whose end is before its beginning runs past midnight. The zero value is always.
type Hours struct {
	From, To int // minutes from midnight; From counts, To does not
}

const day = 24 * 60

// Zone is the time of the cluster: China has had one time zone without summer time since 1992; a fixed zone needs no zone database on the machine.
var Zone = time.FixedZone("CST", 8*60*60)

// ParseHours reads a span such as "22:00-06:00". "24:00" may stand at the end. A span without length is an error.
func ParseHours(s string) (Hours, error) {
	from, to, found := strings.Cut(strings.NewReplacer("：", ":", "－", "-", "—", "-", "–", "-", "~", "-").Replace(s), "-")
	if !found {
		return Hours{}, fmt.Errorf("hours %q: want HH:MM-HH:MM", s)
	}
	var h Hours
	var err error
	if h.From, err = minutes(from); err != nil {
		return Hours{}, fmt.Errorf("hours %q: %w", s, err)
	}
	if h.To, err = minutes(to); err != nil {
		return Hours{}, fmt.Errorf("hours %q: %w", s, err)
	}
	if h.From%day == h.To {
		return Hours{}, fmt.Errorf("hours %q: begins when it ends", s)
	}
	h.From %= day
	return h, nil
}

func minutes(s string) (int, error) {
	hour, minute, found := strings.Cut(strings.TrimSpace(s), ":")
	if !found || len(minute) != 2 || len(hour) < 1 || len(hour) > 2 {
		return 0, fmt.Errorf("%q is not HH:MM", s)
	}
	h, errHour := strconv.ParseUint(hour, 10, 8)
	m, errMinute := strconv.ParseUint(minute, 10, 8)
	if errHour != nil || errMinute != nil || m > 59 || h*60+m > day {
		return 0, fmt.Errorf("%q is not HH:MM", s)
	}
	return int(h*60 + m), nil
}

// String is the form that ParseHours reads, or empty for always.
func (h Hours) String() string {
	if h == (Hours{}) {
		return ""
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d", h.From/60, h.From%60, h.To/60, h.To%60)
}

// Open reports whether a moment lies in the span.
func (h Hours) Open(t time.Time) bool {
	if h == (Hours{}) {
		return true
	}
	t = t.In(Zone)
	now := t.Hour()*60 + t.Minute()
	if h.From < h.To {
		return h.From <= now && now < h.To
	}
	return h.From <= now || now < h.To
}

// Next returns the first moment from t on at which the span is open: t itself where it is.
func (h Hours) Next(t time.Time) time.Time {
	if h.Open(t) {
		return t
	}
	l := t.In(Zone)
	next := time.Date(l.Year(), l.Month(), l.Day(), h.From/60, h.From%60, 0, 0, Zone)
	if next.Before(t) {
		next = next.AddDate(0, 0, 1)
	}
	return next.In(t.Location())
}
