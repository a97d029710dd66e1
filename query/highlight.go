package query

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/analysis"
	"terrace/personal"
	"terrace/segment"
)

// A marker finds what a reader asked for in titles and bodies. What it shows is masked.
type marker struct {
	seg    *segment.Segmenter
	words  []sought
	places map[string][]place // pair, Latin word or lone character → where it stands in words; in order
	lone   bool               // lone characters were asked for
	asked  sieve              // characters of terms
}

// A sought word is Han characters by their pairs, a Latin word, or a lone character: one that was asked for, a word inside such a one, or one that may
// stand for it.
type sought struct {
	terms  []string
	weight float64 // what it is worth to a passage
	whole  int     // the word that was asked for
	part   float64 // of the whole that it is worth
	stead  bool    // it counts only where the whole stands nowhere
}

type place struct{ word, at int }

const (
	phraseWeight = 2   // of a phrase's Han characters in a row, beside a word's 1
	nameWeight   = .5  // of two characters of a name
	tellingIDF   = 1.5 // of a lone character that is looked for beside words
	nameIDF      = 1   // of two characters together that may be part of a name
	strayIDF     = .2  // of one that is part of none, for it stands in nearly every text
)

func newMarker(seg *segment.Segmenter, p parsed) *marker {
	m := &marker{seg: seg, places: map[string][]place{}}
	known := map[string]int{}
	add := func(text string, terms []string, weight float64) {
		if _, twice := known[text]; !twice {
			known[text] = len(m.words)
			m.add(text, terms, weight)
		}
	}
	for _, phrase := range p.require {
		eachRun(seg, phrase, func(run string, terms []string) { add(run, terms, phraseWeight) })
	}
	for _, w := range p.words.Words {
		add(w.Text, w.Terms, 1)
	}
	m.addAlternatives(p, known)
	for _, pair := range names(seg, p.words) {
		add(pair, []string{pair}, nameWeight)
	}
	wordless := len(m.words) == 0
	for _, u := range p.words.Units {
		if r, _ := utf8.DecodeRuneInString(u.Text); wordless || u.Prefix && characterIDF(seg, r) >= tellingIDF {
			add(u.Text, []string{u.Text}, 1)
			m.lone = m.lone || u.Prefix
		}
	}
	return m
}

// addAlternatives looks for what may stand for words, known by their text.
func (m *marker) addAlternatives(p parsed, known map[string]int) {
	for _, g := range p.groups {
		i := slices.IndexFunc(p.words.Words, func(w analysis.Word) bool { return w.Start >= g.Start && w.End <= g.End })
		if i < 0 {
			continue
		}
		for _, a := range g.alternatives[1:] {
			eachRun(m.seg, a.Text, func(run string, terms []string) {
				if _, typed := known[run]; !typed {
					m.place(sought{terms, 1, known[p.words.Words[i].Text], a.Weight, true})
				}
			})
		}
	}
}

// add looks for a word, and for the words inside it.
func (m *marker) add(text string, terms []string, weight float64) {
	whole := len(m.words)
	m.place(sought{terms, weight, whole, 1, false})
	if len(terms) < 2 {
		return
	}
	part := func(inner []string) {
		if len(inner) > 0 && len(inner) < len(terms) {
			m.place(sought{inner, weight, whole, float64(len(inner)) / float64(len(terms)), len(inner) == 1})
		}
	}
	m.seg.Each(text, func(t segment.Token) {
		if t.Kind == segment.Inner || t.Kind == segment.Word && t.Runes > 2 {
			part(analysis.Bigrams(m.seg, string(t.Text)))
		}
	})
	for _, pair := range terms {
		if isWord(m.seg, pair) {
			part([]string{pair})
		}
	}
}

func (m *marker) place(w sought) {
	for i, t := range w.terms {
		for _, r := range t {
			m.asked.add(r)
		}
		if strings.ContainsAny(t, segment.NumberCharacters) {
			for _, r := range segment.NumberCharacters {
				m.asked.add(r)
			}
		}
		m.places[t] = append(m.places[t], place{len(m.words), i})
	}
	m.words = append(m.words, w)
}

func isWord(seg *segment.Segmenter, text string) bool {
	n := 0
	seg.Words(text, func(segment.Token) { n++ })
	return n == 1
}

// characterIDF is how rare a Han character is in texts of a page's length.
func characterIDF(seg *segment.Segmenter, r rune) float64 {
	const length = 500
	return seg.CharacterIDF(r, length)
}

// names are the pairs of a query's characters that are in no word of it, such as those of a name which the dictionary has not.
func names(seg *segment.Segmenter, t analysis.Terms) []string {
	inWord := map[rune]bool{}
	mark := func(word string) {
		for _, r := range word {
			inWord[r] = true
		}
	}
	for _, w := range t.Words {
		mark(w.Text)
	}
	for _, u := range t.Units {
		if !u.Latin && !u.Prefix && isWord(seg, u.Text) {
			mark(u.Text) // a word that tells nothing, or one across two others
		}
	}
	var out []string
	for _, u := range t.Units {
		r := []rune(u.Text)
		if u.Latin || len(r) != 2 || inWord[r[0]] || inWord[r[1]] {
			continue
		}
		if a, b := characterIDF(seg, r[0]), characterIDF(seg, r[1]); min(a, b) >= strayIDF && a+b >= nameIDF {
			out = append(out, u.Text)
		}
	}
	return out
}

