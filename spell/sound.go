package spell

import "strings"

// initials and finals are the sounds that many speakers take for each other, above all in the south: sibilants with the tongue curled and flat,
// n l r, f h, nasals in the front and in the back. General knowledge of Mandarin.
var (
	initials = [][2]string{{"zh", "z"}, {"ch", "c"}, {"sh", "s"}, {"n", "l"}, {"l", "r"}, {"f", "h"}}
	finals   = [][2]string{{"ang", "an"}, {"eng", "en"}, {"ing", "in"}, {"iang", "ian"}, {"uang", "uan"}}
)

// near gives the syllables that are taken for this one: those with one of its two parts, or both, exchanged. Some are no syllables.
func near(syllable string) []string {
	initial, final := parts(syllable)
	var out []string
	for _, i := range exchanged(initial, initials) {
		for _, f := range exchanged(final, finals) {
			if i+f != syllable {
				out = append(out, i+f)
			}
		}
	}
	return out
}

func parts(syllable string) (initial, final string) {
	at := strings.IndexAny(syllable, "aeiouv")
	if at < 0 {
		return "", syllable
	}
	return syllable[:at], syllable[at:]
}

// exchanged is a part and what it is taken for.
func exchanged(part string, pairs [][2]string) []string {
	out := []string{part}
	for _, p := range pairs {
		switch part {
		case p[0]:
			out = append(out, p[1])
		case p[1]:
			out = append(out, p[0])
		}
	}
	return out
}
