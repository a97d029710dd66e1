package pinyin

// A match is a word that an input can stand for.
type match struct {
	entry
	loose bool // ü was written u
	short bool // a syllable was given by its initial
}

// A lookup finds the words of a vocabulary that a whole input stands for, each syllable given whole or by its initial (z or zh for zhang).
type lookup struct {
	v       *vocabulary
	in      *input
	matches []match
	budget  int // spans that may still be looked at
}

// maxSpans bounds the work of one look-up.
const maxSpans = 1 << 13

func (v *vocabulary) lookup(in *input) []match {
	l := lookup{v: v, in: in, budget: maxSpans}
	l.walk(v.all(), 0, match{})
	return l.matches
}

// walk reads on from a place, in the span of entries that agree so far.
func (l *lookup) walk(s span, at int, m match) {
	if l.budget--; l.budget < 0 || s.from == s.to {
		return
	}
	if at == len(l.in.letters) {
		for _, e := range l.v.ended(s) {
			m.entry = e
			l.matches = append(l.matches, m)
		}
		return
	}
	for n := 1; n <= longestForm; n++ {
		for _, f := range syllables().written[l.in.piece(at, n)] {
			on := m
			on.loose = on.loose || f.loose
			l.walk(l.v.next(s, f.id, f.id+1), at+n, on)
		}
	}
	m.short = true
	l.initial(s, at, l.in.piece(at, 1), m)
	if pair := l.in.piece(at, 2); pair == "zh" || pair == "ch" || pair == "sh" {
		l.initial(s, at, pair, m)
	}
}

// initial takes letters as the beginning of any syllable longer than they are.
func (l *lookup) initial(s span, at int, letters string, m match) {
	from, to := syllables().beginning(letters)
	if syllables().names[from] == letters {
		from++
	}
	l.v.each(l.v.next(s, from, to), func(_ id, next span) { l.walk(next, at+len(letters), m) })
}
