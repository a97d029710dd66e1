package spell

import (
	"bufio"
	"fmt"
	"sync"
	"unicode/utf8"

	"terrace/dict"
	"terrace/lm"
	"terrace/pinyin"
)

// A slip is what happened between what was meant and what was typed.
type slip uint8

const (
	sameSound slip = iota
	nearSound
	lookAlike
	dropped
	doubled
	swapped
	other
	slipKinds
)

// A character is one that may have been meant, and the slip that makes what was typed of it.
type character struct {
	meant rune
	slip  slip
}

// slips knows which characters are typed for which.
type slips struct {
	spoken map[string][]rune // the characters of a model by syllable
	alike  map[rune][]rune
}

func newSlips(m *lm.Model) slips {
	s := slips{spoken: map[string][]rune{}, alike: lookAlikes()}
	for r := range m.All() {
		for _, syllable := range pinyin.Readings(r) {
			s.spoken[syllable] = append(s.spoken[syllable], r)
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
