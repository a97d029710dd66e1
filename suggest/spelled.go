package suggest

import "math/bits"

// maxSpelled is how many letters and digits of an input are matched with sounds.
const maxSpelled = 63

// A spelled says how much of an input some characters stand for: bit i is set where they can be spelled by its first i letters.
type spelled struct {
	whole    uint64 // by their whole syllables, the last one by any beginning of it
	initials uint64 // by their initials
	mixed    uint64 // by either; what is in the others is in it
}

// nothing is what no characters stand for.
var nothing = spelled{1, 1, 1}

// add adds a character that is read as a syllable.
func (s spelled) add(input, syllable string) (sum spelled) {
	for left := s.mixed; left != 0; left &= left - 1 {
		i := bits.TrailingZeros64(left)
		whole, initial := lengths(input[i:], syllable)
		sum.mixed |= (whole | initial) << i
		if s.whole>>i&1 != 0 {
			sum.whole |= whole << i
		}
		if s.initials>>i&1 != 0 {
			sum.initials |= initial << i
		}
	}
	return sum
}

// lengths has bit n set where the first n letters of an input stand for a syllable: for the whole of it, as its initial.
func lengths(input, syllable string) (whole, initial uint64) {
	n := 0
	for n < len(input) && n < len(syllable) && input[n] == syllable[n] {
		n++
	}
	if n == 0 {
		return 0, 0
	}
	if n == len(syllable) || n == len(input) {
		whole = 1 << n
	}
	initial = 1 << 1
	if n > 1 && syllable[1] == 'h' { // zh, ch, sh
		initial |= 1 << 2
	}
	return whole, initial
}

// next are the letters with which the input, of which something is left, can go on.
func (s spelled) next(input string) (letters []string) {
	var seen [2]uint64
	for left := s.mixed; left != 0; left &= left - 1 {
		i := bits.TrailingZeros64(left)
		if c := input[i]; seen[c>>6]>>(c&63)&1 == 0 {
			seen[c>>6] |= 1 << (c & 63)
			letters = append(letters, input[i:i+1])
		}
	}
	return letters
}
