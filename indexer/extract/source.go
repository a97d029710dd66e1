package extract

import (
	"strings"
	"unicode/utf8"
)

// longestSource is how many runes the name of a source has at most.
const longestSource = 60

// plausibleSource tells a source from what stands behind its label where a page names none: a tool, a form of address or the text itself.
func plausibleSource(s string) bool {
	return utf8.RuneCountInString(s) <= longestSource && !strings.ContainsRune(s, '。') && !strings.HasSuffix(s, "：") && !strings.HasSuffix(s, ":") && !chrome(s)
}
