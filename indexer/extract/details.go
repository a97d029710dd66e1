package extract

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/index"
	"terrace/index/detail"
)

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
		case s.many && !slices.Contains(listed, name), s.repeats(name):
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
		case !ok || s.how > have.how || s.how == have.how && have.weak && !s.weak:
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

// listed are details that a column of a table may hold, a row each: a service's. Rows of letters or papers are a list of such.
var listed = []string{detail.Materials, detail.Place, detail.Hours, detail.Phone}

// repeats reports the value of a letter's detail in which its label stands again: of all that follows the head of a part.
func (s saying) repeats(name string) bool {
	return s.names[letter] == name && slices.ContainsFunc(strings.Split(s.value, "\n"), func(line string) bool {
		l := findLabel(line)
		return l != nil && l.names[letter] == name
	})
}

// quoted reports what the text of a paper says rather than its template: a section, or a value of a common word.
func (s saying) quoted() bool { return s.how == under || s.shown && s.weak }

var (
	days  = regexp.MustCompile(`[\d一二三四五六七八九十]\s*个?\s*(?:工作日|[天日])|工作日[内之]|即时|当场|即办`)
	clock = regexp.MustCompile(`\d{1,2}\s*[:：点时]\s*\d{0,2}|周一|星期一|周[一二三四五六日]|上午|下午|全天|24小时|节假日`)
)

// duration reports a time that something takes, where hours of an office might stand.
func duration(value string) bool { return days.MatchString(value) && !clock.MatchString(value) }

// details are what a document of a kind says of itself, in the order of their names; lines are those of its article.
func (r *reader) details(d *index.Document, lines []flowLine, chosen map[string]saying) (out []index.Detail) {
	values := map[string]string{}
	for name, s := range chosen {
		values[name] = s.value
	}
	r.complete(d, lines, values)
	for _, name := range detail.Names(d.Kind) {
		if v := values[name]; v != "" && len(out) < detail.Most {
			out = append(out, index.Detail{Name: name, Value: cutRunes(v, detail.MostRunes)})
		}
	}
	return out
}

// complete takes what the document itself knows better, what a letter says without labels, and hours and telephone that stand behind an address.
func (r *reader) complete(d *index.Document, lines []flowLine, values map[string]string) {
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
		completeLetter(d.Title, lines, values)
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
