package suggest

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"terrace/pinyin"
	"terrace/segment"
)

// plainly is Complete by the words of its comment: each phrase is looked at by itself. Phrases are in order of weight, all found, of different keys.
func plainly(phrases []Phrase, typed string, n int) []Phrase {
	key := segment.TitleKey(typed)
	type find struct {
		score float64
		match match
		Phrase
	}
	var all []find
	for _, p := range phrases {
		if m := plainMatch(segment.TitleKey(p.Text), key); key != "" && m < matches {
			all = append(all, find{m.worth() * p.Weight, m, p})
		}
	}
	slices.SortStableFunc(all, func(a, b find) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.match, b.match)) })
	var out []Phrase
	for _, f := range all[:min(n, len(all))] {
		out = append(out, f.Phrase)
	}
	return out
}

func plainMatch(phrase, key string) match {
	if strings.HasPrefix(phrase, key) {
		return begins
	}
	best := matches
	lead, input := spelledEnd(key)
	spells := strings.ContainsFunc(input, isLetter) && len(input) <= maxSpelled
	if lead == "" && spells {
		best = plainSpelling([]rune(phrase), pinyin.Of(phrase), input)
	}
	runes := []rune(phrase)
	for i, r := range runes[:min(maxInside, len(runes))] {
		if i > 0 && classOf(r) != han && classOf(r) == classOf(runes[i-1]) {
			continue
		}
		rest := string(runes[i:])
		if strings.HasPrefix(rest, key) {
			best = min(best, contains)
		}
		if after, ok := strings.CutPrefix(rest, lead); ok && lead != "" && spells && plainReadings([]rune(after), input) {
			best = min(best, mixed)
		}
	}
	return best
}

// plainSpelling is the best way in which an input spells the beginning of a text.
func plainSpelling(text []rune, syllables []string, input string) match {
	best := matches
	var walk func(i int, rest string, whole, initial bool)
	walk = func(i int, rest string, whole, initial bool) {
		if rest == "" {
			switch {
			case whole:
				best = min(best, sounds)
			case initial:
				best = min(best, initials)
			default:
				best = min(best, mixed)
			}
			return
		}
		if i == min(len(text), maxSounded) {
			return
		}
		s := cmp.Or(syllables[i], string(text[i]))
		for n := 1; n <= min(len(s), len(rest)); n++ {
			isWhole := n == len(s) || n == len(rest)
			isInitial := n == 1 || n == 2 && slices.Contains([]string{"zh", "ch", "sh"}, s[:2])
			if s[:n] == rest[:n] && (isWhole || isInitial) {
				walk(i+1, rest[n:], whole && isWhole, initial && isInitial)
			}
		}
	}
	walk(0, input, true, true)
	return best
}

// plainReadings tells whether an input spells the beginning of a text by any readings of its characters.
func plainReadings(text []rune, input string) bool {
	if input == "" || len(text) == 0 {
		return input == ""
	}
	for _, s := range append([]string{string(text[0])}, pinyin.Readings(text[0])...) {
		for n := 1; n <= min(len(s), len(input)); n++ {
			ok := n == len(s) || n == len(input) || n == 1 && utf8.RuneCountInString(s) == len(s) || n == 2 && s[1] == 'h'
			if ok && s[:n] == input[:n] && plainReadings(text[1:], input[n:]) {
				return true
			}
		}
	}
	return false
}

// piece are parts of phrases and of inputs; small, so that they meet.
var piece = rapid.SampledFrom(strings.Split("公,积金,公积金,住房,中,重,重庆,社会,西安,先,行政,银行,长,e,etc,5g,2024,年,南,g,n,j,gong,ji,jin,zh,zhong,s,sh,h,xi,an,"+
	"xian,c,chang,安,额,é,𠮷,·, ", ","))

func TestCompletionsAreThoseOfThePlainWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := func(most int) *rapid.Generator[string] {
			return rapid.Custom(func(t *rapid.T) string { return strings.Join(rapid.SliceOfN(piece, 1, most).Draw(t, "pieces"), "") })
		}
		texts := rapid.SliceOfNDistinct(word(14), 1, 30, segment.TitleKey).Draw(t, "phrases")
		var phrases []Phrase
		for i, text := range texts {
			if segment.TitleKey(text) != "" {
				phrases = append(phrases, Phrase{text, Query, float64(2*len(texts) - i), 1})
			}
		}
		x := New(phrases)
		cut := rapid.IntRange(0, len(phrases)).Draw(t, "cut")
		halves := []*Index{New(phrases[:cut]), New(phrases[cut/2:])} // some stand in both
		for _, typed := range rapid.SliceOfN(word(4), 1, 20).Draw(t, "typed") {
			n := rapid.IntRange(1, 8).Draw(t, "n")
			got, want := x.Complete(typed, n), plainly(phrases, typed, n)
			if !slices.Equal(got, want) {
				t.Fatalf("%q among %q is completed to\n%v\nwant\n%v", typed, texts, joined(got), joined(want))
			}
			if got := Complete(typed, n, halves...); !slices.Equal(got, want) {
				t.Fatalf("%q among %q in two indexes is completed to\n%v\nwant\n%v", typed, texts, joined(got), joined(want))
			}
		}
	})
}

func FuzzComplete(f *testing.F) {
	for _, p := range town {
		f.Add(p.Text)
	}
	for _, typed := range []string{"gongjj", "公ji", "ETC办l", "\xff\x01", "zhzhzhzhzhzh", "lüé", "１２３"} {
		f.Add(typed)
	}
	x := New(town)
	f.Fuzz(func(t *testing.T, typed string) {
		got := x.Complete(typed, 10)
		if !slices.Equal(got, x.Complete(segment.Normalize(typed), 10)) {
			t.Errorf("%q and its normal form are completed differently", typed)
		}
		for _, p := range got {
			if p.Results == 0 {
				t.Errorf("%q is completed to %q, which finds nothing", typed, p.Text)
			}
		}
		if got := New([]Phrase{{typed, Query, 1, 1}}).Complete(typed, 1); (len(got) == 1) != (segment.TitleKey(typed) != "") {
			t.Errorf("%q alone is completed to %q", typed, joined(got))
		}
	})
}
