package pinyin

// maxLetters is how long an input may be to be read.
const maxLetters = 64

// input is what was typed, in small letters, ü as v.
type input struct {
	letters string
	cut     [maxLetters + 1]bool // before a letter: it begins a syllable, since an apostrophe, a hyphen or a space stands before it
}

// parse gives false where a text is not Latin letters alone or holds too many.
func parse(latin string) (*input, bool) {
	in := &input{}
	letters := make([]byte, 0, maxLetters)
	for _, r := range latin {
		switch {
		case r >= 'A' && r <= 'Z':
			r += 'a' - 'A'
		case r == 'ü', r == 'Ü':
			r = 'v'
		case r == '\'', r == '’', r == '-', r == ' ':
			in.cut[len(letters)] = true
			continue
		}
		if r < 'a' || r > 'z' || len(letters) == maxLetters {
			return nil, false
		}
		letters = append(letters, byte(r))
	}
	in.letters = string(letters)
	return in, len(letters) > 0
}

// piece gives n letters from a place, or "" where there are fewer or a cut is among them.
func (in *input) piece(from, n int) string {
	if from+n > len(in.letters) {
		return ""
	}
	for i := from + 1; i < from+n; i++ {
		if in.cut[i] {
			return ""
		}
	}
	return in.letters[from : from+n]
}
