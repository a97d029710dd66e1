package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/index/detail"
)

// questions counts the questions on a page that are not said within one before.
func questions(said []saying) int {
	var found []string
	for _, s := range said {
		k := key(s.value)
		if s.names[letter] == detail.Question && !slices.ContainsFunc(found, func(f string) bool { return strings.Contains(f, k) || strings.Contains(k, f) }) {
			if found = append(found, k); len(found) == letterList {
				break
			}
		}
	}
	return len(found)
}

// letterList is how many questions make a page a list of them, whose first is not the page's.
const letterList = 3

// officeAnswers is whose answer a head announces, such as 水务局回复, or empty.
func officeAnswers(s string) string {
	for _, word := range []string{"回复", "答复", "回答"} {
		if office, ok := strings.CutSuffix(s, word); ok && officeEnd.MatchString(strings.TrimSuffix(office, "的")) {
			return strings.TrimSuffix(office, "的")
		}
	}
	return ""
}

// officeEnd is what the names of offices end in.
var officeEnd = regexp.MustCompile(`(?:[局委办厅府部院处镇乡]|办公室|委员会|中心|公司|街道|[大支]队)$`)

// dayAlone is a day, and the time, and nothing else.
var dayAlone = regexp.MustCompile(`^` + moment + `$`)

// withoutAbout leaves out of a question or an answer the lines that say whose it is, and when it came.
func withoutAbout(text string) string {
	return strings.Join(slices.DeleteFunc(strings.Split(text, "\n"), func(line string) bool {
		h, ok := headed(line)
		return ok && h.colon && h.rest != "" && h.names[letter] != "" && shapes[h.names[letter]] != passage
	}), "\n")
}

// completeLetter takes the days that stand above question and answer as their own, and as the question what stands above the answer where no label does.
func completeLetter(title string, lines []flowLine, values map[string]string) {
	for _, part := range [][2]string{{detail.Question, detail.Asked}, {detail.Answer, detail.Answered}} {
		values[part[0]] = withoutAbout(values[part[0]])
		line, rest, more := strings.Cut(values[part[0]], "\n")
		if !more || !dayAlone.MatchString(line) {
			continue
		}
		values[part[0]] = rest
		if values[part[1]] == "" {
			values[part[1]] = parseDay(line).String()
		}
	}
	answer := key(firstLine(values[detail.Answer]))
	if values[detail.Question] != "" || answer == "" {
		return
	}
	var question []string
	for _, l := range lines {
		line := l.text
		h, label := headed(line)
		alone := findLabel(line)
		switch {
		case strings.Contains(key(line), answer), label && h.names[letter] == detail.Answer, alone != nil && alone.names[letter] == detail.Answer:
			values[detail.Question] = strings.Join(question, "\n")
			return
		case dayLine.MatchString(line) && values[detail.Asked] == "":
			values[detail.Asked] = parseDay(line).String()
		case !label && !about(line) && !trail.MatchString(line) && key(line) != key(title) && (strings.ContainsAny(line, "，。？！?!") || utf8.RuneCountInString(line) > stateRunes):
			question = append(question, line)
		}
	}
}
