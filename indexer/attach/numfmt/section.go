package numfmt

import (
	"strings"
	"unicode/utf8"
)

// readSection reads one section of a format's code.
func readSection(code string) section {
	r := sectionReader{rest: code}
	for r.rest != "" {
		r.next()
	}
	return r.finish()
}

type sectionReader struct {
	section
	rest        string
	point       bool // behind the decimal point
	placed      bool // a place for a digit has been read
	commas      int  // since the last place
	year, month bool
	day, hour   bool
	text        bool // @
	word        bool // General
	second      bool
	fraction    bool
}

// next reads a token: literals in quotes and behind a backslash or, in Chinese editions, an exclamation mark, brackets, then letters and places.
func (r *sectionReader) next() {
	switch r.rest[0] {
	case '"':
		text, rest, _ := strings.Cut(r.rest[1:], `"`)
		r.say(text)
		r.rest = rest
	case '\\', '!':
		r.rest = r.rest[1:]
		r.say(r.character())
	case '_', '*': // a blank as wide as the next character, that character repeated
		r.rest = r.rest[1:]
		r.character()
	case '[':
		r.bracket()
	default:
		r.plain()
	}
}

// character takes the next character.
func (r *sectionReader) character() string {
	_, size := utf8.DecodeRuneInString(r.rest)
	c := r.rest[:size]
	r.rest = r.rest[size:]
	return c
}

// bracket reads a colour, a condition or locale, which say nothing, a currency, or elapsed time.
func (r *sectionReader) bracket() {
	inside, rest, _ := strings.Cut(r.rest[1:], "]")
	r.rest = rest
	switch low := strings.ToLower(inside); {
	case strings.HasPrefix(inside, "$"):
		currency, _, _ := strings.Cut(inside[1:], "-")
		r.say(currency)
	case low != "" && strings.Trim(low, "hms") == "":
		r.elapsed = true
	}
}

// plain reads a character outside quotes, or one of the words of the language of codes.
func (r *sectionReader) plain() {
	low := strings.ToLower(r.rest)
	for _, word := range []string{"general", "g/通用格式", "am/pm", "a/p", "上午/下午", "e+", "e-", "aaa"} {
		if strings.HasPrefix(low, word) {
			r.word = r.word || word[0] == 'g'
			r.scientific = r.scientific || word[0] == 'e'
			r.day = r.day || word == "aaa" // of the week
			r.rest = r.rest[len(word):]
			return
		}
	}
	r.letter(r.character())
}

func (r *sectionReader) letter(c string) {
	switch c {
	case "y", "Y", "e":
		r.year = true
	case "m", "M":
		r.month = true
	case "d", "D":
		r.day = true
	case "h", "H":
		r.hour = true
	case "s", "S":
		r.second = true
	case "0", "#", "?":
		r.place(c)
	case ".":
		r.point = true
	case ",":
		r.commas++
	case "%":
		r.percent = true
	case "@":
		r.text = true
	case "/":
		r.fraction = r.placed
		r.say(c)
	default:
		r.say(c)
	}
}

// place reads a place for a digit.
func (r *sectionReader) place(c string) {
	r.thousands = r.thousands || r.commas > 0 && r.placed
	if r.placed && r.after != "" && !r.point {
		r.within = append(r.within, literal{text: r.after})
		r.after = ""
	}
	r.placed, r.commas = true, 0
	if !r.point {
		for i := range r.within {
			r.within[i].places++
		}
	}
	switch {
	case r.point:
		r.decimals++
		if r.optional++; c == "0" {
			r.optional = 0
		}
	case c == "0":
		r.digits++
	}
}

// say takes literal text, which stands before the number or after it.
func (r *sectionReader) say(s string) {
	if r.placed || r.word || r.text {
		r.after += s
		return
	}
	r.before += s
}

// finish tells what the tokens come to. A month among hours or seconds is minutes.
func (r *sectionReader) finish() section {
	s := r.section
	s.seconds = r.second
	s.clock = r.hour || r.second
	s.date = r.year || r.day || r.month && !s.clock && !r.placed
	s.noDay = r.year && !r.day
	s.general = !r.placed && !s.date && !s.clock && !s.elapsed
	if r.placed {
		s.scale = r.commas // behind the last place
	}
	if r.fraction && !s.date && !s.clock {
		return section{general: true}
	}
	return s
}
