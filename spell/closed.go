package spell

import "math"

// closedWords keeps the edits that make a word of the closed vocabulary.
func (s *search) closedWords(r *run) {
	v := s.corrector.words
	for i := range r.han {
		for n := 2; n <= min(v.longest+1, len(r.han)-i) && s.ctx.Err() == nil; n++ {
			s.oneAway(r, i, r.han[i:i+n])
		}
	}
}

// oneAway keeps the edits that make a word of the characters typed, which stand at i in the run.
func (s *search) oneAway(r *run, i int, typed []rune) {
	v := s.corrector.words
	for k := range typed {
		if s.allowed(r, edit{from: i + k, to: i + k + 1}) {
			for _, h := range v.near(typed, k) {
				if word := v.words[h.word]; int(h.at) == k && len(word) == len(typed) && same(typed, k, word, k) {
					s.keepWord(r, edit{from: i + k, to: i + k + 1, with: [2]rune{word[k]}, n: 1}, s.corrector.slips.kind(typed[k], word[k]), i, len(word))
				}
			}
		}
		if k == 0 {
			continue
		}
		if typed[k] == typed[k-1] && v.has(typed, k) != nil {
			s.keepWord(r, edit{from: i + k, to: i + k + 1}, doubled, i, len(typed)-1)
		}
		if e := (edit{from: i + k - 1, to: i + k + 1, with: [2]rune{typed[k], typed[k-1]}, n: 2}); s.allowed(r, e) && v.has(e.in(typed, i), -1) != nil {
			s.keepWord(r, e, swapped, i, len(typed))
		}
	}
	for _, h := range v.near(typed, -1) {
		word, k := v.words[h.word], int(h.at)
		if k > 0 && k < len(typed) && same(typed, -1, word, k) { // at its ends a word may go on, or not
			s.keepWord(r, edit{from: i + k, to: i + k, with: [2]rune{word[k]}, n: 1}, dropped, i, len(word))
		}
	}
}

// keepWord keeps an edit that makes a word of n characters at i. The word is as likely as any of the vocabulary, if the model does not find it
// likelier.
func (s *search) keepWord(r *run, e edit, kind slip, i, n int) {
	if e.to-e.from == 1 && e.n == 1 && r.han[e.from] == e.with[0] {
		return
	}
	c := s.corrector
	asText := 0.0
	for k := i; k < i+n; k++ {
		x, y, z := at(r.han, k-2, e.from, e.to, e.text()), at(r.han, k-1, e.from, e.to, e.text()), at(r.han, k, e.from, e.to, e.text())
		asText += c.model.Score(x, y, z)
	}
	was := c.score(r.han, e.from, e.to, r.han[e.from:e.to], math.Inf(-1))
	s.keep(r, e, kind, was, max(0, math.Log(asked/float64(len(c.words.words)))-asText))
}
