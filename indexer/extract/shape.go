package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/index/detail"
)

// A shape is what the value of a detail looks like.
type shape int

const (
	word     shape = iota // one short line
	passage               // a text
	contact               // lines with a number
	where                 // few lines
	calendar              // a day
	code                  // letters and digits
)

var shapes = map[string]shape{
	detail.Conditions: passage, detail.Materials: passage, detail.Procedure: passage, detail.Basis: passage, detail.Question: passage, detail.Answer: passage,
	detail.Phone: contact, detail.Complaints: contact, detail.Place: where, detail.Hours: where, detail.Fee: where, detail.Online: where, detail.Limit: where,
	detail.LawfulLimit: where, detail.PromisedLimit: where, detail.Audience: where, detail.Asked: calendar, detail.Answered: calendar, detail.Written: calendar,
	detail.Published: calendar, detail.InForceFrom: calendar, detail.InForceTo: calendar, detail.IndexNumber: code, detail.LetterNumber: code, detail.ServiceCode: code,
}

const (
	wordRunes  = 120
	whereRunes = 500
	stateRunes = 12
)

// noValue is what templates and editors write where there is no value, nothing also where it is not said here.
var (
	noValue = regexp.MustCompile(`^(?:无|暂无|没有|略|空|未知|其他|请选择|[-—–/\\.。*_\s]*|(?i:null|undefined|none|n/?a))$`)
	nothing = regexp.MustCompile(noValue.String() + `|^详?见附件$`)
)

// unfilled is a value that a script would have put in.
var unfilled = regexp.MustCompile(`\{\{|\$\{|\[\[|<%`)

// fit is a value as its detail has it, or empty where it can be none.
func fit(name, value string) string {
	if nothing.MatchString(value) || unfilled.MatchString(value) {
		return ""
	}
	if strings.HasSuffix(value, "）") && !strings.Contains(value, "（") {
		value = strings.TrimSuffix(value, "）") // of the parentheses that label and value stand in
	}
	shape := shapes[name]
	if shape == where || shape == contact {
		value = ownLines(name, mapLink.ReplaceAllString(value, ""))
	}
	if (shape == word || shape == calendar || shape == code) && pairOfAnother(name, value) {
		return ""
	}
	switch shape {
	case passage:
		return strings.TrimPrefix(value, tableHead.FindString(value))
	case calendar:
		return parseDay(firstLine(value)).String()
	case contact:
		return cutRunes(withNumbers(value), whereRunes)
	case where:
		return cutRunes(value, whereRunes)
	case code:
		if v := firstLine(value); strings.ContainsAny(toNarrow(v), "0123456789") && utf8.RuneCountInString(v) <= wordRunes {
			return v
		}
		return ""
	}
	if name == detail.Effect {
		if value = inForceWord(value); !tellsForce.MatchString(value) {
			return ""
		}
	}
	if v := strings.ReplaceAll(value, "\n", " "); utf8.RuneCountInString(v) <= wordRunes {
		return v
	}
	return ""
}

// pairOfAnother reports a value that is another detail's label and value, as it stands behind a label that is left empty.
func pairOfAnother(name, value string) bool {
	h, ok := headed(value)
	return ok && h.colon && !slices.Contains(h.names[:], name)
}

var (
	// tableHead is the row that heads a table of materials or steps.
	tableHead = regexp.MustCompile(`^(?:(?:序号|编号)\s.*(?:材料|名称|环节|步骤)|(?:材料|资料)名称\s|(?:办理)?环节(?:名称)?\s).*\n`)
	mapLink   = regexp.MustCompile(`\s*[\[【]?(?:查看|点击查看|电子)地图[】\]]?`)
)

// ownLines leaves out what other details' labels stand before, and the detail's own label, where a value is lines of several windows or offices.
func ownLines(name, value string) string {
	var own []string
	for line := range strings.SplitSeq(value, "\n") {
		labels := splitSayings(line)
		if len(labels) == 0 {
			own = append(own, line)
			continue
		}
		if before := strings.Trim(line[:labels[0].at], "（(，,；; "); before != "" {
			own = append(own, before)
		}
		for _, s := range labels {
			if slices.Contains(s.names[:], name) {
				own = append(own, s.value)
			}
		}
	}
	return strings.Join(own, "\n")
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}

var telephone = regexp.MustCompile(`\d{3}`)

// withNumbers are the lines of a value up to the last that has a number one can call.
func withNumbers(value string) string {
	lines := strings.Split(value, "\n")
	for i := len(lines); i > 0; i-- {
		if telephone.MatchString(toNarrow(lines[i-1])) {
			return strings.Join(lines[:i], "\n")
		}
	}
	return ""
}

func cutRunes(s string, most int) string {
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return head(s, most-1) + "…"
}
