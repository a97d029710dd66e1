package listing

import (
	"encoding/json"
	"strings"
)

const (
	longestLiteral = 6000 // bytes
	mostLiterals   = 20   // that are looked at
)

// literal reads the first object in a script that has all of some names: {"pn":0, rn:'10', time: null}. Values that are neither texts nor numbers nor true,
// false or null are left out, comments too. It returns nil where there is none.
func literal(script string, names ...string) map[string]any {
	at := 0
	for range mostLiterals {
		i := strings.Index(script[at:], names[0])
		if i < 0 {
			return nil
		}
		at += i + len(names[0])
		open := strings.LastIndexByte(script[:at], '{')
		if open < 0 {
			continue
		}
		out, whole := object(script[open+1:min(len(script), open+1+longestLiteral)]), true
		for _, name := range names {
			_, has := out[name]
			whole = whole && has
		}
		if whole {
			return out
		}
	}
	return nil
}

// object reads names and values up to the brace that closes the object.
func object(s string) map[string]any {
	out := map[string]any{}
	for {
		name, _, rest := token(s)
		colon, _, rest := token(rest)
		if colon != ":" {
			return out
		}
		value, quoted, rest := token(rest)
		if end, text, _ := token(rest); !text && (end == "," || end == "}") {
			if v, ok := plainValue(value, quoted); ok {
				out[name] = v
			}
		}
		next, ok := afterValue(value, quoted, rest)
		if !ok {
			return out
		}
		s = next
	}
}

// afterValue skips the rest of a value whose first word was taken, and the comma behind it. ok is false where the object ends there.
func afterValue(word string, quoted bool, s string) (rest string, ok bool) {
	for depth := 0; ; word, quoted, s = token(s) {
		switch {
		case quoted:
		case word == "":
			return "", false
		case strings.Contains("{[(", word):
			depth++
		case strings.Contains("}])", word):
			if depth--; depth < 0 {
				return "", false
			}
		case word == "," && depth == 0:
			return s, true
		}
	}
}

// plainValue is a text, a number, true, false or null.
func plainValue(word string, quoted bool) (value any, ok bool) {
	switch {
	case quoted:
		return word, true
	case word == "null":
		return nil, true
	case word == "true" || word == "false":
		return word == "true", true
	case word != "" && len(word) <= 9 && strings.Trim(word, "0123456789") == "" && (word[0] != '0' || word == "0"):
		return json.Number(word), true
	}
	return nil, false
}

// token takes the next word, text or sign from a script, comments left out; empty at its end.
func token(s string) (word string, quoted bool, rest string) {
	for {
		s = strings.TrimLeft(s, " \t\r\n")
		switch {
		case strings.HasPrefix(s, "//"):
			_, s, _ = strings.Cut(s, "\n")
		case strings.HasPrefix(s, "/*"):
			_, s, _ = strings.Cut(s, "*/")
		case s == "":
			return "", false, ""
		case s[0] == '"' || s[0] == '\'':
			return quotedText(s)
		default:
			n := 0
			for n < len(s) && (s[n] == '_' || s[n] == '$' || '0' <= s[n] && s[n] <= '9' || 'a' <= s[n]|0x20 && s[n]|0x20 <= 'z') {
				n++
			}
			n = max(n, 1)
			return s[:n], false, s[n:]
		}
	}
}

// quotedText reads a text in quotes, \" and \\ in it undone.
func quotedText(s string) (text string, quoted bool, rest string) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && i+1 < len(s):
			i++
			b.WriteByte(s[i])
		case s[i] == s[0]:
			return b.String(), true, s[i+1:]
		default:
			b.WriteByte(s[i])
		}
	}
	return "", false, ""
}
