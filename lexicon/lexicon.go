// Package lexicon holds what words stand for each other: lay words and the official terms they mean, former names and present ones.
//
// A Lexicon is made of lists, of which the later overrule the earlier, and never changes.
package lexicon

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"terrace/dict"
	"terrace/segment"
)

// An Expansion is a term that may stand for another.
type Expansion struct {
	Text   string
	Weight float64 // beside the term's own 1; above 0, at most 1
	Source string  // the list that says so
}

// An Entry is one line of a list: what else is looked for where Term is asked for. Without Expansions the earlier lists' are dropped.
type Entry struct {
	Term       string
	Expansions []Expansion
}

// Limits of a list, for what is read from outside.
const (
	MaxTerm       = 32 // runes
	MaxExpansions = 16 // of a term
)

// MaxUsed is how many expansions of a term a query uses, the first ones: what it costs grows with each.
const MaxUsed = 4

// A LineError says what is wrong with a line of a list, in Chinese.
type LineError struct {
	Line int // from 1
	Text string
}

func (e *LineError) Error() string { return fmt.Sprintf("第 %d 行：%s", e.Line, e.Text) }

// Parse reads a list: a line "甲 -> 乙 0.8, 丙 0.4" finds 乙 and 丙 where 甲 is asked for, "甲 <-> 乙 0.9" also the other way round, "甲 ->" drops what earlier lists
// say of 甲. A weight left out is 0.8. Lines that begin with # are comments. The error joins a *LineError for each bad line, twenty at most, and the number of the others; the good ones come with it.
func Parse(text, source string) ([]Entry, error) {
	var out []Entry
	var errs []error
	n, bad := 0, 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
		if line == "" || line[0] == '#' {
			continue
		}
		entries, err := parseLine(line, source)
		if err != "" {
			if bad++; bad <= namedErrors {
				errs = append(errs, &LineError{n, err})
			}
			continue
		}
		out = append(out, entries...)
	}
	if bad > namedErrors {
		errs = append(errs, fmt.Errorf("还有 %d 行有误：用 terrace dict check 查看", bad-namedErrors))
	}
	return out, errors.Join(errs...)
}

// namedErrors is how many bad lines are named; the others are counted.
const namedErrors = 20

const usualWeight = .8

func parseLine(line, source string) (out []Entry, mistake string) {
	if !utf8.ValidString(line) {
		return nil, "不是 UTF-8 编码：请另存为 UTF-8"
	}
	left, right, both := strings.Cut(line, "<->")
	if !both {
		var one bool
		if left, right, one = strings.Cut(line, "->"); !one {
			return nil, "没有 -> 或 <->：写成「房产证 -> 不动产权证书 0.8」"
		}
	}
	term, mistake := normal(left)
	if mistake != "" {
		return nil, mistake
	}
	e := Entry{Term: term}
	for part := range strings.SplitSeq(strings.NewReplacer("，", ",", "、", ",").Replace(right), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		x, mistake := expansion(part, source)
		if mistake == "" && x.Text == term {
			mistake = fmt.Sprintf("%q 写在了箭头的两边", term)
		}
		if mistake != "" {
			return nil, mistake
		}
		e.Expansions = append(e.Expansions, x)
		if both {
			out = append(out, Entry{x.Text, []Expansion{{term, x.Weight, source}}})
		}
	}
	if len(e.Expansions) > MaxExpansions {
		return nil, fmt.Sprintf("%q 有 %d 个替换词，最多 %d 个", term, len(e.Expansions), MaxExpansions)
	}
	return append(out, e), ""
}

func expansion(part, source string) (x Expansion, mistake string) {
	x = Expansion{Weight: usualWeight, Source: source}
	if i := strings.LastIndexAny(part, " \t"); i >= 0 {
		if w, err := strconv.ParseFloat(part[i+1:], 64); err == nil {
			if !(w > 0 && w <= 1) {
				return x, fmt.Sprintf("分量 %s 不在 0 与 1 之间", part[i+1:])
			}
			x.Weight, part = w, part[:i]
		}
	}
	x.Text, mistake = normal(part)
	return x, mistake
}

func normal(s string) (term, mistake string) {
	term = strings.TrimSpace(segment.Normalize(s))
	switch n := utf8.RuneCountInString(term); {
	case !segment.HasSearchable(term):
		return "", fmt.Sprintf("%q 里没有可以查的字", strings.TrimSpace(s))
	case n < 2:
		return "", fmt.Sprintf("%q 只有一个字，会把无关的网页带进来", term)
	case n > MaxTerm:
		return "", fmt.Sprintf("%q 有 %d 个字，最多 %d 个", term, n, MaxTerm)
	}
	return term, ""
}

// A Lexicon answers what a term stands for.
type Lexicon struct {
	table Table[[]Expansion]
}

// New makes a Lexicon of lists. What a list says of a term replaces what earlier lists say; within a list, lines of one term add up.
func New(lists ...[]Entry) *Lexicon {
	l := &Lexicon{}
	for _, list := range lists {
		own := map[string][]Expansion{}
		for _, e := range list {
			own[e.Term] = append(own[e.Term], e.Expansions...)
		}
		for term, expansions := range own {
			l.table.Set(term, expansions)
		}
	}
	return l
}

// With is the lexicon of package dict with lists over it.
func With(lists ...[]Entry) *Lexicon {
	return New(append([][]Entry{shipped()}, lists...)...)
}

var shipped = sync.OnceValue(func() []Entry {
	list, err := Parse(dict.Synonyms(), "词典")
	if err != nil {
		panic(err) // a test holds the list to be sound
	}
	return list
})

// A Match is a term of the lexicon that stands in a text.
type Match struct {
	Start, End int // bytes
	Expansions []Expansion
}

// Find returns the terms in a normalised text, the longest at each place, from left to right and without overlaps.
func (l *Lexicon) Find(text string) []Match {
	var out []Match
	for _, f := range l.table.Find(text) {
		if len(f.Value) > 0 {
			out = append(out, Match{f.Start, f.End, f.Value})
		}
	}
	return out
}

// Terms calls f with every term and every expansion, in no order, perhaps more than once.
func (l *Lexicon) Terms(f func(term string)) {
	for term, expansions := range l.table.at {
		f(term)
		for _, x := range expansions {
			f(x.Text)
		}
	}
}
