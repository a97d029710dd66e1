package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/index"
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
		value = ownLines(name, value)
	}
	if (shape == word || shape == calendar || shape == code) && pairOfAnother(name, value) {
		return ""
	}
	switch shape {
	case passage:
		return value
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

// ownLines leaves out what other details' labels stand before, and the detail's own label, where a value is lines of several windows or offices.
func ownLines(name, value string) string {
	var own []string
	for line := range strings.SplitSeq(value, "\n") {
		labels := splitSayings(line)
		if len(labels) == 0 {
			own = append(own, line)
			continue
		}
		if before := strings.Trim(line[:sayingStart.FindStringIndex(line)[0]], "（(，,；; "); before != "" {
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

// anywhere reports details whose labels no page has but for its document. An office's address and telephone stand at a page's foot and side, too.
func anywhere(g group) bool { return g != service }

// choose takes, of what a page says of itself, the surest value for each detail of a group; of equally sure ones the first, but all answers
// to one question, and all addresses and telephones that are labelled alike.
func choose(said []saying, g group) map[string]saying {
	out, asked := map[string]saying{}, questions(said)
	for _, s := range said {
		name := s.names[g]
		if name == "" || g == letter && asked >= letterList || !s.in && !anywhere(g) || g == paper && s.quoted() {
			continue
		}
		switch {
		case s.many && !listed(name):
			continue
		case name == detail.Hours && duration(s.value):
			name = detail.Limit
		case name == detail.Hours && s.weak && (!clock.MatchString(s.value) || day.MatchString(s.value)):
			continue // 时间 is of anything
		case name == detail.State && utf8.RuneCountInString(s.value) > stateRunes:
			name = detail.Answer // 处理情况 is either
		}
		if s.value = fit(name, s.value); s.value == "" {
			continue
		}
		have, ok := out[name]
		switch {
		case !ok || s.how > have.how:
			out[name] = s
		case s.how == have.how && (name == detail.Answer && asked < 2 || (name == detail.Place || name == detail.Phone) && s.label == have.label):
			if have.adds(s.value) {
				have.value = fit(name, have.value+"\n"+s.value)
				out[name] = have
			}
		}
	}
	return out
}

// adds reports a value that says more than another.
func (s saying) adds(value string) bool {
	have, more := key(s.value), key(value)
	return !strings.Contains(have, more) && !strings.Contains(more, have)
}

// listed reports details that a column of a table may hold, a row each: a service's. Rows of letters or papers are a list of such.
func listed(name string) bool {
	return slices.Contains(detail.Names(index.Service), name) && shapes[name] != word && shapes[name] != code
}

// quoted reports what the text of a paper says rather than its template: a section, or a value of a common word.
func (s saying) quoted() bool { return s.how == under || s.shown && s.weak }

var (
	days  = regexp.MustCompile(`[\d一二三四五六七八九十]\s*个?\s*(?:工作日|[天日])|工作日[内之]|即时|当场|即办`)
	clock = regexp.MustCompile(`\d{1,2}\s*[:：点时]\s*\d{0,2}|周一|星期一|周[一二三四五六日]|上午|下午|全天|24小时|节假日`)
)

// duration reports a time that something takes, where hours of an office might stand.
func duration(value string) bool { return days.MatchString(value) && !clock.MatchString(value) }

// details are what a document of a kind says of itself, in the order of their names.
func (r *reader) details(d *index.Document, text string, chosen map[string]saying) (out []index.Detail) {
	values := map[string]string{}
	for name, s := range chosen {
		values[name] = s.value
	}
	r.complete(d, text, values)
	for _, name := range detail.Names(d.Kind) {
		if v := values[name]; v != "" && len(out) < detail.Most {
			out = append(out, index.Detail{Name: name, Value: cutRunes(v, detail.MostRunes)})
		}
	}
	return out
}

// complete takes what the document itself knows better, what a letter says without labels, and hours and telephone that stand behind an address.
func (r *reader) complete(d *index.Document, text string, values map[string]string) {
	switch groupOf(d.Kind) {
	case paper:
		if values[detail.Issuer] == "" && d.Kind != index.Interpretation {
			values[detail.Issuer] = issuerIn(d.Title)
		}
		if d.DocNo != "" {
			values[detail.DocNo] = d.DocNo
		}
		if d.Kind == index.Policy && d.Written != 0 {
			values[detail.Written] = d.Written.String()
		}
	case news:
		if d.Source != "" {
			values[detail.Source] = d.Source
		}
	case letter:
		completeLetter(text, values)
	case service:
		if values[detail.Hours] == "" {
			values[detail.Hours] = hoursIn(values[detail.Place])
		}
		if values[detail.Phone] == "" {
			values[detail.Phone] = areaPhone.FindString(values[detail.Place])
		}
	}
}

// areaPhone is a telephone number with its area code, as it may stand behind an address.
var areaPhone = regexp.MustCompile(`0\d{2,3}[-—－]\d{7,8}`)

var sentence = regexp.MustCompile(`[^。；\n]*\d{1,2}\s*[:：]\s*\d{2}[^。；\n]*`)

// hoursIn is the sentence of an address that tells hours.
func hoursIn(place string) string {
	for _, s := range sentence.FindAllString(place, 3) {
		if clock.MatchString(s) {
			return strings.Trim(s, " ，,（）()")
		}
	}
	return ""
}
