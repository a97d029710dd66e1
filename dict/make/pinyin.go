package main

import (
	"bufio"
	"cmp"
	"compress/gzip"
	"fmt"
	"maps"
	"math/bits"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// pinyin writes pinyin.txt.gz. A character's readings stand in the order of how often words are read so. Kept are the words that are not read
// as their characters usually are, and the frequent words that may stand across an edge of one (社会 and 划分 beside 会计).
func pinyin() error {
	frequency, err := frequencies()
	if err != nil {
		return err
	}
	characters, err := characterReadings()
	if err != nil {
		return err
	}
	phrases, err := phraseReadings(characters)
	if err != nil {
		return err
	}
	t := table{readings: map[rune][]string{}, phrases: map[string][]string{}, frequency: frequency}
	counts := attested(phrases, frequency)
	for c := range common(frequency) {
		if r := characters[c]; len(r) > 0 {
			t.readings[c] = usualFirst(r, counts[c], frequency[string(c)])
		}
	}
	t.except(phrases)
	t.guard(phrases)
	return t.write("pinyin.txt.gz")
}

// frequencies are the words of words.txt.gz, which is made first.
func frequencies() (map[string]int, error) {
	in, err := os.Open("words.txt.gz")
	if err != nil {
		return nil, err
	}
	defer in.Close()
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, err
	}
	out := map[string]int{}
	lines := bufio.NewScanner(z)
	for lines.Scan() {
		word, n, _ := strings.Cut(lines.Text(), " ")
		if out[word], err = strconv.Atoi(n); err != nil {
			return nil, err
		}
	}
	return out, lines.Err()
}

// common are the characters of GB 2312 and those that occur at least ten times in words.
func common(frequency map[string]int) map[rune]bool {
	seen := map[rune]int{}
	for w, n := range frequency {
		for _, c := range w {
			seen[c] += n
		}
	}
	out := map[rune]bool{}
	for c, n := range seen {
		if n >= 10 {
			out[c] = true
		}
	}
	decoder := simplifiedchinese.GB18030.NewDecoder()
	for row := byte(0xb0); row <= 0xf7; row++ {
		for cell := byte(0xa1); cell <= 0xfe; cell++ {
			if b, err := decoder.Bytes([]byte{row, cell}); err == nil {
				c, _ := utf8.DecodeRune(b)
				out[c] = true
			}
		}
	}
	return out
}

// attested counts how often each character is read how in phrases that are words.
func attested(phrases map[string][]string, frequency map[string]int) map[rune]map[string]int {
	out := map[rune]map[string]int{}
	for text, syllables := range phrases {
		for i, c := range []rune(text) {
			if out[c] == nil {
				out[c] = map[string]int{}
			}
			out[c][syllables[i]] += frequency[text] + 1
		}
	}
	return out
}

// usualFirst sorts a character's readings by count; as a word alone it has the first. Readings that no phrase has are left out, but for the
// first two of a character that is in no phrase.
func usualFirst(readings []string, counts map[string]int, alone int) []string {
	if len(counts) == 0 {
		return readings[:min(len(readings), 2)]
	}
	counts[readings[0]] += alone
	sorted := slices.DeleteFunc(slices.Clone(readings), func(r string) bool { return counts[r] == 0 })
	slices.SortStableFunc(sorted, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
	return sorted
}

// A table says how texts are read: by phrases, and by the usual reading of the characters between them.
type table struct {
	readings  map[rune][]string
	phrases   map[string][]string
	frequency map[string]int
}

// usual is how a text is read character by character.
func (t *table) usual(text string) []string {
	var out []string
	for _, c := range text {
		out = append(out, append(t.readings[c], "")[0])
	}
	return out
}

// except keeps the words that are not read as usual.
func (t *table) except(phrases map[string][]string) {
	for text, syllables := range phrases {
		if t.frequency[text] > 0 && utf8.RuneCountInString(text) > 1 && !slices.Equal(t.usual(text), syllables) {
			t.phrases[text] = syllables
		}
	}
}

// guard adds words read as usual that hold a kept word, or are frequent and end as one begins or begin as one ends.
func (t *table) guard(phrases map[string][]string) {
	const frequent, longest = 500, 4
	begins, ends := map[string]bool{}, map[string]bool{}
	for text := range t.phrases {
		for i := range text {
			begins[text[:i]], ends[text[i:]] = true, true
		}
	}
	guards := map[string][]string{}
	for text, n := range t.frequency {
		_, known := phrases[text]
		holds, meets := false, false
		for i := range text {
			holds = holds || t.holds(text[i:])
			meets = meets || i > 0 && (begins[text[i:]] || ends[text[:i]])
		}
		short := utf8.RuneCountInString(text) <= longest
		if t.phrases[text] == nil && (holds && known || !holds && meets && short && n >= frequent) {
			guards[text] = t.usual(text)
		}
	}
	maps.Copy(t.phrases, guards)
}

// holds tells whether a text begins with a kept word.
func (t *table) holds(text string) bool {
	for i := range text {
		if t.phrases[text[:i]] != nil {
			return true
		}
	}
	return t.phrases[text] != nil
}

func (t *table) write(name string) error {
	out, err := os.Create(name)
	if err != nil {
		return err
	}
	defer out.Close()
	z, err := gzip.NewWriterLevel(out, gzip.BestCompression)
	if err != nil {
		return err
	}
	characters := map[string]string{}
	for _, c := range slices.Sorted(maps.Keys(t.readings)) {
		characters[strings.Join(t.readings[c], " ")] += string(c)
	}
	for _, readings := range slices.Sorted(maps.Keys(characters)) {
		fmt.Fprintf(z, "%s\t%s\n", readings, characters[readings])
	}
	for _, text := range shortFirst(t.phrases) {
		fmt.Fprintf(z, "%s\t%s\t%d\n", text, strings.Join(t.phrases[text], " "), bits.Len(uint(t.frequency[text])))
	}
	if err := z.Close(); err != nil {
		return err
	}
	return out.Close()
}

func shortFirst(phrases map[string][]string) []string {
	return slices.SortedFunc(maps.Keys(phrases), func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) })
}
