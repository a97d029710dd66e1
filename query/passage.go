package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"terrace/personal"
	"terrace/segment"
)

const (
	passageRunes  = 110                  // of a snippet, about
	firstRunes    = passageRunes * 2 / 3 // of the better of two places, before it is widened
	passageSource = 1 << 18              // bytes of a body in which the best passage is looked for
	poorFactor    = .6                   // worth of a word that stands in a label or a heading, beside one in a sentence
	gain          = 1.1                  // how much more than one place two must hold to be shown in its stead
)

// passage is what of a body holds most of what was asked for: sentences that stand together, or two places where one cannot hold as much. Where
// nothing was asked for it is the beginning of the first sentence.
func (m *marker) passage(body string) []Span {
	whole := head(body, passageSource+personal.Reach)
	body = head(body, passageSource)
	found := m.matches(body)
	c := newChooser(m.words, cutClauses(body), found)
	shown := c.choose()
	var out []Span
	for i, s := range shown {
		if s.from > 0 && (i > 0 || len(found) > 0) {
			out = append(out, Span{Text: "…"})
		}
		from, to := m.bounds(body, c.clauses, s)
		out = append(out, squeeze(spans(personal.MaskAround(whole, from, to), found, from, to))...)
	}
	if n := len(shown); n > 0 && shown[n-1].to < len(c.clauses) {
		out = append(out, Span{Text: "…"})
	}
	return out
}

// bounds are the bytes of a stretch. Where it begins or ends inside an overlong clause, words stay whole: one belongs to the clause it begins in.
func (m *marker) bounds(body string, clauses []clause, s stretch) (from, to int) {
	end := func(i int) int {
		if i+1 < len(clauses) && clauses[i].forced {
			return clauses[i].start + m.wordEnd(body[clauses[i].start:clauses[i+1].end], clauses[i].end-clauses[i].start)
		}
		return clauses[i].end
	}
	from, to = clauses[s.from].start, end(s.to-1)
	if s.from > 0 {
		from = max(from, end(s.from-1))
	}
	return from, to
}

// wordEnd is where the word that reaches over a byte of a text ends; the byte itself where none does, or one without end.
func (m *marker) wordEnd(text string, at int) int {
	const most = 32
	end := at
	m.seg.Words(text, func(t segment.Token) {
		if t.Start < at && t.End > at && t.End-t.Start <= most {
			end = t.End
		}
	})
	return end
}

// squeeze makes one blank of blanks and line breaks in a row, and nothing of those at the ends.
func squeeze(in []Span) []Span {
	out := in[:0]
	blank := true
	for _, s := range in {
		var b strings.Builder
		for i, r := range s.Text {
			switch space := unicode.IsSpace(r); {
			case !space:
				_, n := utf8.DecodeRuneInString(s.Text[i:])
				b.WriteString(s.Text[i : i+n])
				blank = false
			case !blank:
				b.WriteByte(' ')
				blank = true
			}
		}
		if b.Len() > 0 {
			out = append(out, Span{b.String(), s.Match})
		}
	}
	if n := len(out); n > 0 && blank {
		if out[n-1].Text = strings.TrimSuffix(out[n-1].Text, " "); out[n-1].Text == "" {
			out = out[:n-1]
		}
	}
	return out
}

// untitled is a body without the title that it begins with, alone or below lines such as the document number, once or twice.
func untitled(body, title string) string {
	const reach = 1024 // bytes, beside four times the title's
	key := segment.TitleKey(title)
	if key == "" {
		return body
	}
	start := head(body, 4*len(title)+reach)
	seen, end, times := "", 0, 0
	for at := 0; at < len(start) && times < 2; {
		line, _, more := strings.Cut(start[at:], "\n")
		if strings.ContainsAny(line, "。！？；") || !more && len(start) < len(body) {
			break
		}
		at = min(at+len(line)+1, len(start))
		if seen += segment.TitleKey(line); strings.HasSuffix(seen, key) {
			seen, end, times = "", at, times+1
		}
	}
	return body[end:]
}

// A chooser looks for the clauses that are to be shown.
type chooser struct {
	words   []sought
	clauses []clause
	before  []int     // runes before each clause, and of all
	hits    []wordHit // in order
}

// A wordHit is a word, or a part of it, in a clause.
type wordHit struct {
	clause, word int
	part         float64
}

// A stretch is the clauses [from, to).
type stretch struct{ from, to int }

func newChooser(words []sought, clauses []clause, found []match) *chooser {
	c := &chooser{words: words, clauses: clauses, before: make([]int, 1, len(clauses)+1)}
	for _, x := range clauses {
		c.before = append(c.before, c.before[len(c.before)-1]+x.runes)
	}
	at := 0
	for _, f := range found {
		for at+1 < len(clauses) && clauses[at].end <= f.start {
			at++
		}
		c.hits = append(c.hits, wordHit{at, f.word, f.part})
	}
	return c
}

func (c *chooser) runes(s stretch) int { return c.before[s.to] - c.before[s.from] }

