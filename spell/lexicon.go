package spell

import (
	"bufio"
	"fmt"
	"slices"
	"strings"
	"sync"

	"terrace/dict"
)

// lexicon is the hashes of the words of general Chinese, in order. A query may speak of what no text of the cluster does; its words are right all
// the same, but for one character twice, which is as well a slip. The list is embedded and tested: an error is the program's.
var lexicon = sync.OnceValue(func() []uint64 {
	in, err := dict.Words()
	if err != nil {
		panic(fmt.Errorf("read the general dictionary: %w", err))
	}
	out := make([]uint64, 0, 400_000)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		word, _, _ := strings.Cut(lines.Text(), " ")
		if r := []rune(word); len(r) > 1 && len(r) <= longestGeneral && (len(r) > 2 || r[0] != r[1]) {
			out = append(out, hash(r, -1))
		}
	}
	if err := lines.Err(); err != nil {
		panic(fmt.Errorf("read the general dictionary: %w", err))
	}
	slices.Sort(out)
	return slices.Compact(out)
})

// longestGeneral is how many characters of a general word are looked at.
const longestGeneral = 8

// generalWords gives the range of each word of general Chinese that stands in a text.
func (v *vocabulary) generalWords(text []rune, yield func(from, to int)) {
	for i := range text {
		for n := 2; n <= min(longestGeneral, len(text)-i); n++ {
			if _, ok := slices.BinarySearch(v.general, hash(text[i:i+n], -1)); ok {
				yield(i, i+n)
			}
		}
	}
}
