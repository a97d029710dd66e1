// Package pinyin reads Chinese as Latin letters and Latin letters as Chinese.
//
// Syllables stand without tones, in small letters, ü as v. Text is expected in simplified characters.
package pinyin

import (
	"bufio"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"terrace/dict"
)

// Readings are the syllables a Han character can be read as, without tones, the usual one first; nil for other characters. ü is written v.
// The caller must not change them.
func Readings(r rune) []string { return tables().readings[r] }

// Of gives the syllable of each character of a text, in its context: phrases decide between several readings (银行 yin hang, 行政 xing zheng).
// The entry is "" for what is not Han or has no known reading. One entry a rune.
func Of(text string) []string {
	out, _ := tables().of(text)
	return out
}

// of tells beside the syllables which of them a phrase decided.
func (t *table) of(text string) (out []string, decided []bool) {
	var starts []int // of each rune, and the end
	for i := range text {
		starts = append(starts, i)
	}
	starts = append(starts, len(text))
	out, decided = make([]string, len(starts)-1), make([]bool, len(starts)-1)
	for i, n := range t.pieces(text, starts) {
		if n > 1 {
			copy(out[i-n:i], t.phrases[text[starts[i-n]:starts[i]]].syllables)
			for j := i - n; j < i; j++ {
				decided[j] = true
			}
		} else if n == 1 {
			c, _ := utf8.DecodeRuneInString(text[starts[i-1]:])
			out[i-1] = append(t.readings[c], "")[0]
		}
	}
	return out, decided
}

// pieces cuts a text into phrases and single characters at the least cost: for each place where a piece ends its runes, else 0.
func (t *table) pieces(text string, starts []int) []int {
	const single = 14 // bits of a character outside phrases, as that of a word in 16,000
	size := len(starts)
	cost, last := make([]int, size), make([]int, size)
	for i := 1; i < size; i++ {
		cost[i] = math.MaxInt
	}
	for i := range size - 1 {
		if c := cost[i] + single; c < cost[i+1] {
			cost[i+1], last[i+1] = c, 1
		}
		first, _ := utf8.DecodeRuneInString(text[starts[i]:])
		for n := min(t.longest[first], size-1-i); n > 1; n-- {
			p, ok := t.phrases[text[starts[i]:starts[i+n]]]
			if c := cost[i] + p.bits; ok && c < cost[i+n] {
				cost[i+n], last[i+n] = c, n
			}
		}
	}
	ends := make([]int, size)
	for i := size - 1; i > 0; i -= last[i] {
		ends[i] = last[i]
	}
	return ends
}

// table is dict.Pinyin, ready for use.
type table struct {
	readings map[rune][]string
	phrases  map[string]phrase // those whose characters are not all read as usual, and words that compete with these
	longest  map[rune]int      // characters of the longest phrase that begins with a character
}

type phrase struct {
	syllables []string
	bits      int // of its information, the fewer the more frequent it is
}

// tables are made at the first use. The list is embedded and tested: an error is the program's.
var tables = sync.OnceValue(func() *table {
	t, err := load()
	if err != nil {
		panic(fmt.Errorf("read the pinyin list: %w", err))
	}
	return t
})

func load() (*table, error) {
	in, err := dict.Pinyin()
	if err != nil {
		return nil, err
	}
	t := &table{readings: make(map[rune][]string, 12000), phrases: make(map[string]phrase, 12000), longest: map[rune]int{}}
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		f := strings.Split(lines.Text(), "\t")
		syllables := strings.Fields(f[0])
		if len(f) == 2 {
			for _, c := range f[1] {
				t.readings[c] = syllables
			}
			continue
		}
		if err := t.add(f); err != nil {
			return nil, err
		}
	}
	return t, lines.Err()
}

// add takes a phrase, its syllables and the bits of its frequency.
func (t *table) add(f []string) error {
	const all = 26 // bits of the frequencies' sum
	if len(f) != 3 {
		return fmt.Errorf("a line of %d columns", len(f))
	}
	frequency, err := strconv.Atoi(f[2])
	if err != nil {
		return err
	}
	p := phrase{strings.Fields(f[1]), all - frequency}
	first, _ := utf8.DecodeRuneInString(f[0])
	t.phrases[f[0]] = p
	t.longest[first] = max(t.longest[first], len(p.syllables))
	return nil
}
