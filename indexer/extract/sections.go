package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"terrace/index/detail"
)

// A section is a label at the front of a line and the lines below it.
type section struct {
	heading
	level int // of the headline element it stands in, or 0
	lines []string
	runes int
	inner int // highest number of an item of its own numbering met in it
	shown bool
}

// stepLine is a line of what became of a letter when.
var stepLine = regexp.MustCompile(`^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}\s`)

const (
	sectionRunes = 20_000 // of one section
	fewRunes     = 600    // of one whose detail is short
	fewLines     = 12
)

// lines are those of the article's box, without lists of links and tools in it.
func (l *listener) lines() []flowLine {
	known := sizes{}
	f := flow{left: &l.left, mark: l.parts, skip: func(n *html.Node) bool {
		return n == l.foot || n != l.box && !l.parts[n] && (toolbar(n) || block[n.DataAtom] && known.of(n).list())
	}}
	f.node(l.box)
	f.end()
	return f.lines
}

// sections reads the lines of the article: 「一、办理依据」 with what follows to the next heading, and 「办理材料：身份证」 with the items below.
func (l *listener) sections(lines []flowLine) {
	var open *section
	for _, line := range lines {
		h, ok := l.startOf(line)
		switch {
		case ok && open.holds(h):
			l.say(saying{h.label, h.rest, under, true, line.shown, false})
		case ok && (open == nil || open.endsAt(h)):
			l.close(open)
			open = &section{heading: h, level: line.level, shown: line.shown}
			if h.rest != "" {
				open.add(h.rest)
			}
		case open == nil:
		case open.ended(line):
			l.close(open)
			open = nil
		default:
			open.add(line.text)
		}
	}
	l.close(open)
}

// startOf is the label that a line begins with, outside the rows of tables.
func (l *listener) startOf(line flowLine) (heading, bool) {
	if line.cells > 1 || key(line.text) == l.title {
		return heading{}, false
	}
	h, ok := headed(line.text)
	if !ok || h.weak && !h.colon && line.level == 0 && (h.style == 0 || h.style == '-') {
		return heading{}, false
	}
	if all := splitSayings(line.parted); len(all) > 1 && all[0].label == h.label && !h.long() {
		h.rest = all[0].value
	}
	return h, true
}

func (l *listener) close(s *section) {
	if s == nil || len(s.lines) == 0 {
		return
	}
	l.say(saying{s.label, strings.Join(s.lines, "\n"), under, true, s.shown, false})
}

func (s *section) add(line string) {
	s.lines = append(s.lines, line)
	s.runes += utf8.RuneCountInString(line)
	if num, _ := numbered(line); num.style == s.style {
		s.inner = max(s.inner, num.n)
	}
}

// endsAt reports whether a section ends where another begins: a text at a label that the same kind of document uses or that ends everything, what is short at any.
func (s *section) endsAt(h heading) bool {
	if *h.label == (label{}) || !s.long() {
		return true
	}
	for g := range groups {
		if s.names[g] != "" && h.names[g] != "" {
			return true
		}
	}
	return false
}

// holds reports whether a label and its short value stand in a section under a heading, which goes on behind them.
func (s *section) holds(h heading) bool {
	return s != nil && !s.colon && (s.level > 0 || s.style != 0) && h.colon && h.rest != "" && !h.long() && h.style == 0 && s.endsAt(h) && *h.label != label{}
}

// ended reports whether a line that begins with no label is not the section's any more.
func (s *section) ended(line flowLine) bool {
	if line.level > 0 && (s.level == 0 || line.level <= s.level) {
		return true
	}
	if s.names[letter] != "" && len(s.lines) > 0 && stepLine.MatchString(line.text) || line.headsOffices() {
		return true
	}
	if num, _ := numbered(line.text); s.style != 0 && num.style == s.style {
		switch s.style {
		case 'h', 'p':
			return true
		case 'd', 'q':
			return num.n == s.n+1 && s.inner == 0
		}
	}
	switch {
	case s.long():
		return s.runes >= sectionRunes
	case s.rest != "":
		return true // 「咨询电话：0871…」 is said in its line
	}
	return len(s.lines) >= fewLines || s.runes >= fewRunes
}

// headsOffices reports a row of a table that heads offices' addresses, hours or telephones.
func (l flowLine) headsOffices() bool {
	found := 0
	if l.cells > 1 {
		for _, cell := range strings.Fields(l.text) {
			if label := findLabel(cell); label != nil && slices.Contains([]string{detail.Place, detail.Hours, detail.Phone}, label.names[service]) {
				found++
			}
		}
	}
	return found > 1 && found*2 > l.cells
}

// long reports a label whose detail, in any kind of document, may be a text.
func (l *label) long() bool {
	for _, name := range l.names {
		if shapes[name] == passage {
			return true
		}
	}
	return false
}
