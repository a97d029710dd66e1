package demo

import (
	"embed"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode/utf8"
)

//go:embed text/*.txt
var texts embed.FS

// A grammar holds rules: a name and the phrases it may become. In a phrase,
//
//	{乡镇}    becomes a phrase of the rule 乡镇, drawn anew each time
//	{乡镇!}   the same, but keeps its first value for the whole article
//	{举措.@}  draws from the rule of the article's department, such as 举措.gjj
//	{3-40}    a number of that range
//
// and a name set for the article (站, 年, ...) goes before a rule.
type grammar map[string][]string

// readGrammar reads the embedded rules. They are part of the program, so a broken one panics.
func readGrammar() grammar {
	g := grammar{}
	for _, file := range []string{"common", "offices", "genres"} {
		rule := ""
		for line := range strings.Lines(mustText(file)) {
			line = strings.TrimSpace(line)
			switch name, isRule := strings.CutPrefix(line, "== "); {
			case line == "" || strings.HasPrefix(line, "#"):
			case isRule:
				rule = name
			case strings.HasPrefix(line, "|") && len(g[rule]) > 0: // goes on
				g[rule][len(g[rule])-1] += line
			default:
				g[rule] = append(g[rule], line)
			}
		}
	}
	return g
}

func mustText(file string) string {
	b, err := texts.ReadFile("text/" + file + ".txt")
	if err != nil {
		panic(err)
	}
	return string(b)
}

// A writer writes one article: its draws follow from its seed alone.
type writer struct {
	grammar grammar
	rand    *rand.Rand
	set     map[string]string
	drawn   map[string]map[int]bool
}

func newWriter(g grammar, seed uint64, place ...int) *writer {
	h := fnv.New64a()
	fmt.Fprint(h, place)
	return &writer{grammar: g, rand: rand.New(rand.NewPCG(seed, h.Sum64())), set: map[string]string{}, drawn: map[string]map[int]bool{}}
}

// rule draws a phrase of a rule and expands it. An article gets no phrase of a rule twice before it got all.
func (w *writer) rule(name string) string {
	phrases := w.grammar[name]
	if len(phrases) == 0 {
		panic("demo: no rule " + name)
	}
	drawn := w.drawn[name]
	if drawn == nil || len(drawn) == len(phrases) {
		drawn = map[int]bool{}
		w.drawn[name] = drawn
	}
	i := w.rand.IntN(len(phrases))
	for drawn[i] {
		i = (i + 1) % len(phrases)
	}
	drawn[i] = true
	return w.expand(phrases[i])
}

// expand replaces what stands in braces.
func (w *writer) expand(phrase string) string {
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(phrase, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			panic("demo: unclosed brace in " + phrase)
		}
		b.WriteString(w.value(name))
		phrase = after
	}
}

func (w *writer) value(name string) string {
	if low, high, ok := numbers(name); ok {
		return strconv.Itoa(low + w.rand.IntN(high-low+1))
	}
	name, keep := strings.CutSuffix(name, "!")
	if v, ok := w.set[name]; ok {
		return v
	}
	v := w.rule(strings.ReplaceAll(name, "@", w.set["部门代号"]))
	if keep {
		w.set[name] = v
	}
	return v
}

func numbers(name string) (low, high int, ok bool) {
	a, b, found := strings.Cut(name, "-")
	if !found {
		return 0, 0, false
	}
	low, err1 := strconv.Atoi(a)
	high, err2 := strconv.Atoi(b)
	return low, high, err1 == nil && err2 == nil && low <= high
}

// odds is true n times in m.
func (w *writer) odds(n, m int) bool { return w.rand.IntN(m) < n }

// sample draws up to n different phrases of a rule.
func (w *writer) sample(name string, n int) []string {
	phrases := w.grammar[name]
	var out []string
	for _, i := range w.rand.Perm(len(phrases))[:min(n, len(phrases))] {
		out = append(out, w.expand(phrases[i]))
	}
	return out
}

func pad(width, n int) string { return fmt.Sprintf("%0*d", width, n) }

func firstRune(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}
