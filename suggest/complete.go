package suggest

import (
	"strings"
	"unicode/utf8"

	"terrace/segment"
)

// MaxCompletions is how many phrases Complete gives at most.
const MaxCompletions = 100

// Complete gives the best n phrases, MaxCompletions at most, for what was typed so far, best first. Blanks and punctuation count neither in the
// input nor in the phrases, nor do width, case, and traditional characters.
//
// The best are those of the greatest worth · Weight. The worth is
//   - 1 if the phrase begins with the input;
//   - ½ if its pinyin does, where the last syllable may be incomplete;
//   - ¼ if the input stands inside it, at one of its first 20 characters, or in Latin letters and digits at the beginning of a run of them;
//   - ¼ if its initials begin with the input;
//   - ⅛ for mixtures such as gongjj, and for Han characters followed by pinyin or initials, such as 公ji, at its beginning or inside.
//
// So a phrase that is asked for much more often goes before one that matches better. At equal worth · Weight the better match goes first, in this
// order, then the heavier phrase, the lesser Kind, the shorter one, the lesser text. Pinyin is that of a phrase's first 24 characters.
func (x *Index) Complete(typed string, n int) []Phrase { return Complete(typed, n, x) }

// Complete is Index.Complete of several Indexes, as if their phrases stood in one: of those with the same title key the heaviest is given, with the
// greatest Results among those found. So phrases that change often need no new Index of those that do not.
func Complete(typed string, n int, among ...*Index) []Phrase {
	key := segment.TitleKey(typed)
	n = min(n, MaxCompletions)
	if key == "" || n <= 0 {
		return nil
	}
	var all []find
	for _, x := range among {
		all = append(all, x.finds(key, n).best(x, n)...)
	}
	return merge(all, n)
}

// finds are the phrases that match what was typed, given as title key: the n heaviest of each match.
func (x *Index) finds(key string, n int) *finds {
	found := newFinds(n)
	for _, p := range x.keys.span(x.inside, 0, key) {
		if p.offset() == 0 {
			found[begins].add(p.number())
		} else {
			found[contains].add(p.number())
		}
	}
	lead, input := spelledEnd(strings.ReplaceAll(key, "ü", "v"))
	if len(input) > maxSpelled || !strings.ContainsFunc(input, isLetter) {
		return found
	}
	if lead == "" {
		x.sounds.find(x.sounds.order, 0, input, nothing, found)
	} else {
		x.findAfter(x.keys.span(x.inside, 0, lead), len(lead), input, spelled{mixed: 1}, found)
	}
	return found
}

// spelledEnd cuts off the letters and digits at the end of an input that may spell characters.
func spelledEnd(key string) (lead, input string) {
	i := strings.LastIndexFunc(key, func(r rune) bool { return r >= utf8.RuneSelf })
	if i < 0 {
		return "", key
	}
	_, n := utf8.DecodeRuneInString(key[i:])
	return key[:i+n], key[i+n:]
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' }
