package server

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"terrace/index"
	"terrace/index/detail"
)

// A row of a hit's card is one thing that the document says of itself. A long one has a line for itself where two others share one.
type row struct {
	Name, Text string
	Long       bool
}

// Characters of a row's text.
const (
	rowRunes      = 72
	questionRunes = 80
	answerRunes   = 120
)

// card is what a reader would open the page for: where to go with what, how a letter was answered, whose a policy is and whether it holds. What the lines above say
// already is left out.
func card(h *hit) []row {
	switch h.Kind {
	case index.Service:
		return serviceCard(h.Details)
	case index.Interaction:
		return letterCard(h)
	case index.Policy, index.Disclosure:
		return paperCard(h)
	}
	return nil
}

func serviceCard(of []index.Detail) (out []row) {
	for _, r := range []struct {
		name string
		from []string // the first there is
		long bool
	}{
		{"地点", []string{detail.Place}, false}, {"时间", []string{detail.Hours}, false}, {"电话", []string{detail.Phone}, false},
		{"时限", []string{detail.PromisedLimit, detail.LawfulLimit, detail.Limit}, false}, {"材料", []string{detail.Materials}, true},
	} {
		for _, name := range r.from {
			v := detail.Value(of, name)
			if hours := detail.Value(of, detail.Hours); name == detail.Place && hours != "" {
				v = strings.Trim(strings.Replace(v, hours, "", 1), "。；;，, \n") // they stand beside it
			}
			if v != "" {
				out = append(out, row{r.name, shortened(v, rowRunes), r.long})
				break
			}
		}
	}
	return out
}

// letterCard tells question and answer with their days, in full where the snippet does not say them.
func letterCard(h *hit) (out []row) {
	add := func(name, text string, most int, about ...string) {
		if text == "" {
			return
		}
		if h.snippetSays(text) {
			text = ""
		}
		parts := slices.DeleteFunc(append(about, shortened(text, most)), func(s string) bool { return s == "" })
		if len(parts) > 0 {
			out = append(out, row{name, strings.Join(parts, "　"), true})
		}
	}
	value := func(name string) string { return detail.Value(h.Details, name) }
	add("来信", without(salutation, value(detail.Question)), questionRunes, value(detail.Asked))
	add("答复", without(salutation, without(preamble, value(detail.Answer))), answerRunes, value(detail.Answerer), value(detail.Answered))
	return out
}

// snippetSays reports whether a text's beginning stands in the snippet.
func (h *hit) snippetSays(text string) bool {
	const telling = 10
	var said strings.Builder
	for _, s := range h.Snippet {
		said.WriteString(s.Text)
	}
	begin := []rune(strings.Join(strings.Fields(text), ""))
	return strings.Contains(strings.Join(strings.Fields(said.String()), ""), string(begin[:min(len(begin), telling)]))
}

// What stands before a question or an answer: 「尊敬的领导：您好！」, 「您反映的问题收悉，现答复如下：」.
var (
	salutation = regexp.MustCompile(`^(?:尊敬的)?\S{0,12}?[：:，,！!]?\s*(?:您好|你好)[！!，,。：:]*\s*`)
	preamble   = regexp.MustCompile(`^(?s:.{0,120}?)如下[：:]\s*`)
)

// without is a text without what it begins with, unless that is all.
func without(begin *regexp.Regexp, text string) string {
	if rest := strings.TrimSpace(begin.ReplaceAllString(text, "")); rest != "" {
		return rest
	}
	return text
}

func paperCard(h *hit) (out []row) {
	add := func(name, text string, said ...string) {
		if text != "" && !slices.ContainsFunc(said, func(s string) bool { return s != "" && strings.Contains(s, text) }) {
			out = append(out, row{name, shortened(text, rowRunes), false})
		}
	}
	add("文号", detail.Value(h.Details, detail.DocNo), h.DocNo)
	add("机关", detail.Value(h.Details, detail.Issuer), append(slices.Clone(h.Where), h.Source)...)
	add("成文", detail.Value(h.Details, detail.Written), h.Date.String())
	if h.Validity == "" {
		add("效力", detail.Value(h.Details, detail.Effect))
	}
	return out
}

// shortened is a value in one line, its items parted by semicolons, at most so many characters long.
func shortened(value string, most int) string {
	var b strings.Builder
	for line := range strings.SplitSeq(value, "\n") {
		last, _ := utf8.DecodeLastRuneInString(b.String())
		switch {
		case b.Len() == 0:
		case strings.ContainsRune("；;。！？：:，,、", last):
		default:
			b.WriteString("；")
		}
		b.WriteString(line)
	}
	text := b.String()
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return strings.TrimRight(string([]rune(text)[:most-1]), "；;，,、：: ") + "…"
}
