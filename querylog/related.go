package querylog

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"terrace/segment"
)

// maxPartnersWeighed is how many texts that were asked for together with one are weighed, those with the most readers.
const maxPartnersWeighed = 200

// Related gives up to n words that readers asked for within half an hour of a text, on the same day, best first. Their Readers are those who asked
// for both: three at least. On three days these may be one reader, so the word itself has to be one that Hot could give for all the time kept.
//
// The best has the greatest lift · log Readers, where lift says how much more often both were asked for together than chance would have it.
func (l *Log) Related(ctx context.Context, text string, n int) (words []Word, err error) {
	text = clean(text)
	err = l.db.View(ctx, func(tx *sql.Tx) error {
		var number int64
		err := tx.QueryRowContext(ctx, "SELECT n FROM text WHERE text = ?", text).Scan(&number)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		partners, err := l.partners(ctx, tx, number)
		if err != nil {
			return err
		}
		words, err = l.choose(ctx, tx, partners, n, segment.TitleKey(text))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("related words: %w", err)
	}
	return words, nil
}

// partners are the attested texts that were asked for together with one, best first.
func (l *Log) partners(ctx context.Context, tx *sql.Tx, text int64) ([]tallied, error) {
	all, err := l.pairs(ctx, tx, text)
	if err != nil {
		return nil, err
	}
	s, err := tx.PrepareContext(ctx, "SELECT coalesce(sum(readers), 0), coalesce(sum(readers >= ?), 0) FROM daily WHERE text = ?")
	if err != nil {
		return nil, err
	}
	defer s.Close()
	for i := range all {
		p := &all[i]
		var readers int // of the partner in all
		if err := s.QueryRowContext(ctx, minReaders, p.text).Scan(&readers, &p.days); err != nil {
			return nil, err
		}
		p.score = float64(p.readers) / float64(max(readers, 1)) * math.Log(float64(p.readers)) // lift, but for what is the same for all partners
	}
	all = slices.DeleteFunc(all, func(p tallied) bool { return p.days < minDays })
	slices.SortFunc(all, func(a, b tallied) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.text, b.text)) })
	return all, nil
}

// pairs are the texts that at least minReaders readers asked for together with one.
func (l *Log) pairs(ctx context.Context, tx *sql.Tx, text int64) ([]tallied, error) {
	s, err := tx.PrepareContext(ctx, "SELECT other, readers FROM pair WHERE week = ? AND text = ?")
	if err != nil {
		return nil, err
	}
	defer s.Close()
	readers := map[int64]int{}
	today := dayOf(time.Now())
	for week := weekOf(today - l.retention); week <= weekOf(today); week++ {
		if err := addPairs(ctx, s, readers, week, text); err != nil {
			return nil, err
		}
	}
	var all []tallied
	for other, n := range readers {
		if n >= minReaders {
			all = append(all, tallied{text: other, readers: n})
		}
	}
	slices.SortFunc(all, func(a, b tallied) int { return cmp.Or(cmp.Compare(b.readers, a.readers), cmp.Compare(a.text, b.text)) })
	return all[:min(len(all), maxPartnersWeighed)], nil
}

func addPairs(ctx context.Context, s *sql.Stmt, readers map[int64]int, week int, text int64) error {
	rows, err := s.QueryContext(ctx, week, text)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var other int64
		var n int
		if err := rows.Scan(&other, &n); err != nil {
			return err
		}
		readers[other] += n
	}
	return rows.Err()
}