// choose gives one stretch, or two in order where they hold more than any one. It gives none of a text without clauses.
func (c *chooser) choose() []stretch {
	if len(c.clauses) == 0 {
		return nil
	}
	all := stretch{0, len(c.clauses)}
	held := make([]float64, len(c.words))
	one, worth := c.best(all, passageRunes, held)
	if worth == 0 {
		return []stretch{c.fill(c.beginning(), all, passageRunes)}
	}
	first, firstWorth := c.best(all, firstRunes, held)
	c.hold(first, held)
	room := passageRunes - c.runes(first)
	second, more := c.best(stretch{0, first.from}, room, held)
	if x, w := c.best(stretch{first.to, all.to}, room, held); w > more {
		second, more = x, w
	}
	if firstWorth+more < worth*gain {
		return []stretch{c.fill(one, all, passageRunes)}
	}
	if second.from < first.from {
		first, second = second, first
	}
	first = c.fill(first, stretch{0, second.from}, min(firstRunes, passageRunes-c.runes(second)))
	second = c.fill(second, stretch{first.to, all.to}, passageRunes-c.runes(first))
	if first.to == second.from {
		return []stretch{{first.from, second.to}}
	}
	return []stretch{first, second}
}

// beginning is the first clause of a sentence, or the first of all where there is no sentence.
func (c *chooser) beginning() stretch {
	i := slices.IndexFunc(c.clauses, func(c clause) bool { return !c.poor })
	i = max(i, 0)
	return stretch{i, i + 1}
}

// best is the stretch within others, of at most limit characters, that is worth most beyond what is held already; of equals the densest, of
// those the first. Each clause with a hit is tried as the first one; words stands for the next place of each word.
func (c *chooser) best(within stretch, limit int, held []float64) (found stretch, worth float64) {
	const step = 20 // characters within which two stretches are as dense as each other
	whole, part := make([]nextPlace, len(c.words)), make([]nextPlace, len(c.words))
	density := 0
	for i := len(c.hits) - 1; i >= 0; i-- {
		h := c.hits[i]
		if h.clause < within.from || h.clause >= within.to {
			continue
		}
		value := c.words[h.word].weight * h.part
		if c.clauses[h.clause].poor {
			value *= poorFactor
		}
		if h.part == 1 {
			whole[h.word] = nextPlace{h.clause, value}
		} else {
			part[h.word] = nextPlace{h.clause, value}
		}
		if i > 0 && c.hits[i-1].clause == h.clause {
			continue
		}
		s, w := c.from(h.clause, limit, whole, part, held)
		steps := c.runes(s) / step
		if w > worth*1.001 || w > 0 && w > worth*.999 && steps <= density {
			found, worth, density = s, max(w, worth), steps
		}
	}
	return found, worth
}

// A nextPlace is the next clause that a word stands in, and what it is worth there.
type nextPlace struct {
	clause int
	value  float64 // 0: there is none
}

// from is the shortest stretch from a clause on that holds all the words which a stretch of limit characters can hold.
func (c *chooser) from(first, limit int, whole, part []nextPlace, held []float64) (s stretch, worth float64) {
	s = stretch{first, first + 1}
	for w := range c.words {
		for _, n := range [...]nextPlace{whole[w], part[w]} {
			if n.value <= held[w] || c.runes(stretch{first, n.clause + 1}) > limit {
				continue
			}
			worth += n.value - held[w]
			s.to = max(s.to, n.clause+1)
			break
		}
	}
	return s, worth
}

// hold notes what a stretch holds.
func (c *chooser) hold(s stretch, held []float64) {
	for _, h := range c.hits {
		if h.clause >= s.from && h.clause < s.to {
			held[h.word] = max(held[h.word], c.words[h.word].weight*h.part)
		}
	}
}

// fill widens a stretch to whole sentences, and by the sentences after it and before it, as far as the limit and what it may take allow.
func (c *chooser) fill(s, within stretch, limit int) stretch {
	grow := func(to stretch) bool {
		ok := to.from >= within.from && to.to <= within.to && c.runes(to) <= limit
		if ok {
			s = to
		}
		return ok
	}
	grow(stretch{c.sentenceStart(s.from), s.to})
	for !c.clauses[s.to-1].ends && grow(stretch{s.from, s.to + 1}) {
	}
	for !c.begins(s.from) && grow(stretch{s.from - 1, s.to}) {
	}
	poor := c.clauses[s.from].poor
	for s.to < within.to && c.clauses[s.to-1].ends && (poor || !c.clauses[s.to].poor) && grow(stretch{s.from, c.sentenceEnd(s.to)}) {
	}
	for c.runes(s) < limit/2 && s.from > within.from && (poor || !c.clauses[s.from-1].poor) && grow(stretch{c.sentenceStart(s.from - 1), s.to}) {
	}
	for c.runes(s) < limit*2/3 && s.to < within.to && !c.clauses[s.to].poor && grow(stretch{s.from, s.to + 1}) {
	}
	return s
}

// begins reports whether a sentence begins with a clause.
func (c *chooser) begins(i int) bool { return i == 0 || c.clauses[i-1].ends }

func (c *chooser) sentenceStart(i int) int {
	for !c.begins(i) {
		i--
	}
	return i
}

// sentenceEnd is the clause after the sentence of a clause.
func (c *chooser) sentenceEnd(i int) int {
	for i+1 < len(c.clauses) && !c.clauses[i].ends {
		i++
	}
	return i + 1
}
