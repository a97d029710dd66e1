// Package plain holds the text of an attached file while a reader of its format takes it out: paragraphs parted by "\n", the cells of a row by "\t".
//
// A Text takes so many bytes and counts the rest; blanks and control characters are put in order as they come, so that a reader hands on what it finds.
package plain

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Why a file gives no text, or not all of it. Readers wrap them.
var (
	ErrBroken      = errors.New("file is broken")             // cut off, damaged, or not of the format it claims
	ErrEncrypted   = errors.New("file is encrypted")          // a password would be needed
	ErrUnsupported = errors.New("format is not supported")    // no reader for what the bytes are
	ErrLimit       = errors.New("file goes beyond the limit") // of entries, of unpacked bytes or of depth: a bomb
)

// A Text is what a file says. The zero Text takes nothing; see New.
type Text struct {
	out      strings.Builder
	most     int
	cut      int
	pictures int
	blank    bool // a blank is due before the next character of the paragraph
	begun    bool // the paragraph has a character
	cell     bool // a tab is due before the next character
}

// New makes a Text of at most so many bytes.
func New(most int) *Text { return &Text{most: most} }

// Write adds to the paragraph. Runs of blanks become one, control and zero-width characters and bytes that are no UTF-8 go; line breaks end the paragraph.
func (t *Text) Write(s string) {
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u2028' || r == '\u2029':
			t.End()
		case unicode.IsSpace(r) || r == '\u00a0' || r == '\u3000':
			t.blank = t.begun
		case r == utf8.RuneError || unicode.IsControl(r) || r >= '\u200b' && r <= '\u200f' || r == '\ufeff' || unicode.Is(unicode.Co, r):
		default:
			t.put(r)
		}
	}
}

func (t *Text) put(r rune) {
	gap := t.gap()
	if t.out.Len()+len(gap)+utf8.RuneLen(r) > t.most {
		t.cut += len(gap) + utf8.RuneLen(r)
		t.begun, t.blank, t.cell = true, false, false
		return
	}
	t.out.WriteString(gap)
	t.out.WriteRune(r)
	t.begun, t.blank, t.cell = true, false, false
}

// gap is what stands between the text so far and its next character.
func (t *Text) gap() string {
	switch {
	case t.cell:
		return "\t"
	case !t.begun && t.out.Len() > 0:
		return "\n"
	case t.blank:
		return " "
	}
	return ""
}

// Cell ends a cell of a row: what comes next in this paragraph stands behind a tab. Empty cells leave nothing.
func (t *Text) Cell() {
	if t.begun {
		t.cell, t.blank = true, false
	}
}

// End ends the paragraph or row. Empty ones leave nothing.
func (t *Text) End() { t.begun, t.blank, t.cell = false, false, false }

// WriteOnce writes the lines of a text that was set aside, such as headers: those that differ and say something, no dashes around the number of a page.
func (t *Text) WriteOnce(text string) {
	told := map[string]bool{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if told[line] || strings.IndexFunc(line, says) < 0 {
			continue
		}
		told[line] = true
		for cell := range strings.SplitSeq(line, "\t") {
			t.Write(cell)
			t.Cell()
		}
		t.End()
	}
}

func says(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }

// Picture notes a picture: a file of pictures and no text is a scan.
func (t *Text) Picture() { t.pictures++ }

// Pictures counts those noted.
func (t *Text) Pictures() int { return t.pictures }

// Full reports that more would only be counted. A reader may go on, so that Cut is known, or stop.
func (t *Text) Full() bool { return t.cut > 0 }

// Cut is how many bytes were left out.
func (t *Text) Cut() int { return t.cut }

// String is the text so far.
func (t *Text) String() string { return t.out.String() }
