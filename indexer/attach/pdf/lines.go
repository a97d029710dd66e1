package pdf

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"terrace/indexer/attach/plain"
)

// hyphen is what PDFium puts for a hyphen that parts a word over two lines, which it joins.
const hyphen = '\ufffe'

const (
	fullLine   = .8 // of the widest lines of the page: a line that reaches the margin but for a word or a mark that did not fit
	minWide    = 20 // columns below which no line of a page is taken to reach a margin
	pageOffset = 4  // pages of cover and contents before page 1
)

var (
	// opensItem matches what begins a paragraph wherever the line before it ended: 一、 （一） 1. 第一条
	opensItem = regexp.MustCompile(`^(?:[（(]?[一二三四五六七八九十]{1,3}[）)、]|[（(]?\d{1,2}(?:[）)、．]|\.[^\d])|` +
		`第[一二三四五六七八九十百零〇]{1,7}[章节条])`)

	// pageNumber matches a line that numbers its page: 3, - 3 -, — 3 —, 第 3 页, 第3页 共10页, 3/10
	pageNumber = regexp.MustCompile(`^(?:[-‐–—―－·•]{0,2}\s*(\d{1,4})\s*[-‐–—―－·•]{0,2}|` +
		`第\s*\d{1,4}\s*页(?:[\s,，/]*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4})$`)
)

// A writer puts lines together to paragraphs, across pages. What a page repeats of the one before at its top or foot, and its number, is left out.
type writer struct {
	out       *plain.Text
	open      bool // the last line goes on in the next
	last      rune // its last character
	top, foot string
}

func (w *writer) page(number int, text string) {
	lines := w.trim(number, split(text))
	wide := widest(lines)
	for _, line := range lines {
		w.line(line, wide)
	}
}

func split(text string) (lines []string) {
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\r' || r == '\n' }) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

// trim takes off running heads and page numbers.
func (w *writer) trim(number int, lines []string) []string {
	lines = unnumber(number, lines)
	if len(lines) == 0 {
		return nil
	}
	top, foot := lines[0], lines[len(lines)-1]
	if top == w.top {
		lines = lines[1:]
	}
	if foot == w.foot && len(lines) > 0 {
		lines = lines[:len(lines)-1]
	}
	w.top, w.foot = top, foot
	return unnumber(number, lines)
}

func unnumber(number int, lines []string) []string {
	if len(lines) > 0 && isPageNumber(lines[0], number) {
		lines = lines[1:]
	}
	if len(lines) > 0 && isPageNumber(lines[len(lines)-1], number) {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func isPageNumber(line string, number int) bool {
	m := pageNumber.FindStringSubmatch(line)
	if m == nil {
		return false
	}
	n, err := strconv.Atoi(m[1])
	return err != nil || n <= number && n >= number-pageOffset
}

// widest is the width of the third widest line, so that one long line sets no measure, or of the widest of fewer.
func widest(lines []string) int {
	var widths []int
	for _, line := range lines {
		for part := range strings.SplitSeq(line, string(hyphen)) {
			widths = append(widths, columns(part))
		}
	}
	slices.Sort(widths)
	switch n := len(widths); {
	case n == 0:
		return 0
	case n > 5:
		return widths[n-3]
	default:
		return widths[n-1]
	}
}

// columns is the width of a text where a Han character is two columns wide.
func columns(s string) (n int) {
	for _, r := range s {
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
		n++
	}
	return n
}

func (w *writer) line(line string, wide int) {
	first, _ := utf8.DecodeRuneInString(line)
	switch {
	case !w.open || opensItem.MatchString(line):
		w.out.End()
	case !unicode.Is(unicode.Han, w.last) && !unicode.Is(unicode.Han, first):
		w.out.Write(" ")
	}
	w.out.Write(strings.ReplaceAll(line, string(hyphen), ""))
	w.last, _ = utf8.DecodeLastRuneInString(line)
	w.open = wide >= minWide && !closes(line) && float64(columns(line[strings.LastIndex(line, string(hyphen))+1:])) >= fullLine*float64(wide)
}

func (w *writer) end() { w.out.End() }

// closes reports that a line ends a sentence or leads over to a list.
func closes(line string) bool {
	r, _ := utf8.DecodeLastRuneInString(strings.TrimRight(line, "”’』」\"'）)》】 "))
	return strings.ContainsRune("。！？；：.!?;:…", r)
}
