package query

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	clauseRunes = 72 // of a clause without a sign, before it is cut between words
	scrapRunes  = 12 // that a comma does not part from the rest
)

// A clause is the bytes of a text up to a sign, such as can begin or end what is shown.
type clause struct {
	start, end int
	runes      int
	ends       bool // a sentence
	forced     bool // it ends where there is no sign, for it is long enough
	poor       bool // of a label, a heading, a list of short lines
}

// cutClauses cuts a text after the signs that end sentences, and sentences after commas and blanks where that leaves no scraps.
func cutClauses(text string) []clause {
	out := make([]clause, 0, len(text)/64+8)
	line := 0 // first clause of the line at hand
	c := clause{}
	prev, stopped := rune(-1), false
	cut := func() {
		if strings.TrimSpace(text[c.start:c.end]) != "" {
			out = append(out, c)
		} else if len(out) > line && c.ends {
			out[len(out)-1].ends = true
		}
		c = clause{start: c.end, end: c.end}
	}
	for i, r := range text {
		c.end, c.runes = i+width(text, i, r), c.runes+1
		if r > '〕' && r < '！' && c.runes < clauseRunes { // a Han character
			prev, stopped = r, false
			continue
		}
		next, _ := utf8.DecodeRuneInString(text[c.end:])
		stopped = stops(r) || stopped && closes(r)
		switch {
		case r == '\n':
			c.ends = true
			cut()
			markPoor(text, out[line:])
			line = len(out)
		case c.runes >= clauseRunes && !(joins(r) && joins(next)), c.runes >= passageRunes:
			c.forced = !stopped && !pauses(r)
			c.ends = stopped
			cut()
		case closes(next) || stops(next):
		case stopped:
			if r >= utf8.RuneSelf || !joins(next) {
				c.ends = true
				cut()
			}
		case pauses(r) && c.runes >= scrapRunes && !(digit(prev) && digit(next)), r == '、' && c.runes >= 2*scrapRunes && !digit(prev):
			cut()
		}
		prev = r
	}
	c.ends = true
	cut()
	markPoor(text, out[line:])
	return out
}

func width(text string, at int, r rune) int {
	if r == utf8.RuneError {
		_, n := utf8.DecodeRuneInString(text[at:])
		return n
	}
	return utf8.RuneLen(r)
}

func stops(r rune) bool {
	switch r {
	case '。', '！', '？', '；', '!', '?', ';':
		return true
	}
	return false
}

func closes(r rune) bool {
	switch r {
	case '”', '’', '）', '》', '」', '』', '】', '"', ')':
		return true
	}
	return false
}

func pauses(r rune) bool {
	return r == '，' || r == '：' || r == ',' || r != '\n' && unicode.IsSpace(r)
}

// joins tells characters that stand in words and numbers of letters and digits.
func joins(r rune) bool {
	if r < utf8.RuneSelf {
		return r > ' ' && !stops(r) && !closes(r) && r != ',' && r != '('
	}
	return digit(r) || r >= 'Ａ' && r <= 'ｚ'
}

// markPoor marks the clauses of a line that is no sentence: short and without a sign of one, or a salutation.
func markPoor(text string, line []clause) {
	const short, salutation = 40, 80
	if len(line) == 0 {
		return
	}
	runes := 0
	for _, c := range line {
		runes += c.runes
	}
	words := strings.TrimSpace(text[line[0].start:line[len(line)-1].end])
	addressed := strings.HasSuffix(words, "：") && !strings.HasSuffix(words, "如下：")
	switch {
	case runes > salutation, strings.ContainsAny(words, "。！？；!?;"), !addressed && (runes > short || strings.ContainsRune(words, '，')):
		return
	}
	for i := range line {
		line[i].poor = true
	}
}

// digit tells the digits, full width among them.
func digit(r rune) bool { return r >= '0' && r <= '9' || r >= '０' && r <= '９' }
