package audit

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/segment"
)

// A trial is user words being tried.
type trial struct {
	*words
	with  *segment.Segmenter
	found map[string]*evidence
}

func (t *trial) of(word string) *evidence {
	e := t.found[word]
	if e == nil {
		e = &evidence{}
		t.found[word] = e
	}
	return e
}

// dictionary tries the dictionary's own words, the most frequent examples first.
func (t *trial) dictionary(ctx context.Context) error {
	var holding []probe
	for i, word := range t.v.words {
		if i%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if t.holds(word) {
			holding = append(holding, probe{text: word, freq: t.v.freq[word]})
		}
	}
	slices.SortStableFunc(holding, func(a, b probe) int { return cmp.Compare(b.freq, a.freq) })
	for i, p := range holding {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		t.try(p)
	}
	return nil
}

// holds reports whether a user word is a part of a word.
func (t *trial) holds(word string) bool {
	off := offsets(word)
	n := len(off) - 1
	for i := range n {
		for j := i + 2; j <= n; j++ {
			if j-i < n && t.used[word[off[i]:off[j]]] > 0 {
				return true
			}
		}
	}
	return false
}

// maxTorn is how long a text may be, in characters, to tell that a word is but a piece of it.
const maxTorn = 32

func (t *trial) try(p probe) {
	t.breaks(p)
	if utf8.RuneCountInString(p.text) <= maxTorn {
		t.tears(p)
	}
}

// tears notes of every new word in a text whether it begins and ends where the text's parts do.
func (t *trial) tears(p probe) {
	off := offsets(p.text)
	n := len(off) - 1
	bounds, cut := uint64(0), false
	for i := range n {
		for j := i + 2; j <= min(n, i+segment.MaxWord); j++ {
			line := t.used[p.text[off[i]:off[j]]]
			if j-i == n || line == 0 || p.name && i == 0 {
				continue
			}
			if !cut {
				bounds, cut = t.v.inside(p.text), true
			}
			e := t.of(p.text[off[i]:off[j]])
			if !t.torn(p.text, off, bounds, i, j) {
				e.whole += p.freq
				continue
			}
			e.torn += p.freq
			e.pieces.add(func() string { return "「" + parted(p.text, off, bounds) + "」" })
		}
	}
}

// torn reports whether the characters [i, j) of a text begin or end within a part of it, of which they hold a piece that is itself no word.
func (t *trial) torn(text string, off []int, bounds uint64, i, j int) bool {
	first, last := i, j
	for bounds>>first&1 == 0 {
		first++
	}
	for bounds>>last&1 == 0 {
		last--
	}
	if first > last { // inside one part
		return true
	}
	noWord := func(from, to int) bool {
		return to == from+1 || to > from && t.v.freq[text[off[from]:off[to]]] < t.v.known()
	}
	return bounds>>i&1 == 0 && noWord(i, first) || bounds>>j&1 == 0 && noWord(last, j)
}

func parted(text string, off []int, bounds uint64) string {
	var b strings.Builder
	for i := range len(off) - 1 {
		if i > 0 && bounds>>i&1 == 1 {
			b.WriteByte('/')
		}
		b.WriteString(text[off[i]:off[i+1]])
	}
	return b.String()
}

// A span is a word in a text, in bytes.
type span struct{ start, end int }

func spans(s *segment.Segmenter, text string) []span {
	var out []span
	s.Words(text, func(t segment.Token) { out = append(out, span{t.Start, t.End}) })
	return out
}

// breaks looks for common words of a normalised text that stand whole without the user words and are cut with them.
func (t *trial) breaks(p probe) {
	before, after := spans(t.base, p.text), spans(t.with, p.text)
	for _, s := range after {
		if word := p.text[s.start:s.end]; t.used[word] > 0 {
			t.of(word).uses++
		}
	}
	if slices.Equal(before, after) {
		return
	}
	blamed := map[string]bool{}
	i := 0
	for _, old := range before {
		for i > 0 && after[i].start > old.start || i == len(after) {
			i--
		}
		for i < len(after)-1 && after[i].end <= old.start {
			i++
		}
		if after[i].start <= old.start && after[i].end >= old.end || t.v.freq[p.text[old.start:old.end]] < t.v.known() {
			continue
		}
		for _, new := range after[i:] {
			if new.start >= old.end {
				break
			}
			if word := p.text[new.start:new.end]; t.used[word] > 0 && !(p.name && new.start == 0) {
				blamed[word] = true
			}
		}
	}
	for word := range blamed {
		t.of(word).broken.add(func() string { return around(p.text, before) + " 变成 " + around(p.text, after) })
	}
}

func around(text string, words []span) string {
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte('/')
		}
		b.WriteString(text[w.start:w.end])
	}
	return b.String()
}
