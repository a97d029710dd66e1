package indextest

import (
	"strings"
	"unicode"

	"terrace/index"
)

// EndMark follows the last character of a Han run in its closing term, so that every character begins a term and a query of one
// character is the prefix term of it.
const EndMark = "\x03"

// Analyzer is an analyzer without a dictionary. It lowers case; a Han run gives its bigrams and its last character with EndMark, a run of
// other letters and digits one term; the title is analysed like the body. Invalid UTF-8 separates runs.
func Analyzer() index.Analyzer {
	return index.Analyzer{Analyze: analyze, Normalize: normalize}
}

func normalize(s string) string { return strings.ToLower(strings.ToValidUTF8(s, "\uFFFD")) }

func analyze(d *index.Document) index.Analysis {
	key := titleKey(d.Title)
	var keys []string
	for _, k := range []string{key, normalize(d.DocNo)} {
		if k != "" {
			keys = append(keys, k)
		}
	}
	return index.Analysis{
		Body:      count(terms(d.Text(index.Body))),
		Title:     count(terms(d.Title)),
		Attached:  count(terms(d.Text(index.Attached))),
		Keys:      keys,
		TitleForm: titleForm(key),
	}
}

// terms cuts a text, in its order, repeats included.
func terms(text string) []string {
	var out []string
	runs := strings.FieldsFunc(normalize(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	for _, run := range runs {
		for run != "" {
			part := run[:kindEnd(run)]
			out = append(out, partTerms(part)...)
			run = run[len(part):]
		}
	}
	return out
}

// kindEnd is where the Han characters, or the others, that run begins with end.
func kindEnd(run string) int {
	first := true
	han := false
	for i, r := range run {
		if h := unicode.Is(unicode.Han, r); first {
			han, first = h, false
		} else if h != han {
			return i
		}
	}
	return len(run)
}

func partTerms(part string) []string {
	chars := []rune(part)
	if !unicode.Is(unicode.Han, chars[0]) {
		return []string{part}
	}
	var out []string
	for i := range len(chars) - 1 {
		out = append(out, string(chars[i:i+2]))
	}
	return append(out, string(chars[len(chars)-1:])+EndMark)
}

func count(terms []string) index.TermCounts {
	at := map[string]int{}
	out := index.TermCounts{Length: len(terms)}
	for _, t := range terms {
		i, seen := at[t]
		if !seen {
			i = len(out.Terms)
			at[t] = i
			out.Terms = append(out.Terms, index.TermCount{Text: t})
		}
		out.Terms[i].Count++
	}
	return out
}

func titleKey(title string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, normalize(title))
}

func titleForm(key string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) || strings.ContainsRune("〇零一二三四五六七八九十百千万第号年月日", r) {
			return -1
		}
		return r
	}, key)
}
