// Package audit reads a list of user words or synonyms that an operator is about to use and tells what is wrong with it: what would keep it from being
// read, what would harm search, what would have no effect. It needs no index and no server.
package audit

import (
	"bytes"
	"context"
	"fmt"
	"strings"
)

// A Severity is how bad a finding is.
type Severity uint8

const (
	Error   Severity = iota // the file cannot be used
	Danger                  // it would harm search
	Useless                 // no effect
	Note                    // worth knowing
)

// String is the severity in Chinese.
func (s Severity) String() string { return [...]string{"错误", "危险", "无用", "提示"}[s] }

// MarshalText is the severity as programs read it.
func (s Severity) MarshalText() ([]byte, error) {
	return []byte([...]string{"error", "danger", "useless", "note"}[s]), nil
}

// A Kind is which of the two lists a file is.
type Kind string

const (
	UserWords    Kind = "userWords" // a word a line
	SynonymLines Kind = "synonyms"  // lines as package lexicon reads them
)

// A Finding is one thing that is wrong. Reason and Advice are Chinese, for an editor.
type Finding struct {
	Line     int      `json:"line"` // from 1; 0: the file as a whole
	Word     string   `json:"word"` // as written, shortened
	Severity Severity `json:"severity"`
	Rule     string   `json:"rule"` // the same for all findings of one kind
	Reason   string   `json:"reason"`
	Advice   string   `json:"advice"`
}

// MaxFindings is how many findings of one rule a Report holds; the others are only counted.
const MaxFindings = 20

// A Report is what an audit found.
type Report struct {
	Kind     Kind             `json:"kind"`
	Lines    int              `json:"lines"`
	Entries  int              `json:"entries"`  // words, or pairs of a term and what may stand for it, that would be used
	Findings []Finding        `json:"findings"` // the worst first
	Found    map[Severity]int `json:"found"`    // all, held or not
	More     map[string]int   `json:"more"`     // of a rule, those beyond MaxFindings
}

// Bad reports whether the list should not be used as it is.
func (r *Report) Bad() bool { return r.Found[Error]+r.Found[Danger] > 0 }

// A Name is one that a department or a place of the configuration has.
type Name struct {
	Text string
	What string // 部门 or 地区
	ID   string // the same for all names of one department or place
}

// Options are what a list is held against.
type Options struct {
	Vocabulary *Vocabulary // nil: the embedded one
	Names      []Name
	Probes     []string // texts whose cut user words should not break, beside the dictionary's words, the official terms and the names
}

// File audits a list of either kind: it is one of synonyms where at least half of its lines have arrows. Errors are the context's or the dictionary's.
func File(ctx context.Context, text []byte, o Options) (Report, error) {
	if KindOf(text) == SynonymLines {
		return Synonyms(ctx, text, o)
	}
	return Words(ctx, text, o)
}

// KindOf is what a list looks like.
func KindOf(text []byte) Kind {
	with, without := 0, 0
	for line := range bytes.Lines(text) {
		switch s := strings.TrimSpace(plain(string(line))); {
		case s == "" || s[0] == '#':
		case arrowIn(s) != "":
			with++
		default:
			without++
		}
	}
	if with > 0 && with >= without {
		return SynonymLines
	}
	return UserWords
}

// A teller gathers findings.
type teller struct {
	Report
	held map[string]int
}

func newTeller(k Kind) *teller {
	return &teller{Report{Kind: k, Findings: []Finding{}, Found: map[Severity]int{}, More: map[string]int{}}, map[string]int{}}
}

// tell adds a finding; its reason is only put into words where it is held.
func (t *teller) tell(s Severity, rule string, line int, word, advice, reason string, args ...any) {
	t.Found[s]++
	if t.held[rule] == MaxFindings {
		t.More[rule]++
		return
	}
	t.held[rule]++
	t.Findings = append(t.Findings, Finding{line, brief(word), s, rule, printable(fmt.Sprintf(reason, args...)), advice})
}

const maxBrief = 32 // runes of a word that is shown

// brief is the beginning of a text as a message shows it.
func brief(s string) string {
	n := 0
	for i := range s {
		if n++; n > maxBrief {
			s = s[:i] + "…"
			break
		}
	}
	return printable(s)
}

// printable is a text on one line, without control characters, which a terminal may obey.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}
