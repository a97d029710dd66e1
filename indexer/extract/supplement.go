package extract

import (
	"strings"

	"terrace/index"
	"terrace/index/detail"
)

// searched is how many bytes of text are looked through for lines of details.
const searched = 32 << 20

// supplemented is a main text with what only hidden tabs or blocks beside it say of a service or a letter, each behind its name; a line that the text has is not said again.
func supplemented(text, kind string, chosen map[string]saying) string {
	if kind != index.Service && kind != index.Interaction {
		return text
	}
	have, left := key(text), searched
	for _, name := range detail.Names(kind) {
		s := chosen[name]
		if s.shown || s.value == "" {
			continue
		}
		var missing []string
		for line := range strings.SplitSeq(s.value, "\n") {
			if left -= len(have); left < 0 {
				return text
			}
			if !strings.Contains(have, key(line)) {
				missing = append(missing, line)
			}
		}
		if len(missing) > 0 {
			text += "\n" + name + "：" + strings.Join(missing, "\n")
		}
	}
	return text
}