// eachRun calls f with the Latin words of a phrase and with its Han runs of two and more characters.
func eachRun(seg *segment.Segmenter, phrase string, f func(run string, terms []string)) {
	var terms []string
	from, end := 0, 0
	flush := func() {
		if len(terms) > 0 {
			f(phrase[from:end], terms)
		}
		terms = nil
	}
	seg.Bigrams(phrase, func(t segment.Token) {
		if t.Start >= end {
			flush()
			from = t.Start
		}
		terms, end = append(terms, string(t.Text)), t.End
	})
	flush()
}

// A match is bytes of a text that were asked for.
type match struct {
	start, end int
	word       int
	part       float64 // of the word; 1 is all
}

// matches finds words in a text, in order. Of a word that stands there in part only, longer words inside it are matches; such of two characters
// are where the whole word stands nowhere in the text, and so are words that may stand for it.
func (m *marker) matches(text string) []match {
	f := finder{marker: m, stands: make([]bool, len(m.words))}
	m.eachStretch(text, f.read)
	out := f.found[:0]
	for _, x := range f.found {
		w := &m.words[x.word]
		if !w.stead || !f.stands[w.whole] {
			x.word = w.whole
			out = append(out, x)
		}
	}
	slices.SortFunc(out, func(a, b match) int { return cmp.Or(a.start-b.start, b.end-a.end, a.word-b.word) })
	return out
}

// eachStretch calls f with the parts of a text that consist of characters that terms have, each with a character more at its ends: what words stand in a text, stand
// in these, and most of a text is in none.
func (m *marker) eachStretch(text string, f func(text string, start int)) {
	from, prev := -1, 0 // where the stretch at hand and the character before begin
	characters := segment.NewCharacters()
	for i, was := range text {
		r, class := characters.Of(was)
		switch asked := class == segment.Removed || m.asked.has(r); {
		case asked && from < 0:
			from = prev
		case !asked && from >= 0:
			f(text[from:i+width(text, i, was)], from)
			from = -1
		}
		prev = i
	}
	if from >= 0 {
		f(text[from:], from)
	}
}

// A sieve are characters, a bit for those of the same last twelve bits. Beside those that were added it holds a few others.
type sieve [64]uint64

func (s *sieve) add(r rune) { s[r/64%64] |= 1 << (r % 64) }

func (s *sieve) has(r rune) bool { return s[r/64%64]&(1<<(r%64)) != 0 }

// A finder follows the words through the pairs of a text.
type finder struct {
	*marker
	start       int // byte of the text that the stretch at hand begins at
	live, spare []chain
	end         int    // of the last pair
	stands      []bool // words that were found
	found       []match
}

// A chain is the first pairs of a word, neighbours in the text.
type chain struct {
	place // of the last pair
	start int
}

// read looks at a stretch of the text. No word goes on from one to the next.
func (f *finder) read(stretch string, start int) {
	f.start, f.live = start, f.live[:0]
	if f.lone {
		f.seg.Pairs(stretch, f.see)
	} else {
		f.seg.Bigrams(stretch, f.see)
	}
}

func (f *finder) see(t segment.Token) {
	t.Start, t.End = t.Start+f.start, t.End+f.start
	switch t.Kind {
	case segment.Bigram:
		if places := f.places[string(t.Text)]; len(places)+len(f.live) > 0 {
			f.pair(t, places)
		}
	case segment.Latin:
		f.one(t)
	case segment.Single:
		if f.lone {
			f.one(t)
		}
	}
}

func (f *finder) one(t segment.Token) {
	for _, p := range f.places[string(t.Text)] {
		f.reach(chain{p, t.Start}, t.End)
	}
}

// pair carries on the chains that a pair continues and begins those that it is the first of.
func (f *finder) pair(t segment.Token, places []place) {
	joined := t.Start <= f.end // by a character, of which two may begin at one byte of a number
	f.end = t.End
	next, i := f.spare[:0], 0
	for _, p := range places {
		if p.at == 0 {
			next = f.reachIn(next, chain{p, t.Start}, t.End)
			continue
		}
		for joined && i < len(f.live) && (f.live[i].word < p.word || f.live[i].word == p.word && f.live[i].at+1 < p.at) {
			i++
		}
		if joined && i < len(f.live) && f.live[i].word == p.word && f.live[i].at+1 == p.at {
			next = f.reachIn(next, chain{p, f.live[i].start}, t.End)
		}
	}
	f.live, f.spare = next, f.live
}

// reachIn notes a chain: found, where it is its word's last pair, or else alive.
func (f *finder) reachIn(live []chain, c chain, end int) []chain {
	if f.reach(c, end) {
		return live
	}
	return append(live, c)
}

func (f *finder) reach(c chain, end int) bool {
	w := &f.words[c.word]
	if c.at+1 < len(w.terms) {
		return false
	}
	f.stands[c.word] = true
	f.found = append(f.found, match{c.start, end, c.word, w.part})
	return true
}

func (m *marker) title(title string) []Span {
	return spans(personal.Mask(title), m.matches(title), 0, len(title))
}

// spans cuts the bytes [start, end) of a text into what matches and what does not; matches that touch are one.
func spans(text string, found []match, start, end int) []Span {
	var out []Span
	at := start
	for i := 0; i < len(found); {
		from, to := found[i].start, found[i].end
		for i++; i < len(found) && found[i].start <= to; i++ {
			to = max(to, found[i].end)
		}
		from, to = max(from, at), min(to, end)
		if from >= to {
			continue
		}
		if from > at {
			out = append(out, Span{Text: text[at:from]})
		}
		out = append(out, Span{Text: text[from:to], Match: true})
		at = to
	}
	if at < end {
		out = append(out, Span{Text: text[at:end]})
	}
	return out
}
