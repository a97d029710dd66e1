package pinyin

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// A Word is a name or term of a vocabulary, which is looked up whole: departments, places, official terms, words of titles.
type Word struct {
	Text   string
	Weight float64 // how likely it is asked for, > 0
}

// A Candidate is Chinese text that Latin input can stand for. Higher Score is likelier; comparable between the candidates of one input only.
type Candidate struct {
	Text  string
	Score float64
}

// A Decoder finds the Chinese text that Latin input stands for. It does not change; any number of goroutines may use it.
type Decoder struct {
	vocabulary *vocabulary
	score      func(a, b, c rune) float64
	sounds     [][]sound // of each syllable, the most frequent characters first
}

// A sound is a character that a syllable can stand for.
type sound struct {
	char rune
	cost float64 // of the reading
}

// NewDecoder makes a decoder of words, which must not be changed afterwards. Where words repeat a text the heaviest counts; those without weight
// are left out. score gives log P(c | a b) of a character after the two before it, where 0 stands for the beginning and c == 0 for the end of a
// text. It must answer for characters that it has never seen, and several goroutines at once; nil: no language model, vocabulary alone.
func NewDecoder(words []Word, score func(a, b, c rune) float64) *Decoder {
	return &Decoder{vocabulary: newVocabulary(words), score: score, sounds: sounds(score)}
}

// maxSounds is how many characters of one syllable are tried, the most frequent ones.
const maxSounds = 64

func sounds(score func(a, b, c rune) float64) [][]sound {
	out := make([][]sound, len(syllables().names))
	frequency := map[rune]float64{}
	for char, readings := range tables().readings {
		for rank, r := range readings {
			at := syllables().id(r)
			out[at] = append(out[at], sound{char, lessUsual * float64(rank)})
		}
		if score != nil {
			frequency[char] = score(utf8.RuneError, utf8.RuneError, char) // after what it has never seen: of the character alone
		}
	}
	for i, list := range out {
		slices.SortFunc(list, func(a, b sound) int {
			return cmp.Or(cmp.Compare(frequency[b.char]-b.cost, frequency[a.char]-a.cost), cmp.Compare(a.char, b.char))
		})
		out[i] = slices.Clone(list[:min(len(list), maxSounds)])
	}
	return out
}

// logP is the model's, or 0 where there is none.
func (d *Decoder) logP(a, b, c rune) float64 {
	if d.score == nil {
		return 0
	}
	return d.score(a, b, c)
}

// named stands above all logarithms of probabilities.
const named = 1e6

// Decode reads Latin letters as full pinyin (gongjijin; an apostrophe, hyphen or space begins a syllable; ü as ü, v or u), as the initials of a
// word of the vocabulary (gjj, zh or z), or as a mix (gjjin, gongjj). It gives the best n first, nil where nothing fits, where there is anything
// but Latin letters, or more than 64 of them. Words of the vocabulary that are spelled whole come first, by weight; then abbreviated ones and,
// where the letters are whole syllables throughout, what characters and words they can stand for, by likelihood.
func (d *Decoder) Decode(latin string, n int) []Candidate {
	in, ok := parse(latin)
	if !ok || n <= 0 {
		return nil
	}
	whole, other := d.known(in)
	for i := range whole {
		whole[i].Score += named
	}
	if len(whole) < n {
		if l, ok := d.lattice(in); ok {
			other = append(other, d.best(l, len(in.letters), n)...)
			slices.SortFunc(other, better)
		}
	}
	var out []Candidate
	seen := map[string]bool{}
	for _, c := range slices.Concat(whole, other) {
		if len(out) < n && !seen[c.Text] {
			seen[c.Text] = true
			out = append(out, c)
		}
	}
	return out
}
