package pinyin

import (
	"cmp"
	"slices"
)

// A lattice is the ways to read an input as whole syllables: from each place the syllables and the words that begin there. Ways that do not
// reach the end are left out.
type lattice [maxLetters + 1][]edge

// An edge leads to the place where its letters end.
type edge struct {
	to    int
	id    id
	loose bool
	words []entry // when not nil, these stand for more than one syllable, and id is unused
}

// lattice gives false where no way leads to the end.
func (d *Decoder) lattice(in *input) (*lattice, bool) {
	var l lattice
	end := len(in.letters)
	for at := end - 1; at >= 0; at-- {
		for n := 1; n <= longestForm; n++ {
			for _, f := range syllables().written[in.piece(at, n)] {
				if len(d.sounds[f.id]) > 0 && (at+n == end || len(l[at+n]) > 0) {
					l[at] = append(l[at], edge{to: at + n, id: f.id, loose: f.loose})
				}
			}
		}
	}
	for at := range end {
		for _, e := range l[at] {
			if e.words == nil {
				d.wordEdges(&l, at, e.to, e.loose, d.vocabulary.next(d.vocabulary.all(), e.id, e.id+1))
			}
		}
	}
	return &l, len(l[0]) > 0
}

// maxHomophones is how many words of one sound are tried at a place.
const maxHomophones = 8

// wordEdges adds to the edges of a place the words that go on from a second one.
func (d *Decoder) wordEdges(l *lattice, from, at int, loose bool, s span) {
	if s.from == s.to {
		return
	}
	for _, e := range l[at] {
		if e.words != nil {
			continue
		}
		next := d.vocabulary.next(s, e.id, e.id+1)
		words := slices.DeleteFunc(slices.Clone(d.vocabulary.ended(next)), func(e entry) bool { return !e.plain })
		slices.SortStableFunc(words, func(a, b entry) int {
			return cmp.Compare(d.vocabulary.words[b.word].Weight, d.vocabulary.words[a.word].Weight)
		})
		if len(words) > 0 {
			l[from] = append(l[from], edge{to: e.to, loose: loose || e.loose, words: words[:min(len(words), maxHomophones)]})
		}
		d.wordEdges(l, from, e.to, loose || e.loose, next)
	}
}
