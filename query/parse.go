package query

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"terrace/analysis"
	"terrace/index"
	"terrace/segment"
	"terrace/site"
)

// A parsed query is what was typed, taken apart.
type parsed struct {
	text     string         // what was typed, blanks in place of operators
	words    analysis.Terms // of the words and the phrases
	held     analysis.Terms // the same, cut without user words: what a document holds that holds all of the query
	require  []string       // phrases, normalised
	exclude  []string       // normalised
	sites    []string       // ids, of site:
	keys     []string       // of all but the operators: as a title, as a document number
	wordless bool           // nothing was typed but operators
	understanding
	groups []group // words that others may stand for
}

// parse reads words, "phrases" (also “…”), -exclusions and site:, each parted from what stands beside it by blanks. Elsewhere the signs are
// text: a title like 关于“十四五”规划的通知 is one.
func (s *view) parse(text string, plainDays bool) parsed {
	p := operators(s.registry, text)
	p.understanding = s.understander.understand(p.text)
	if key := segment.TitleKey(p.text); key != "" {
		p.keys = append(p.keys, key)
	}
	for _, n := range p.numbers {
		p.keys = append(p.keys, n.Key())
	}
	words := p.text
	if plainDays {
		p.days = nil
	} else if d := p.days; d != nil && d.Relative {
		without := words[:d.Start] + strings.Repeat(" ", d.End-d.Start) + words[d.End:]
		if segment.HasSearchable(without) {
			words = without
		} else {
			p.days = nil // nothing else is asked for
		}
	}
	p.words = analysis.Query(s.seg, words)
	if p.held = p.words; s.base != s.seg {
		p.held = analysis.Query(s.base, words)
	}
	p.groups, p.words.Units = s.groups(p)
	return p
}

func operators(r *site.Registry, text string) parsed {
	var p parsed
	text = strings.ReplaceAll(text, "\n", " ") // no phrase reaches over one
	kept := []byte(text)
	at := 0
	drop := func(to string) {
		end := len(text) - len(to)
		blank(kept, at, end)
		at = end
	}
	p.wordless = true
	for at < len(text) {
		rest := text[at:]
		c, n := utf8.DecodeRuneInString(rest)
		atStart := at == 0 || endsInBlank(text[:at])
		if unicode.IsSpace(c) {
			at += n
			continue
		}
		if atStart && (c == '-' || c == '－') {
			if word, left := operand(rest[n:]); beginsWord(rest[n:]) && segment.HasSearchable(word) {
				p.exclude = append(p.exclude, strings.TrimSpace(segment.Normalize(word)))
				drop(left)
				continue
			}
		}
		if value, ok := siteOperand(rest); ok && atStart {
			name, left := operand(value)
			p.sites = append(p.sites, siteID(r, name))
			drop(left)
			continue
		}
		if phrase, left, ok := quoted(rest); ok && atStart && startsInBlank(left) {
			if segment.HasSearchable(phrase) {
				p.require = append(p.require, strings.TrimSpace(segment.Normalize(phrase)))
				p.wordless = false
			}
			from := at + n
			drop(left)
			copy(kept[from:], phrase)
			continue
		}
		at += wordEnd(rest)
		p.wordless = false
	}
	p.text = string(kept)
	return p
}

// beginsWord reports whether an operand begins at once: a dash between titles, or a row of them, excludes nothing.
func beginsWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	_, quote := quotes[r]
	return quote || unicode.IsLetter(r) || unicode.IsDigit(r)
}

func startsInBlank(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n == 0 || unicode.IsSpace(r)
}

func endsInBlank(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsSpace(r)
}

// operand is the phrase or word that an operator is followed by.
func operand(s string) (value, rest string) {
	if phrase, rest, ok := quoted(s); ok {
		return phrase, rest
	}
	end := wordEnd(s)
	return s[:end], s[end:]
}

var quotes = map[rune]string{'"': `"`, '“': "”", '＂': "＂", '「': "」"}

func quoted(s string) (phrase, rest string, ok bool) {
	open, n := utf8.DecodeRuneInString(s)
	closing, ok := quotes[open]
	if !ok {
		return "", s, false
	}
	return strings.Cut(s[n:], closing)
}

// wordEnd is where the word at the start of s ends.
func wordEnd(s string) int {
	if end := strings.IndexFunc(s, unicode.IsSpace); end >= 0 {
		return end
	}
	return len(s)
}

func siteOperand(s string) (string, bool) {
	for _, sign := range []string{"site:", "site：", "站点:", "站点："} {
		if len(s) > len(sign) && strings.EqualFold(s[:len(sign)], sign) {
			return s[len(sign):], true
		}
	}
	return "", false
}

// siteID takes an id, a name or a host; what is none of them stays as it is and finds nothing.
func siteID(r *site.Registry, name string) string {
	if id, ok := r.SiteNamed(name); ok {
		return id
	}
	if u, err := url.Parse("http://" + name); err == nil {
		if s := r.Of(u); s != nil {
			return s.ID
		}
	}
	return name
}

// phrases turns texts into conditions on a field; one that holds nothing indexed in pairs, a single character, say, is left to the words.
func phrases(s *segment.Segmenter, f index.Field, texts []string) []index.Phrase {
	var out []index.Phrase
	for _, t := range texts {
		if terms := analysis.Phrase(s, t); len(terms) > 0 {
			out = append(out, index.Phrase{Field: f, Terms: terms, Text: t})
		}
	}
	return out
}

// all asks for every content word; where the query has none, for all its bigrams. The words are those of the dictionary alone: a user word joins what
// a document may hold apart.
func all(p parsed, f index.Field) []index.Phrase {
	var out []index.Phrase
	for _, w := range p.held.Words {
		out = append(out, index.Phrase{Field: f, Terms: w.Terms})
	}
	if len(out) > 0 {
		return out
	}
	for _, u := range p.held.Units {
		if !u.Prefix {
			out = append(out, index.Phrase{Field: f, Terms: []string{u.Text}})
		}
	}
	return out
}
