package querylog

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"terrace/segment"
)

// A Word is a text that many asked for.
type Word struct {
	Text    string // normalised
	Readers int    // different readers a day, summed over the days
	Total   int    // documents it found when it was last asked for
}

// A text is attested where at least minReaders different readers asked for it on each of at least minDays days. Readers of different days cannot be
// told apart, for their names change every night: one who comes back five days in a row looks like five. So it is the number on one day that has to
// be too high for one reader to reach, or to be found in, and a second day keeps out what was arranged for an afternoon.
const (
	minReaders = 3 // as in the index daily_attested
	minDays    = 2
)

// Hot gives the n words that were asked for most in the last days, today included. A word counts for the readers of each day on which three or more
// asked for it, and for half as much with each quarter of the days that has passed since. Only words count that three readers asked for on each of
// two days, that find something, and that are fit to be shown (filter.fit). Fewer than two days find nothing.
func (l *Log) Hot(ctx context.Context, days, n int) ([]Word, error) {
	half := float64(days) / 4
	words, err := l.attested(ctx, days, n, func(age int) float64 { return math.Exp2(-float64(age) / half) })
	if err != nil {
		return nil, fmt.Errorf("hot words: %w", err)
	}
	return words, nil
}

// Phrases gives the n texts that were asked for most in all the time that is kept and are fit to be suggested, by the rule of Hot but for the age.
func (l *Log) Phrases(ctx context.Context, n int) ([]Word, error) {
	words, err := l.attested(ctx, l.retention, n, func(int) float64 { return 1 })
	if err != nil {
		return nil, fmt.Errorf("past queries: %w", err)
	}
	return words, nil
}

// attested are the n fit words of the last days that count for most. worth says what a reader counts for, days ago.
func (l *Log) attested(ctx context.Context, days, n int, worth func(age int) float64) (words []Word, err error) {
	err = l.db.View(ctx, func(tx *sql.Tx) error {
		tallies, err := tally(ctx, tx, dayOf(time.Now()), days, worth)
		if err != nil {
			return err
		}
		words, err = l.choose(ctx, tx, tallies, n)
		return err
	})
	return words, err
}

// A tallied text is one with what it counts for.
type tallied struct {
	text          int64
	readers, days int
	score         float64
}

// tally counts the attested texts, best first.
func tally(ctx context.Context, tx *sql.Tx, today, days int, worth func(age int) float64) ([]tallied, error) {
	rows, err := tx.QueryContext(ctx, "SELECT text, day, readers FROM daily WHERE readers >= 3 AND day > ? AND day <= ?", today-days, today)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	byText := map[int64]tallied{}
	for rows.Next() {
		var text int64
		var day, readers int
		if err := rows.Scan(&text, &day, &readers); err != nil {
			return nil, err
		}
		t := byText[text]
		byText[text] = tallied{text, t.readers + readers, t.days + 1, t.score + float64(readers)*worth(today-day)}
	}
	var all []tallied
	for _, t := range byText {
		if t.days >= minDays {
			all = append(all, t)
		}
	}
	slices.SortFunc(all, func(a, b tallied) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.text, b.text)) })
	return all, rows.Err()
}

// choose gives the first n texts that find something and are fit to be shown, each title key once and none of those given.
func (l *Log) choose(ctx context.Context, tx *sql.Tx, tallies []tallied, n int, without ...string) ([]Word, error) {
	s, err := tx.PrepareContext(ctx, "SELECT text, total FROM text WHERE n = ?")
	if err != nil {
		return nil, err
	}
	defer s.Close()
	known := map[string]bool{}
	for _, key := range without {
		known[key] = true
	}
	var words []Word
	for _, t := range tallies {
		if len(words) >= n {
			break
		}
		w := Word{Readers: t.readers}
		if err := s.QueryRowContext(ctx, t.text).Scan(&w.Text, &w.Total); err != nil {
			return nil, err
		}
		key := segment.TitleKey(w.Text)
		if w.Total > 0 && !known[key] && l.filter.fit(w.Text) {
			words = append(words, w)
			known[key] = true
		}
	}
	return words, nil
}
