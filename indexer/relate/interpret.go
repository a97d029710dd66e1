package relate

import (
	"regexp"
	"strings"
)

const (
	headRunes = 400 // of an interpretation, in which it names its policy
	maxLinks  = 50  // of a main text that are looked at
	maxDeep   = 3   // numbers of the rest of a text
)

// readInterpreted finds what an interpretation is about, surest first.
func readInterpreted(generation, title, text string, links []string) []citation {
	r := &reader{generation: generation}
	r.named(1, title)
	for i, u := range links {
		if i == maxLinks {
			break
		}
		r.out = append(r.out, citation{act: explaining, level: 2, docNo: hash(generation, "url", u)})
	}
	head := runes(text, headRunes)
	r.named(3, head)
	for _, n := range findNumbers(cut(text[len(head):], 1<<16)) {
		if r.add(explaining, 4, n.Key(), ""); r.count(4) == maxDeep {
			break
		}
	}
	return r.out
}

// named adds what a passage names.
func (r *reader) named(level int, s string) {
	s = quotes.Replace(s)
	for _, t := range quoted(s) {
		r.add(explaining, level, "", t.title)
	}
	for _, n := range findNumbers(s) {
		r.add(explaining, level, n.Key(), "")
	}
	if level == 1 && !strings.Contains(s, "《") {
		r.add(explaining, level, "", aroundTitle.ReplaceAllString(explains.ReplaceAllString(s, "|"), ""))
	}
}

// aroundTitle are signs and words around the title of a policy in that of its interpretation: 图解：…, 关于…的政策解读.
var aroundTitle = regexp.MustCompile(`^[^\p{Han}\d]+|(?:的?(?:政策|文件)|的)?[^\p{Han}\d)]+$`)

func (r *reader) count(level int) (n int) {
	for _, c := range r.out {
		if c.level == level {
			n++
		}
	}
	return n
}

func runes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}
