package spell

import (
	"bufio"
	"fmt"
	"iter"
	"math"
	"sync"
	"unicode/utf8"

	"terrace/dict"
	"terrace/lm"
	"terrace/pinyin"
)

// A slip is what happened between what was meant and what was typed.
type slip int

const (
	sameSound slip = iota
	nearSound
	lookAlike
	other // character
	dropped
	doubled
	swapped
)

// slipRate is the share of typed characters that come out of a slip: 10 to 15 % of queries have one (Cucerzan and Brill, EMNLP 2004), of about
// ten characters.
const slipRate = .015

// cost is the negative logarithm of the probability that a character is typed so: the share of the kind among slips by the number of characters
// that the hand or the ear may choose from. Most queries are typed by sound.
func (s slip) cost() float64 {
	share := [...]float64{sameSound: .35, nearSound: .15, lookAlike: .15, other: .05, dropped: .1, doubled: .1, swapped: .1}
	choice := [...]float64{sameSound: 15, nearSound: 20, lookAlike: 20, other: 3000, dropped: 1, doubled: 1, swapped: 1}
	return -math.Log(slipRate * share[s] / choice[s])
}

// A character is one that may have been meant, and the slip that makes what was typed of it.
type character struct {
	meant rune
	slip  slip
}

// slips knows which characters are typed for which.
type slips struct {
	spoken map[string][]rune // the characters of a model and a vocabulary by syllable
	alike  map[rune][]rune
}

func newSlips(m *lm.Model, v *vocabulary) slips {
	s := slips{spoken: map[string][]rune{}, alike: lookAlikes()}
	seen := map[rune]bool{}
	for _, characters := range []iter.Seq[rune]{m.All(), v.characters} {
		for r := range characters {
			if seen[r] {
				continue
			}
			seen[r] = true
			for _, syllable := range pinyin.Readings(r) {
				s.spoken[syllable] = append(s.spoken[syllable], r)
			}
		}
	}
	return s
}

// lookAlikes is dict.Shapes. The list is embedded and tested: an error is the program's.
var lookAlikes = sync.OnceValue(func() map[rune][]rune {
	in, err := dict.Shapes()
	if err != nil {
		panic(fmt.Errorf("read the list of look-alikes: %w", err))
	}
	out := make(map[rune][]rune, 7000)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		c, n := utf8.DecodeRune(lines.Bytes())
		out[c] = []rune(lines.Text()[n:])
	}
	if err := lines.Err(); err != nil {
		panic(fmt.Errorf("read the list of look-alikes: %w", err))
	}
	return out
})

// meant gives the characters that may have been meant by one, each once and by its likeliest slip.
func (s *slips) meant(typed rune) []character {
	seen := map[rune]bool{typed: true}
	var out []character
	add := func(runes []rune, kind slip) {
		for _, r := range runes {
			if !seen[r] {
				seen[r] = true
				out = append(out, character{r, kind})
			}
		}
	}
	readings := pinyin.Readings(typed)
	for _, syllable := range readings {
		add(s.spoken[syllable], sameSound)
	}
	for _, syllable := range readings {
		for _, other := range near(syllable) {
			add(s.spoken[other], nearSound)
		}
	}
	add(s.alike[typed], lookAlike)
	return out
}

// kind is the slip by which one character is typed for another.
func (s *slips) kind(typed, meant rune) slip {
	for _, c := range s.meant(typed) {
		if c.meant == meant {
			return c.slip
		}
	}
	return other
}
