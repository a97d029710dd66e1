package plain

import (
	"regexp"
	"strings"
)

// equationStart is the name of the field by which Word draws characters on or above each other (ECMA-376 part 1, 17.16.5.18).
var equationStart = regexp.MustCompile(`(?i)^\s*EQ\s`)

var (
	equationSwitch = regexp.MustCompile(`^\\(?:\*\s*(?:"[^"]*"|\S+)|[A-Za-z]+[ 0-9]*)\s*`)
	equationName   = regexp.MustCompile(`(?i)^\\([a-z])`)
)

const (
	equationRunes = 2000
	equationDepth = 20
)

// Equation is what a field shows whose code is an equation: of characters on each other the last, as they are used for circled numbers and phonetic
// guides; of fractions both parts with a slash. ok: the code is one.
func Equation(code string) (text string, ok bool) {
	if !equationStart.MatchString(code) || len(code) > equationRunes {
		return "", false
	}
	code = strings.TrimSpace(code)[len("EQ"):]
	return strings.TrimSpace(equation(&code, equationDepth, "")), true
}

// equation reads up to one of the ends, which is left.
func equation(code *string, depth int, ends string) string {
	var out strings.Builder
	for *code != "" && depth > 0 {
		c := (*code)[0]
		switch {
		case strings.IndexByte(ends, c) >= 0:
			return out.String()
		case c != '\\':
			out.WriteByte(c)
			*code = (*code)[1:]
		default:
			out.WriteString(element(code, depth))
		}
	}
	return out.String()
}

// element reads switches and the arguments in parentheses behind them.
func element(code *string, depth int) string {
	name := ""
	m := equationSwitch.FindString(*code)
	if m == "" { // a character that has a meaning otherwise
		escaped := (*code)[1:]
		*code = escaped[min(1, len(escaped)):]
		return escaped[:min(1, len(escaped))]
	}
	for ; m != ""; m = equationSwitch.FindString(*code) {
		if letter := equationName.FindStringSubmatch(m); letter != nil && name == "" {
			name = strings.ToLower(letter[1])
		}
		*code = (*code)[len(m):]
	}
	if !strings.HasPrefix(*code, "(") {
		return ""
	}
	var arguments []string
	for strings.HasPrefix(*code, "(") || strings.HasPrefix(*code, ",") || strings.HasPrefix(*code, ";") {
		*code = (*code)[1:]
		arguments = append(arguments, strings.TrimSpace(equation(code, depth-1, ",;)")))
		if strings.HasPrefix(*code, ")") {
			break
		}
	}
	*code = strings.TrimPrefix(*code, ")")
	switch name {
	case "o":
		return arguments[len(arguments)-1]
	case "f":
		return strings.Join(arguments, "/")
	}
	return strings.Join(arguments, " ")
}
