package query

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"
	"unicode/utf8"

	"terrace/index"
	"terrace/lm"
	"terrace/pinyin"
	"terrace/segment"
	"terrace/spell"
)

// What is learned from the cluster's own texts: how its Chinese is spelled and sounds.
type learned struct {
	documents int // there were
	decoder   *pinyin.Decoder
	corrector *spell.Corrector
}

// How far a text is read, and when it is read again.
const (
	openingRunes = 400
	lookAgain    = time.Minute
	grownBy      = 1.1
	longestName  = 20 // runes of a title that counts as a name
)

// Run learns from the documents, and again when there are a tenth more or fewer, until the context ends.
func (s *Searcher) Run(ctx context.Context) error {
	for tick := time.NewTicker(lookAgain); ; {
		if err := s.Learn(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, index.ErrNoGeneration) {
			s.log.Warn("query: spelling is not learned", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Learn reads titles and openings where the documents have changed enough since that was done. Searches go on with what was known before.
func (s *Searcher) Learn(ctx context.Context) error {
	info, err := s.liveInfo(ctx)
	if err != nil {
		return err
	}
	n := float64(info.Documents)
	if have := s.learned.Load(); have != nil && n <= float64(have.documents)*grownBy && n*grownBy >= float64(have.documents) {
		return nil
	}
	words := s.understander.words()
	var failed error
	model, err := lm.Train(ctx, s.texts(ctx, &words, &failed))
	if err = errors.Join(err, failed); err != nil {
		return fmt.Errorf("learn from the documents: %w", err)
	}
	closed := make([]string, len(words))
	for i, w := range words {
		closed[i] = w.Text
	}
	s.learned.Store(&learned{info.Documents, pinyin.NewDecoder(words, model.Score), spell.New(model, closed)})
	return nil
}

// texts are the titles and openings of all documents. Titles of services that are short enough become words.
func (s *Searcher) texts(ctx context.Context, words *[]pinyin.Word, failed *error) iter.Seq[string] {
	enough := errors.New("enough")
	return func(yield func(string) bool) {
		err := s.ix.Each(ctx, func(d *index.Document) error {
			title := segment.Normalize(d.Title)
			if d.Kind == index.Service && utf8.RuneCountInString(title) <= longestName {
				*words = append(*words, pinyin.Word{Text: title, Weight: serviceWeight})
			}
			if !yield(title) || !yield(segment.Normalize(opening(d.Body))) {
				return enough
			}
			return nil
		})
		if !errors.Is(err, enough) {
			*failed = err
		}
	}
}

func opening(body string) string {
	n := 0
	for i := range body {
		if n == openingRunes {
			return body[:i]
		}
		n++
	}
	return body
}

// How much likelier an office is asked for than a term, and a term than one service.
const (
	officeWeight  = 5
	termWeight    = 3
	serviceWeight = 1
)

// words are the names and terms that are known beforehand.
func (u *understander) words() (out []pinyin.Word) {
	add := func(text string, weight float64) {
		if text = strings.TrimSpace(text); utf8.RuneCountInString(text) >= 2 {
			out = append(out, pinyin.Word{Text: text, Weight: weight})
		}
	}
	u.names.Each(func(text string, names []Name) {
		if !names[0].Intent {
			add(text, officeWeight)
		}
	})
	u.synonyms.Terms(func(term string) { add(term, termWeight) })
	return out
}
