package query

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"terrace/segment"
)

const (
	passageRunes  = 110     // of a snippet, about
	passageLead   = 24      // characters at most between the beginning of a snippet and its first match
	passageSource = 1 << 18 // bytes of a body in which the best passage is looked for
)

// A marker finds what a reader asked for in titles and bodies.
type marker struct {
	seg   *segment.Segmenter
	worth map[string]float64 // term → what finding it is worth to a passage
	runes map[string]bool    // lone characters asked for
}

func newMarker(seg *segment.Segmenter, p parsed) *marker {
	m := &marker{seg: seg, worth: map[string]float64{}, runes: map[string]bool{}}
	for _, w := range p.words.Words {
		for _, t := range w.Terms {
			m.worth[t] = 1
		}
	}
	for _, phrase := range p.require {
		seg.Pairs(phrase, func(t segment.Token) {
			if t.Kind == segment.Bigram || t.Kind == segment.Latin {
				m.worth[string(t.Text)] = 2
			}
		})
	}
	for _, u := range p.words.Units {
		switch _, known := m.worth[u.Text]; {
		case u.Prefix:
			m.runes[u.Text] = true
		case len(p.words.Words) == 0 && !known:
			m.worth[u.Text] = 1
		}
	}
	return m
}

// A match is bytes of a text that were asked for.
type match struct {
	start, end int
	term       string
	worth      float64
}

func (m *marker) matches(text string) []match {
	var out []match
	m.seg.Pairs(text, func(t segment.Token) {
		switch t.Kind {
		case segment.Bigram, segment.Latin:
			if w := m.worth[string(t.Text)]; w > 0 {
				out = append(out, match{t.Start, t.End, string(t.Text), w})
			}
		case segment.Single:
			if m.runes[string(t.Text)] {
				out = append(out, match{t.Start, t.End, string(t.Text), 1})
			}
		}
	})
	slices.SortFunc(out, func(a, b match) int { return a.start - b.start })
	return out
}

func (m *marker) title(title string) []Span { return spans(title, m.matches(title), 0, len(title)) }

// passage is the part of a body that holds most of the query, begun at a sentence where one begins near.
func (m *marker) passage(body string) []Span {
	body = head(body, passageSource)
	found := m.matches(body)
	start := 0
	if len(found) > 0 {
		start = leadIn(body, found[m.best(body, found)].start)
	}
	end := start
	for n := 0; n < passageRunes && end < len(body); n++ {
		_, size := utf8.DecodeRuneInString(body[end:])
		end += size
	}
	for _, f := range found {
		if f.start < end && f.end > end {
			end = f.end
		}
	}
	out := spans(body, found, start, end)
	for i := range out {
		out[i].Text = strings.ReplaceAll(out[i].Text, "\n", " ")
	}
	if start > 0 && len(out) > 0 {
		out = append([]Span{{Text: "…"}}, out...)
	}
	if end < len(body) {
		out = append(out, Span{Text: "…"})
	}
	return out
}

// best is the match at which the window of a passage's length begins that is worth most: different terms first, then how often they stand there.
func (m *marker) best(body string, found []match) int {
	const span = passageRunes * 2 // bytes of Han text are three a character; a little less than the passage
	best, bestWorth := 0, -1.0
	seen := map[string]int{}
	worth := 0.0
	end := 0
	for i, f := range found {
		for end < len(found) && found[end].end-f.start <= span {
			x := found[end]
			if seen[x.term] == 0 {
				worth += x.worth
			} else {
				worth += x.worth / 20
			}
			seen[x.term]++
			end++
		}
		if worth > bestWorth {
			best, bestWorth = i, worth
		}
		if end <= i {
			end = i + 1
			continue
		}
		if seen[f.term]--; seen[f.term] == 0 {
			worth -= f.worth
		} else {
			worth -= f.worth / 20
		}
	}
	return best
}

// leadIn is where a passage that is to show the byte at begins: the sentence's start where that is near, else a few characters before, past a sign
// that ends what is left out.
func leadIn(body string, at int) int {
	start := at
	for range passageLead {
		r, size := utf8.DecodeLastRuneInString(body[:start])
		if size == 0 {
			return 0
		}
		if strings.ContainsRune("。！？；\n", r) {
			return start
		}
		start -= size
	}
	for range passageLead / 2 {
		_, size := utf8.DecodeRuneInString(body[start:])
		start += size
	}
	lead := body[start:at]
	return at - len(strings.TrimLeftFunc(lead, func(r rune) bool { return unicode.In(r, unicode.Po, unicode.Pe, unicode.Pf, unicode.Zs) }))
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
