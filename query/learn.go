package query

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"terrace/index"
	"terrace/lexicon"
	"terrace/lm"
	"terrace/personal"
	"terrace/pinyin"
	"terrace/segment"
	"terrace/spell"
	"terrace/suggest"
)

// What is learned from the cluster's own texts: how its Chinese is spelled and sounds.
type learned struct {
	version   uint64           // of the withdrawals that it is without
	documents int              // there were
	with      *lexicon.Lexicon // whose terms are completed
	decoder   *pinyin.Decoder
	corrector *spell.Corrector
	names     *suggest.Index // and terms, which are known without documents
	titles    *suggest.Index
}

// How far a text is read, and when it is read again.
const (
	openingRunes = 400
	lookAgain    = 10 * time.Second
	grownBy      = 1.1
	mostTitles   = 50_000  // that are completed, beside those of services; a thousand take half a megabyte
	mostServices = 100_000 // that are completed; with mostTitles, mostAsked, names and terms fewer than suggest.MaxPhrases
	longestName  = 20      // runes of a title that counts as a name
)

// whileLearning is by how many percent the memory in use grows before it is collected: learning takes for a moment as much as all else.
const whileLearning = 10

// Run learns from the documents, and again when there are a tenth more or fewer, some were withdrawn or other synonyms are active, and every ten minutes from past queries, until
// the context ends.
func (s *Searcher) Run(ctx context.Context) error {
	for tick := time.NewTicker(lookAgain); ; {
		if err := s.Learn(ctx); err != nil && ctx.Err() == nil && !errors.Is(err, index.ErrNoGeneration) {
			s.log.Warn("query: nothing new is learned", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Learn reads titles and openings where the documents have changed enough since that was done or other synonyms have been activated, and past queries where
// they may have. Searches go on with what was known before; a second call waits for the first.
func (s *Searcher) Learn(ctx context.Context) error {
	s.learning.Lock()
	defer s.learning.Unlock()
	v := s.active.Load()
	if err := v.learnDocuments(ctx); err != nil {
		return err
	}
	return v.learnAsked(ctx)
}

func (s *view) learnDocuments(ctx context.Context) error {
	version := s.list.Version() // of before anything is read
	info, err := s.liveInfo(ctx)
	if err != nil {
		return err
	}
	n := float64(info.Documents)
	if have := s.learned.Load(); have != nil && have.version == version && have.with == s.understander.synonyms && n <= float64(have.documents)*grownBy && n*grownBy >= float64(have.documents) {
		return nil
	}
	if err := s.learnColumns(ctx); err != nil {
		return err
	}
	phrases := s.understander.phrases()
	if err := s.count(ctx, phrases); err != nil {
		return fmt.Errorf("learn from the documents: %w", err)
	}
	names := len(phrases)
	defer debug.SetGCPercent(debug.SetGCPercent(whileLearning))
	var failed error
	model, err := lm.Train(ctx, s.texts(ctx, &phrases, &failed))
	if err = errors.Join(err, failed); err != nil {
		return fmt.Errorf("learn from the documents: %w", err)
	}
	var words []pinyin.Word
	var closed []string
	for i, p := range phrases {
		if i < names || p.Kind == suggest.Service && utf8.RuneCountInString(p.Text) <= longestName {
			words, closed = append(words, pinyin.Word{Text: p.Text, Weight: p.Weight}), append(closed, p.Text)
		}
	}
	defer debug.FreeOSMemory()
	s.learned.Store(&learned{version, info.Documents, s.understander.synonyms, pinyin.NewDecoder(words, model.Score), spell.New(model, closed),
		suggest.New(phrases[:names]), suggest.New(phrases[names:])})
	return nil
}

// count finds out how many documents hold each phrase.
func (s *view) count(ctx context.Context, phrases []suggest.Phrase) error {
	for i := range phrases {
		n, err := s.holders(ctx, s.parse(phrases[i].Text, true))
		if err != nil {
			return err
		}
		phrases[i].Results = n
	}
	return nil
}

// holders is how many documents hold every word of a query.
func (s *Searcher) holders(ctx context.Context, p parsed) (int, error) {
	words := all(p, index.Body)
	if len(words) == 0 {
		return 0, nil
	}
	res, err := s.ix.Search(ctx, index.Query{All: words, OnlyAll: true})
	if err != nil {
		return 0, err
	}
	return res.Total, nil
}

// texts are the titles and openings of all documents. Titles become phrases, but for those that hold something personal or denied.
func (s *Searcher) texts(ctx context.Context, phrases *[]suggest.Phrase, failed *error) iter.Seq[string] {
	enough := errors.New("enough")
	room := map[suggest.Kind]int{suggest.Service: mostServices, suggest.Title: mostTitles}
	return func(yield func(string) bool) {
		err := s.ix.Each(ctx, func(d *index.Document) error {
			title := segment.NormalizeCharacters(d.Title)
			if p := titlePhrase(d); room[p.Kind] > 0 && !s.hides(d.Title) {
				*phrases = append(*phrases, p)
				room[p.Kind]--
			}
			if !yield(title) || !yield(segment.NormalizeCharacters(opening(d.Body))) {
				return enough
			}
			return nil
		})
		if !errors.Is(err, enough) {
			*failed = err
		}
	}
}

func titlePhrase(d *index.Document) suggest.Phrase {
	p := suggest.Phrase{Text: d.Title, Kind: suggest.Title, Weight: titleWeight, Results: 1}
	if d.Kind == index.Service {
		p.Kind, p.Weight = suggest.Service, serviceWeight
	}
	return p
}

func (s *Searcher) hides(title string) bool {
	return personal.Mask(title) != title || s.queries != nil && s.queries.Hides(title)
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

// How much likelier an office is asked for than a term, a term than one service, and that than another document.
const (
	officeWeight  = 5
	termWeight    = 3
	serviceWeight = 1
	titleWeight   = .3
)

// phrases are the names and terms that are known beforehand.
func (u *understander) phrases() (out []suggest.Phrase) {
	add := func(text string, kind suggest.Kind, weight float64) {
		if text = strings.TrimSpace(text); utf8.RuneCountInString(text) >= 2 {
			out = append(out, suggest.Phrase{Text: text, Kind: kind, Weight: weight})
		}
	}
	u.names.Each(func(text string, names []Name) {
		if !names[0].Intent {
			add(text, suggest.Department, officeWeight)
		}
	})
	u.synonyms.Terms(func(term string) { add(term, suggest.Term, termWeight) })
	return out
}

// A Suggestion is something a reader may be about to type.
type Suggestion struct {
	Text    string
	Kind    string // query, term, department, service or title
	Results int    // how many documents it finds
}

var suggestionKinds = map[suggest.Kind]string{
	suggest.Query: "query", suggest.Term: "term", suggest.Department: "department", suggest.Service: "service", suggest.Title: "title",
}

// MaxSuggestions is how many Suggest gives at most.
const MaxSuggestions = 20

// Suggest completes what a reader typed so far, in Chinese, pinyin or initials, with what finds something; the best n. There are none before Learn. From when a
// document is withdrawn until the next Learn only names and terms are given, for any title and past query may be that document's.
func (s *Searcher) Suggest(_ context.Context, typed string, n int) ([]Suggestion, error) {
	if utf8.RuneCountInString(typed) > MaxText {
		return nil, refuse("q", "输入有 %d 个字，最多 %d 个字", utf8.RuneCountInString(typed), MaxText)
	}
	if n < 0 || n > MaxSuggestions {
		return nil, refuse("limit", "条数为 %d，应在 1 与 %d 之间", n, MaxSuggestions)
	}
	l := s.learned.Load()
	if l == nil {
		return nil, nil
	}
	among := []*suggest.Index{l.names}
	if l == s.known() {
		among = append(among, l.titles)
		if a := s.asked.Load(); a != nil && a.version == l.version {
			among = append(among, a.phrases)
		}
	}
	var out []Suggestion
	for _, p := range suggest.Complete(typed, cmp.Or(n, 10), among...) {
		out = append(out, Suggestion{p.Text, suggestionKinds[p.Kind], p.Results})
	}
	return out, nil
}
